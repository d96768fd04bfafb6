// The expanded run of a merge request.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "harness/collect/ci/gitlab/job_status.h"
#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

constexpr const char* kJobs =
    "SELECT id, file, job, caller, combination, complete, runs, failure_ignored FROM ci.job_instance "
    "ORDER BY id";
constexpr const char* kUploads =
    "SELECT j.id, j.job, s.position, a.name, a.name_key, a.name_pattern, replace(a.path, char(10), ' '), "
    "a.retention_days, s.runs FROM ci.artifact_instance a JOIN ci.step_instance s ON s.id = a.step JOIN "
    "ci.job_instance j ON j.id = a.instance WHERE a.direction = 'upload' ORDER BY s.id";
constexpr const char* kWorkflow = "workflow: {rules: [{if: $CI_MERGE_REQUEST_IID}]}\n";

std::string column(const facts::Facts& facts, const std::string& sql) {
  std::string all;
  for (const std::string& row : rows(facts, sql)) all += (all.empty() ? "" : " ") + row;
  return all;
}

TEST(GitlabRun, ExpandsParallelJobsAndChildPipelines) {
  const TestRepository repository(
      {{".gitlab-ci.yml", R"(spec: {inputs: {os: {default: $OS}}}
---
workflow:
  rules: [{if: $CI_MERGE_REQUEST_IID}]
plain: {script: make}
three: {script: make, parallel: 2, allow_failure: true}
matrix:
  script: make
  allow_failure: {exit_codes: 3}
  parallel:
    matrix:
      - {OS: [a, b], CPU: x}
      - OS: c
open:
  script: make
  parallel: {matrix: [{OS: "$[[ inputs.os | expand_vars ]]"}]}
hand: {script: make, when: manual}
never: {script: make, rules: [{when: never}]}
start:
  trigger: {include: child.yml, strategy: depend}
  parallel: {matrix: [{WHAT: [one, two]}]}
changed:
  rules: [{changes: [src/**]}]
  trigger: {include: [{local: child.yml}]}
)"},
       {"child.yml", R"(workflow: {rules: [{if: $CI_PIPELINE_SOURCE == "parent_pipeline"}]}
inner: {script: make}
branch: {script: make, rules: [{if: $CI_COMMIT_BRANCH}]}
again:
  trigger: {include: child.yml}
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(
      rows(facts, std::string(kJobs) + " LIMIT 17"),
      (Rows{R"(1|.gitlab-ci.yml|plain|-|-|1|yes|no)",
            R"(2|.gitlab-ci.yml|three|-|{"CI_NODE_INDEX":1,"CI_NODE_TOTAL":2}|1|yes|yes)",
            R"(3|.gitlab-ci.yml|three|-|{"CI_NODE_INDEX":2,"CI_NODE_TOTAL":2}|1|yes|yes)",
            R"(4|.gitlab-ci.yml|matrix|-|{"OS":"a","CPU":"x"}|1|yes|maybe)",
            R"(5|.gitlab-ci.yml|matrix|-|{"OS":"b","CPU":"x"}|1|yes|maybe)",
            R"(6|.gitlab-ci.yml|matrix|-|{"OS":"c"}|1|yes|maybe)", R"(7|.gitlab-ci.yml|open|-|{}|0|yes|no)",
            R"(8|.gitlab-ci.yml|hand|-|-|1|maybe|yes)", R"(9|.gitlab-ci.yml|never|-|-|1|no|no)",
            R"(10|.gitlab-ci.yml|start|-|{"WHAT":"one"}|1|yes|no)", R"(11|child.yml|inner|10|-|1|yes|no)",
            R"(12|child.yml|branch|10|-|1|no|no)", R"(13|child.yml|again|10|-|1|yes|no)",
            R"(14|child.yml|inner|13|-|1|yes|no)", R"(15|child.yml|branch|13|-|1|no|no)",
            R"(16|child.yml|again|13|-|1|yes|no)", R"(17|.gitlab-ci.yml|start|-|{"WHAT":"two"}|1|yes|no)"}))
      << "GitLab makes no third level of child pipelines";
  EXPECT_EQ(column(facts,
                   "SELECT runs FROM ci.job_instance WHERE job = 'inner' AND caller IN (SELECT id FROM "
                   "ci.job_instance WHERE job = 'changed')"),
            "maybe")
      << "as its caller";
  EXPECT_EQ(column(facts, "SELECT DISTINCT root || event FROM ci.job_instance"),
            ".gitlab-ci.ymlpull_request");
  EXPECT_EQ(column(facts,
                   "SELECT count(*) FROM ci.step_instance s JOIN ci.job_instance j ON j.id = "
                   "s.instance WHERE j.runs = 'no'"),
            "0");
}

TEST(GitlabRun, WithoutAMergeRequestPipelineThereIsNoRun) {
  const auto count = [](const std::string& config) {
    const TestRepository repository({{".gitlab-ci.yml", config}});
    return column(repository.collect(), "SELECT count(*) FROM ci.job_instance");
  };
  EXPECT_EQ(count("a: {script: x}\n"), "0");
  EXPECT_EQ(count("a: {script: x, only: [merge_requests]}\nb: {script: x}\n"), "2");
  EXPECT_EQ(count(std::string(kWorkflow) + "a: {script: x, needs: [b]}\n"), "0") << "which GitLab refuses";
}

TEST(GitlabRun, NamesAndPathsAsTheVariablesOfTheConfigurationSetThem) {
  const TestRepository repository({{".gitlab-ci.yml", std::string(kWorkflow) + R"(
variables:
  TEAM: red
  FULL: "$TEAM-$CI_JOB_NAME_SLUG"
  RAW: {value: $TEAM, expand: false}
default:
  artifacts: {paths: [out/$TEAM, "$$x"], expire_in: 1 week}
defaulted: {script: x}
known:
  script: x
  variables: {TEAM: blue}
  parallel: {matrix: [{OS: [a, b]}]}
  artifacts: {name: "$FULL-${OS}-$CI_NODE_INDEX/$CI_NODE_TOTAL$CI_COMMIT_TAG", paths: [x]}
run: {script: x, artifacts: {name: "a-$CI_PIPELINE_ID-$CI_COMMIT_SHA", paths: [x]}}
job: {script: x, artifacts: {name: "a-$CI_JOB_ID", paths: [x]}}
setting: {script: x, artifacts: {name: "a-$IN_SETTINGS-b", paths: [x]}}
raw: {script: x, artifacts: {name: $RAW, paths: [x]}}
none: {script: x, inherit: {variables: false}, artifacts: {name: "a-$TEAM", paths: [x]}}
one: {script: x, inherit: {variables: [RAW]}, artifacts: {name: "$RAW-$TEAM", paths: [x]}}
by-rule:
  script: x
  rules: [{if: $CI_COMMIT_TAG, variables: {TEAM: no}}, {if: $CI_MERGE_REQUEST_IID, variables: {TEAM: green}}]
  artifacts: {name: $TEAM, paths: [x]}
by-chance:
  script: x
  rules: [{changes: [a], variables: {TEAM: no}}, {if: $CI_MERGE_REQUEST_IID, variables: {TEAM: green}}]
  artifacts: {name: $TEAM, paths: [x]}
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, kUploads),
            (Rows{"1|defaulted|1|artifacts|artifacts|artifacts|out/red $x|7|yes",
                  "2|known|1|blue-known---a-a-1/2|blue-known---a-a-1/2|blue-known---a-a-1/2|x|-|yes",
                  "3|known|1|blue-known---b-b-2/2|blue-known---b-b-2/2|blue-known---b-b-2/2|x|-|yes",
                  "4|run|1|-|a-$CI_PIPELINE_ID-$CI_COMMIT_SHA|a-*-*|x|-|yes", "5|job|1|-|-|a-*|x|-|yes",
                  "6|setting|1|-|-|a-*-b|x|-|yes", "7|raw|1|$TEAM|$TEAM|$TEAM|x|-|yes",
                  "8|none|1|-|-|a-*|x|-|yes", "9|one|1|-|-|$TEAM-*|x|-|yes",
                  "10|by-rule|1|green|green|green|x|-|yes", "11|by-chance|1|-|-|*|x|-|yes"}));
}

TEST(GitlabRun, AChildHasTheVariablesOfItsTrigger) {
  const std::string child =
      "workflow: {rules: [{if: $CI_MERGE_REQUEST_IID}]}\n"
      "a: {script: x, variables: {TEAM: own}, artifacts: {name: $TEAM-$WHAT, paths: [x]}}\n";
  const auto names = [&](const std::string& trigger) {
    const TestRepository repository(
        {{".gitlab-ci.yml", std::string(kWorkflow) + trigger}, {"child.yml", child}});
    return column(repository.collect(), "SELECT name_pattern FROM ci.artifact_instance ORDER BY step");
  };
  EXPECT_EQ(names("variables: {WHAT: b}\nt: {trigger: {include: child.yml}, variables: {TEAM: red}}\n"),
            "red-b");
  EXPECT_EQ(names("t: {trigger: {include: child.yml}, parallel: {matrix: [{WHAT: [1, 2]}]}}\n"),
            "own-1 own-2");
  EXPECT_EQ(
      names("t: {trigger: {include: child.yml, forward: {yaml_variables: false}}, variables: {TEAM: a}}\n"),
      "own-*");
}

TEST(GitlabRun, UploadsAfterAFailure) {
  const TestRepository repository({{".gitlab-ci.yml", std::string(kWorkflow) + R"(
build: {stage: build, script: x, artifacts: {paths: [x]}}
plain: {script: x, after_script: y, artifacts: {paths: [x]}}
always: {script: x, needs: [], artifacts: {paths: [x], when: always}}
failure: {script: x, needs: [], after_script: y, artifacts: {paths: [x], when: on_failure}}
reports: {script: x, needs: [], artifacts: {paths: [x], reports: {junit: y}}}
)"}});
  const auto facts = repository.collect();
  const auto outcomes = [&](const std::string& job, const std::string& scenario) {
    return column(facts,
                  "SELECT cs.position || '>' || s.position || o.runs FROM ci.step_outcome o JOIN "
                  "ci.step_instance s ON s.id = o.step JOIN ci.step_instance cs ON cs.id = o.cause "
                  "JOIN ci.job_instance j ON j.id = s.instance WHERE j.job = '" +
                      job + "' AND o.scenario = '" + scenario + "' ORDER BY s.id, cs.id");
  };
  EXPECT_EQ(outcomes("plain", "failure"), "0>3no 1>3no 2>3yes")
      << "the download of 'build', the script; what after_script ends with does not count";
  EXPECT_EQ(outcomes("plain", "cancelled"), "0>3no 1>3no 2>3maybe");
  EXPECT_EQ(outcomes("always", "failure"), "0>1yes");
  EXPECT_EQ(outcomes("always", "cancelled"), "0>1maybe") << "GitLab takes the artifacts since 17.0";
  EXPECT_EQ(outcomes("failure", "failure"), "0>2yes 1>2no");
  EXPECT_EQ(outcomes("reports", "failure"), "0>1no 0>2yes 1>2no") << "reports are uploaded in any case";
  EXPECT_EQ(column(facts,
                   "SELECT j.job || s.runs FROM ci.artifact_instance a JOIN ci.step_instance s ON "
                   "s.id = a.step JOIN ci.job_instance j ON j.id = a.instance WHERE s.runs <> 'yes'"),
            "failurefailure");
  EXPECT_EQ(column(facts,
                   "SELECT DISTINCT c.name FROM ci.step_instance s JOIN ci.step c ON c.file = s.file AND "
                   "c.job = s.job AND c.position = s.step WHERE s.failure_ignored = 'yes'"),
            "after_script");
}

// "result: runs" of the job `job` for each way in which `cause` can end.
std::string outcomes(const std::string& jobs, const std::string& job, const std::string& cause) {
  const TestRepository repository({{".gitlab-ci.yml", kWorkflow + jobs}});
  return column(repository.collect(),
                "SELECT o.result || ':' || o.runs FROM ci.job_outcome o JOIN ci.job_instance j ON j.id = "
                "o.instance WHERE j.job = '" +
                    job + "' AND o.needs = '" + cause + "' ORDER BY o.rowid");
}

TEST(GitlabRun, JobsBehindOthers) {
  const std::string test = "test: {script: x}\n";
  const auto later = [&](const std::string& keys) {
    return outcomes(test + "later: {stage: deploy, script: x" + keys + "}\n", "later", "test");
  };
  EXPECT_EQ(later(""), "success:yes failure:no cancelled:no skipped:yes run_cancelled:no");
  EXPECT_EQ(later(", when: always"), "success:yes failure:yes cancelled:no skipped:yes run_cancelled:no");
  EXPECT_EQ(later(", when: on_failure"), "success:no failure:yes cancelled:no skipped:no run_cancelled:no");
  EXPECT_EQ(later(", when: manual"), "success:maybe failure:no cancelled:no skipped:maybe run_cancelled:no");
  EXPECT_EQ(later(", needs: []"), "");
  EXPECT_EQ(later(", needs: [test]"), "success:yes failure:no cancelled:no skipped:no run_cancelled:no")
      << "without a job that it needs there is no pipeline";
  EXPECT_EQ(later(", needs: [{job: test, optional: true}]"),
            "success:yes failure:no cancelled:no skipped:yes run_cancelled:no");
  EXPECT_EQ(later(", rules: [{changes: [a]}]"),
            "success:maybe failure:no cancelled:no skipped:maybe run_cancelled:no");
  EXPECT_EQ(outcomes("test: {script: x, allow_failure: true}\nlater: {stage: deploy, script: x}\n", "later",
                     "test"),
            "success:yes failure:yes cancelled:yes skipped:yes run_cancelled:no");
  EXPECT_EQ(outcomes("test: {script: x, allow_failure: {exit_codes: 3}}\nlater: {stage: deploy, script: x}\n",
                     "later", "test"),
            "success:yes failure:maybe cancelled:maybe skipped:yes run_cancelled:no");
}

TEST(GitlabRun, JobsThroughOthers) {
  const std::string jobs =
      "test: {script: x}\n"
      "between: {script: x, needs: [test]}\n"
      "always: {stage: deploy, script: x, needs: [between], when: always}\n"
      "stage: {stage: deploy, script: x, when: on_failure}\n"
      "hand: {script: x, when: manual}\n"
      "behind: {script: x, needs: [hand]}\n";
  EXPECT_EQ(outcomes(jobs, "always", "test"),
            "success:yes failure:yes cancelled:yes skipped:no run_cancelled:no")
      << "what is between is skipped, which starts it; without 'test' there is no pipeline";
  EXPECT_EQ(outcomes(jobs, "stage", "test"),
            "success:no failure:yes cancelled:no skipped:no run_cancelled:no");
  EXPECT_EQ(outcomes(jobs, "behind", "hand"),
            "success:yes failure:yes cancelled:yes skipped:no run_cancelled:no")
      << "a manual job may fail";
  EXPECT_EQ(outcomes("test: {script: x}\nhand: {script: x, when: manual, allow_failure: false}\n"
                     "later: {stage: deploy, script: x, when: always}\n",
                     "later", "test"),
            "success:maybe failure:maybe cancelled:no skipped:maybe run_cancelled:no")
      << "it waits for somebody";
}

TEST(GitlabRun, WritesAllowFailureAndPlacesInTheJobsFile) {
  const TestRepository repository({{".gitlab-ci.yml", std::string(kWorkflow) + R"(include: base.yml
a: {script: x, allow_failure: true}
b: {script: x, when: manual, allow_failure: true}
c: {script: x, rules: [{if: $CI_MERGE_REQUEST_IID, allow_failure: true}]}
mixed:
  script: x
  rules: [{changes: [a], allow_failure: true}, {if: $CI_MERGE_REQUEST_IID}]
by-hand-or-not: {script: x, allow_failure: true, rules: [{changes: [a], when: manual}, {if: $CI_MERGE_REQUEST_IID}]}
d:
  extends: .base
e:
  extends: .base
  artifacts:
    when: always
)"},
                                   {"base.yml", R"(.base:
  services: [db]
  script:
    - x
  artifacts:
    paths: [x]
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(column(facts, "SELECT id || coalesce(continue_on_error, '-') FROM ci.job ORDER BY line"),
            "atrue b- ctrue mixed- by-hand-or-nottrue d- e-");
  EXPECT_EQ(
      column(facts, "SELECT job || name || line FROM ci.step WHERE job IN ('d', 'e') ORDER BY job, position"),
      "dscript10 dartifacts10 escript12 eartifacts15");
  EXPECT_EQ(column(facts, "SELECT job || line FROM ci.artifact ORDER BY job"), "d10 e15")
      << "the job's own `artifacts:` go before those that it extends";
  EXPECT_EQ(column(facts, "SELECT job || line FROM ci.service ORDER BY job"), "d10 e12");
}

// `Gitlab::Ci::Status::Composite` and `Ci::ProcessBuildService`, for jobs of which each has one status.
bool really_starts(ci::gitlab::When when, const std::vector<unsigned>& statuses, bool by_needs) {
  namespace g = ci::gitlab;
  unsigned all = 0;
  for (const unsigned one : statuses) {
    if (one != g::kAbsent) all |= one;
  }
  const auto only = [&](unsigned these) { return all != 0 && (all & ~these) == 0; };
  std::string status;
  if (all == 0) {
    status = "success";
  } else if (by_needs && (all & (g::kSkipped | g::kIgnored)) != 0) {
    status = "skipped";
  } else if (only(g::kSkipped | g::kIgnored)) {
    status = "skipped";
  } else if (only(g::kSuccess | g::kSkipped | g::kIgnored)) {
    status = "success";
  } else if (only(g::kCanceled | g::kSuccess | g::kSkipped | g::kIgnored)) {
    status = "canceled";
  } else {
    status = "failed";
  }
  if (when == g::When::on_failure) return status == "failed";
  if (when == g::When::always) return status != "canceled";
  return status == "success" || (!by_needs && status == "skipped");
}

TEST(GitlabRun, StatusesOfSeveralJobsAreNeverMoreSureThanGitlab) {
  namespace g = ci::gitlab;
  const std::vector<unsigned> kStatuses = {g::kSuccess, g::kFailed,  g::kCanceled,
                                           g::kSkipped, g::kIgnored, g::kAbsent};
  // Each set of statuses for each of two jobs.
  for (unsigned one = 1; one < 64; ++one) {
    for (unsigned other = 1; other < 64; ++other) {
      g::Together together;
      std::vector<std::vector<unsigned>> each(2);
      for (std::size_t job = 0; job < 2; ++job) {
        unsigned set = 0;
        for (std::size_t i = 0; i < kStatuses.size(); ++i) {
          if (((job == 0 ? one : other) >> i & 1U) == 0) continue;
          set |= kStatuses[i];
          each[job].push_back(kStatuses[i]);
        }
        together.add(set);
      }
      const bool known = each[0].size() == 1 && each[1].size() == 1;
      for (const auto when : {g::When::on_success, g::When::on_failure, g::When::always}) {
        for (const bool by_needs : {false, true}) {
          bool some = false;
          bool all = true;
          for (const unsigned a : each[0]) {
            for (const unsigned b : each[1]) {
              const bool starts = really_starts(when, {a, b}, by_needs);
              some = some || starts;
              all = all && starts;
            }
          }
          const auto truth = g::starts(when, together, by_needs);
          if (truth == expression::Truth::yes) {
            ASSERT_TRUE(all) << one << ' ' << other;
          }
          if (truth == expression::Truth::no) {
            ASSERT_FALSE(some) << one << ' ' << other;
          }
          if (known) {
            ASSERT_NE(truth, expression::Truth::unknown) << one << ' ' << other;
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace exitgate::collect
