// ci.command: what the steps of a commit run in the end.
#include <gtest/gtest.h>

#include <string>

#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

Rows commands(const TestRepository& repository, const std::string& where = "1") {
  return rows(repository.collect(),
              "SELECT file, job, position, line, kind, tool, written, command FROM ci.command WHERE " +
                  where + " ORDER BY file, job, position, number");
}

constexpr const char* kCi = ".github/workflows/ci.yml";

TEST(Commands, OfStepsWithTheirPlace) {
  TestRepository repository(
      {{kCi,
        "on: pull_request\njobs:\n  test:\n    steps:\n"
        "      - uses: actions/checkout@v4\n"
        "      - run: pip install pytest\n"
        "      - name: all\n        run: |\n          set -e\n\n          alembic upgrade head\n"
        "          npm test\n"
        "      - uses: acme/run-everything@v1\n"
        "  other:\n    uses: acme/workflows/.github/workflows/x.yml@v1\n"},
       {"package.json", "{\n\"scripts\": {\n\"test\": \"vitest run\"}}"}});
  EXPECT_EQ(
      commands(repository),
      (Rows{".github/workflows/ci.yml|other|-|15|unknown|-|uses: acme/workflows/.github/workflows/x.yml@v1|"
            "uses: acme/workflows/.github/workflows/x.yml@v1",
            ".github/workflows/ci.yml|test|0|5|other|-|uses: actions/checkout|uses: actions/checkout",
            ".github/workflows/ci.yml|test|1|6|other|pip|pip install pytest|pip install pytest",
            ".github/workflows/ci.yml|test|2|11|migrate|alembic|alembic upgrade head|alembic upgrade head",
            ".github/workflows/ci.yml|test|2|12|test|vitest|npm test|vitest run",
            ".github/workflows/ci.yml|test|3|13|unknown|-|uses: acme/run-everything|"
            "uses: acme/run-everything"}));
  EXPECT_EQ(rows(repository.collect(), "SELECT chain FROM ci.command WHERE kind = 'test'"),
            (Rows{R"([{"command":"npm test","file":"package.json","line":3}])"}));
}

TEST(Commands, InTheirDirectory) {
  TestRepository repository(
      {{kCi,
        "on: push\ndefaults: {run: {working-directory: web}}\njobs:\n"
        "  a:\n    steps: [{run: npm test}]\n"
        "  b:\n    defaults: {run: {working-directory: ./api}}\n    steps: [{run: npm test}]\n"
        "  c:\n    steps: [{run: npm test, working-directory: .}]\n"
        "  d:\n    steps: [{uses: actions/checkout@v4, with: {path: src}}, {run: make test, "
        "working-directory: src/api}]\n"},
       {"package.json", R"({"scripts": {"test": "tsc"}})"},
       {"web/package.json", R"({"scripts": {"test": "jest"}})"},
       {"api/package.json", R"({"scripts": {"test": "mocha"}})"},
       {"api/Makefile", "test:\n\tgo test ./...\n"}});
  EXPECT_EQ(rows(repository.collect(),
                 "SELECT job, kind, command FROM ci.command WHERE position = 0 AND job <> 'd' OR "
                 "position = 1 ORDER BY job"),
            (Rows{"a|test|jest", "b|test|mocha", "c|other|tsc", "d|test|go test ./..."}));
}

TEST(Commands, ThatTheFilesFillIn) {
  TestRepository repository(
      {{kCi,
        "on: push\nenv: {RUNNER: pytest}\njobs:\n"
        "  matrix:\n    strategy: {matrix: {script: [lint, 'test:unit'], include: [{script: build}]}}\n"
        "    steps: [{run: 'npm run ${{ matrix.script }}'}]\n"
        "  env:\n    env: {TEST_COMMAND: 'test:all'}\n    steps: [{run: bin/rails $TEST_COMMAND}, {run: "
        "$RUNNER -q}]\n"
        "  action:\n    steps: [{uses: ./.github/actions/run, with: {command: npm run test:unit}}]\n"
        "  call: {uses: ./.github/workflows/called.yml, with: {target: check}}\n"},
       {".github/workflows/called.yml",
        "on: {workflow_call: {inputs: {target: {type: string}}}}\njobs:\n  a:\n    steps: [{run: 'make ${{ "
        "inputs.target }}'}]\n"},
       {".github/actions/run/action.yml",
        "inputs: {command: {default: 'true'}}\nruns:\n  using: composite\n  steps:\n"
        "    - run: ${{ inputs.command }}\n      shell: bash\n"
        "    - run: ${{ github.action_path }}/more.sh\n      shell: bash\n"},
       {".github/actions/run/more.sh", "ctest\n"},
       {"Makefile", "check:\n\tcargo nextest run\n"},
       {"package.json", R"({"scripts": {"test:unit": "ava", "lint": "eslint .", "build": "tsc"}})"}});
  EXPECT_EQ(rows(repository.collect(),
                 "SELECT file, job, kind, written, command FROM ci.command ORDER BY file, job, position"),
            (Rows{".github/actions/run/action.yml||test|${{ inputs.command }}|ava",
                  ".github/actions/run/action.yml||test|.github/actions/run/more.sh|ctest",
                  ".github/workflows/called.yml|a|test|make ${{ inputs.target }}|cargo nextest run",
                  ".github/workflows/ci.yml|env|test|bin/rails $TEST_COMMAND|bin/rails test:all",
                  ".github/workflows/ci.yml|env|test|$RUNNER -q|pytest -q",
                  ".github/workflows/ci.yml|matrix|test|npm run ${{ matrix.script }}|ava"}));
}

TEST(Commands, OfActionsAndOtherShells) {
  TestRepository repository(
      {{kCi,
        "on: push\njobs:\n  a:\n    runs-on: windows-latest\n    steps:\n"
        "      - uses: nick-fields/retry@v3\n        with: {command: pytest -x}\n"
        "      - uses: cypress-io/github-action@v6\n"
        "      - uses: actions-rs/cargo@v1\n        with: {command: test, args: --all}\n"
        "      - uses: acme/setup-tools@v1\n"
        "      - run: |\n          $env:X = 'pytest'\n          Invoke-Pester -CI\n"
        "      - run: import pytest\n        shell: python\n"
        "      - run: gradle test\n        shell: bash\n"},
       {"README.md", ""}});
  EXPECT_EQ(rows(repository.collect(), "SELECT kind, command FROM ci.command ORDER BY position, number"),
            (Rows{"test|pytest -x", "test|uses: cypress-io/github-action", "test|cargo test --all",
                  "other|uses: acme/setup-tools", "test|Invoke-Pester -CI", "unknown|import pytest",
                  "test|gradle test"}));
}

TEST(Commands, OfGitLab) {
  TestRepository repository(
      {{".gitlab-ci.yml",
        "unit:\n  before_script: [cd api]\n  script:\n    - make test\n    - pg_dump app\n"},
       {"api/Makefile", "test:\n\tgo test ./...\n"}});
  EXPECT_EQ(rows(repository.collect(), "SELECT job, kind, command FROM ci.command ORDER BY position, number"),
            (Rows{"unit|test|go test ./...", "unit|dump|pg_dump app"}));
}

}  // namespace
}  // namespace exitgate::collect
