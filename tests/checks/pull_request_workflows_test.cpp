// What keeps pull requests from starting a workflow: types, base branches, paths.

#include <gtest/gtest.h>

#include <vector>

#include "harness/check/trigger_filters.h"
#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class PullRequestWorkflows : public CheckTable {};
TEST_P(PullRequestWorkflows, SayExactly) {
  holds();
}

const std::string kCi = ".github/workflows/ci.yml";
const std::string kOther = ".github/workflows/other.yml";
const std::string kFiles =
    "INSERT INTO repo.file (path, mode, oid, size) VALUES ('docs/a.md', '100644', '1', 1), "
    "('src/a.py', '100644', '2', 1), ('setup.py', '100644', '3', 1);";

std::string filtered(const std::string& filters, const std::string& file = kCi) {
  return workflow(file, "CI", "pull_request") + job(file, "test") +
         fmt::format("UPDATE ci.trigger SET filters = {} WHERE file = {};", quoted(filters), quoted(file));
}

const std::vector<CheckCase> kCases = {
    {"OnlyClosed", "pull-request-workflows", "{}", filtered(R"({"types":["closed"]})"), R"(1 examined
FAIL no workflow runs a job on pull requests (of 1), 1 is asked for: nothing looks at a change before it is merged (.github/workflows/ci.yml:3 starts only when one is 'closed')
  > write `types: [opened, synchronize, reopened]`, or no `types:`
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only when one is 'closed'
)"},
    {"ClosedToo", "pull-request-workflows", "{}",
     filtered(R"({"types":["opened","synchronize","reopened","closed"]})"),
     R"(1 examined
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does
)"},
    {"OnlyOpened", "pull-request-workflows", "{}", filtered(R"({"types":"opened"})"), R"(1 examined
FAIL .github/workflows/ci.yml:3: 'CI' starts when a pull request is opened, and nothing starts when commits are pushed to it: what is merged need not be what was looked at
  > write `types: [opened, synchronize, reopened]`, or no `types:`
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only when one is 'opened'
)"},
    {"OpenedHereAndPushedThere", "pull-request-workflows", "{}",
     filtered(R"({"types":"opened"})") + filtered(R"({"types":["synchronize"]})", kOther), R"(2 examined
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only when one is 'opened'
note: .github/workflows/other.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only when one is 'synchronize'
)"},
    {"Branches", "pull-request-workflows", "{}", filtered(R"({"branches":["main","release/**"]})"),
     R"(1 examined
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only for those that are for 'main' and 'release/**' (`branches:`)
)"},
    {"Paths", "pull-request-workflows", "{}", kFiles + filtered(R"({"paths":["src/**"]})"), R"(1 examined
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only for changes to 1 of the 3 files (`paths:`)
note: 2 of the 3 files are in no workflow's `paths:`: a pull request that changes nothing else starts none ('docs/a.md' and 'setup.py')
)"},
    {"PathsThatMustBeCovered", "pull-request-workflows", R"({"must-cover": ["**.py"]})",
     kFiles + filtered(R"({"paths":["src/**"]})"), R"(1 examined
FAIL .github/workflows/ci.yml:3: a pull request that changes only 'setup.py' starts no workflow: no `paths:` has it
  > add them to `paths:` of the workflow that runs the tests, or take them out of `must-cover:`
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only for changes to 1 of the 3 files (`paths:`)
note: 2 of the 3 files are in no workflow's `paths:`: a pull request that changes nothing else starts none ('docs/a.md' and 'setup.py')
)"},
    {"PathsOfOneWorkflow", "pull-request-workflows", R"({"must-cover": ["**"]})",
     kFiles + filtered(R"({"paths-ignore":["docs/**"]})") + filtered("{}", kOther), R"(2 examined
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does, only for changes to 2 of the 3 files (`paths:`)
note: .github/workflows/other.yml:3: 'CI' runs on pull requests, 1 of its jobs does
)"},
};
INSTANTIATE_TEST_SUITE_P(All, PullRequestWorkflows, ::testing::ValuesIn(kCases), case_name);

// The examples of GitHub's "filter pattern cheat sheet", and what they do not match.
struct Pattern {
  const char* pattern;
  std::vector<const char*> matches;
  std::vector<const char*> others;
};
TEST(TriggerFilters, MatchAsDocumented) {
  const std::vector<Pattern> patterns = {
      {"*", {"README.md"}, {"docs/a.md"}},
      {"**", {"README.md", "a/b/c"}, {}},
      {"*.jsx?", {"page.js", "page.jsx"}, {"page.jsxx", "a/page.js"}},
      {"**.js", {"index.js", "js/index.js", "src/js/app.js"}, {"index.jsx"}},
      {"docs/*", {"docs/README.md"}, {"docs/a/b.md", "docs"}},
      {"docs/**/*.md", {"docs/README.md", "docs/a/markdown/file.md"}, {"docs/a.txt"}},
      {"**/docs/**", {"docs/hello.md", "dir/docs/my-file.txt"}, {"docs2/a"}},
      {"**/README.md", {"README.md", "js/README.md"}, {"aREADME.md"}},
      {"**/*src/**", {"a/src/app.js", "my-src/code/js/app.js"}, {"a/srcs/app.js"}},
      {"feature/*", {"feature/my-branch"}, {"feature/a/b"}},
      {"v[12].[0-9]+.[0-9]+", {"v1.10.1", "v2.0.0"}, {"v3.0.0", "v1.x.0"}},
      {"**-post.md", {"my-post.md", "path/their-post.md"}, {"post.md"}},
  };
  for (const auto& one : patterns) {
    for (const char* text : one.matches)
      EXPECT_TRUE(check::filter_matches(one.pattern, text)) << one.pattern << ' ' << text;
    for (const char* text : one.others)
      EXPECT_FALSE(check::filter_matches(one.pattern, text)) << one.pattern << ' ' << text;
  }
}

TEST(TriggerFilters, TheLastPatternThatMatchesDecides) {
  const auto filters = check::read_trigger_filters(R"({"paths":["**.md","!docs/**","docs/keep/**"]})");
  EXPECT_TRUE(filters.covers("README.md"));
  EXPECT_FALSE(filters.covers("docs/a.md"));
  EXPECT_TRUE(filters.covers("docs/keep/a.md"));
  EXPECT_FALSE(filters.covers("src/a.py"));
  EXPECT_TRUE(check::read_trigger_filters("{}").covers("src/a.py"));
}

}  // namespace
}  // namespace exitgate::testing
