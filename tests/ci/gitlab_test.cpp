#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/collect/ci/gitlab/duration.h"
#include "harness/collect/ci/gitlab/rules.h"
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
  for (const auto& [text, wanted] : cases) EXPECT_EQ(ci::gitlab::condition_holds(text), wanted) << text;
}

TEST(Gitlab, Durations) {
  const std::vector<std::pair<std::string_view, std::optional<std::int64_t>>> cases = {
      {"30 days", 30},       {"1 week", 7}, {"2 weeks and 3 days", 17},
      {"3600", 0},           {"86400", 1},  {"1 month", 30},
      {"1 yr", 365},         {"never", {}}, {"", {}},
      {"2 days, 1 week", 9}, {"48 hrs", 2}, {"1year", 365},
      {"$DAYS", {}},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(ci::gitlab::days_of(text), wanted) << text;
}

TEST(Gitlab, TheSameTables) {
  const TestRepository repository({{".gitlab-ci.yml", R"(include:
  - local: /ci/build.yml
  - {project: other/group, file: x.yml}
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
  EXPECT_EQ(
      rows(facts, "SELECT line, reason FROM ci.problem ORDER BY line"),
      (Rows{"3|includes the project 'other/group', which is not in this repository: its jobs are not known",
            "38|job 'lost' extends '.nothing', which is not there"}));
  EXPECT_EQ(
      rows(facts, "SELECT way FROM ci.artifact WHERE job = 'build'"),
      (Rows{
          R"([{"file":".gitlab-ci.yml","job":"","line":2},{"file":"ci/build.yml","job":"build","line":6}])"}));
}

TEST(Gitlab, JobsThatWaitForOthers) {
  struct Case {
    std::string_view jobs;
    Rows wanted;
  };
  const std::vector<Case> cases = {
      {"a: {script: x, when: manual}\nb: {script: x, needs: [a]}\nc: {script: x, needs: [b]}\n",
       {"a|maybe", "b|maybe", "c|maybe"}},
      {"a: {script: x, when: manual}\nb: {script: x, stage: deploy}\n", {"a|maybe", "b|yes"}},
      {"a: {script: x, when: manual, allow_failure: false}\nb: {script: x, stage: deploy}\n"
       "c: {script: x, stage: deploy, needs: []}\nd: {script: x, stage: build}\n",
       {"a|maybe", "b|maybe", "c|yes", "d|yes"}},
      {"a: {script: x, rules: [{when: manual}]}\nb: {script: x, stage: deploy, when: always}\n",
       {"a|maybe", "b|maybe"}},
      {"a: {script: x, rules: [{when: manual, allow_failure: true}]}\nb: {script: x, stage: deploy}\n"
       "c: {script: x, needs: [a], when: always}\nd: {script: x, needs: [{job: a}]}\n",
       {"a|maybe", "b|yes", "c|yes", "d|maybe"}},
      {"a: {script: x, when: on_failure}\nb: {script: x, needs: [a]}\n", {"a|failure", "b|failure"}},
      {"a: {script: x, rules: [{if: $X}]}\nb: {script: x, needs: [{job: a, optional: true}]}\n",
       {"a|maybe", "b|maybe"}},
      // What is surely not in the pipeline: GitLab refuses to make one.
      {"a: {script: x, rules: [{if: $CI_COMMIT_TAG}]}\nb: {script: x, needs: [a]}\nc: {script: x}\n",
       {"a|unreached", "b|unreached", "c|unreached"}},
      {"a: {script: x, rules: [{if: $CI_COMMIT_TAG}]}\nb: {script: x, needs: [{job: a, optional: true}]}\n",
       {"a|no", "b|yes"}},
      {"a: {script: x, rules: [{if: $CI_COMMIT_TAG}]}\nb: {script: x, needs: [a], rules: [{if: $X}]}\n"
       "c: {script: x}\n",
       {"a|no", "b|no", "c|maybe"}},
      {"a: {script: x, rules: [{if: $CI_COMMIT_TAG}]}\nb: {script: x, needs: [a], rules: [{needs: []}]}\n",
       {"a|no", "b|maybe"}},
      {"include: {project: x/y, file: z.yml}\na: {script: x, rules: [{if: $CI_COMMIT_TAG}]}\nb: {script: x, "
       "needs: [a]}\n",
       {"a|no", "b|maybe"}},
  };
  for (const auto& [jobs, wanted] : cases) {
    const TestRepository repository(
        {{".gitlab-ci.yml", "workflow: {rules: [{when: always}]}\n" + std::string(jobs)}});
    EXPECT_EQ(rows(repository.collect(), "SELECT id, on_pull_request FROM ci.job ORDER BY id"), wanted)
        << jobs;
  }
}

TEST(Gitlab, WithoutMergeRequestPipelines) {
  const std::map<std::string, std::string> files = {
      {".gitlab-ci.yml", "test:\n  script: x\n  artifacts: {paths: [a]}\n"}};
  const TestRepository repository(files);
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT on_pull_request, way FROM ci.artifact"), (Rows{"unreached|-"}));
  EXPECT_EQ(rows(facts, "SELECT count(*) FROM ci.trigger"), (Rows{"0"}));
}

TEST(Gitlab, OnlyAndExcept) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"only: [merge_requests]", "yes"},
      {"only: [branches, tags, /^feature/, main]", "no"},
      {"only: [merge_requests@group/project]", "maybe"},
      {"only: [$REFS]", "maybe"},
      {"only: {variables: [$DEPLOY]}", "no"},
      {"only: {refs: [merge_requests], variables: ['$CI_PIPELINE_SOURCE == \"push\"', $CI_COMMIT_TAG]}",
       "no"},
      {"only: {refs: [merge_requests], variables: [$CI_COMMIT_TAG, $CI_MERGE_REQUEST_IID]}", "yes"},
      {"only: {refs: [merge_requests], changes: [a]}", "maybe"},
      {"only: {refs: [merge_requests], kubernetes: active}", "maybe"},
      {"only: [merge_requests], except: [main, /^x/, tags]", "yes"},
      {"only: [merge_requests], except: [merge_requests]", "no"},
      {"only: [merge_requests], except: {variables: [$CI_MERGE_REQUEST_IID]}", "no"},
      {"only: [merge_requests], except: {variables: [$CI_COMMIT_TAG]}", "yes"},
      {"only: [merge_requests], except: {changes: [docs/*]}", "maybe"},
      {"except: [main]", "no"},
  };
  std::string text = "always: {script: x, only: [merge_requests]}\n";
  int number = 0;
  for (const auto& [lines, wanted] : cases)
    text += fmt::format("j{:02}: {{script: x, {}}}\n", number++, lines);
  const std::map<std::string, std::string> files = {{".gitlab-ci.yml", text}};
  const TestRepository repository(files);
  const Rows found =
      rows(repository.collect(), "SELECT on_pull_request FROM ci.job WHERE id LIKE 'j%' ORDER BY line");
  ASSERT_EQ(found.size(), cases.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], cases[i].second) << cases[i].first;
}

TEST(Gitlab, HeadersInputsAndWhatIsNotHere) {
  const TestRepository repository({{".gitlab-ci.yml", R"(# comment
spec:
  inputs:
    stage: {default: test}
    days: {default: 10 days}
---
include:
  - local: ci/a.yml
    inputs: {name: alpha}
  - template: Jobs/Build.gitlab-ci.yml
  - component: $CI_SERVER_FQDN/x/y@1
  - remote: https://example.org/x.yml
  - local: ci/$CI_COMMIT_REF_NAME.yml
  - local: ci/never.yml
    rules: [{if: $CI_COMMIT_TAG}]
  - local: ci/perhaps.yml
    rules: [{if: $SOMETIMES}]
job:
  stage: $[[ inputs.stage ]]
  script: echo $[[ inputs.stage | truncate(0,2) ]] $[[ inputs.days | posix_escape ]]
  artifacts: {paths: [a], expire_in: "$[[ inputs.days ]]"}
)"},
                                   {"ci/a.yml", R"(spec: {inputs: {name: }}
---
$[[ inputs.name ]]-test: {script: x}
include: {project: a/b, file: /c.yml}
)"},
                                   {"ci/never.yml", "never: {script: x}\n"},
                                   {"ci/perhaps.yml", "perhaps: {script: x}\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, problem FROM ci.workflow ORDER BY file"),
            (Rows{".gitlab-ci.yml|-", "ci/a.yml|-", "ci/perhaps.yml|-"}));
  EXPECT_EQ(rows(facts, "SELECT file, id, line FROM ci.job ORDER BY file"),
            (Rows{".gitlab-ci.yml|job|18", "ci/a.yml|alpha-test|3", "ci/perhaps.yml|perhaps|1"}));
  EXPECT_EQ(rows(facts, "SELECT run FROM ci.step WHERE job = 'job' AND run IS NOT NULL"),
            (Rows{"echo te 10\\ days"}));
  EXPECT_EQ(rows(facts, "SELECT line, retention_days FROM ci.artifact"), (Rows{"21|10"}));
  EXPECT_EQ(
      rows(facts, "SELECT file, line, reason FROM ci.problem ORDER BY file, line"),
      (Rows{
          ".gitlab-ci.yml|10|includes the template 'Jobs/Build.gitlab-ci.yml', which is not in this "
          "repository: its jobs are not known",
          ".gitlab-ci.yml|11|includes the component '$CI_SERVER_FQDN/x/y@1', which is not in this "
          "repository: its jobs are not known",
          ".gitlab-ci.yml|12|includes the remote 'https://example.org/x.yml', which is not in this "
          "repository: its jobs are not known",
          ".gitlab-ci.yml|13|includes 'ci/$CI_COMMIT_REF_NAME.yml', whose name is known only then: its jobs "
          "are not known",
          ".gitlab-ci.yml|16|'ci/perhaps.yml' is included by rules that are decided only then: its jobs are "
          "taken as included",
          "ci/a.yml|4|includes the project 'a/b', which is not in this repository: its jobs are not known"}));
}

TEST(Gitlab, ChildPipelinesAndOtherPipelines) {
  const TestRepository repository({{".gitlab-ci.yml", R"(workflow:
  rules: [{if: $CI_MERGE_REQUEST_IID}]
default:
  before_script: [prepare]
build:
  parallel: {matrix: [{OS: [linux, mac]}]}
  script: make
child:
  trigger:
    include: ci/child.yml
other:
  trigger: group/project
bare:
  inherit: {default: false}
  script: x
  needs:
    - {pipeline: $PARENT_PIPELINE_ID, job: build}
    - {job: gone, optional: true}
)"},
                                   {"ci/child.yml", R"(ours:
  rules: [{if: $CI_PIPELINE_SOURCE == "parent_pipeline"}]
  script: x
  artifacts: {paths: [a]}
theirs:
  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]
  script: x
  needs: [ours]
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, id, uses, matrix, on_pull_request FROM ci.job ORDER BY file, line"),
            (Rows{".gitlab-ci.yml|build|-|[{\"OS\":[\"linux\",\"mac\"]}]|yes",
                  ".gitlab-ci.yml|child|ci/child.yml|-|yes", ".gitlab-ci.yml|other|group/project|-|yes",
                  ".gitlab-ci.yml|bare|-|-|yes", "ci/child.yml|ours|-|-|yes", "ci/child.yml|theirs|-|-|no"}));
  EXPECT_EQ(
      rows(facts, "SELECT job, direction, name, other_run, uploads FROM ci.artifact ORDER BY file, line"),
      (Rows{"bare|download|build|1|-", "ours|upload|-|0|-", "theirs|download|ours|0|1"}));
  EXPECT_EQ(rows(facts, "SELECT run FROM ci.step WHERE job IN ('build', 'bare') AND run IS NOT NULL"),
            (Rows{"prepare\nmake", "x"}));
  EXPECT_EQ(rows(facts, "SELECT line, reason FROM ci.problem"), (Rows{}));
  EXPECT_EQ(rows(facts, "SELECT file, line, included, kind FROM ci.include"),
            (Rows{".gitlab-ci.yml|10|ci/child.yml|child"}));
  EXPECT_EQ(rows(facts, "SELECT way FROM ci.artifact WHERE job = 'ours'"),
            (Rows{R"([{"file":".gitlab-ci.yml","job":"child","line":10},)"
                  R"({"file":"ci/child.yml","job":"ours","line":4}])"}));
  EXPECT_EQ(rows(facts, "SELECT file, event FROM ci.trigger"), (Rows{".gitlab-ci.yml|pull_request"}));
}

// docs.gitlab.com/ci/inputs/examples, "Include the same file multiple times".
TEST(Gitlab, OneFileIncludedTwiceMakesTheJobsOfBoth) {
  const std::map<std::string, std::string> files_repository = {{".gitlab-ci.yml", R"(include:
  - local: ci/check.yml
    inputs: {kind: unit}
  - local: ci/check.yml
    inputs: {kind: slow, when: never}
workflow: {rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]}
)"},
                                                               {"ci/check.yml", R"(spec:
  inputs:
    kind: {options: [unit, slow]}
    when: {default: on_success}
    rules: {type: array, default: [{if: $CI_MERGE_REQUEST_IID}]}
---
"check-$[[ inputs.kind | truncate(0,3) ]]":
  rules:
    - if: $CI_COMMIT_TAG
      when: never
    - if: $CI_MERGE_REQUEST_IID
      when: $[[ inputs.when | expand_vars ]]
  script: make $[[ inputs.kind ]]
"listed-$[[ inputs.kind ]]":
  rules: $[[ inputs.rules ]]
  script: x
)"}};
  const TestRepository repository(files_repository);
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, problem FROM ci.workflow ORDER BY file"),
            (Rows{".gitlab-ci.yml|-", "ci/check.yml|-"}));
  EXPECT_EQ(rows(facts, "SELECT file, id, line, on_pull_request FROM ci.job ORDER BY id"),
            (Rows{"ci/check.yml|check-slo|7|no", "ci/check.yml|check-uni|7|yes",
                  "ci/check.yml|listed-slow|14|yes", "ci/check.yml|listed-unit|14|yes"}));
  EXPECT_EQ(rows(facts, "SELECT run FROM ci.step WHERE job LIKE 'check%' ORDER BY run"),
            (Rows{"make slow", "make unit"}));
  EXPECT_EQ(rows(facts, "SELECT file, line, included, kind FROM ci.include"),
            (Rows{".gitlab-ci.yml|2|ci/check.yml|part", ".gitlab-ci.yml|4|ci/check.yml|part"}));
}

TEST(Gitlab, WhatIsRefusedMakesNoPipeline) {
  const std::map<std::string, std::string> files_repository = {
      {".gitlab-ci.yml", R"(include: ci/jobs.yml
workflow: {rules: [{when: always}]}
test: {script: x}
)"},
      {"ci/jobs.yml", "other:\n  script: x\n  artifact: {paths: [a]}\n"}};
  const TestRepository repository(files_repository);
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, problem, refused FROM ci.workflow ORDER BY file"),
            (Rows{".gitlab-ci.yml|-|0",
                  "ci/jobs.yml|line 3: job 'other' has the unknown key 'artifact' (did "
                  "you mean 'artifacts'?)|1"}));
  EXPECT_EQ(rows(facts, "SELECT id, on_pull_request FROM ci.job ORDER BY id"),
            (Rows{"other|unreached", "test|unreached"}));
}

// docs.gitlab.com/ci/yaml, "artifacts:reports" (always uploaded) and "dependencies" (by default, all of earlier stages).
TEST(Gitlab, ReportsAndDefaultDownloads) {
  const std::map<std::string, std::string> files_repository = {
      {".gitlab-ci.yml", R"(workflow: {rules: [{when: always}]}
build:
  stage: build
  script: make
  artifacts: {paths: [out/], expire_in: 30 days}
test:
  script: pytest
  artifacts:
    paths: [log.txt]
    reports:
      junit: report.xml
      coverage_report: {coverage_format: cobertura, path: coverage.xml}
only-reports:
  script: pytest
  dependencies: []
  artifacts: {reports: {junit: report.xml}}
last:
  stage: deploy
  script: x
)"}};
  const TestRepository repository(files_repository);
  EXPECT_EQ(rows(repository.collect(),
                 "SELECT job, line, direction, name, path, condition, uploads FROM ci.artifact ORDER BY "
                 "line, position"),
            (Rows{"build|5|upload|-|out/|-|-", "test|6|download|-|-|-|1", "test|9|upload|-|log.txt|-|-",
                  "test|11|upload|-|report.xml\ncoverage.xml|always|-",
                  "only-reports|16|upload|-|report.xml|always|-", "last|17|download|-|-|-|2"}));
}

// Without rules a job runs for branches and tags alone, unless the workflow has rules; a name of a branch is no merge request.
TEST(Gitlab, JobsForBranchesAlone) {
  const std::map<std::string, std::string> files = {
      {".gitlab-ci.yml",
       "for-mr: {script: x, rules: [{if: $CI_MERGE_REQUEST_IID}]}\nplain: {script: x}\nnamed: {script: x, "
       "only: [main]}\n"}};
  const TestRepository repository(files);
  EXPECT_EQ(rows(repository.collect(), "SELECT id, on_pull_request, condition FROM ci.job ORDER BY line"),
            (Rows{R"(for-mr|yes|[{"if":"$CI_MERGE_REQUEST_IID"}])", R"(plain|no|["branches","tags"])",
                  R"(named|no|["main"])"}));
  const std::map<std::string, std::string> other_files = {
      {".gitlab-ci.yml",
       "workflow: {rules: [{when: always}]}\nplain: {script: x}\nbut: {script: x, except: "
       "[merge_requests]}\nother: {script: x, except: [main]}\n"}};
  const TestRepository with_rules(other_files);
  EXPECT_EQ(rows(with_rules.collect(), "SELECT id, on_pull_request FROM ci.job ORDER BY line"),
            (Rows{"plain|yes", "but|no", "other|yes"}));
}

// A file that two pipelines are made of has its jobs once.
TEST(Gitlab, ChildrenOfSeveralFilesAndOfTheSame) {
  const TestRepository repository(
      {{".gitlab-ci.yml", R"(workflow: {rules: [{when: always}]}
include: shared.yml
one: {trigger: {include: [a.yml, shared.yml]}}
two: {trigger: {include: [{local: b.yml, inputs: {n: x}}]}}
)"},
       {"shared.yml", "shared: {script: x, rules: [{if: $CI_MERGE_REQUEST_IID}]}\n"},
       {"a.yml", "a: {script: x, needs: [shared], rules: [{when: always}]}\n"},
       {"b.yml",
        "spec: {inputs: {n: }}\n---\n\"b-$[[ inputs.n ]]\": {script: x, rules: [{when: always}]}\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, problem FROM ci.workflow WHERE problem IS NOT NULL"), (Rows{}));
  EXPECT_EQ(rows(facts, "SELECT file, id, on_pull_request FROM ci.job ORDER BY file, line"),
            (Rows{".gitlab-ci.yml|one|yes", ".gitlab-ci.yml|two|yes", "a.yml|a|yes", "b.yml|b-x|yes",
                  "shared.yml|shared|yes"}));
  EXPECT_EQ(rows(facts, "SELECT file, included, kind FROM ci.include ORDER BY 1, 2, 3"),
            (Rows{".gitlab-ci.yml|a.yml|child", ".gitlab-ci.yml|b.yml|child",
                  ".gitlab-ci.yml|shared.yml|child", ".gitlab-ci.yml|shared.yml|part"}));
}

TEST(Gitlab, TheLastOfTwoKeysCounts) {
  const std::map<std::string, std::string> files = {
      {".gitlab-ci.yml",
       "test:\n  only: [merge_requests]\n  script:\n  script: [b]\ntest2: {script: [c]}\n"}};
  const TestRepository repository(files);
  EXPECT_EQ(rows(repository.collect(), "SELECT job, line, run FROM ci.step ORDER BY line"),
            (Rows{"test|4|b", "test2|5|c"}));
}

TEST(Gitlab, HostileConfigurations) {
  for (const std::string_view text :
       {"a: {extends: a, script: x}\n", "a: {extends: b}\nb: {extends: a}\n",
        "a: {script: [!reference [a, script]]}\n", "include: {local: .gitlab-ci.yml}\na: {script: x}\n",
        "include: [[], {}, {local: []}, null]\na: {script: {b: c}, needs: {x: y}, artifacts: [1], rules: "
        "3}\n",
        "!reference [a]\n", "a: &a {<<: *a}\n", "- a\n", "", "spec: {}\n---\n",
        "spec:\n---\na: {script: $[[ inputs.", "a: {trigger: {include: .gitlab-ci.yml}}\n",
        "a: {trigger: {include: [{local: x}, {artifact: y, job: z}]}}\n",
        "a: {only: {}, except: [[]], inherit: 3}\n", "a: {<<: 1, needs: [[1]], rules: [1, [2]]}\n"}) {
    const std::map<std::string, std::string> files = {{".gitlab-ci.yml", std::string(text)}};
    const TestRepository repository(files);
    const auto facts = repository.collect();
    EXPECT_EQ(rows(facts, "SELECT count(*) > 0 FROM ci.workflow"), (Rows{"1"})) << text;
  }
}

}  // namespace
}  // namespace exitgate::collect
