// The expanded run against a second, independent expansion: expand_run.py. It may be tried on any checkout, too.
#include <gtest/gtest.h>

#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

const std::map<std::string, std::string> kFiles = {{".github/workflows/ci.yml", R"(on:
  pull_request:
  pull_request_target: {types: [labeled]}
jobs:
  plain:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {path: src}
      - uses: ./src/actions/keep
        with: {name: plain}
      - parallel:
          - run: one
          - run: two
      - uses: actions/upload-artifact@v4
        with: {name: "logs-${{ github.job }}", path: logs}
  matrix:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        os: [linux, mac]
        version: [1, 2.5, "3"]
        exclude: [{os: mac, version: 1}]
        include:
          - {version: 2.5, extra: {deep: yes, list: [1]}}
          - {os: bsd, version: 9}
          - {color: red}
    steps:
      - uses: $/actions/keep
        with: {name: "${{ matrix.os }}-${{ matrix.version }}-${{ matrix.extra.deep }}-${{ matrix.color }}"}
      - uses: actions/upload-artifact@v4
        with: {name: "all-${{ strategy.job-index }}-of-${{ strategy.job-total }}", path: logs}
  calls:
    strategy: {matrix: {what: [a, b]}}
    uses: ./.github/workflows/called.yml
    with: {what: "${{ matrix.what }}"}
  never:
    if: false
    uses: ./.github/workflows/called.yml
)"},
                                                   {".github/workflows/called.yml", R"(on:
  workflow_call:
    inputs:
      what: {type: string, default: nothing}
jobs:
  inner:
    runs-on: ubuntu-latest
    strategy: {matrix: {include: [{n: 1}, {n: 2, m: true}]}}
    steps:
      - uses: ./actions/keep
        with: {NAME: "${{ inputs.what }}-${{ matrix.n }}-${{ matrix.m }}"}
)"},
                                                   {"actions/keep/action.yml", R"(name: keep
inputs: {name: {default: none}}
runs:
  using: composite
  steps:
    - {run: make, shell: bash}
    - uses: actions/upload-artifact@v4
      with: {name: "kept-${{ inputs.name }}", path: out}
)"}};

ProcessResult second_opinion(const TestRepository& repository) {
  return run({.arguments = {"python3", EXPAND_RUN, repository.root().string(),
                            (repository.out() / "ci.db").string()}});
}

TEST(ExpandedRun, IsTheSameByASecondExpansion) {
  if (!run({.arguments = {"python3", "-c", "import yaml"}}).ok())
    GTEST_SKIP() << "python3-yaml is not installed";
  const TestRepository repository(kFiles);
  (void)repository.collect();
  const auto said = second_opinion(repository);
  EXPECT_TRUE(said.ok()) << said.output << said.error;
  EXPECT_EQ(said.error, "1 runs, 14 jobs, 43 steps, 12 names, 0 unsure: 0 differences\n");
}

TEST(ExpandedRun, IsContradictedWhereARowIsMissingOrAnother) {
  if (!run({.arguments = {"python3", "-c", "import yaml"}}).ok())
    GTEST_SKIP() << "python3-yaml is not installed";
  const TestRepository repository(kFiles);
  (void)repository.collect();
  ASSERT_TRUE(run({.arguments = {"python3", "-c",
                                 "import sqlite3, sys; sqlite3.connect(sys.argv[1]).executescript("
                                 "\"DELETE FROM step_instance WHERE id = (SELECT max(id) FROM step_instance);"
                                 "UPDATE artifact_instance SET name = 'other' WHERE name = 'logs-plain'\")",
                                 (repository.out() / "ci.db").string()}})
                  .ok());
  const auto said = second_opinion(repository);
  EXPECT_FALSE(said.ok());
  EXPECT_NE(said.output.find("1 here, 0 collected"), std::string::npos) << said.output;
  EXPECT_NE(said.output.find("'logs-plain' here, 'other' collected"), std::string::npos) << said.output;
}

}  // namespace
}  // namespace exitgate::collect
