#include <gtest/gtest.h>

#include <string>

#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

TEST(CollectCi, ReadsWorkflowsOnlyWhereGitHubDoes) {
  TestRepository repository(
      {{".github/workflows/a.yml", "name: A\non: push\njobs: {a: {}}\n"},
       {".github/workflows/b.yaml", "on: [push]\njobs: {a: {}}\n"},
       {".github/workflows/.gitkeep", ""},
       {".github/workflows/sub/c.yml", "on: push\njobs: {}\n"},
       {"x/.github/workflows/d.yml", "on: push\njobs: {}\n"},
       {".github/workflows/notes.md", "x"},
       {".github/workflows/bad.yml", "on: push\non: push\n"},
       {".github/workflows/case.yml", "on: push\nenv: {PATH: a, Path: b}\njobs: {}\n"},
       {".github/workflows/merge.yml", "on: push\nenv: &e {A: 1}\njobs:\n  a:\n    env:\n      <<: *e\n"},
       {".github/workflows/merge-in-matrix.yml",
        "on: push\njobs:\n  a:\n    strategy:\n      matrix:\n        <<: [1]\n"},
       {".github/workflows/empty.yml", ""},
       {".github/workflows/list.yml", "- a\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(
      rows(facts, "SELECT file, name, provider, problem FROM ci.workflow ORDER BY file"),
      (Rows{".github/workflows/a.yml|A|github|-", ".github/workflows/b.yaml|-|github|-",
            ".github/workflows/bad.yml|-|github|line 2: duplicate key 'on'",
            ".github/workflows/case.yml|-|github|line 2: duplicate key 'Path' (keys that differ by case "
            "alone are one key)",
            ".github/workflows/empty.yml|-|github|the file is empty",
            ".github/workflows/list.yml|-|github|line 1: a list where a mapping is expected",
            ".github/workflows/merge-in-matrix.yml|-|github|-",
            ".github/workflows/merge.yml|-|github|line 6: a merge key '<<', which GitHub does not know"}));
}

TEST(CollectCi, ReadsTriggersInEveryForm) {
  TestRepository repository(
      {{".github/workflows/a.yml", "on: pull_request\njobs: {}\n"},
       {".github/workflows/b.yml", "on: [push,\n  pull_request]\njobs: {}\n"},
       {".github/workflows/c.yml",
        "'on':\n  pull_request:\n  push:\n    branches: [main, 1]\n  schedule:\n    - cron: '0 0 * "
        "* *'\njobs: {}\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT file, line, event, filters FROM ci.trigger ORDER BY file, line"),
            (Rows{".github/workflows/a.yml|1|pull_request|{}", ".github/workflows/b.yml|1|push|{}",
                  ".github/workflows/b.yml|2|pull_request|{}", ".github/workflows/c.yml|2|pull_request|{}",
                  ".github/workflows/c.yml|3|push|{\"branches\":[\"main\",1]}",
                  ".github/workflows/c.yml|5|schedule|[{\"cron\":\"0 0 * * *\"}]"}));
}

TEST(CollectCi, ReadsJobsStepsAndArtifacts) {
  TestRepository repository({{".github/workflows/ci.yml", R"(name: CI
on:
  pull_request:
jobs:
  build:
    runs-on: ubuntu-latest
    services:
      postgres:
        image: postgres:15
      cache: redis
    steps:
      - uses: actions/checkout@v4
      - name: Test
        run: pytest
      - uses: Actions/Upload-Artifact@0123456789abcdef0123456789abcdef01234567 # v4
        if: always()
        with:
          name: logs-${{ github.run_id }}
          path: |
            a
            b
          retention-days: 30
          if-no-files-found: error
  next:
    needs: [build]
    steps:
      - name: get
        with: {name: "logs", run-id: 7, github-token: t}
        uses: actions/download-artifact@v4
      - uses: docker://alpine@sha256:ab
      - uses: ./.github/actions/retry
        with:
          action: actions/upload-artifact@v7
          with: |
            name: inner
            retention-days: ${{ inputs.days }}
  call:
    needs: next
    uses: ./.github/workflows/other.yml
)"},
                             {"tools/up/action.yml", R"(name: Up
runs:
  using: composite
  steps:
    - uses: actions/upload-artifact/merge@v4
    - run: x
      shell: bash
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT id, line, name, condition, uses FROM ci.job ORDER BY line"),
            (Rows{"build|5|-|-|-", "next|24|-|-|-", "call|37|-|-|./.github/workflows/other.yml"}));
  EXPECT_EQ(rows(facts, "SELECT job, needs FROM ci.need ORDER BY job"), (Rows{"call|next", "next|build"}));
  EXPECT_EQ(rows(facts, "SELECT job, name, image, line FROM ci.service ORDER BY line"),
            (Rows{"build|postgres|postgres:15|8", "build|cache|redis|10"}));
  EXPECT_EQ(
      rows(facts, "SELECT file, job, position, line, name, run, condition FROM ci.step ORDER BY file, line"),
      (Rows{".github/workflows/ci.yml|build|0|12|-|-|-", ".github/workflows/ci.yml|build|1|13|Test|pytest|-",
            ".github/workflows/ci.yml|build|2|15|-|-|always()", ".github/workflows/ci.yml|next|0|27|get|-|-",
            ".github/workflows/ci.yml|next|1|30|-|-|-", ".github/workflows/ci.yml|next|2|31|-|-|-",
            "tools/up/action.yml||0|5|-|-|-", "tools/up/action.yml||1|6|-|x|-"}));
  EXPECT_EQ(rows(facts, "SELECT line, position, action, ref, pin FROM ci.action_use ORDER BY file, line"),
            (Rows{"12|0|actions/checkout|v4|ref",
                  "15|2|Actions/Upload-Artifact|0123456789abcdef0123456789abcdef01234567|sha",
                  "29|0|actions/download-artifact|v4|ref", "30|1|docker://alpine|sha256:ab|image",
                  "31|2|./.github/actions/retry|-|local", "39|-|./.github/workflows/other.yml|-|local",
                  "5|0|actions/upload-artifact/merge|v4|ref"}));
  EXPECT_EQ(
      rows(facts,
           "SELECT line, job, position, direction, action, name, path, retention, retention_days, "
           "if_no_files_found, condition, name_pattern, other_run FROM ci.artifact ORDER BY file, line"),
      (Rows{"15|build|2|upload|Actions/Upload-Artifact|logs-${{ github.run_id }}|a\nb\n|30|30|error|always()|"
            "logs-*|0",
            "29|next|0|download|actions/download-artifact|logs|-|-|-|-|-|logs|1",
            "31|next|2|upload|actions/upload-artifact|inner|-|${{ inputs.days }}|-|-|-|inner|0",
            "5||0|upload|actions/upload-artifact/merge|-|-|-|-|-|-|merged-artifacts|0"}));
  EXPECT_EQ(rows(facts, "SELECT file, name, kind, problem FROM ci.action_file"),
            (Rows{"tools/up/action.yml|Up|composite|-"}));
}

TEST(CollectCi, KnowsTheShellThatDefaultsName) {
  TestRepository repository(
      {{".github/workflows/ci.yml", R"(on: push
defaults: {run: {shell: bash}}
jobs:
  a: {runs-on: x, steps: [{run: make}]}
  b: {runs-on: x, defaults: {run: {shell: sh}}, steps: [{run: make}]}
)"},
       {".github/workflows/none.yml", "on: push\njobs: {c: {runs-on: x, steps: [{run: make}]}}\n"}});
  EXPECT_EQ(rows(repository.collect(), "SELECT id, default_shell FROM ci.job ORDER BY id"),
            (Rows{"a|bash", "b|sh", "c|-"}));
}

TEST(CollectCi, ReadsConcurrencyGroups) {
  TestRepository repository(
      {{".github/workflows/ci.yml", R"(on: push
concurrency:
  group: ci-${{ github.ref }}
  cancel-in-progress: true
jobs:
  a: {runs-on: x, concurrency: deploy, steps: [{run: make}]}
  b: {runs-on: x, steps: [{run: make}]}
)"},
       {".forgejo/workflows/ci.yml",
        "on: push\nconcurrency: {group: ci}\njobs: {c: {runs-on: x, steps: [{run: make}]}}\n"}});
  EXPECT_EQ(rows(repository.collect(),
                 "SELECT job, line, group_name, cancel_in_progress FROM ci.concurrency ORDER BY line"),
            (Rows{"|3|ci-${{ github.ref }}|true", "a|6|deploy|-"}));
}

}  // namespace
}  // namespace exitgate::collect
