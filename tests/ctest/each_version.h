// A test that is made for each version of CMake. One that is not there is skipped, and so reported as not tried.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "tests/ctest/project.h"

namespace exitgate::testing_ctest {

class EachVersion : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!programs_of(GetParam())) {
      GTEST_SKIP() << "CMake " << GetParam()
                   << " is not there, so it is not tried: scripts/fetch-cmakes gets it, EXITGATE_CMAKES "
                      "names its folder";
    }
    project_.emplace(GetParam());
  }
  const Project& project() const { return *project_; }

 private:
  std::optional<Project> project_;
};

// "here" of this machine's CMake, "4_3_1".
inline std::string name_of_version(const testing::TestParamInfo<std::string>& each) {
  std::string name = each.param.empty() ? "here" : each.param;
  for (char& c : name) {
    if (c == '.') c = '_';
  }
  return name;
}

}  // namespace exitgate::testing_ctest
