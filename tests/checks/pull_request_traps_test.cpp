// Checks on what looks right in a workflow and is not.

#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class PullRequestTraps : public CheckTable {};
TEST_P(PullRequestTraps, SayExactly) {
  holds();
}

const std::string kCi = ".github/workflows/ci.yml";
const std::string kOther = ".github/workflows/other.yml";
const std::string kBroken = unreadable(".github/workflows/broken.yml", "line 3: a tab");
const std::string kPullRequest = workflow(kCi, "CI", "pull_request") + job(kCi, "test");

std::string need(const std::string& job, const std::string& needs) {
  return fmt::format("INSERT INTO ci.need (file, job, needs) VALUES ({}, {}, {});", quoted(kCi), quoted(job),
                     quoted(needs));
}
std::string set_job(const std::string& id, const std::string& what) {
  return fmt::format("UPDATE ci.job SET {} WHERE id = {};", what, quoted(id));
}
const std::string kGate = kPullRequest + job(kCi, "lint", "yes", 30) + job(kCi, "gate", "yes", 40) +
                          need("gate", "test") + need("gate", "lint");

const std::vector<CheckCase> kAggregates = {
    {"OnlyAnOrder", "aggregate-job", "{}",
     kPullRequest + job(kCi, "deploy", "yes", 30) + need("deploy", "test"),
     R"(0 examined
skip: no job on pull requests sums up others
)"},
    {"NotOnPullRequests", "aggregate-job", "{}", kGate + set_job("gate", "on_pull_request = 'no'"),
     R"(0 examined
skip: no job on pull requests sums up others
)"},
    {"Unreadable", "aggregate-job", "{}", kBroken, R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(AggregateJob, PullRequestTraps, ::testing::ValuesIn(kAggregates), case_name);

const std::string kTest = step({.file = kCi, .job = "test", .position = 2, .run = "python -m pytest"});
std::string upload_step(const std::string& condition, const std::string& name = "test-logs") {
  return step({.file = kCi,
               .job = "test",
               .position = 4,
               .uses = "actions/upload-artifact@v4",
               .condition = condition}) +
         artifact({.file = kCi, .name = name, .condition = condition});
}
const std::string kKeep = action_file("keep/action.yml") + local_call(kCi, "test", "3", "./keep");
std::string in_action(const std::string& calling, const std::string& own) {
  return kKeep + step({.file = kCi, .job = "test", .position = 3, .uses = "./keep", .condition = calling}) +
         step({.file = "keep/action.yml",
               .job = "",
               .position = 4,
               .uses = "actions/upload-artifact@v4",
               .condition = own}) +
         artifact({.file = "keep/action.yml", .name = "test-logs", .condition = own, .job = ""});
}

const std::vector<CheckCase> kSurvives = {
    {"Always", "evidence-survives-failure", "{}", kPullRequest + kTest + upload_step("always()"),
     R"(1 examined
)"},
    {"OnFailureOnly", "evidence-survives-failure", "{}", kPullRequest + kTest + upload_step("failure()"),
     R"(1 examined
)"},
    {"NoCondition", "evidence-survives-failure", "{}", kPullRequest + kTest + upload_step("NULL"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'test-logs' is not uploaded when a test of job 'test' fails, just when somebody needs it: the step has no `if:`, which means `if: success()`
  > write `if: always()`
)"},
    {"AnotherCondition", "evidence-survives-failure", "{}",
     kPullRequest + kTest + upload_step("matrix.os == 'linux'"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'test-logs' is not uploaded when a test of job 'test' fails, just when somebody needs it: the step has `if: matrix.os == 'linux'`, before which GitHub puts `success() &&`
  > write `if: always()`
)"},
    {"NoEvidence", "evidence-survives-failure", "{}",
     kPullRequest + kTest + upload_step("NULL", "wheel") + "UPDATE ci.artifact SET path = 'dist/';",
     R"(0 examined
FAIL .github/workflows/ci.yml:12: runs tests, and no job on pull requests uploads evidence after it has tested: when a test fails, nothing is kept of it
  > upload the tests' log or report in the same job (write `if: always()`); if it is uploaded under another name, name that in `evidence:`
)"},
    {"BeforeTheTests", "evidence-survives-failure", "{}",
     kPullRequest + upload_step("NULL") +
         step({.file = kCi, .job = "test", .position = 5, .run = "python -m pytest"}),
     R"(0 examined
FAIL .github/workflows/ci.yml:15: runs tests, and no job on pull requests uploads evidence after it has tested: when a test fails, nothing is kept of it
  > upload the tests' log or report in the same job (write `if: always()`); if it is uploaded under another name, name that in `evidence:`
)"},
    {"FailureIsIgnored", "evidence-survives-failure", "{}",
     kPullRequest + kTest + "UPDATE ci.step SET continue_on_error = 'true';" + upload_step("NULL"),
     R"(1 examined
)"},
    {"NothingIsKept", "evidence-survives-failure", "{}", kPullRequest + kTest, R"(0 examined
FAIL .github/workflows/ci.yml:12: runs tests, and no job on pull requests uploads evidence after it has tested: when a test fails, nothing is kept of it
  > upload the tests' log or report in the same job (write `if: always()`); if it is uploaded under another name, name that in `evidence:`
)"},
    {"NothingTests", "evidence-survives-failure", "{}", kPullRequest, R"(0 examined
skip: no command of a job on pull requests is recognised as a test: name it in exitgate.yaml: `parameters: {EG-CG1.survives-failure: {test: [...]}}`
)"},
    {"CommandIsNotRecognised", "evidence-survives-failure", "{}",
     kPullRequest + step({.file = kCi, .job = "test", .position = 1, .run = "./ci/all.sh"}) +
         upload_step("NULL"),
     R"(0 examined
?    .github/workflows/ci.yml:20: job 'test' uploads 'test-logs', and none of its commands is recognised as a test; what `./ci/all.sh` does is unknown, and so is whether the evidence of a failed test is uploaded
  > name the command in exitgate.yaml: `parameters: {EG-CG1.survives-failure: {test: [...]}}`
note: .github/workflows/ci.yml:11: job 'test': whether `./ci/all.sh` tests is unknown; if it does, name it in `test:`
)"},
    {"CommandIsNotRecognisedAndDoesNotMatter", "evidence-survives-failure", "{}",
     kPullRequest + step({.file = kCi, .job = "test", .position = 1, .run = "./ci/all.sh"}) +
         upload_step("'always()'"),
     R"(1 examined
note: .github/workflows/ci.yml:11: job 'test': whether `./ci/all.sh` tests is unknown; if it does, name it in `test:`
)"},
    {"InAnActionThatIsAlwaysCalled", "evidence-survives-failure", "{}",
     kPullRequest + kTest + in_action("always()", "always()"), R"(1 examined
)"},
    {"InAnActionThatIsNot", "evidence-survives-failure", "{}",
     kPullRequest + kTest + in_action("NULL", "always()"),
     R"(1 examined
FAIL keep/action.yml:20: 'test-logs' is not uploaded when a test of job 'test' fails, just when somebody needs it: the step that calls this action has no `if:`, which means `if: success()`
  > write `if: always()` on that step, too
)"},
    {"Unreadable", "evidence-survives-failure", "{}", kBroken, R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(EvidenceSurvivesFailure, PullRequestTraps, ::testing::ValuesIn(kSurvives),
                         case_name);

std::string path(const std::string& path, int hidden_files = 0) {
  return kPullRequest + artifact({.file = kCi, .name = "logs", .path = path, .hidden_files = hidden_files});
}

std::string checkout(const std::string& ref, const std::string& pin = "ref",
                     const std::string& inputs = "{}") {
  return fmt::format(
      "INSERT INTO ci.action_use (file, line, job, position, action, ref, pin) "
      "VALUES ({0}, 10, 'test', 0, 'actions/checkout', {1}, {2});"
      "INSERT INTO ci.step (file, job, position, line, uses, inputs, on_pull_request) "
      "VALUES ({0}, 'test', 0, 10, 'actions/checkout', {3}, 'yes');",
      quoted(kCi), quoted(ref), quoted(pin), quoted(inputs));
}

const std::vector<CheckCase> kPaths = {
    {"AFolder", "artifact-paths", "{}", path("build/evidence/"), R"(1 examined
)"},
    {"Workspace", "artifact-paths", "{}", path("."), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes the whole workspace (`path: .`), with whatever any step has written there
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"WorkspaceByExpression", "artifact-paths", "{}", path("${{ github.workspace }}/**"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes the whole workspace (`path: ${{ github.workspace }}/**`), with whatever any step has written there
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"WorkspaceWithHiddenFiles", "artifact-paths", "{}", path("./", 1),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes the whole workspace (`path: ./`), with whatever any step has written there, and the run's token in .git/config
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"SeveralLines", "artifact-paths", "{}", path("\n  build/\n  .env\n  keys/server.pem\n  !build/tmp\n", 1),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes `.env`: it is where programs are told their secrets
  > take `.env` out of `path:`; who may read the repository may read its artifacts
FAIL .github/workflows/ci.yml:20: 'logs' takes `keys/server.pem`: it is how private keys are kept
  > take `keys/server.pem` out of `path:`; who may read the repository may read its artifacts
)"},
    {"GitFolder", "artifact-paths", "{}", path(".git/config"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes `.git/config`: actions/checkout leaves the run's token in .git/config
  > take `.git/config` out of `path:`; who may read the repository may read its artifacts
)"},
    {"InAFolder", "artifact-paths", "{}", path("${{ github.workspace }}/deploy/.env.production", 1),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes `${{ github.workspace }}/deploy/.env.production`: it is where programs are told their secrets
  > take `${{ github.workspace }}/deploy/.env.production` out of `path:`; who may read the repository may read its artifacts
)"},
    {"Home", "artifact-paths", "{}", path("~/.aws/credentials"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes `~/.aws/credentials`: it holds the cloud's keys
  > take `~/.aws/credentials` out of `path:`; who may read the repository may read its artifacts
)"},
    {"Allowed", "artifact-paths", R"({"allow": ["."]})", path("./"), R"(1 examined
)"},
    {"HiddenFilesThatAreLeftOut", "artifact-paths", "{}",
     path(".env\n.git\n.git/\n.aws/*\n**/.npmrc\ndeploy/.env.production"), R"(1 examined
)"},
    {"HiddenFolderThatIsOnlyLedThrough", "artifact-paths", "{}", path(".ssh/id_ed25519"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes `.ssh/id_ed25519`: it is how private keys are kept
  > take `.ssh/id_ed25519` out of `path:`; who may read the repository may read its artifacts
)"},
    {"HomeFolder", "artifact-paths", "{}", path("~/**"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes a folder that holds the workspace (`path: ~/**`), with whatever any step has written there and the runner keeps beside it
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"WorkFolder", "artifact-paths", "{}", path("/home/runner/work/"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes a folder that holds the workspace (`path: /home/runner/work/`), with whatever any step has written there and the runner keeps beside it
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"WorkspaceByItsPlace", "artifact-paths", "{}",
     path("/home/runner/work/service/service\n/home/runner/work/service/*\n/home/runner/work/service/other"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes the whole workspace (`path: /home/runner/work/service/service`), with whatever any step has written there
  > name the folder that the evidence is in: `path: build/evidence/`
FAIL .github/workflows/ci.yml:20: 'logs' takes a folder that holds the workspace (`path: /home/runner/work/service/*`), with whatever any step has written there and the runner keeps beside it
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"TemporaryFolder", "artifact-paths", "{}", path("${{ runner.temp }}/*\n${{ runner.temp }}/logs"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes the runner's temporary folder (`path: ${{ runner.temp }}/*`), with whatever the runner and actions keep there: the run's token, too, since actions/checkout@v6
  > name the folder that the evidence is in: `path: build/evidence/`
note: .github/workflows/ci.yml:20: `path: ${{ runner.temp }}/logs` is known only to the run
)"},
    {"RefusedAsAWhole", "artifact-paths", "{}", path("../\n.git/config"), R"(1 examined
)"},
    {"CheckoutSinceSix", "artifact-paths", "{}", path(".git/config") + checkout("v6"), R"(1 examined
)"},
    {"CheckoutWithoutCredentials", "artifact-paths", "{}",
     path(".git/config") + checkout("v4", "ref", R"({"persist-credentials":"false"})"), R"(1 examined
)"},
    {"CheckoutOfACommit", "artifact-paths", "{}",
     path(".git/config") + checkout("11bd71901bbe5b1630ceea73d27597364c9af683", "sha"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes `.git/config`: actions/checkout leaves the run's token in .git/config, unless the commit that it is pinned to is v6 or later
  > take `.git/config` out of `path:`; who may read the repository may read its artifacts
)"},
    {"CheckoutOfACommitOfSix", "artifact-paths", "{}",
     path(".git/config") + checkout("8e8c483db84b4bee98b60c0593521ed34d9990e8", "sha"), R"(1 examined
)"},
    {"WorkspaceWithHiddenFilesSinceSix", "artifact-paths", "{}", path("./", 1) + checkout("v6.0.1"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes the whole workspace (`path: ./`), with whatever any step has written there
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"Computed", "artifact-paths", "{}", path("${{ env.OUT }}"), R"(1 examined
note: .github/workflows/ci.yml:20: `path: ${{ env.OUT }}` is known only to the run
)"},
    {"ComputedAndKnown", "artifact-paths", "{}",
     path("${{ env.OUT }}") +
         "INSERT INTO ci.artifact_instance (step, instance, direction, file, line, path, overwrite, "
         "deletes_merged, "
         "other_run) VALUES (1, 1, 'upload', '.github/workflows/ci.yml', 20, './', 'no', 'no', 0);",
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes the whole workspace (`path: ./`), with whatever any step has written there
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"LooksAlike", "artifact-paths", "{}", path("docs/environment.md\nkeyboard/keys.txt\n.github/report.md"),
     R"(1 examined
)"},
    {"Nothing", "artifact-paths", "{}", kPullRequest, R"(0 examined
skip: no step uploads an artifact
)"},
};
INSTANTIATE_TEST_SUITE_P(ArtifactPaths, PullRequestTraps, ::testing::ValuesIn(kPaths), case_name);

}  // namespace
}  // namespace exitgate::testing
