#include "harness/collect/ci/gitlab.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/collect/ci/gitlab_rules.h"
#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

using expression::Truth;

TEST(Gitlab, Conditions) {
  const std::vector<std::pair<std::string_view, Truth>> cases = {
      {R"($CI_PIPELINE_SOURCE == "merge_request_event")", Truth::yes},
      {R"($CI_PIPELINE_SOURCE == 'push' || $CI_COMMIT_TAG)", Truth::no},
      {R"($CI_MERGE_REQUEST_IID)", Truth::yes},
      {R"($CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH)", Truth::no},
      {R"($CI_COMMIT_BRANCH != "main" && $CI_COMMIT_TAG == null)", Truth::yes},
      {R"($CI_COMMIT_TAG =~ /^v\d+/)", Truth::no},
      {R"($CI_PIPELINE_SOURCE =~ /^merge/)", Truth::yes},
      {R"($CI_PIPELINE_SOURCE !~ /REQUEST/i)", Truth::no},
      {R"($CI_MERGE_REQUEST_TARGET_BRANCH_NAME == "main")", Truth::unknown},
      {R"(($DEPLOY == "1") && ($CI_COMMIT_BRANCH))", Truth::no},
      {R"($DEPLOY)", Truth::unknown},
      {R"($CI_PIPELINE_SOURCE ==)", Truth::unknown},
      {R"(((()", Truth::unknown},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(ci::gitlab_condition(text), wanted) << text;
}

TEST(Gitlab, Durations) {
  const std::vector<std::pair<std::string_view, std::optional<std::int64_t>>> cases = {
      {"30 days", 30},       {"1 week", 7}, {"2 weeks and 3 days", 17},
      {"3600", 0},           {"86400", 1},  {"1 month", 30},
      {"1 yr", {}},          {"never", {}}, {"", {}},
      {"2 days, 1 week", 9}, {"48 hrs", 2}, {"1year", 365},
      {"$DAYS", {}},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(ci::gitlab_days(text), wanted) << text;
}

TEST(Gitlab, TheSameTables) {
  const TestRepository repository({{".gitlab-ci.yml", R"(include:
  - local: /ci/build.yml
  - project: other/group
workflow:
  name: pipeline
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
default:
  services: [postgres:15]
.base:
  script: [make]
  artifacts:
    expire_in: 30 days
    paths: [out/, log.txt]
test:
  extends: .base
  needs: [build]
  artifacts:
    when: always
    reports: {junit: report.xml}
deploy:
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script: [deploy]
by-hand:
  when: manual
  script: [!reference [.base, script], more]
on-failure:
  script: [x]
  when: on_failure
changed:
  rules: [{changes: [a]}]
  script: x
old:
  only: [main]
  script: x
lost:
  extends: .nothing
  script: x
)"},
                                   {"ci/build.yml", R"(.keep: &keep {expire_in: 1 week, name: logs}
build:
  script: build
  services: [{name: "redis:7", alias: cache}]
  artifacts:
    <<: *keep
    name: own
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, name, provider, problem FROM ci.workflow ORDER BY file"),
            (Rows{".gitlab-ci.yml|pipeline|gitlab|-", "ci/build.yml|-|gitlab|-"}));
  EXPECT_EQ(rows(facts, "SELECT file, line, event FROM ci.trigger"), (Rows{".gitlab-ci.yml|7|pull_request"}));
  EXPECT_EQ(
      rows(facts, "SELECT file, id, line, on_pull_request FROM ci.job ORDER BY file, line"),
      (Rows{".gitlab-ci.yml|test|16|yes", ".gitlab-ci.yml|deploy|22|no", ".gitlab-ci.yml|by-hand|26|maybe",
            ".gitlab-ci.yml|on-failure|29|failure", ".gitlab-ci.yml|changed|32|maybe",
            ".gitlab-ci.yml|old|35|no", ".gitlab-ci.yml|lost|38|yes", "ci/build.yml|build|2|yes"}));
  EXPECT_EQ(rows(facts,
                 "SELECT job, direction, name, path, retention, retention_days, condition, on_pull_request, "
                 "uploads FROM ci.artifact ORDER BY job, position"),
            (Rows{"build|upload|own|-|1 week|7|-|yes|-", "test|download|build|-|-|-|-|yes|1",
                  "test|upload|-|out/\nlog.txt\nreport.xml|30 days|30|always|yes|-"}));
  EXPECT_EQ(rows(facts, "SELECT run FROM ci.step WHERE job = 'by-hand'"), (Rows{"make\nmore"}));
  EXPECT_EQ(
      rows(facts, "SELECT job, name, image FROM ci.service WHERE job IN ('build', 'test') ORDER BY job"),
      (Rows{"build|cache|redis:7", "test|postgres|postgres:15"}));
  EXPECT_EQ(rows(facts, "SELECT job, needs FROM ci.need"), (Rows{"test|build"}));
  EXPECT_EQ(rows(facts, "SELECT line, reason FROM ci.problem ORDER BY line"),
            (Rows{"3|includes what is not in this repository: its jobs are not known",
                  "38|job 'lost' extends what is not there, or itself"}));
  EXPECT_EQ(
      rows(facts, "SELECT way FROM ci.artifact WHERE job = 'build'"),
      (Rows{
          R"([{"file":".gitlab-ci.yml","job":"","line":2},{"file":"ci/build.yml","job":"build","line":6}])"}));
}

TEST(Gitlab, WithoutMergeRequestPipelines) {
  const std::map<std::string, std::string> files = {
      {".gitlab-ci.yml", "test:\n  script: x\n  artifacts: {paths: [a]}\n"}};
  const TestRepository repository(files);
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT on_pull_request, way FROM ci.artifact"), (Rows{"unreached|-"}));
  EXPECT_EQ(rows(facts, "SELECT count(*) FROM ci.trigger"), (Rows{"0"}));
}

TEST(Gitlab, HostileConfigurations) {
  for (const std::string_view text :
       {"a: {extends: a, script: x}\n", "a: {extends: b}\nb: {extends: a}\n",
        "a: {script: [!reference [a, script]]}\n", "include: {local: .gitlab-ci.yml}\na: {script: x}\n",
        "include: [[], {}, {local: []}, null]\na: {script: {b: c}, needs: {x: y}, artifacts: [1], rules: "
        "3}\n",
        "!reference [a]\n", "a: &a {<<: *a}\n", "- a\n", "", "a: {<<: 1, needs: [[1]], rules: [1, [2]]}\n"}) {
    const std::map<std::string, std::string> files = {{".gitlab-ci.yml", std::string(text)}};
    const TestRepository repository(files);
    const auto facts = repository.collect();
    EXPECT_EQ(rows(facts, "SELECT count(*) FROM ci.workflow"), (Rows{"1"})) << text;
  }
}

}  // namespace
}  // namespace exitgate::collect
