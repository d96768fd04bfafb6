// The gate files that come with the program.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/gate/suite.h"

namespace exitgate {
namespace {

const gate::Suite& shipped() {
  static const gate::Suite suite = gate::load_suite({EXITGATE_GATES_FOLDER}, {});
  return suite;
}

TEST(ShippedGates, HaveNoMistake) {
  for (const auto& mistake : shipped().mistakes) ADD_FAILURE() << mistake.message << "\n  > " << mistake.hint;
  EXPECT_EQ(shipped().exit_gates.size(), 5U);
}

TEST(ShippedGates, UseEveryCheckButThoseForGatesOfOnesOwn) {
  std::set<std::string> used = {"sql"};
  for (const auto& gate : shipped().gates) used.insert(gate.check);
  for (const auto* check : registered_checks()) EXPECT_TRUE(used.contains(check->name)) << check->name;
}

// `ctest -L static` must not start a database.
TEST(ShippedGates, AreLabelledStaticWhenTheyNeedNoDatabase) {
  for (const auto& gate : shipped().gates) {
    const auto* check = find_check(gate.check);
    ASSERT_NE(check, nullptr) << gate.check;
    const bool database =
        std::find(check->domains.begin(), check->domains.end(), "schema") != check->domains.end();
    const bool labelled = std::find(gate.labels.begin(), gate.labels.end(), "static") != gate.labels.end();
    EXPECT_NE(database, labelled) << gate.name;
  }
}

TEST(ShippedChecks, SayWhatTheyHoldAndWhy) {
  for (const auto* check : registered_checks()) {
    EXPECT_FALSE(check->title.empty()) << check->name;
    EXPECT_TRUE(check->why.ends_with('.')) << check->name;
    for (const auto& parameter : check->parameters) EXPECT_FALSE(parameter.meaning.empty()) << check->name;
  }
}

}  // namespace
}  // namespace exitgate
