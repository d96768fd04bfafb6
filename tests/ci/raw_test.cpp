// The columns that hold what a provider reads, whole.
#include <gtest/gtest.h>

#include <string>

#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

TEST(CiRaw, OfGitHub) {
  const TestRepository repository({{".github/workflows/ci.yml", R"(name: CI
on: [push]
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    concurrency: {group: g, cancel-in-progress: true}
    steps:
      - run: |
          echo "a\b"
        timeout-minutes: ${{ inputs.limit }}
      - {uses: actions/setup-python@v5, with: {python-version: 3.10, x: 'on'}}
  b: {runs-on: x, steps: [{run: make}]}
)"},
                                   {"README", ""}});
  const auto facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT raw FROM ci.workflow"),
            (Rows{R"({"name":"CI","on":["push"],"permissions":{}})"}));
  EXPECT_EQ(rows(facts, "SELECT id, timeout_minutes, concurrency FROM ci.job ORDER BY line"),
            (Rows{R"(a|10|{"group":"g","cancel-in-progress":true})", "b|-|-"}));
  EXPECT_EQ(rows(facts, "SELECT raw FROM ci.job WHERE id = 'b'"),
            (Rows{R"({"runs-on":"x","steps":[{"run":"make"}]})"}));
  EXPECT_EQ(rows(facts, "SELECT timeout_minutes, raw FROM ci.step WHERE job = 'a' ORDER BY position"),
            (Rows{R"(${{ inputs.limit }}|{"run":"echo \"a\\b\"\n","timeout-minutes":"${{ inputs.limit }}"})",
                  R"(-|{"uses":"actions/setup-python@v5","with":{"python-version":3.1,"x":"on"}})"}));
  EXPECT_EQ(facts.integer("SELECT count(*) FROM ci.step JOIN ci.job j ON j.id = job "
                          "WHERE json_extract(j.raw, '$.steps[' || position || ']') <> json(step.raw)"),
            0);
}

TEST(CiRaw, OfForgejoWithMergeKeys) {
  const TestRepository repository({{".forgejo/workflows/ci.yml", R"(on: push
jobs:
  a: &base
    runs-on: docker
    timeout-minutes: 5
    steps: [{run: make}]
  b:
    <<: *base
    timeout-minutes: 7
)"},
                                   {"README", ""}});
  EXPECT_EQ(rows(repository.collect(),
                 "SELECT timeout_minutes, json_extract(raw, '$.\"runs-on\"', "
                 "'$.\"timeout-minutes\"', '$.\"<<\"') FROM ci.job ORDER BY line"),
            (Rows{"5|[\"docker\",5,null]", "7|[\"docker\",7,null]"}));
}

TEST(CiRaw, OfGitLabIsWhatGitLabMakesOfIt) {
  const TestRepository repository({{".gitlab-ci.yml", R"(include: [{local: /jobs.yml}]
default: {timeout: 30 minutes, tags: [linux]}
image: alpine
.base:
  script: [make]
  variables: {A: "1"}
test:
  extends: .base
  variables: {B: "2"}
  resource_group: db
alone:
  inherit: {default: false}
  script: [make]
  timeout: 1h
)"},
                                   {"jobs.yml",
                                    "lint:\n  script: [!reference [.base, script]]\n"
                                    "workflow: {name: from jobs}\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(
      rows(facts, "SELECT id, timeout_minutes, concurrency, raw FROM ci.job ORDER BY id"),
      (Rows{
          R"(alone|1h|-|{"inherit":{"default":false},"script":["make"],"timeout":"1h"})",
          R"(lint|30 minutes|-|{"script":["make"],"image":"alpine","tags":["linux"],"timeout":"30 minutes"})",
          R"(test|30 minutes|"db"|{"script":["make"],"variables":{"A":"1","B":"2"},"extends":".base",)"
          R"("resource_group":"db","image":"alpine","tags":["linux"],"timeout":"30 minutes"})"}));
  EXPECT_EQ(rows(facts,
                 "SELECT file, json_extract(raw, '$.image', '$.workflow.name', '$.test') FROM ci.workflow "
                 "ORDER BY file"),
            (Rows{".gitlab-ci.yml|[\"alpine\",null,null]", "jobs.yml|[null,\"from jobs\",null]"}));
  EXPECT_EQ(rows(facts, "SELECT DISTINCT raw FROM ci.step"), Rows{"-"});
}

TEST(CiRaw, IsMaskedAndStillJson) {
  const TestRepository repository({{".github/workflows/ci.yml",
                                    "on: push\njobs:\n  a:\n    runs-on: x\n    env: {URL: "
                                    "'postgres://u:hunter2hunter2@h/d', KEY: \"-----BEGIN RSA PRIVATE "
                                    "KEY-----\\nabcdef\"}\n    steps: [{run: 'echo \"q\"'}]\n"},
                                   {".github/workflows/bad.yml", "on: push\non: push\n"}});
  const auto facts = repository.collect();
  EXPECT_EQ(facts.integer("SELECT json_valid(raw) FROM ci.job"), 1);
  EXPECT_EQ(facts.integer("SELECT count(*) FROM ci.job WHERE raw LIKE '%hunter2%' OR raw LIKE '%abcdef%'"),
            0);
  EXPECT_EQ(facts.text("SELECT json_extract(raw, '$.steps[0].run') FROM ci.job"), "echo \"q\"");
  EXPECT_EQ(rows(facts, "SELECT raw FROM ci.workflow WHERE file LIKE '%bad.yml'"), Rows{"-"});
}

}  // namespace
}  // namespace exitgate::collect
