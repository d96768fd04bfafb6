#include "harness/check/exclusive.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace exitgate::check {
namespace {

TEST(Exclusive, ConditionsOfOneRun) {
  using Condition = std::optional<std::string>;
  const std::vector<std::tuple<Condition, Condition, Together>> cases = {
      {std::nullopt, std::nullopt, Together::can},
      {std::nullopt, "false", Together::never},
      {std::nullopt, "github.run_attempt > 1", Together::can},
      {"github.run_attempt > 1", "github.run_attempt <= 1", Together::never},
      {"github.run_attempt > 1", "github.run_attempt < 3", Together::can},
      {"a.x == 'y'", "a.x != 'y'", Together::never},
      {"a.x == 'y'", "a.x == 'Y'", Together::can},
      {"a.x == 'y'", "a.x == 'z'", Together::never},
      {"a.x == 'y'", "b.x == 'z'", Together::perhaps},
      {"a.x == 'y'", "a.x == 'y' && b.x", Together::can},
      {"a.x", "!a.x", Together::never},
      {"a.x == true", "a.x == false", Together::never},
      {"a.x == b.x", "a.x != b.x", Together::never},
      {"contains(a.x, 'y')", "!contains(a.x, 'y')", Together::never},
      {"(status_1_0 == 'success')", "(status_1_0 == 'failure')", Together::never},
      {"(status_1_0 == 'success')", "(status_1_1 == 'failure')", Together::can},
      {"(status_1_0 == 'success') || (status_1_0 == 'failure')", "(status_1_0 == 'failure')", Together::can},
      {"@", "true", Together::perhaps},
  };
  for (const auto& [one, other, together] : cases) {
    EXPECT_EQ(can_both_happen(one, other), together) << one.value_or("-") << "  " << other.value_or("-");
    EXPECT_EQ(can_both_happen(other, one), together) << other.value_or("-") << "  " << one.value_or("-");
  }
}

}  // namespace
}  // namespace exitgate::check
