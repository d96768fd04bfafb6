// An action file that cannot be read matters to what runs only where something calls it.
#include <gtest/gtest.h>

#include <string>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

std::string said(const std::string& check, const std::string& uses) {
  return judge_files(check, "{}",
                     {{".github/workflows/ci.yml",
                       "on: pull_request\njobs:\n  a:\n    runs-on: u\n    steps:\n      - uses: " + uses +
                           "\n      - {uses: actions/upload-artifact@v4, with: {name: x, path: out}}\n"},
                      {"tests/data/broken/action.yml", "runs:\n\tusing: composite\n"}});
}

TEST(UnreadableActions, CountWhereTheyAreCalled) {
  EXPECT_EQ(said("artifact-names-unique", "./tests/data/other"), "1 examined\n");
  const std::string called = said("artifact-names-unique", "./tests/data/broken");
  EXPECT_NE(called.find("\n?    tests/data/broken/action.yml: cannot be read"), std::string::npos) << called;
}

TEST(UnreadableActions, AreShownByTheGateAboutThemInAnyCase) {
  const std::string shown = said("workflows-readable", "./tests/data/other");
  EXPECT_NE(shown.find("\nFAIL tests/data/broken/action.yml"), std::string::npos) << shown;
}

}  // namespace
}  // namespace exitgate::testing
