// What the files of a commit say that commands run: scripts, targets, workspaces, shell scripts.
#include <gtest/gtest.h>

#include <string>

#include "harness/commands/resolve.h"
#include "tests/commands/memory_files.h"

namespace exitgate {
namespace {

using testing::MemoryFiles;

// "test: npm test > package.json:3 > vitest run", a line for each command.
std::string said(MemoryFiles& files, const std::string& script, const std::string& directory = "") {
  std::string text;
  for (const auto& command : commands::Resolver(files).resolve(script, directory)) {
    text += std::string(commands::kind_name(command.kind)) + ": ";
    for (const auto& link : command.chain)
      text += link.command + " > " + link.file + ":" + std::to_string(link.line) + " > ";
    text += command.text + "\n";
  }
  return text;
}

constexpr const char* kPackage = R"({
  "name": "app",
  "scripts": {
    "test": "npm run test:unit && npm run lint",
    "test:unit": "cross-env CI=1 vitest run",
    "lint": "eslint .",
    "pretest": "prisma migrate deploy",
    "nothing": "echo \"Error: no test specified\" && exit 1",
    "check": "run-s lint test:*",
    "again": "npm run again",
    "e2e": "node e2e/start.js",
    "report": "node make-report.js"
  }
}
)";

TEST(Scripts, OfPackages) {
  MemoryFiles files({{"package.json", kPackage}, {"web/package.json", R"({"scripts": {"test": "jest"}})"}});
  EXPECT_EQ(said(files, "npm test"),
            "migrate: npm test > package.json:7 > prisma migrate deploy\n"
            "test: npm test > package.json:4 > npm run test:unit > package.json:5 > vitest run\n");
  EXPECT_EQ(said(files, "npm run lint"), "other: npm run lint > package.json:6 > eslint .\n");
  EXPECT_EQ(said(files, "npm run nothing"), "other: npm run nothing > package.json:8 > exit 1\n");
  EXPECT_EQ(said(files, "pnpm check"),
            "test: pnpm check > package.json:9 > run-s lint test:* > package.json:5 > vitest run\n");
  EXPECT_EQ(said(files, "yarn run again"), "other: yarn run again > package.json:10 > yarn run again\n");
  // What it runs cannot be read: its name says it.
  EXPECT_EQ(said(files, "npm run e2e"), "test: npm run e2e > package.json:11 > node e2e/start.js\n");
  EXPECT_EQ(said(files, "npm run report"),
            "unknown: npm run report > package.json:12 > node make-report.js\n");
  EXPECT_EQ(said(files, "npm run missing"), "unknown: npm run missing\n");
}

TEST(Scripts, WhereTheyRun) {
  MemoryFiles files({{"package.json", kPackage}, {"web/package.json", R"({"scripts": {"test": "jest"}})"}});
  const std::string jest = "test: npm test > web/package.json:1 > jest\n";
  EXPECT_EQ(said(files, "npm test", "web"), jest);
  EXPECT_EQ(said(files, "npm test", "web/src"), jest);
  EXPECT_EQ(said(files, "cd web && npm test"), "other: cd web\n" + jest);
  EXPECT_EQ(said(files, "(cd web && npm test)\nnpm run lint"),
            "other: cd web\n" + jest + "other: npm run lint > package.json:6 > eslint .\n");
  EXPECT_EQ(said(files, "(cd web && npm test); (npm run lint)"),
            "other: cd web\n" + jest + "other: npm run lint > package.json:6 > eslint .\n");
  EXPECT_EQ(said(files, "cd web\ncd ..\nnpm run lint"),
            "other: cd web\nother: cd ..\nother: npm run lint > package.json:6 > eslint .\n");
  EXPECT_EQ(said(files, "npm --prefix web test"),
            "test: npm --prefix web test > web/package.json:1 > jest\n");
  EXPECT_EQ(said(files, "npm run test --prefix web"),
            "test: npm run test --prefix web > web/package.json:1 > jest\n");
  EXPECT_EQ(said(files, "yarn --cwd web test"), "test: yarn --cwd web test > web/package.json:1 > jest\n");
  EXPECT_EQ(said(files, "pnpm -C web test"), "test: pnpm -C web test > web/package.json:1 > jest\n");
  // Where it runs is not known, and its name says enough.
  EXPECT_EQ(said(files, "cd $X && npm test"), "other: cd $X\ntest: npm test\n");
  EXPECT_EQ(said(files, "docker compose run app npm test"), "test: npm test\n");
}

TEST(Scripts, OfWorkspaces) {
  MemoryFiles files({{"package.json", R"({"scripts": {"build": "tsc", "test": "turbo run test"}})"},
                     {"packages/a/package.json", R"({"name": "@x/a", "scripts": {"test": "tsc"}})"},
                     {"packages/b/package.json", R"({"name": "@x/b", "scripts": {"test": "vitest run"}})"}});
  const std::string end = " > packages/b/package.json:1 > vitest run\n";
  EXPECT_EQ(said(files, "npm test -w @x/b"), "test: npm test -w @x/b" + end);
  EXPECT_EQ(said(files, "npm test --workspace=packages/b"), "test: npm test --workspace=packages/b" + end);
  EXPECT_EQ(said(files, "pnpm --filter b test"), "test: pnpm --filter b test" + end);
  EXPECT_EQ(said(files, "pnpm --filter './packages/*' test"),
            "other: pnpm --filter ./packages/* test > packages/a/package.json:1 > tsc\n"
            "test: pnpm --filter ./packages/* test" +
                end);
  EXPECT_EQ(said(files, "yarn workspace @x/b test"), "test: yarn workspace @x/b test" + end);
  EXPECT_EQ(said(files, "yarn workspace @x/a test"),
            "other: yarn workspace @x/a test > packages/a/package.json:1 > tsc\n");
  EXPECT_EQ(said(files, "npm test"), "test: npm test > package.json:1 > turbo run test" + end);
}

TEST(Scripts, OfMakefiles) {
  MemoryFiles files({{"Makefile",
                      "PYTEST ?= $(PYTHON) -m pytest\n"
                      "GO := go\n"
                      "\n"
                      "all: build\n"
                      "build:\n"
                      "\t$(GO) build ./...\n"
                      ".PHONY: test\n"
                      "test: migrate lint ## all of it\n"
                      "\t@$(PYTEST) -q \\\n"
                      "\t  tests\n"
                      "migrate:\n"
                      "\talembic upgrade head\n"
                      "lint:\n"
                      "\tcd web && $(MAKE) test\n"
                      "race:\n"
                      "\t-$(GO) test -race $(shell $(GO) list ./...)\n"
                      "test-%:\n"
                      "\t./frob $*\n"
                      "one: ; tox\n"},
                     {"web/Makefile", "test:\n\tnpx jest\n"}});
  EXPECT_EQ(said(files, "make"), "other: make > Makefile:5 > go build ./...\n");
  EXPECT_EQ(said(files, "make race"), "test: make race > Makefile:15 > go test -race ${shell}\n");
  EXPECT_EQ(said(files, "make one"), "test: make one > Makefile:19 > tox\n");
  EXPECT_EQ(said(files, "make -j 4 test V=1"),
            "migrate: make -j 4 test V=1 > Makefile:11 > alembic upgrade head\n"
            "test: make -j 4 test V=1 > Makefile:13 > make test > web/Makefile:1 > jest\n"
            "test: make -j 4 test V=1 > Makefile:8 > pytest -q tests\n");
  EXPECT_EQ(said(files, "make -C web test"), "test: make -C web test > web/Makefile:1 > jest\n");
  EXPECT_EQ(said(files, "make test-fast"), "test: make test-fast\n");
  EXPECT_EQ(said(files, "make frob"), "unknown: make frob\n");
}

TEST(Scripts, OfOtherRunners) {
  MemoryFiles files(
      {{"justfile",
        "set shell := ['bash', '-c']\n\nci: lint test\n\nlint:\n  ruff check\n\n@test *ARGS:\n  pytest "
        "{{ARGS}}\n"},
       {"Taskfile.yml",
        "version: 3\ntasks:\n  default:\n    cmds:\n      - task: unit\n  unit:\n    deps: [prepare]\n    "
        "cmds:\n"
        "      - go test ./...\n  prepare:\n    cmd: go generate ./...\n"},
       {"composer.json", R"({"scripts": {"test": ["@lint", "@php vendor/bin/phpunit"], "lint": "phpcs"}})"},
       {"deno.json", R"({"tasks": {"test": "deno test -A"}})"},
       {"tox.ini",
        "[testenv]\ncommands =\n    python -m pytest {posargs}\n[testenv:docs]\ncommands = sphinx-build\n"
        "[testenv:fuzz]\ncommands =\n    pytest fuzz\n[testenv:py{311,312}-django]\n"}});
  EXPECT_EQ(said(files, "just ci"), "test: just ci > justfile:8 > pytest {{ARGS}}\n");
  EXPECT_EQ(said(files, "just lint"), "other: just lint > justfile:5 > ruff check\n");
  EXPECT_EQ(said(files, "task"), "test: task > Taskfile.yml:6 > go test ./...\n");
  EXPECT_EQ(said(files, "composer test"), "test: composer test > composer.json:1 > vendor/bin/phpunit\n");
  EXPECT_EQ(said(files, "tox -e docs"), "other: tox -e docs > tox.ini:4 > sphinx-build\n");
  EXPECT_EQ(said(files, "tox -e fuzz,py312"),
            "test: tox -e fuzz,py312 > tox.ini:6 > pytest fuzz\n"
            "test: tox -e fuzz,py312 > tox.ini:1 > pytest {posargs}\n");
}

TEST(Scripts, OfShells) {
  MemoryFiles files(
      {{"ci/test.sh", "#!/bin/bash\nset -e\n. ci/common.sh\nfor d in a b; do\n  pytest $d\ndone\n"},
       {"ci/common.sh", "export X=1\n"},
       {"ci/lint", "#!/usr/bin/env bash\nruff check\n"},
       {"ci/loop.sh", "ci/loop.sh\n"},
       {"ci/all.sh", "bash ci/test.sh\n"},
       {"ci/tool",
        "\x7f"
        "ELF"},
       {"ci/build.py", "print(1)\n"},
       {"ci/run.py", "import pytest\n"}});
  EXPECT_EQ(said(files, "./ci/test.sh"), "test: ./ci/test.sh > ci/test.sh:5 > pytest $d\n");
  EXPECT_EQ(said(files, "bash -e ci/test.sh"), "test: bash -e ci/test.sh > ci/test.sh:5 > pytest $d\n");
  EXPECT_EQ(said(files, "./test.sh", "ci"), "test: ./test.sh > ci/test.sh:5 > pytest $d\n");
  EXPECT_EQ(said(files, "ci/lint"), "other: ci/lint > ci/lint:2 > ruff check\n");
  EXPECT_EQ(said(files, "sh ci/all.sh"),
            "test: sh ci/all.sh > ci/all.sh:1 > bash ci/test.sh > ci/test.sh:5 > pytest $d\n");
  EXPECT_EQ(said(files, "ci/loop.sh"), "other: ci/loop.sh > ci/loop.sh:1 > ci/loop.sh\n");
  EXPECT_EQ(said(files, "python ci/build.py"), "other: python ci/build.py\n");
  EXPECT_EQ(said(files, "python ci/run.py"), "unknown: python ci/run.py\n");
}

// Files that are made to take long: each target runs the next one twice.
TEST(Scripts, AreBounded) {
  std::string makefile;
  for (int i = 0; i < 60; ++i) {
    const auto number = std::to_string(i);
    const auto next = std::to_string(i + 1);
    makefile += "t" + number + ": a" + next + "\n\t$(MAKE) t" + next + "\n\t$(MAKE) t" + next + "\n";
    makefile += "a" + number + ": t" + next + " a" + next + "\n";
  }
  makefile += "X = $(X) $(X)\ny:\n\techo $(X)\n";
  MemoryFiles files({{"Makefile", makefile}});
  EXPECT_NE(said(files, "make t0"), "");
  EXPECT_NE(said(files, "make y"), "");
}

}  // namespace
}  // namespace exitgate
