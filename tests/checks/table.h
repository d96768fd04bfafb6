// A table of cases: a check, its parameters, facts, and all that it says of them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/checks/judge.h"

namespace exitgate::testing {

struct CheckCase {
  std::string name;
  std::string check;
  std::string with;
  std::string facts;
  std::string expected;
};

inline void PrintTo(const CheckCase& one, std::ostream* out) {
  *out << one.name;
}

class CheckTable : public ::testing::TestWithParam<CheckCase> {
 protected:
  void holds() const {
    const auto& one = GetParam();
    EXPECT_EQ(judge(one.check, one.with, one.facts), one.expected);
  }
};

inline std::string case_name(const ::testing::TestParamInfo<CheckCase>& info) {
  return info.param.name;
}

}  // namespace exitgate::testing
