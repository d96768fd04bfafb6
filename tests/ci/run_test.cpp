// The expanded run of a pull request.
#include <gtest/gtest.h>

#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

using Files = std::map<std::string, std::string>;

TEST(Run, ExpandsCallsMatricesAndCompositeActions) {
  const TestRepository repository({{".github/workflows/ci.yml", R"(on: [push, pull_request]
jobs:
  unit:
    strategy: {matrix: {os: [ubuntu-latest, macos-latest]}}
    uses: ./.github/workflows/one.yml
    with: {what: "${{ matrix.os }}"}
  slow:
    uses: ./.github/workflows/one.yml
    with: {what: "slow-${{ github.sha }}"}
  never:
    if: github.event_name == 'push'
    runs-on: ubuntu-latest
    steps: [run: make]
)"},
                                   {".github/workflows/one.yml", R"(on:
  workflow_call: {inputs: {what: {type: string}}}
env: {TEAM: "a"}
jobs:
  run:
    runs-on: ${{ matrix.on }}
    strategy: {matrix: {on: [windows-2025], x: [1, 2]}}
    steps:
      - uses: ./actions/keep
        with: {name: "${{ inputs.what }}-${{ env.TEAM }}-${{ matrix.x }}"}
)"},
                                   {"actions/keep/action.yml", R"(name: keep
inputs: {name: {default: none}}
runs:
  using: composite
  steps:
    - run: make ${{ inputs.name }}
      shell: bash
    - uses: actions/upload-artifact@v4
      if: always()
      with:
        name: "${{ inputs.name }}-${{ runner.os }}-${{ strategy.job-index }}"
        retention-days: ${{ github.event_name == 'pull_request' && 7 || 90 }}
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(
      rows(facts,
           "SELECT id, replace(file, '.github/workflows/', ''), job, caller, combination, complete, runs "
           "FROM ci.job_instance ORDER BY id"),
      (Rows{"1|ci.yml|unit|-|{\"os\":\"ubuntu-latest\"}|1|yes",
            "2|one.yml|run|1|{\"on\":\"windows-2025\",\"x\":1}|1|yes",
            "3|one.yml|run|1|{\"on\":\"windows-2025\",\"x\":2}|1|yes",
            "4|ci.yml|unit|-|{\"os\":\"macos-latest\"}|1|yes",
            "5|one.yml|run|4|{\"on\":\"windows-2025\",\"x\":1}|1|yes",
            "6|one.yml|run|4|{\"on\":\"windows-2025\",\"x\":2}|1|yes", "7|ci.yml|slow|-|-|1|yes",
            "8|one.yml|run|7|{\"on\":\"windows-2025\",\"x\":1}|1|yes",
            "9|one.yml|run|7|{\"on\":\"windows-2025\",\"x\":2}|1|yes", "10|ci.yml|never|-|-|1|no"}));
  EXPECT_EQ(
      rows(facts, "SELECT id, instance, position, file, job, step, caller FROM ci.step_instance LIMIT 4"),
      (Rows{"1|2|0|.github/workflows/one.yml|run|0|-", "2|2|1|actions/keep/action.yml||0|1",
            "3|2|2|actions/keep/action.yml||1|1", "4|3|0|.github/workflows/one.yml|run|0|-"}));
  EXPECT_EQ(
      rows(facts,
           "SELECT step, instance, name, name_key, retention_days FROM ci.artifact_instance ORDER BY step"),
      (Rows{"3|2|ubuntu-latest-a-1-Windows-0|ubuntu-latest-a-1-Windows-0|7",
            "6|3|ubuntu-latest-a-2-Windows-1|ubuntu-latest-a-2-Windows-1|7",
            "9|5|macos-latest-a-1-Windows-0|macos-latest-a-1-Windows-0|7",
            "12|6|macos-latest-a-2-Windows-1|macos-latest-a-2-Windows-1|7",
            "15|8|-|slow-${{ github.sha }}-a-1-Windows-0|7",
            "18|9|-|slow-${{ github.sha }}-a-2-Windows-1|7"}));
}

TEST(Run, NamesWithPartsThatAreNotKnown) {
  const TestRepository repository(Files({{".github/workflows/ci.yml", R"(on: pull_request
env: {RUN: "${{ github.run_id }}"}
jobs:
  a:
    runs-on: ubuntu-latest
    outputs: {v: "${{ steps.v.outputs.v }}"}
    steps:
      - {id: v, run: echo}
      - {uses: actions/upload-artifact@v4, with: {name: "a-${{ env.RUN }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "a-${{ Github['RUN_ID'] }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "b-${{ steps.v.outputs.v }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "c-${{ hashFiles('x') }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "d-${{ runner.name }}-${{ vars.X || 'x' }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "e-${{ vars.X || 'x' }}", retention-days: "${{ vars.DAYS }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "${{ github.event.inputs.n || 'f' }}"}}
      - {run: "echo RUN=$(date) >> $GITHUB_ENV"}
      - {uses: actions/upload-artifact@v4, with: {name: "g-${{ env.RUN }}"}}
  b:
    needs: a
    runs-on: ubuntu-latest
    strategy: {matrix: {x: "${{ fromJSON(needs.a.outputs.v) }}"}}
    steps:
      - {uses: actions/upload-artifact@v4, with: {name: "h-${{ needs.a.outputs.v }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "i-${{ matrix.x }}", overwrite: "${{ vars.O }}"}}
)"}}));
  const auto facts = repository.collect();
  EXPECT_EQ(
      rows(
          facts,
          "SELECT line, name, name_key, name_pattern, retention_unknown, overwrite FROM ci.artifact_instance "
          "ORDER BY step"),
      (Rows{"9|-|a-${{ github.run_id }}|a-*|-|no", "10|-|a-${{ github.run_id }}|a-*|-|no", "11|-|-|b-*|-|no",
            "12|-|-|c-*|-|no", "13|-|-|d-*-*|-|no", "14|-|e-${{ (vars.x || 'x') }}|e-*|vars.days|no",
            "15|f|f|f|-|no", "17|-|-|g-*|-|no", "23|-|h-${{ needs.a.outputs.v }}|h-*|-|no",
            "24|-|-|i-*|-|maybe"}));
  EXPECT_EQ(rows(facts, "SELECT job, combination, complete FROM ci.job_instance"), (Rows{"a|-|1", "b|{}|0"}));
}

TEST(Run, WhatHappensOnlyIfSomethingHolds) {
  const TestRepository repository(Files({{".github/workflows/ci.yml", R"(on: pull_request
jobs:
  a:
    if: github.event.pull_request.draft == false
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/upload-artifact@v4, if: "always() && github.base_ref == 'main'"}
      - {run: make}
      - {uses: actions/upload-artifact@v4, if: failure()}
      - {uses: actions/upload-artifact@v4}
      - {uses: actions/upload-artifact@v4, if: "always() && github.event_name == 'push'"}
      - {uses: actions/upload-artifact@v4, if: always()}
)"}}));
  EXPECT_EQ(rows(repository.collect(), "SELECT line, only_if FROM ci.artifact_instance"),
            (Rows{"7|(github.event.pull_request.draft == false) && (github.base_ref == 'main')",
                  "9|(github.event.pull_request.draft == false) && (status_1_1 == 'failure')",
                  "10|(github.event.pull_request.draft == false) && (status_1_1 == 'success')",
                  "11|(github.event.pull_request.draft == false) && false",
                  "12|(github.event.pull_request.draft == false)"}));
}

TEST(Run, OneOfTwoEventsIsWrittenWhereTheyAreAlike) {
  const TestRepository repository({{".github/workflows/a.yml", R"(on: [pull_request, pull_request_target]
jobs:
  a: {runs-on: ubuntu-latest, steps: [run: make]}
)"},
                                   {".github/workflows/b.yml", R"(on: [pull_request, pull_request_target]
jobs:
  a: {runs-on: ubuntu-latest, if: github.event_name == 'pull_request', steps: [run: make]}
)"}});
  EXPECT_EQ(rows(repository.collect(), "SELECT root, event, runs FROM ci.job_instance"),
            (Rows{".github/workflows/a.yml|pull_request|yes", ".github/workflows/b.yml|pull_request|yes",
                  ".github/workflows/b.yml|pull_request_target|no"}));
}

TEST(Run, IsBounded) {
  std::string calls = "on: {workflow_call: {}, pull_request: {}}\njobs:\n";
  std::map<std::string, std::string> files;
  for (int level = 0; level < 9; ++level) {
    std::string text = level == 0 ? "on: pull_request\njobs:\n" : "on: workflow_call\njobs:\n";
    for (const char* job : {"a", "b", "c", "d", "e", "f"}) {
      text +=
          std::string("  ") + job + ": {uses: ./.github/workflows/l" + std::to_string(level + 1) + ".yml}\n";
    }
    files[".github/workflows/l" + std::to_string(level) + ".yml"] = text;
  }
  files[".github/workflows/l9.yml"] = "on: workflow_call\njobs:\n  a: {runs-on: x, steps: [run: make]}\n";
  files[".github/workflows/small.yml"] = "on: pull_request\njobs:\n  a: {runs-on: x, steps: [run: make]}\n";
  const auto facts = TestRepository(files).collect();
  EXPECT_EQ(rows(facts, "SELECT root FROM ci.job_instance"), (Rows{".github/workflows/small.yml"}));
  EXPECT_EQ(rows(facts, "SELECT file, reason FROM ci.problem"),
            (Rows{".github/workflows/l0.yml|a pull request starts more than 20000 jobs or 100000 steps: "
                  "what they do is "
                  "not looked at"}));
}

}  // namespace
}  // namespace exitgate::collect
