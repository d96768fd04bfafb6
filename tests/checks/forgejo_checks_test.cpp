// The checks say of Forgejo's workflows what holds there, in its words, and know nothing of Forgejo.
#include <gtest/gtest.h>

#include <string>

#include "tests/checks/judge.h"
#include "tests/checks/judge_files.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

const std::string kFile = ".forgejo/workflows/ci.yml";

// Uploads of one name on a pull request, without a retention.
std::string uploads(const std::string& second) {
  return "INSERT INTO ci.workflow (file, name, provider) VALUES ('" + kFile + "', 'CI', 'forgejo');" +
         "INSERT INTO ci.trigger (file, line, event, filters) VALUES ('" + kFile +
         "', 1, 'pull_request', '{}');" + job(kFile, "test") +
         artifact({.file = kFile,
                   .name = "logs",
                   .retention = "NULL",
                   .ref = "v3",
                   .line = 20,
                   .path = "${{ forgejo.workspace }}"}) +
         artifact({.file = kFile, .name = "logs", .retention = "NULL", .ref = "v3", .line = 30}) +
         "UPDATE ci.artifact SET second_upload = '" + second + "';" + expanded();
}

TEST(ForgejoChecks, VersionsThatGitHubRetiredAreServed) {
  EXPECT_EQ(judge("artifact-pins", "{}", uploads("merges")), "2 examined\n");
}

TEST(ForgejoChecks, UploadsOfOneNameAddUpOrReplaceEachOther) {
  EXPECT_EQ(judge("artifact-names-unique", "{}", uploads("merges")), "2 examined\n");
  EXPECT_EQ(
      judge("artifact-names-unique", "{}", uploads("replaces")),
      "2 examined\nFAIL .forgejo/workflows/ci.yml:30: 'logs' is uploaded at .forgejo/workflows/ci.yml:20, "
      "too: "
      "the second of them takes the place of the first\n  > give each upload of a run a name of its own\n");
}

TEST(ForgejoChecks, TheWorkspaceHasItsName) {
  EXPECT_EQ(
      judge("artifact-paths", "{}", uploads("merges")),
      "2 examined\nFAIL .forgejo/workflows/ci.yml:20: 'logs' takes the whole workspace (`path: "
      "${{ forgejo.workspace }}`), with whatever any step has written there\n  > name the folder that the "
      "evidence is "
      "in: `path: build/evidence/`\n");
}

TEST(ForgejoChecks, WhatItRejectsItRejects) {
  EXPECT_EQ(judge("workflows-readable", "{}",
                  "INSERT INTO ci.workflow (file, provider, problem, refused) VALUES ('" + kFile +
                      "', 'forgejo', 'line 3: no job', 1);"),
            "1 examined\nFAIL .forgejo/workflows/ci.yml:3: Forgejo refuses this workflow: line 3: no job\n  "
            "> Forgejo "
            "runs no job of it, and says so only in the Actions tab: fix it, or delete it\n");
}

TEST(ForgejoChecks, ABranchsNameIsOneByAnyNameOfTheContext) {
  for (const std::string context : {"forgejo", "github"}) {
    const std::string said = judge_files(
        "artifact-upload-works", "{}",
        {{kFile,
          "on: pull_request\njobs:\n  a:\n    runs-on: u\n    steps:\n      - uses: "
          "https://data.forgejo.org/forgejo/upload-artifact@v4\n        with: {path: out, name: \"x-${{ " +
              context + ".head_ref }}\"}\n"}});
    EXPECT_NE(said.find("holds a branch's name, and an artifact's may not hold '/'"), std::string::npos)
        << said;
    EXPECT_NE(said.find("`forgejo.run_id`, `forgejo.sha` and a pull request's number"), std::string::npos)
        << said;
  }
}

}  // namespace
}  // namespace exitgate::testing
