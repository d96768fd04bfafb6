// Forgejo and Gitea: what their workflows say as GitHub's do, and what otherwise.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/collect/ci/forgejo/provider.h"
#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

// The problem of a workflow, or else those of places in it.
std::string verdict(const ci::Provider& provider, std::string_view text) {
  ci::Workflow workflow;
  workflow.provider = provider.record().name;
  provider.read(text, workflow);
  if (workflow.problem) return *workflow.problem;
  std::string all;
  for (const ci::Problem& problem : workflow.problems) {
    all += (all.empty() ? "" : "; ") + ("line " + std::to_string(problem.line) + ": " + problem.reason);
  }
  return all;
}

// One job with these lines, and one step.
std::string of_job(std::string_view lines) {
  return "on: push\njobs:\n  a:\n    runs-on: docker\n    steps: [{run: x}]\n" + std::string(lines);
}

TEST(Forgejo, EachServerReadsItsOwnFolder) {
  constexpr std::string_view kPush = "on: push\njobs: {a: {runs-on: docker, steps: [{run: x}]}}\n";
  const std::string text(kPush);
  const TestRepository repository({{".forgejo/workflows/a.yml", text},
                                   {".forgejo/workflows/below/b.yaml", text},
                                   {".forgejo/workflows/notes.md", "x"},
                                   {".forgejo/workflows/action.yml", text},
                                   {".gitea/workflows/c.yml", text},
                                   {".github/workflows/d.yml", text},
                                   {".github/workflows/below/e.yml", text}});
  EXPECT_EQ(rows(repository.collect(), "SELECT file, provider, problem FROM ci.workflow ORDER BY file"),
            (Rows{".forgejo/workflows/a.yml|forgejo|-", ".forgejo/workflows/action.yml|forgejo|-",
                  ".forgejo/workflows/below/b.yaml|forgejo|-", ".gitea/workflows/c.yml|gitea|-",
                  ".github/workflows/d.yml|github|-"}));
}

TEST(Forgejo, AnActionIsReadByWhoCanCallIt) {
  constexpr std::string_view kAction =
      "runs: {using: composite, steps: [{uses: actions/upload-artifact@v3}]}\n";
  constexpr std::string_view kCaller =
      "on: pull_request\njobs: {a: {runs-on: docker, steps: [{uses: ./up}]}}\n";
  for (const auto& [folder, provider] : std::vector<std::pair<std::string, std::string>>{
           {".forgejo", "forgejo"}, {".gitea", "gitea"}, {".github", "github"}}) {
    const TestRepository repository(
        {{"up/action.yml", std::string(kAction)}, {folder + "/workflows/ci.yml", std::string(kCaller)}});
    const auto facts = repository.collect();
    EXPECT_EQ(rows(facts, "SELECT provider FROM ci.action_file"), (Rows{provider}));
    EXPECT_EQ(rows(facts, "SELECT on_pull_request, way IS NOT NULL, second_upload FROM ci.artifact"),
              (Rows{provider == "github" ? "yes|1|fails" : "yes|1|merges"}));
  }
}

TEST(Forgejo, WhatIsTaken) {
  const std::vector<std::string> cases = {
      of_job("    if: forgejo.ref == 'x' && forge.sha && github.actor && secrets.TOKEN && env.A\n"),
      of_job("    permissions: whatever\n    timeout-minutes: \"5\"\n"),
      of_job("    env: {PATH: a, Path: b}\n"),
      of_job("    concurrency: {cancel-in-progress: true}\n"),
      "on: {schedule: [{cron: '@daily'}], push: {branches: [a], branches-ignore: [b]}}\n"
      "enable-email-notifications: true\nenv: &e {A: 1}\njobs:\n  a:\n    env: {<<: *e}\n    runs-on: x\n",
      "on: push\njobs:\n  a: {uses: ./.forgejo/workflows/b.yml, runs-on: docker, with: {x: \"${{ env.X "
      "}}\"}}\n",
      "on: push\njobs:\n  __a: {runs-on: x, steps: [{uses: 'https://code.forgejo.org/actions/checkout@v4', "
      "with: }, "
      "{run: x, id: s, if: always() && secrets.X}, {run: x, id: s}]}\n",
  };
  for (const auto& text : cases) EXPECT_EQ(verdict(ci::forgejo::forgejo(), text), "") << text;
  EXPECT_EQ(verdict(ci::forgejo::gitea(), of_job("    if: gitea.ref == 'x'\n    unknown: 1\n")), "");
}

TEST(Forgejo, WhatIsNot) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {of_job("    timeout_minutes: 5\n"),
       "line 6: unknown key 'timeout_minutes' of a job (did you mean 'timeout-minutes'?): Forgejo refuses "
       "the whole "
       "workflow"},
      {"on: pull-request\njobs:\n  a: {runs-on: x}\n",
       "line 1: unknown event 'pull-request' (did you mean 'pull_request'?): it never starts the workflow"},
      {"on: push\njobs:\n  a:\n    steps: [{run: x}]\n",
       "line 4: a job without 'runs-on': no runner ever takes it"},
      {"on: push\njobs:\n  a: {runs-on: x, steps: [{name: x}]}\n", "line 3: a step without 'run' or 'uses'"},
      {of_job("    needs: b\n"), "line 6: job 'a' needs 'b', which is not a job here"},
      {of_job("    if: matrix.x\n"),
       "line 6: 'if' cannot be read: Unrecognized named-value: 'matrix'. Located at position 1 within "
       "expression: "
       "matrix.x"},
      {"on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/upload-artifact@v4\n",
       "line 6: actions/upload-artifact@v4 runs on github.com only: take v3, or forgejo/upload-artifact and "
       "download-artifact"},
      {"on: push\non: push\njobs: {}\n", "line 2: duplicate key 'on'"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(verdict(ci::forgejo::forgejo(), text), wanted) << text;
}

TEST(Forgejo, WhatAPullRequestDoes) {
  const TestRepository repository(
      {{".forgejo/workflows/ci.yml", R"(on: [pull_request, push]
jobs:
  test:
    runs-on: docker
    continue-on-error: true
    permissions: read-all
    steps:
      - run: pytest
        if: forge.event_name == 'pull_request'
      - run: echo FOO=1 >> $FORGEJO_ENV
      - uses: https://data.forgejo.org/forgejo/upload-artifact@v4
        if: failure()
        with: {name: logs, path: out/, retention-days: 30}
      - uses: forgejo/upload-artifact@0123456789012345678901234567890123456789
        with: {name: more, path: out/}
      - uses: actions/upload-artifact@v3
  push:
    if: github.event_name == 'push'
    runs-on: docker
    steps: [{run: deploy}]
  after:
    needs: [test]
    runs-on: docker
    steps: [{uses: forgejo/download-artifact@v4, with: {name: logs}}]
  call: {uses: ./.forgejo/workflows/called.yml}
)"},
       {".forgejo/workflows/called.yml", R"(on: workflow_call
jobs:
  inner: {runs-on: docker, steps: [{run: x}]}
)"},
       {".forgejo/workflows/wrong.yml", "on: push\njobs:\n  a: {uses: ./.forgejo/workflows/gone.yml}\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(
      rows(facts,
           "SELECT id, on_pull_request, continue_on_error, permissions FROM ci.job ORDER BY file, line"),
      (Rows{"inner|yes|-|-", "test|yes|-|-", "push|no|-|-", "after|yes|-|-", "call|yes|-|-",
            "a|unreached|-|-"}));
  EXPECT_EQ(
      rows(facts,
           "SELECT line, action, artifact_name, retention_days, on_pull_request, second_upload, uploads "
           "FROM ci.artifact ORDER BY line"),
      (Rows{"11|https://data.forgejo.org/forgejo/upload-artifact|logs|30|failure|replaces|-",
            "14|forgejo/upload-artifact|more|-|yes|-|-", "16|actions/upload-artifact|artifact|-|yes|merges|-",
            "24|forgejo/download-artifact|logs|-|yes|-|1"}));
  EXPECT_EQ(
      rows(facts, "SELECT file, problem, refused FROM ci.workflow WHERE problem IS NOT NULL"),
      (Rows{".forgejo/workflows/wrong.yml|line 3: './.forgejo/workflows/gone.yml' is not a workflow of this "
            "commit that can be called|1"}));
}

TEST(Forgejo, HostileWorkflows) {
  for (const std::string_view text :
       {"on: [push, {x: y}]\njobs:\n  a: {runs-on: {group: x}, steps: [1, [], {run: {}}]}\n",
        "a: &a {<<: *a}\n", "on: push\njobs: {a: {<<: 1, needs: [a], strategy: {matrix: {x: {}}}}}\n",
        "- a\n", "", "on: push\njobs: {a: {uses: 'https://', runs-on: []}}\n",
        "on: push\njobs: {a: {runs-on: x, steps: [{uses: 'https://x'}, {uses: '://@'}]}}\n"}) {
    const std::map<std::string, std::string> files = {{".forgejo/workflows/x.yml", std::string(text)}};
    const TestRepository repository(files);
    EXPECT_EQ(rows(repository.collect(), "SELECT count(*) FROM ci.workflow"), (Rows{"1"})) << text;
  }
}

}  // namespace
}  // namespace exitgate::collect
