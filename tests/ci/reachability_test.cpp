#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

// One workflow that pull requests start.
std::string workflow(std::string_view jobs) {
  return fmt::format("on: pull_request\njobs:\n{}", jobs);
}

Rows jobs_of(std::string_view text) {
  const TestRepository repository({{".github/workflows/ci.yml", std::string(text)}});
  return rows(repository.collect(), "SELECT id, on_pull_request FROM ci.job ORDER BY line");
}

Rows steps_of(std::string_view text) {
  const TestRepository repository({{".github/workflows/ci.yml", std::string(text)}});
  return rows(repository.collect(), "SELECT run, on_pull_request FROM ci.step ORDER BY line");
}

TEST(Reachability, Conditions) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"true", "yes"},
      {"false", "no"},
      {"${{ false }}", "no"},
      {"${{ github.event_name == 'pull_request' }}", "yes"},
      {"github.event_name == 'push'", "no"},
      {"github.event_name != 'push' && github.ref != 'refs/heads/main'", "yes"},
      {"startsWith(github.ref, 'refs/tags/')", "no"},
      {"github.ref_name == 'main'", "no"},
      {"github.ref_type == 'tag'", "no"},
      {"github.actor != 'dependabot[bot]'", "maybe"},
      {"github.repository == 'owner/name'", "maybe"},
      {"github.event.pull_request.head.repo.full_name == github.repository", "maybe"},
      {"contains(github.event.pull_request.labels.*.name, 'run')", "maybe"},
      {"github.event.action == 'opened'", "maybe"},
      {"github.event.action == 'closed'", "no"},
      {"github.event.pull_request.merged", "no"},
      {"github.event.pull_request.draft == false", "maybe"},
      {"github.event.inputs.deploy == 'true' || inputs.deploy", "no"},
      {"github.event.schedule", "no"},
      {"github.event.pull_request", "yes"},
      {"github.base_ref == 'main'", "maybe"},
      {"github.head_ref", "yes"},
      {"vars.RUN == '1'", "maybe"},
      {"always()", "yes"},
      {"!cancelled()", "yes"},
      {"always() && github.event_name == 'push'", "no"},
      {"'${{ github.event_name == ''push'' }} && true'", "yes"},  // text around it: a string
      {"success() || failure()", "yes"},
  };
  std::string jobs;
  int number = 0;
  for (const auto& [condition, wanted] : cases) {
    const std::string quoted =
        condition.starts_with('\'') ? std::string(condition) : fmt::format("\"{}\"", condition);
    jobs += fmt::format("  j{}:\n    if: {}\n    steps: [{{run: x}}]\n", number++, quoted);
  }
  const TestRepository repository({{".github/workflows/ci.yml", workflow(jobs)}});
  const Rows found = rows(repository.collect(), "SELECT on_pull_request FROM ci.job ORDER BY line");
  ASSERT_EQ(found.size(), cases.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i], cases[i].second) << cases[i].first;
  }
}

TEST(Reachability, FailureConditionsOfSteps) {
  EXPECT_EQ(steps_of(workflow(R"(  a:
    steps:
      - id: test
        run: test
        continue-on-error: true
      - if: failure()
        run: failed
      - if: failure() && github.event_name == 'push'
        run: never
      - if: steps.test.outcome == 'failure'
        run: outcome
      - if: steps.test.outcome == 'success'
        run: fine
      - if: steps.test.outputs.x == '1'
        run: output
      - id: skipped
        if: github.event_name == 'push'
        run: skipped
      - if: always() && steps.skipped.outcome == 'failure'
        run: of a skipped one
      - if: steps.nothing.outputs.x == '1'
        run: no such step
      - if: always()
        run: always
      - if: cancelled()
        run: cancelled
      - if: job.status == 'failure'
        run: implied success
)")),
            (Rows{"test|yes", "failed|failure", "never|no", "outcome|failure", "fine|yes", "output|maybe",
                  "skipped|no", "of a skipped one|no", "no such step|no", "always|yes", "cancelled|failure",
                  "implied success|no"}));
}

TEST(Reachability, SkipsSpreadThroughNeeds) {
  EXPECT_EQ(
      jobs_of(workflow(R"(  gate:
    if: github.event_name == 'push'
    steps: [{run: x}]
  behind:
    needs: gate
    steps: [{run: x}]
  always:
    needs: [behind]
    if: always()
    steps: [{run: x}]
  behind-always:
    needs: always
    steps: [{run: x}]
  unless-failed:
    needs: gate
    if: ${{ !failure() }}
    steps: [{run: x}]
  maybe:
    if: github.actor == 'x'
    steps: [{run: x}]
  after-maybe:
    needs: maybe
    steps: [{run: x}]
  plain:
    steps: [{run: x}]
  failed:
    needs: plain
    if: failure()
    steps: [{run: x}]
  after-failed:
    needs: failed
    steps: [{run: x}]
  failed-without-needs:
    if: failure()
    steps: [{run: x}]
  result:
    needs: [plain, gate]
    if: always() && needs.gate.result == 'skipped' && needs.plain.result == 'success'
    steps: [{run: x}]
  any-failed:
    needs: [plain, gate]
    if: always() && contains(needs.*.result, 'failure')
    steps: [{run: x}]
  none-failed:
    needs: [plain, maybe]
    if: always() && !contains(needs.*.result, 'failure')
    steps: [{run: x}]
  implied:
    needs: plain
    if: needs.plain.result == 'failure'
    steps: [{run: x}]
)")),
      (Rows{"gate|no", "behind|no", "always|yes", "behind-always|no", "unless-failed|yes", "maybe|maybe",
            "after-maybe|maybe", "plain|yes", "failed|failure", "after-failed|no", "failed-without-needs|no",
            "result|yes", "any-failed|failure", "none-failed|yes", "implied|no"}));
}

TEST(Reachability, OutputsOfJobsThatAreKnown) {
  EXPECT_EQ(jobs_of(workflow(R"(  plan:
    outputs:
      pr: ${{ github.event_name == 'pull_request' }}
      push: ${{ github.event_name == 'push' }}
      found: ${{ steps.x.outputs.found }}
    steps: [{run: x, id: x}]
  a:
    needs: plan
    if: needs.plan.outputs.pr == 'true'
    steps: [{run: x}]
  b:
    needs: plan
    if: needs.plan.outputs.push == 'true'
    steps: [{run: x}]
  c:
    needs: plan
    if: needs.plan.outputs.found == 'true'
    steps: [{run: x}]
  d:
    needs: plan
    if: needs.plan.outputs.other == 'true'
    steps: [{run: x}]
  e:
    needs: plan
    if: always() && needs.plan.outputs.push == 'true'
    steps: [{run: x}]
)")),
            (Rows{"plan|yes", "a|yes", "b|no", "c|maybe", "d|no", "e|no"}));
}

TEST(Reachability, Matrices) {
  EXPECT_EQ(steps_of(workflow(R"(  a:
    strategy:
      matrix:
        os: [linux, mac]
        python: ['3.11']
        exclude: [{os: mac}]
        include: [{os: windows, extra: true}]
    steps:
      - if: matrix.os == 'linux'
        run: some
      - if: matrix.os == 'mac'
        run: excluded
      - if: matrix.os != 'mac'
        run: all
      - if: matrix.extra
        run: extra
      - if: matrix.os == 'windows' && matrix.python == '3.11'
        run: never together
  empty:
    strategy: {matrix: {os: "${{ fromJSON('[]') }}"}}
    steps: [{run: empty}]
  unknown:
    strategy: {matrix: {x: "${{ fromJSON(needs.y.outputs.z) }}", os: [linux]}}
    steps:
      - run: unknown
      - if: matrix.os == 'linux'
        run: vector
      - if: matrix.x == 1
        run: value
  computed:
    strategy: {matrix: {x: "${{ fromJSON('[1, 2]') }}"}}
    steps:
      - if: matrix.x == 3
        run: computed
)")),
            (Rows{"some|maybe", "excluded|no", "all|yes", "extra|maybe", "never together|no", "empty|no",
                  "unknown|yes", "vector|yes", "value|maybe", "computed|no"}));
}

TEST(Reachability, EnvironmentVariables) {
  EXPECT_EQ(steps_of(R"(on: pull_request
env: {A: one, PR: "${{ github.event_name == 'pull_request' }}"}
jobs:
  a:
    env: {BETA: two}
    steps:
      - if: env.A == 'one' && env.BETA == 'two' && env.PR == 'true'
        run: known
      - if: env.C == 'x'
        run: unknown
      - run: echo "A=other" >> "$GITHUB_ENV"
      - if: env.A == 'one'
        run: set
      - if: env.BETA == 'two'
        run: not set
)"),
            (Rows{"known|yes", "unknown|maybe", "echo \"A=other\" >> \"$GITHUB_ENV\"|yes", "set|maybe",
                  "not set|yes"}));
}

TEST(Reachability, ReusableWorkflowsAndTheirInputs) {
  const TestRepository repository(
      {{".github/workflows/ci.yml", R"(on: [push, pull_request]
jobs:
  call:
    uses: ./.github/workflows/reusable.yml
    with: {upload: true, kind: "${{ github.event_name }}"}
  self:
    uses: $/.github/workflows/other.yml
  never:
    if: false
    uses: ./.github/workflows/never.yml
  remote:
    uses: owner/name/.github/workflows/x.yml@v1
  after:
    needs: [call, remote]
    steps: [{run: after}]
)"},
       {".github/workflows/reusable.yml", R"(on:
  workflow_call:
    inputs:
      upload: {type: boolean, default: false}
      kind: {type: string}
      other: {type: boolean}
jobs:
  a:
    steps:
      - if: inputs.upload
        uses: actions/upload-artifact@v4
      - if: inputs.other
        uses: actions/upload-artifact@v4
      - if: inputs.kind == 'push'
        uses: actions/upload-artifact@v4
      - if: inputs.undeclared
        uses: actions/upload-artifact@v4
  nested:
    uses: ./.github/workflows/other.yml
)"},
       {".github/workflows/other.yml",
        "on: workflow_call\njobs:\n  x:\n    steps: [{uses: actions/upload-artifact@v4}]\n"},
       {".github/workflows/never.yml",
        "on: workflow_call\njobs:\n  x:\n    steps: [{uses: actions/upload-artifact@v4}]\n"},
       {".github/workflows/alone.yml",
        "on: workflow_call\njobs:\n  x:\n    steps: [{uses: actions/upload-artifact@v4}]\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts,
                 "SELECT replace(file, '.github/workflows/', ''), line, on_pull_request FROM ci.artifact "
                 "ORDER BY file, line"),
            (Rows{"alone.yml|4|unreached", "never.yml|4|no", "other.yml|4|yes", "reusable.yml|11|yes",
                  "reusable.yml|13|no", "reusable.yml|15|no", "reusable.yml|17|no"}));
  EXPECT_EQ(
      rows(facts, "SELECT way FROM ci.artifact WHERE file LIKE '%/other.yml' OR file LIKE '%/alone.yml'"),
      (Rows{"-", R"([{"file":".github/workflows/ci.yml","job":"self","line":7},)"
                 R"({"file":".github/workflows/other.yml","job":"x","line":4}])"}));
  EXPECT_EQ(rows(facts, "SELECT id, on_pull_request FROM ci.job WHERE file LIKE '%/ci.yml' ORDER BY line"),
            (Rows{"call|yes", "self|yes", "never|no", "remote|yes", "after|yes"}));
}

TEST(Reachability, CompositeActionsAnywhere) {
  const TestRepository repository(
      {{".github/workflows/ci.yml", R"(on: pull_request
jobs:
  a:
    steps:
      - uses: actions/checkout@v4
        with: {path: source}
      - uses: ./tools/up
        with: {enabled: false}
      - uses: ./source/tools/other
        if: failure()
)"},
       {"tools/up/action.yml", R"(inputs:
  enabled: {default: 'true'}
  unset: {}
runs:
  using: composite
  steps:
    - if: inputs.enabled
      uses: actions/upload-artifact@v4
    - if: inputs.enabled == 'true'
      uses: actions/upload-artifact@v4
    - if: inputs.unset
      uses: actions/upload-artifact@v4
    - uses: $/tools/nested
)"},
       {"tools/nested/action.yaml",
        "runs:\n  using: composite\n  steps: [{uses: actions/upload-artifact@v4}]\n"},
       {"tools/other/action.yml",
        "runs:\n  using: composite\n  steps: [{uses: actions/upload-artifact@v4}]\n"}});
  const auto facts = repository.collect();
  // An action's inputs are strings: 'false' counts as true.
  EXPECT_EQ(rows(facts, "SELECT file, line, on_pull_request FROM ci.artifact ORDER BY file, line"),
            (Rows{"tools/nested/action.yaml|3|yes", "tools/other/action.yml|3|failure",
                  "tools/up/action.yml|8|yes", "tools/up/action.yml|10|no", "tools/up/action.yml|12|no"}));
  EXPECT_EQ(rows(facts, "SELECT way FROM ci.artifact WHERE file LIKE '%nested%'"),
            (Rows{R"([{"file":".github/workflows/ci.yml","job":"a","line":7},)"
                  R"({"file":"tools/up/action.yml","job":"","line":13},)"
                  R"({"file":"tools/nested/action.yaml","job":"","line":3}])"}));
}

TEST(Reachability, TheRepositorysOwnName) {
  const TestRepository repository(
      {{".github/workflows/ci.yml",
        workflow("  a:\n    if: github.repository == 'Owner/Name'\n    steps: [{run: x}]\n"
                 "  b:\n    if: github.repository_owner != 'owner'\n    steps: [{run: x}]\n")}});
  repository.git({"remote", "add", "origin", "https://user:secret@github.com/owner/name.git"});
  EXPECT_EQ(rows(repository.collect(), "SELECT id, on_pull_request FROM ci.job ORDER BY line"),
            (Rows{"a|yes", "b|no"}));
}

TEST(Reachability, BothPullRequestEvents) {
  EXPECT_EQ(
      jobs_of(
          "on: [pull_request, pull_request_target]\njobs:\n  a:\n    if: github.event_name == "
          "'pull_request_target'\n"
          "    steps: [{run: x}]\n  b:\n    if: github.ref == 'refs/heads/main'\n    steps: [{run: x}]\n"),
      (Rows{"a|yes", "b|maybe"}));
}

TEST(Reachability, WhatGitHubRejectsIsNotReached) {
  const TestRepository repository(
      {{".github/workflows/ci.yml", workflow("  a:\n    if: true true\n    steps: [{run: x}]\n")}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT id, on_pull_request FROM ci.job"), (Rows{"a|unreached"}));
  EXPECT_EQ(
      rows(facts, "SELECT problem FROM ci.workflow"),
      (Rows{
          "line 4: 'if' cannot be read: Unexpected symbol: 'true'. Located at position 6 within expression: "
          "true true"}));
}

TEST(Reachability, CallsThatNeverEnd) {
  const TestRepository repository(
      {{".github/workflows/ci.yml",
        "on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps: [{uses: ./loop}]\n"},
       {"loop/action.yml", "runs:\n  using: composite\n  steps: [{uses: ./loop}]\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, on_pull_request FROM ci.step ORDER BY file"),
            (Rows{".github/workflows/ci.yml|yes", "loop/action.yml|yes"}));
}

// What `continue-on-error` ignores has failed all the same; only steps say so, by their `outcome`.
TEST(Reachability, FailuresThatAreIgnored) {
  const std::map<std::string, std::string> files = {{".github/workflows/ci.yml", R"yaml(on: pull_request
jobs:
  a:
    runs-on: x
    continue-on-error: true
    steps:
      - {run: x, id: t, continue-on-error: true}
      - {run: x, id: u}
      - {run: x, if: steps.t.outcome == 'failure'}
      - {run: x, if: steps.t.conclusion == 'failure'}
      - {run: x, if: steps.u.outcome == 'failure'}
      - {run: x, if: steps.t.outcome == 'success'}
      - {run: x, if: "failure() && steps.t.outcome == 'failure'"}
      - {run: x, if: "false && steps.t.outcome == 'failure'"}
      - {run: x, if: steps.v.outcome == 'failure'}
      - {run: x, id: v, continue-on-error: "${{ github.x }}"}
      - {run: x, if: steps.v.outcome != 'success'}
  b: {runs-on: x, needs: a, if: failure()}
  c: {runs-on: x, needs: a, if: "always() && needs.a.result == 'failure'"}
  d: {runs-on: x, needs: a, if: cancelled()}
  e: {runs-on: x, needs: [a, d], if: "failure()"}
  f: {runs-on: x, needs: a}
  g: {runs-on: x, needs: [a, f], if: "failure()"}
)yaml"}};
  const TestRepository repository(files);
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT on_pull_request FROM ci.step ORDER BY position"),
            (Rows{"yes", "yes", "failure", "no", "no", "yes", "failure", "no", "no", "yes", "failure"}));
  EXPECT_EQ(rows(facts, "SELECT id, on_pull_request FROM ci.job ORDER BY id"),
            (Rows{"a|yes", "b|no", "c|no", "d|failure", "e|failure", "f|yes", "g|failure"}));
}

// However many call a file, what each gives counts; the cost stays linear, see the benchmark.
TEST(Reachability, ManyCallsOfOneFile) {
  std::string caller = "on: pull_request\njobs:\n";
  std::string steps = "  s:\n    runs-on: x\n    steps:\n";
  for (int i = 0; i < 200; ++i) {
    caller += fmt::format("  a{}: {{uses: ./.github/workflows/c.yml, with: {{x: v{}}}}}\n", i, i % 40);
    steps += fmt::format("      - {{uses: ./action, with: {{x: v{}}}}}\n", i % 40);
  }
  const std::map<std::string, std::string> files = {
      {".github/workflows/ci.yml", caller + "  z: {needs: a199, runs-on: x}\n" + steps},
      {".github/workflows/c.yml",
       "on: {workflow_call: {inputs: {x: {type: string}, debug: {type: boolean}}}}\njobs:\n"
       "  given: {runs-on: x, if: inputs.x != ''}\n  never: {runs-on: x, if: inputs.debug}\n"
       "  once: {runs-on: x, if: inputs.x == 'v39'}\n"},
      {"action/action.yml",
       "inputs: {x: {}, debug: {}}\nruns:\n  using: composite\n  steps:\n"
       "    - {run: x, if: inputs.x != ''}\n    - {run: x, if: inputs.debug == 'true'}\n"}};
  const TestRepository repository(files);
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT id, on_pull_request FROM ci.job WHERE id IN ('given', 'never', 'once', 'z')"),
            (Rows{"given|yes", "never|no", "once|yes", "z|yes"}));
  EXPECT_EQ(
      rows(facts, "SELECT on_pull_request FROM ci.step WHERE file = 'action/action.yml' ORDER BY position"),
      (Rows{"yes", "no"}));
}

// A graph of calls with 2^12 ways through it.
// As many levels as GitHub takes, and twice as many call chains at each.
TEST(Reachability, ManyWaysThroughCalls) {
  std::map<std::string, std::string> files = {
      {".github/workflows/ci.yml",
       "on: pull_request\njobs:\n  a: {uses: ./.github/workflows/l0a.yml}\n  b: {uses: "
       "./.github/workflows/l0b.yml}\n"}};
  for (int level = 0; level < 9; ++level) {
    for (const char* side : {"a", "b"}) {
      std::string text = "on: {workflow_call: {inputs: {x: {type: string}}}}\njobs:\n";
      for (const char* next : {"a", "b"}) {
        if (level == 8) continue;
        text += fmt::format(
            "  {0}: {{uses: ./.github/workflows/l{1}{0}.yml, with: {{x: \"${{{{ inputs.x }}}}{0}\"}}}}\n",
            next, level + 1);
      }
      files[fmt::format(".github/workflows/l{}{}.yml", level, side)] = text + "  z: {runs-on: x}\n";
    }
  }
  const TestRepository repository(files);
  EXPECT_EQ(rows(repository.collect(), "SELECT DISTINCT on_pull_request FROM ci.job"), (Rows{"yes"}));
}

}  // namespace
}  // namespace exitgate::collect
