// What GitHub refuses as a whole never runs: each such workflow has a problem that names the line.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/collect/ci/actions/reader.h"
#include "harness/collect/ci/github/cron.h"
#include "harness/collect/ci/github/dialect.h"
#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

// The problem of a workflow, or else those of places in it.
std::string verdict(std::string_view text) {
  ci::Workflow workflow;
  ci::actions::read_workflow(text, ci::github::dialect(), workflow);
  if (workflow.problem) return *workflow.problem;
  std::string all;
  for (const ci::Problem& problem : workflow.problems) {
    all += (all.empty() ? "" : "; ") + ("line " + std::to_string(problem.line) + ": " + problem.reason);
  }
  return all;
}

// One job with these lines, and one step.
std::string of_job(std::string_view lines) {
  return "on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: x}]\n" + std::string(lines);
}

TEST(GithubValidation, WhatGitHubRejects) {
  const std::vector<std::pair<std::string, std::string_view>> cases = {
      {"on: push\njobs: {}\n", "line 2: no job"},
      {"on: push\njobs:\n  a:\n    steps: [{run: x}]\n",
       "line 4: a job without 'runs-on': GitHub refuses the whole workflow"},
      {"on: push\njobs:\n  a:\n    runs-on:\n", "line 4: nothing where 'runs-on' is expected"},
      {"on: push\njobs:\n  1a:\n    runs-on: x\n",
       "line 3: '1a' is not a valid job name: letters, digits, '_' and '-', a letter or '_' first"},
      {"on: push\njobs:\n  __a:\n    runs-on: x\n",
       "line 3: '__a': names with '__' in front are GitHub's own"},
      {of_job("    needs: b\n"), "line 6: job 'a' needs 'b', which is not a job here"},
      {of_job("    needs: [A]\n"), "line 3: job 'a' waits for itself, by way of its needs"},
      {of_job("    needs: c\n  b: {runs-on: x, needs: a}\n  c: {runs-on: x, needs: b}\n"),
       "line 3: job 'a' waits for itself, by way of its needs"},
      {of_job("    needs: ${{ github.x }}\n"), "line 6: an expression where GitHub takes none"},
      {of_job("    with:\n"), "line 6: unknown key 'with' of a job: GitHub refuses the whole workflow"},
      {of_job("    timeout_minutes: 5\n"),
       "line 6: unknown key 'timeout_minutes' of a job (did you mean 'timeout-minutes'?): GitHub refuses the "
       "whole workflow"},
      {of_job("    timeout-minutes: \"5\"\n"), "line 6: '5' where a number is expected"},
      {of_job("    if: secrets.TOKEN\n"),
       "line 6: 'if' cannot be read: Unrecognized named-value: 'secrets'. Located at position 1 within "
       "expression: secrets.TOKEN"},
      {of_job("    if: always( && x\n"),
       "line 6: 'if' cannot be read: Unexpected symbol: '&&'. Located at position 9 within expression: "
       "always( && x"},
      {of_job("    name: ${{ steps.x.outputs.y }}\n"),
       "line 6: an expression cannot be read: Unrecognized named-value: 'steps'. Located at position 2 "
       "within "
       "expression:  steps.x.outputs.y "},
      {of_job("    env: {A: \"${{ }}\"}\n"), "line 6: an empty expression '${{ }}'"},
      {of_job("    env: {A: \"${{ always() }}\"}\n"),
       "line 6: an expression cannot be read: Unrecognized function: 'always'. Located at position 2 within "
       "expression:  always() "},
      {of_job("    env: {A: \"${{ github.x\"}\n"),
       "line 6: an expression cannot be read: The expression is not closed: '${{' without '}}'"},
      {of_job("    strategy: {matrix: {os: []}}\n"), "line 6: a list of the matrix without a value"},
      {of_job("    strategy: {matrix: {os: a}}\n"), "line 6: 'a' where a list of the matrix is expected"},
      {of_job("    container: {options: x}\n"), "line 6: 'container' without 'image'"},
      {of_job("    permissions: {contents: all}\n"), "line 6: 'all' where a permission is expected"},
      {of_job("    permissions: {content: read}\n"),
       "line 6: unknown key 'content' of 'permissions' (did you mean 'contents'?): GitHub refuses the whole "
       "workflow"},
      {of_job("    permissions: read\n"), "line 6: 'read' where 'permissions' is expected"},
      {"on: {schedule: [{cron: '@daily'}]}\njobs:\n  a: {runs-on: x}\n",
       "line 1: '@daily' is not a valid schedule: minute, hour, day of the month, month and day of the "
       "week, "
       "as in '30 5 * * 1-5'"},
      {"on: {workflow_call: {inputs: {a: {type: choice}}}}\njobs:\n  a: {runs-on: x}\n",
       "line 1: 'choice' where a type is expected"},
      {"on: {workflow_call: []}\njobs:\n  a: {runs-on: x}\n",
       "line 1: a list where 'workflow_call' is expected"},
      {"on: {pull_request: [x]}\njobs:\n  a: {runs-on: x}\n", "line 1: a list where an event is expected"},
      {of_job("    uses: ./.github/workflows/x.yml\n"),
       "line 4: unknown key 'runs-on' of a job that calls a workflow: GitHub refuses the whole workflow; "
       "line 5: unknown key 'steps' of a job that calls a workflow: GitHub refuses the whole workflow"},
      {"on: push\njobs:\n  a:\n    uses: x.yml\n",
       "line 4: 'x.yml' names no workflow: './.github/workflows/NAME.yml' or "
       "'OWNER/NAME/.github/workflows/NAME.yml@REF'"},
      {"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{name: x}]\n",
       "line 5: a step without 'run' or 'uses'"},
      {"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: x, uses: a/b@c}]\n",
       "line 5: a step with 'run' and 'uses': GitHub takes one of them"},
      {"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{uses: a/b}]\n",
       "line 5: 'a/b' names no action: 'OWNER/NAME@REF', './PATH' or 'docker://IMAGE'"},
      {"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: x, id: s}, {run: x, id: S}]\n",
       "line 5: the job has two steps with the id 'S'"},
      {"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{run: x, with: {}}]\n",
       "line 5: unknown key 'with' of a step with 'run': GitHub refuses the whole workflow"},
      {"on: push\njobs:\n  a:\n    runs-on: x\n    steps: [{uses: a/b@c, with: }]\n",
       "line 5: nothing where a mapping is expected"},
      {"on: pull-request\njobs:\n  a: {runs-on: x}\n",
       "line 1: unknown event 'pull-request' (did you mean 'pull_request'?): GitHub refuses the whole "
       "workflow"},
      {"on: {push: {branches: [a], branches-ignore: [b]}}\njobs:\n  a: {runs-on: x}\n",
       "line 1: 'branches-ignore' beside 'branches': GitHub takes one of them"},
      {"on: {workflow_call: {inputs: {a: {required: true}}}}\njobs:\n  a: {runs-on: x}\n",
       "line 1: an input without 'type'"},
      {"on: []\njobs:\n  a: {runs-on: x}\n", "line 1: no event: GitHub does not know when to run it"},
      {"on: push\njob: {}\njobs:\n  a: {runs-on: x}\n",
       "line 2: unknown key 'job' of a workflow (did you mean 'jobs'?): GitHub refuses the whole workflow"},
      {"on: push\nname: ${{ github.ref }}\njobs:\n  a: {runs-on: x}\n",
       "line 2: an expression where GitHub takes none"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(verdict(text), wanted) << text;
}

TEST(GithubValidation, WhatGitHubTakes) {
  const std::vector<std::string> cases = {
      // Its reader promises to go on with these, whatever YAML says.
      of_job("    strategy: {matrix: {a: [[one]#, two\n      ]}}\n"),
      of_job("    env:\n      A: \"hello\n    world\"\n"),
      of_job("    env: {A: \"${{ secrets.TOKEN\xC2\xA0}}\"}\n"),
      of_job("    env:\n      ${{ insert }}: ${{ fromJson(needs.x) }}\n"),
      of_job("    env: ${{ matrix.env }}\n"),
      of_job("    name: ${{ 'x' }}\n    needs: []\n"),
      of_job("    strategy: {matrix: \"${{ fromJSON(vars.M) }}\", fail-fast: \"${{ inputs.x }}\"}\n"),
      of_job("    if:\n    environment: {name: x, url: \"${{ steps.a.outputs.b }}\"}\n"),
      of_job("    services: {db: {image: \"${{ matrix.image }}\"}}\n"),
      of_job("    permissions: {models: read, attestations: write, id-token: write, artifact-metadata: "
             "write}\n"),
      of_job("      - uses: ./../beside\n").replace(of_job("").find("[{run: x}]"), 10, ""),
      "on: {pull_request: [], workflow_dispatch: {inputs: {a: {type: choice}, b: {default: false}}}}\njobs:\n"
      "  a: {runs-on: x}\n",
      of_job("    if: success('b') && !cancelled()\n  b: {runs-on: [x, y]}\n"),
      "on: [push, {x: y}]\njobs:\n  a: {runs-on: {group: x}, steps: [{parallel: [{run: x}]}, {wait-all: "
      "}]}\n",
      "on: {pull_request: {tags-ignore: ['*']}, workflow_dispatch: {anything: [1]}, schedule: [{cron: '20 "
      "*/24 * * SUN-2,5'}]}\n"
      "jobs:\n  a: {runs-on: x, steps: [{uses: \"docker://x\"}, {uses: ./a}, {uses: a/b/c@d, with: {x: "
      "1}}]}\n",
  };
  for (const auto& text : cases) {
    if (text.starts_with("on: [push, {")) {
      EXPECT_EQ(verdict(text), "line 1: a mapping where an event's name is expected");
    } else {
      EXPECT_EQ(verdict(text), "") << text;
    }
  }
}

// GitHub's reader (YamlDotNet) takes letters, digits, '-' and '_' in the name of an anchor.
TEST(GithubValidation, NamesOfAnchors) {
  for (const auto& [name, problem] : std::vector<std::pair<std::string, std::string>>{
           {"set_up-1", "-"},
           {"set+up", "line 6: an anchor named 'set+up': a name may only hold letters, digits, '-' and '_'"},
           {"set.up",
            "line 6: an anchor named 'set.up': a name may only hold letters, digits, '-' and '_'"}}) {
    const TestRepository repository(
        {{".github/workflows/a.yml",
          fmt::format("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - &{0} {{run: make}}\n"
                      "      - *{0}\n",
                      name)}});
    EXPECT_EQ(rows(repository.collect(), "SELECT problem FROM ci.workflow"), (Rows{problem}));
  }
}

TEST(GithubValidation, TimesOfASchedule) {
  // What GitHub is known to have refused ("invalid `cron` attribute"), and what it is known to run.
  for (const char* text : {"0 6 * * 7", "*/60 0-24 * * *", "$cron-daily", "0 0 * *", "0 0 0 * * *",
                           "0 0 ? * *", "0 -1 * * *", "0 1- * * *", "0 /1 * * *", "0 1/ * * *", "0 ,1 * * *",
                           "0 */0 * * *", "0 0 * SUN JAN", "60 * * * *", "0 0 0 * *", "0 0 * 13 *", ""}) {
    EXPECT_FALSE(ci::github::is_cron(text)) << text;
  }
  for (const char* text : {"20 */24 * * *", "0 000 001 * *", "20/15 * * * *", "28 5,*/4,6-8 * * *",
                           "0 0 * * sun-TUE", "0   0  *  *     * ", "0 12-4 * jan,dec FRI", "9  9 2/2 * *"}) {
    EXPECT_TRUE(ci::github::is_cron(text)) << text;
  }
}

std::map<std::string, std::string> calling(std::string_view job, std::string_view callee) {
  return {{".github/workflows/ci.yml",
           "on: pull_request\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n" + std::string(job)},
          {".github/workflows/b.yml", std::string(callee)}};
}

TEST(GithubValidation, CallsOfWhatCannotBeCalled) {
  constexpr std::string_view kTakes = R"(on:
  workflow_call:
    inputs:
      days: {type: number, required: true}
      dry: {type: boolean}
    secrets:
      TOKEN: {required: true}
jobs:
  b: {runs-on: x}
)";
  constexpr std::string_view kFile = "'./.github/workflows/b.yml'";
  const auto of_file = [&](std::string_view before, std::string_view after) {
    return std::string(before) + std::string(kFile) + std::string(after);
  };
  const std::vector<std::tuple<std::string_view, std::string_view, std::string>> cases = {
      {"    with: {DAYS: 1}\n    secrets: {token: x}\n", kTakes, "-"},
      {"    with: {days: \"${{ github.x }}\"}\n    secrets: inherit\n", kTakes, "-"},
      {"    secrets: inherit\n", kTakes,
       of_file("line 4: ", " requires 'days' among its inputs, which is not given")},
      {"    with: {days: 1}\n", kTakes,
       of_file("line 4: ", " requires 'TOKEN' among its secrets, which is not given")},
      {"    with: {days: 1, more: 2}\n    secrets: inherit\n", kTakes,
       of_file("line 5: ", " has no 'more' among its inputs")},
      {"    with: {days: ten}\n    secrets: inherit\n", kTakes,
       "line 5: 'ten' for the input 'days', which is a number"},
      {"    with: {days: 1, dry: \"true\"}\n    secrets: inherit\n", kTakes,
       "line 5: 'true' for the input 'dry', which is a boolean"},
      {"", "on: workflow_call\njobs:\n  b: {uses: ./.github/workflows/ci.yml}\n",
       of_file("line 4: it calls ", ", which GitHub refuses")},
      {"", "on: workflow_call\njobs:\n  b: {uses: ./.github/workflows/b.yml}\n",
       of_file("line 4: ", " calls itself, by way of its calls")},
      {"", "on: push\njobs:\n  b: {runs-on: x}\n",
       of_file("line 4: ", " is not a workflow of this commit that can be called")},
      {"", "on: workflow_call\njobs:\n  b: {needs: c}\n",
       of_file("line 4: it calls ", ", which GitHub refuses")},
  };
  for (const auto& [job, callee, wanted] : cases) {
    const TestRepository repository(calling(job, callee));
    const auto facts = repository.collect();
    EXPECT_EQ(rows(facts, "SELECT problem FROM ci.workflow WHERE file LIKE '%ci.yml'"), (Rows{wanted}))
        << job;
    EXPECT_EQ(rows(facts, "SELECT on_pull_request FROM ci.job WHERE file LIKE '%ci.yml'"),
              (Rows{wanted == "-" ? "yes" : "unreached"}))
        << job;
  }
}

// GitHub takes ten levels of workflows, the one that an event starts among them.
TEST(GithubValidation, CallsThroughTooManyLevels) {
  for (const int levels : {10, 11}) {
    std::map<std::string, std::string> files;
    for (int i = 1; i <= levels; ++i) {
      files.emplace(
          fmt::format(".github/workflows/w{}.yml", i),
          fmt::format("on: {}\njobs:\n  a: {{{}}}\n", i == 1 ? "pull_request" : "workflow_call",
                      i == levels ? "runs-on: x" : fmt::format("uses: ./.github/workflows/w{}.yml", i + 1)));
    }
    const auto facts = TestRepository(files).collect();
    EXPECT_EQ(rows(facts, "SELECT file, problem FROM ci.workflow WHERE problem IS NOT NULL"),
              levels == 10 ? Rows{}
                           : (Rows{".github/workflows/w1.yml|line 3: its calls by way of "
                                   "'./.github/workflows/w2.yml' lead through 11 levels of workflows, and "
                                   "GitHub takes 10"}));
    EXPECT_EQ(rows(facts, "SELECT count(*) FROM ci.job_instance WHERE file LIKE '%/w10.yml'"),
              Rows{levels == 10 ? "1" : "0"});
  }
}

// What is called may not ask for more than its caller has, where that is written down.
TEST(GithubValidation, CallsThatAskForMorePermissions) {
  constexpr std::string_view kCallsC = "on: workflow_call\njobs:\n  b: {uses: ./.github/workflows/c.yml}\n";
  constexpr std::string_view kPlain = "on: workflow_call\njobs:\n  c: {runs-on: x}\n";
  const auto job = [](std::string_view permissions) {
    return "on: workflow_call\njobs:\n  c: {runs-on: x, permissions: " + std::string(permissions) + "}\n";
  };
  const auto root = [](std::string_view permissions) {
    return "on: workflow_call\npermissions: " + std::string(permissions) + "\njobs:\n  c: {runs-on: x}\n";
  };
  struct Case {
    std::string_view caller;  // permissions of the workflow
    std::string_view job;     // of its calling job
    std::string callee;
    std::string wanted;  // behind the call
  };
  const std::vector<Case> cases = {
      {"", "", job("write-all"), ""},  // the default is not known
      {"permissions: {contents: read}\n", "", std::string(kPlain), ""},
      {"permissions: {contents: read}\n", "", job("{contents: read}"), ""},
      {"permissions: {contents: read}\n", "", job("{contents: write}"),
       "job 'c' of '.github/workflows/c.yml' asks for 'contents: write' and the calling job has 'contents: "
       "read'"},
      {"permissions: {contents: read}\n", "{contents: write}", job("{contents: write}"), ""},
      {"permissions: write-all\n", "{}", root("{id-token: write}"),
       "'.github/workflows/c.yml' asks for 'id-token: write' and the calling job has 'id-token: none'"},
      {"permissions: read-all\n", "", root("{models: write, id-token: none}"), ""},
      {"permissions: read-all\n", "", root("{id-token: write}"),
       "'.github/workflows/c.yml' asks for 'id-token: write' and the calling job has 'id-token: read'"},
      {"permissions: {contents: read}\n", "", root("read-all"),
       "'.github/workflows/c.yml' asks for 'actions: read' and the calling job has 'actions: none'"},
      {"permissions: {contents: read}\n", "", root("{next-years: write}"), ""},
      // `{}` is nothing at all: a call inherits that, and GitHub starts no run of a caller whose callee asks for more, be
      // it for what the token of a public repository could read anyway.
      {"permissions: {}\n", "", root("{contents: read}"),
       "'.github/workflows/c.yml' asks for 'contents: read' and the calling job has 'contents: none'"},
      {"permissions: {}\n", "{contents: read}", root("{contents: read}"), ""},
      {"permissions: {}\n", "", root("{}"), ""},
      {"permissions: {}\n", "", std::string(kPlain), ""},
      {"permissions: {}\n", "{}", job("{contents: none}"), ""},
  };
  for (const auto& [caller, of_job, callee, wanted] : cases) {
    const std::string call = of_job.empty() ? "" : fmt::format("    permissions: {}\n", of_job);
    const TestRepository repository(
        {{".github/workflows/a.yml", fmt::format("on: pull_request\n{}jobs:\n  a:\n    uses: "
                                                 "./.github/workflows/b.yml\n{}",
                                                 caller, call)},
         {".github/workflows/b.yml", std::string(kCallsC)},
         {".github/workflows/c.yml", callee}});
    const auto facts = repository.collect();
    const std::string problem =
        wanted.empty() ? "-|0" : fmt::format("line {}: {}|1", caller.empty() ? 4 : 5, wanted);
    EXPECT_EQ(rows(facts, "SELECT file, problem, refused FROM ci.workflow WHERE file LIKE '%a.yml'"),
              (Rows{fmt::format(".github/workflows/a.yml|{}", problem)}))
        << callee;
    EXPECT_EQ(
        rows(facts, "SELECT count(*) FROM ci.workflow WHERE problem IS NOT NULL AND file NOT LIKE '%a.yml'"),
        (Rows{"0"}));
  }
}

}  // namespace
}  // namespace exitgate::collect
