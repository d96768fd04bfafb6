#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class CiChecks : public CheckTable {};
TEST_P(CiChecks, SayExactly) {
  holds();
}

const std::string kCi = ".github/workflows/ci.yml";
const std::string kOther = ".github/workflows/other.yml";
const std::string kBroken = unreadable(".github/workflows/broken.yml", "line 3: a tab");
const std::string kPullRequest = workflow(kCi, "CI", "pull_request") + job(kCi, "test");
const std::string kPush = workflow(kOther, "Other", "push") + job(kOther, "test", "unreached");
const std::string kPostgres =
    "INSERT INTO ci.service (file, job, name, image, line) VALUES ('.github/workflows/ci.yml', 'test', "
    "'postgres', "
    "'postgres:15', 8);";

std::string service(const std::string& name, const std::string& image) {
  return fmt::format("INSERT INTO ci.service (file, job, name, image, line) VALUES ({}, 'test', {}, {}, 8);",
                     quoted(kCi), quoted(name), or_null(image));
}

const std::vector<CheckCase> kReadable = {
    {"None", "workflows-readable", "{}", "", R"(0 examined
skip: no workflow file of GitHub, GitLab, Forgejo or Gitea is there to be read
)"},
    {"All", "workflows-readable", "{}", kPullRequest + action_file("build/action.yml"), R"(2 examined
)"},
    {"Broken", "workflows-readable", "{}", kPullRequest + kBroken, R"(2 examined
FAIL .github/workflows/broken.yml:3: this workflow cannot be read: line 3: a tab
  > GitHub runs nothing of a file that it cannot read, and says so only in the Actions tab: fix it, or delete it
)"},
    {"Refused", "workflows-readable", "{}",
     kPullRequest +
         "INSERT INTO ci.workflow (file, provider, problem, refused) VALUES "
         "('.github/workflows/broken.yml', 'github', 'line 3: ''1a'' is not a valid job name', 1);",
     R"(2 examined
FAIL .github/workflows/broken.yml:3: GitHub refuses this workflow: line 3: '1a' is not a valid job name
  > GitHub runs no job of it, and says so only in the Actions tab: fix it, or delete it
)"},
    {"MistakesInside", "workflows-readable", "{}",
     kPullRequest + "INSERT INTO ci.problem (file, line, reason) VALUES ('.github/workflows/ci.yml', 9, "
                    "'job ''a'' needs ''b'', which is not a job here'), ('.github/workflows/ci.yml', 12, "
                    "'services that are known only when the job runs');",
     R"(1 examined
FAIL .github/workflows/ci.yml:9: job 'a' needs 'b', which is not a job here: what GitHub makes of this file cannot be told
  > fix the line
)"},
    {"BrokenAction", "workflows-readable", "{}",
     "INSERT INTO ci.action_file (file, problem, provider) VALUES ('action.yml', 'no ''runs''', 'github');",
     R"(1 examined
FAIL action.yml: this action cannot be read: no 'runs'
  > GitHub runs nothing of a file that it cannot read, and says so only in the Actions tab: fix it, or delete it
)"},
};
INSTANTIATE_TEST_SUITE_P(WorkflowsReadable, CiChecks, ::testing::ValuesIn(kReadable), case_name);

const std::vector<CheckCase> kRunning = {
    {"One", "pull-request-workflows", "{}", kPullRequest + kPush, R"(2 examined
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does
)"},
    {"None", "pull-request-workflows", "{}", kPush, R"(1 examined
FAIL no workflow runs a job on pull requests (of 1), 1 is asked for: nothing looks at a change before it is merged
  > write `on: pull_request` in the workflow that runs the tests, and see that no `if:` rules its jobs out
)"},
    {"NoWorkflow", "pull-request-workflows", "{}", "", R"(0 examined
FAIL no workflow runs a job on pull requests (of 0), 1 is asked for: nothing looks at a change before it is merged
  > write `on: pull_request` in the workflow that runs the tests, and see that no `if:` rules its jobs out
)"},
    {"OnlyJobsThatAreRuledOut", "pull-request-workflows", "{}",
     workflow(kCi, "CI", "pull_request") + job(kCi, "deploy", "no"), R"(1 examined
FAIL no workflow runs a job on pull requests (of 1), 1 is asked for: nothing looks at a change before it is merged
  > write `on: pull_request` in the workflow that runs the tests, and see that no `if:` rules its jobs out
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 0 of its jobs do
)"},
    {"TooFew", "pull-request-workflows", R"({"at-least": 2})", kPullRequest + kPush, R"(2 examined
FAIL 1 workflow runs a job on pull requests (of 2), 2 are asked for: nothing looks at a change before it is merged
  > write `on: pull_request` in the workflow that runs the tests, and see that no `if:` rules its jobs out
note: .github/workflows/ci.yml:3: 'CI' runs on pull requests, 1 of its jobs does
)"},
    {"PerhapsInAnUnreadableOne", "pull-request-workflows", "{}", kPush + kBroken, R"(2 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(PullRequestWorkflows, CiChecks, ::testing::ValuesIn(kRunning), case_name);

const std::vector<CheckCase> kRetention = {
    {"LongEnough", "artifact-retention", "{}",
     kPullRequest + artifact({.file = kCi, .name = "logs", .retention = "30"}),
     R"(1 examined
)"},
    {"OneDay", "artifact-retention", "{}",
     kPullRequest + artifact({.file = kCi, .name = "logs", .retention = "1"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' is deleted after 1 day, an audit needs it for 30
  > write `retention-days: 30` under `with:`
)"},
    {"AWeek", "artifact-retention", R"({"min-days": 90})",
     kPullRequest +
         artifact(
             {.file = kCi, .name = "logs-${{ matrix.os }}", .retention = "7", .on_pull_request = "maybe"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs-${{ matrix.os }}' is deleted after 7 days, an audit needs it for 90
  > write `retention-days: 90` under `with:`
)"},
    {"Default", "artifact-retention", "{}", kPullRequest + artifact({.file = kCi, .retention = "NULL"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: an artifact without a name is kept for as long as the repository's settings happen to say: it has no `retention-days`
  > write `retention-days: 30` under `with:`
)"},
    {"Zero", "artifact-retention", "{}",
     kPullRequest + artifact({.file = kCi, .name = "logs", .retention = "0"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' is kept for as long as the repository's settings happen to say: `retention-days: 0` means the default
  > write `retention-days: 30` under `with:`
)"},
    {"Computed", "artifact-retention", "{}",
     kPullRequest + artifact({.file = kCi, .name = "logs", .retention = "${{ vars.DAYS }}"}), R"(1 examined
?    .github/workflows/ci.yml:20: 'logs' is kept for `${{ vars.DAYS }}` days, a value that only the run knows
  > write `retention-days: 30` under `with:`
)"},
    {"AfterAFailureToo", "artifact-retention", "{}",
     kPullRequest + artifact({.file = kCi, .name = "core", .retention = "3", .on_pull_request = "failure"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'core' is deleted after 3 days, an audit needs it for 30
  > write `retention-days: 30` under `with:`
)"},
    {"NotOnPullRequests", "artifact-retention", "{}",
     kPush + artifact({.file = kOther, .name = "wheel", .retention = "1", .on_pull_request = "unreached"}) +
         artifact({.file = kOther, .name = "docs", .retention = "1", .on_pull_request = "no"}),
     R"(0 examined
skip: no pull request uploads an artifact
)"},
    {"Unreadable", "artifact-retention", "{}", kBroken, R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(ArtifactRetention, CiChecks, ::testing::ValuesIn(kRetention), case_name);

const std::vector<CheckCase> kPins = {
    {"Version", "artifact-pins", "{}",
     kPullRequest + artifact({.file = kCi, .name = "logs", .ref = "v4.6.2"}), R"(1 examined
)"},
    {"Sha", "artifact-pins", R"({"policy": "sha"})",
     kPullRequest + artifact({.file = kCi, .ref = "ea165f8d65b6e75b540449e92b4886f43607fa02", .pin = "sha"}),
     R"(1 examined
)"},
    {"VersionWhereShaIsAsked", "artifact-pins", R"({"policy": "sha"})",
     kPullRequest + artifact({.file = kCi}), R"(1 examined
FAIL .github/workflows/ci.yml:20: `uses: actions/upload-artifact@v4` is a name that its owner can move to other code at any time
  > write `uses: actions/upload-artifact@<commit id>  # v4`; `git ls-remote https://github.com/actions/upload-artifact v4` prints the id
)"},
    {"Branch", "artifact-pins", "{}", kPullRequest + artifact({.file = kCi, .ref = "main"}), R"(1 examined
FAIL .github/workflows/ci.yml:20: `uses: actions/upload-artifact@main` is not a version: each run takes what stands on that branch at the moment
  > write `uses: actions/upload-artifact@v4`, or a commit id
)"},
    {"BranchThatLooksLikeAVersion", "artifact-pins", "{}",
     kPullRequest + artifact({.file = kCi, .ref = "v4-beta"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: `uses: actions/upload-artifact@v4-beta` is not a version: each run takes what stands on that branch at the moment
  > write `uses: actions/upload-artifact@v4`, or a commit id
)"},
    {"Retired", "artifact-pins", "{}",
     kPullRequest + artifact({.file = kCi, .direction = "download", .ref = "v3", .line = 31}), R"(1 examined
FAIL .github/workflows/ci.yml:31: `uses: actions/download-artifact@v3` is retired: github.com has refused versions before v4 since 2025-01-30
  > write `uses: actions/download-artifact@v4`; names must then be unique in a run
)"},
    {"None", "artifact-pins", "{}", kPullRequest + artifact({.file = kCi, .ref = "NULL", .pin = "none"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: `uses: actions/upload-artifact` names no version: GitHub refuses it
  > write `uses: actions/upload-artifact@<commit id>  # <version>`
)"},
    {"OnlyAWrapper", "artifact-pins", "{}",
     kPullRequest + artifact({.file = kCi, .ref = "NULL", .pin = "local"}), R"(0 examined
skip: no step uploads or downloads an artifact by an action that has a version
)"},
    {"NoArtifact", "artifact-pins", "{}", kPullRequest, R"(0 examined
skip: no step uploads or downloads an artifact by an action that has a version
)"},
    {"UnknownPolicy", "artifact-pins", R"({"policy": "major"})", "",
     R"(error: parameter 'policy' must be sha or version, not 'major'
)"},
};
INSTANTIATE_TEST_SUITE_P(ArtifactPins, CiChecks, ::testing::ValuesIn(kPins), case_name);

const std::string kReusable = workflow(kOther, "Reusable", "workflow_call") + job(kOther, "build") +
                              local_call(kCi, "test", "NULL", "./.github/workflows/other.yml");

const Artifact kBundle = {.file = kCi, .name = "evidence-bundle-${{ github.run_id }}"};
Artifact bundle(const std::string& retention, const std::string& if_no_files_found,
                const std::string& condition) {
  Artifact it = kBundle;
  it.retention = retention;
  it.if_no_files_found = if_no_files_found;
  it.condition = condition;
  return it;
}

const std::vector<CheckCase> kBundles = {
    {"Right", "standard-bundle", "{}", kPullRequest + artifact(kBundle), R"(1 examined
)"},
    {"WithOthers", "standard-bundle", "{}",
     kPullRequest + artifact(kBundle) + artifact({.file = kCi, .name = "wheel", .condition = "NULL"}),
     R"(1 examined
)"},
    {"Missing", "standard-bundle", "{}",
     kPullRequest + artifact({.file = kCi, .name = "logs"}) + artifact({.file = kCi, .name = "wheel"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:3: 'CI' runs on pull requests and uploads 'logs' and 'wheel', but no evidence bundle named 'evidence-bundle*': who looks for its evidence must know the workflow by heart
  > let the job that tests end with a step that has `if: always()` and uploads `name: evidence-bundle-${{ github.run_id }}-${{ github.job }}` with `retention-days: 30` and `if-no-files-found: error`
)"},
    {"OwnName", "standard-bundle", R"({"name": "proof", "min-days": 7})",
     kPullRequest + artifact({.file = kCi, .name = "logs"}), R"(1 examined
FAIL .github/workflows/ci.yml:3: 'CI' runs on pull requests and uploads 'logs', but no evidence bundle named 'proof': who looks for its evidence must know the workflow by heart
  > let the job that tests end with a step that has `if: always()` and uploads `name: proof` with `retention-days: 7` and `if-no-files-found: error`
)"},
    {"EverythingWrong", "standard-bundle", "{}", kPullRequest + artifact(bundle("1", "NULL", "NULL")),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: the evidence bundle 'evidence-bundle-${{ github.run_id }}' has no `if:`: when a test fails, nothing is uploaded and there is no evidence of it
  > write `if: always()`
FAIL .github/workflows/ci.yml:20: the evidence bundle 'evidence-bundle-${{ github.run_id }}' may be missing without a sign: `if-no-files-found` is 'warn'
  > write `if-no-files-found: error` under `with:`
FAIL .github/workflows/ci.yml:20: the evidence bundle 'evidence-bundle-${{ github.run_id }}' is kept for 1 day instead of 30
  > write `retention-days: 30` under `with:`
)"},
    {"OnlyAfterSuccess", "standard-bundle", "{}",
     kPullRequest + artifact(bundle("90", "error", "github.event_name == 'pull_request'")), R"(1 examined
FAIL .github/workflows/ci.yml:20: the evidence bundle 'evidence-bundle-${{ github.run_id }}' has `if: github.event_name == 'pull_request'`: when a test fails, nothing is uploaded and there is no evidence of it
  > write `if: always()`
)"},
    {"NotWhenCancelled", "standard-bundle", "{}",
     kPullRequest + artifact(bundle("90", "error", "!cancelled()")),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: the evidence bundle 'evidence-bundle-${{ github.run_id }}' has `if: !cancelled()`: a job that reaches its time limit is cancelled, and leaves no evidence
  > write `if: always()`
)"},
    {"AlwaysInBraces", "standard-bundle", "{}",
     kPullRequest + artifact(bundle("90", "error", "${{ always() }}")),
     R"(1 examined
)"},
    {"Computed", "standard-bundle", "{}",
     kPullRequest + artifact(bundle("${{ vars.DAYS }}", "error", "always()")),
     R"(1 examined
?    .github/workflows/ci.yml:20: the evidence bundle 'evidence-bundle-${{ github.run_id }}' is kept for `${{ vars.DAYS }}` days, a value that only the run knows
  > write `retention-days: 30` under `with:`
)"},
    {"Default", "standard-bundle", "{}", kPullRequest + artifact(bundle("NULL", "error", "always()")),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: the evidence bundle 'evidence-bundle-${{ github.run_id }}' is kept for as long as the repository's settings happen to say
  > write `retention-days: 30` under `with:`
)"},
    {"InAReusableWorkflow", "standard-bundle", "{}",
     kPullRequest + kReusable + artifact({.file = kOther, .name = "evidence-bundle"}), R"(1 examined
)"},
    {"MissingInAReusableWorkflow", "standard-bundle", "{}",
     kPullRequest + kReusable + artifact({.file = kOther, .name = "logs"}), R"(1 examined
FAIL .github/workflows/ci.yml:3: 'CI' runs on pull requests and uploads 'logs', but no evidence bundle named 'evidence-bundle*': who looks for its evidence must know the workflow by heart
  > let the job that tests end with a step that has `if: always()` and uploads `name: evidence-bundle-${{ github.run_id }}-${{ github.job }}` with `retention-days: 30` and `if-no-files-found: error`
)"},
    {"NotOnPullRequests", "standard-bundle", "{}",
     kPullRequest + artifact({.file = kCi, .name = "logs", .on_pull_request = "no"}), R"(0 examined
skip: no workflow that runs on pull requests uploads an artifact
)"},
    {"NothingUploaded", "standard-bundle", "{}", kPullRequest, R"(0 examined
skip: no workflow that runs on pull requests uploads an artifact
)"},
    {"Unreadable", "standard-bundle", "{}", kPullRequest + kBroken, R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(StandardBundle, CiChecks, ::testing::ValuesIn(kBundles), case_name);

const std::string kMigrate = step({.file = kCi, .job = "test", .position = 1, .run = "alembic upgrade head"});
const std::string kTest = step({.file = kCi, .job = "test", .position = 2, .run = "python -m pytest -q"});

const std::vector<CheckCase> kOrder = {
    {"Before", "migrations-before-tests", "{}", kPullRequest + kPostgres + kMigrate + kTest, R"(1 examined
)"},
    {"NotAtAll", "migrations-before-tests", "{}", kPullRequest + kPostgres + kTest, R"(1 examined
FAIL .github/workflows/ci.yml:12: job 'test' starts PostgreSQL and runs `python -m pytest -q`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step before it that migrates the database; name its command in `migrate:`
)"},
    {"NotAtAllWithOneTool", "migrations-before-tests", "{}",
     kPullRequest + kPostgres + kTest +
         "INSERT INTO migrations.environment (id, tool, location) VALUES ('schema', 'goose', 'schema');",
     R"(1 examined
FAIL .github/workflows/ci.yml:12: job 'test' starts PostgreSQL and runs `python -m pytest -q`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step `- run: goose up` before it (another command: name it in `migrate:`)
)"},
    {"ByAScript", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi, .job = "test", .position = 1, .run = "./bin/migrate-db.sh"}) + kTest,
     R"(1 examined
)"},
    {"After", "migrations-before-tests", "{}",
     kPullRequest + kPostgres + kTest +
         step({.file = kCi, .job = "test", .position = 3, .run = "alembic upgrade head"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:12: job 'test' starts PostgreSQL and runs `python -m pytest -q`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step before it that migrates the database; name its command in `migrate:`
)"},
    {"InOneStep", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi, .job = "test", .position = 1, .run = "alembic upgrade head\npytest"}),
     R"(1 examined
)"},
    {"InOneStepAfter", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi, .job = "test", .position = 1, .run = "pytest && alembic upgrade head"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:11: job 'test' starts PostgreSQL and runs `pytest`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step before it that migrates the database; name its command in `migrate:`
)"},
    {"OnlyInAComment", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi, .job = "test", .position = 1, .run = "# alembic upgrade head"}) + kTest,
     R"(1 examined
FAIL .github/workflows/ci.yml:12: job 'test' starts PostgreSQL and runs `python -m pytest -q`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step before it that migrates the database; name its command in `migrate:`
)"},
    {"InACompositeAction", "migrations-before-tests", "{}",
     kPullRequest + kPostgres + action_file("migrate/action.yaml") +
         step({.file = "migrate/action.yaml", .job = "", .run = "alembic upgrade head"}) +
         step({.file = kCi, .job = "test", .position = 1, .uses = "./migrate"}) +
         local_call(kCi, "test", "1", "./migrate") + kTest,
     R"(1 examined
)"},
    {"OnlySometimes", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi,
               .job = "test",
               .position = 1,
               .run = "alembic upgrade head",
               .condition = "steps.changes.outputs.db == 'true'",
               .on_pull_request = "maybe"}) +
         kTest,
     R"(1 examined
?    .github/workflows/ci.yml:11: job 'test' migrates only `if: steps.changes.outputs.db == 'true'`, and then runs `python -m pytest -q` all the same
  > take the condition off the step that migrates, or give the tests the same one
)"},
    {"UnderTheSameCondition", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi,
               .job = "test",
               .position = 1,
               .run = "alembic upgrade head",
               .condition = "matrix.db",
               .on_pull_request = "maybe"}) +
         step({.file = kCi,
               .job = "test",
               .position = 2,
               .run = "pytest",
               .condition = "matrix.db",
               .on_pull_request = "maybe"}),
     R"(1 examined
)"},
    {"AnotherTool", "migrations-before-tests", R"({"migrate": ["just schema"], "test": ["just check"]})",
     kPullRequest + kPostgres + step({.file = kCi, .job = "test", .position = 1, .run = "just schema"}) +
         step({.file = kCi, .job = "test", .position = 2, .run = "just check"}),
     R"(1 examined
)"},
    {"ComputedImage", "migrations-before-tests", "{}",
     kPullRequest + service("postgres", "${{ matrix.image }}") + kTest, R"(1 examined
FAIL .github/workflows/ci.yml:12: job 'test' starts PostgreSQL and runs `python -m pytest -q`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step before it that migrates the database; name its command in `migrate:`
)"},
    {"ComputedServices", "migrations-before-tests", "{}",
     kPullRequest + kTest +
         "INSERT INTO ci.problem (file, line, reason) VALUES ('.github/workflows/ci.yml', 12, "
         "'services that are known only when the job runs');",
     R"(0 examined
?    .github/workflows/ci.yml:12: services that are known only when the job runs: cannot tell whether one of them is PostgreSQL
  > write the services out
)"},
    {"AnotherService", "migrations-before-tests", "{}", kPullRequest + service("cache", "redis:7") + kTest,
     R"(0 examined
skip: no job starts a PostgreSQL service
)"},
    {"NoTests", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi, .job = "test", .position = 1, .run = "pip install pytest"}),
     R"(0 examined
skip: no command of a job with one is recognised as a test: name it in exitgate.yaml: `parameters: {EG-CG2.migrations-before-tests: {test: [...]}}`
)"},
    {"UnknownCommand", "migrations-before-tests", "{}",
     kPullRequest + kPostgres +
         step({.file = kCi, .job = "test", .position = 1, .run = "pip install pytest\n./integration --all"}),
     R"(0 examined
?    .github/workflows/ci.yml:11: job 'test' starts PostgreSQL, and none of its commands is recognised as one that migrates or tests; what `./integration --all` does is unknown, and so is whether it tests on a migrated database
  > name its commands in exitgate.yaml: `parameters: {EG-CG2.migrations-before-tests: {migrate: [...], test: [...]}}`
)"},
    {"ThroughScripts", "migrations-before-tests", "{}",
     kPullRequest + kPostgres + step({.file = kCi, .job = "test", .position = 1, .run = "npm test"}) +
         command({.file = kCi,
                  .job = "test",
                  .position = 1,
                  .written = "npm test",
                  .command = "vitest run",
                  .kind = "test",
                  .chain = R"([{"command":"npm test","file":"package.json","line":12}])"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:11: job 'test' starts PostgreSQL and runs `npm test → package.json:12 → vitest run`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step before it that migrates the database; name its command in `migrate:`
)"},
    {"TakenOut", "migrations-before-tests", R"({"test": ["!python -m pytest"]})",
     kPullRequest + kPostgres + kTest,
     R"(0 examined
skip: no command of a job with one is recognised as a test: name it in exitgate.yaml: `parameters: {EG-CG2.migrations-before-tests: {test: [...]}}`
)"},
    {"KnownCommandsGoOn", "migrations-before-tests", R"({"test": ["./integration"]})",
     kPullRequest + kPostgres +
         step({.file = kCi, .job = "test", .position = 1, .run = "alembic upgrade head"}) + kTest,
     "1 examined\n"},
    {"LongCommand", "migrations-before-tests", "{}",
     kPullRequest + kPostgres + step({.file = kCi, .job = "test", .run = "pytest " + std::string(80, 'x')}),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: job 'test' starts PostgreSQL and runs `pytest xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...`, but no step before has migrated the database: the tests run on no schema, or on one that is not the migrations'
  > put a step before it that migrates the database; name its command in `migrate:`
)"},
};
INSTANTIATE_TEST_SUITE_P(MigrationsBeforeTests, CiChecks, ::testing::ValuesIn(kOrder), case_name);

TEST(CiChecks, FindingsKeepTheirKeysWhenLinesMove) {
  for (const int line : {20, 99}) {
    EXPECT_EQ(keys("artifact-retention", "{}",
                   kPullRequest + artifact({.file = kCi, .name = "logs", .retention = "1", .line = line})),
              ".github/workflows/ci.yml:test:logs\n");
    EXPECT_EQ(
        keys("artifact-pins", "{}", kPullRequest + artifact({.file = kCi, .ref = "main", .line = line})),
        ".github/workflows/ci.yml:test:actions/upload-artifact@main\n");
  }
}

// GitLab's own words, and nothing of what is GitHub's alone.
const std::string kGitlab =
    "INSERT INTO ci.workflow (file, provider) VALUES ('.gitlab-ci.yml', 'gitlab');"
    "INSERT INTO ci.trigger (file, line, event, filters) VALUES ('.gitlab-ci.yml', 1, 'pull_request', '{}');"
    "INSERT INTO ci.job (file, id, line, on_pull_request) VALUES ('.gitlab-ci.yml', 'test', 3, 'yes'), "
    "  ('.gitlab-ci.yml', 'gate', 9, 'yes');"
    "INSERT INTO ci.need (file, job, needs) VALUES ('.gitlab-ci.yml', 'gate', 'test');"
    "INSERT INTO ci.step (file, job, position, line, run, on_pull_request) VALUES "
    "  ('.gitlab-ci.yml', 'test', 0, 4, 'pytest', 'yes'), ('.gitlab-ci.yml', 'test', 1, 5, NULL, 'yes');"
    "INSERT INTO ci.artifact (file, line, job, position, direction, action, pin, name, path, "
    "on_pull_request, "
    "  other_run, retention, retention_days, second_upload) VALUES "
    "  ('.gitlab-ci.yml', 5, 'test', 1, 'upload', 'artifacts', 'none', NULL, 'report.xml', 'yes', 0, '1 "
    "week', 7, 'separate'), "
    "  ('.gitlab-ci.yml', 6, 'test', 2, 'upload', 'artifacts', 'none', NULL, 'x', 'yes', 0, NULL, NULL, "
    "'separate'), "
    "  ('.gitlab-ci.yml', 7, 'test', 3, 'upload', 'artifacts', 'none', NULL, 'x', 'yes', 0, 'never', NULL, "
    "'separate'), "
    "  ('.gitlab-ci.yml', 10, 'gate', 0, 'download', 'needs', 'none', 'test', NULL, 'yes', 0, NULL, NULL, "
    "NULL);";

const std::vector<CheckCase> kGitlabCases = {
    {"IncludesWhatIsNotHere", "workflows-readable", "{}",
     kGitlab +
         "INSERT INTO ci.problem (file, line, reason) VALUES ('.gitlab-ci.yml', 2, 'includes the template "
         "''x'', which is not in this repository: its jobs are not known');",
     R"(1 examined
FAIL .gitlab-ci.yml:2: includes the template 'x', which is not in this repository: its jobs are not known: what GitLab makes of this file cannot be told
  > keep a copy of it in this repository and include that, or waive this finding: no gate looks at the jobs that it brings
)"},
    {"Retention", "artifact-retention", "{}", kGitlab, R"(3 examined
FAIL .gitlab-ci.yml:5: an artifact without a name is deleted after 7 days, an audit needs it for 30
  > write `expire_in: 30 days` under `artifacts:`
FAIL .gitlab-ci.yml:6: an artifact without a name is kept for as long as the repository's settings happen to say: it has no `expire_in`
  > write `expire_in: 30 days` under `artifacts:`
)"},
    {"NoBundle", "standard-bundle", "{}", kGitlab, R"(1 examined
FAIL .gitlab-ci.yml:1: '.gitlab-ci.yml' runs on pull requests and uploads 'artifact', but no evidence bundle named 'evidence-bundle*': who looks for its evidence must know the workflow by heart
  > give the job that tests `artifacts: {name: "evidence-bundle-$CI_PIPELINE_ID", when: always, expire_in: 30 days, paths: [evidence/]}`
)"},
    {"Bundle", "standard-bundle", "{}",
     kGitlab + "UPDATE ci.artifact SET name = 'evidence-bundle' WHERE line IN (5, 6);"
               "UPDATE ci.artifact SET name = 'evidence-bundle', condition = 'on_failure' WHERE line = 7;",
     R"(1 examined
FAIL .gitlab-ci.yml:5: the evidence bundle 'evidence-bundle' has no `when:`: when a test fails, nothing is uploaded and there is no evidence of it
  > write `when: always` under `artifacts:`
FAIL .gitlab-ci.yml:5: the evidence bundle 'evidence-bundle' is kept for 7 days instead of 30
  > write `expire_in: 30 days` under `artifacts:`
FAIL .gitlab-ci.yml:6: the evidence bundle 'evidence-bundle' has no `when:`: when a test fails, nothing is uploaded and there is no evidence of it
  > write `when: always` under `artifacts:`
FAIL .gitlab-ci.yml:6: the evidence bundle 'evidence-bundle' is kept for as long as the repository's settings happen to say
  > write `expire_in: 30 days` under `artifacts:`
FAIL .gitlab-ci.yml:7: the evidence bundle 'evidence-bundle' has `when: on_failure`: a run that passes leaves no evidence
  > write `when: always` under `artifacts:`
)"},
    {"Paths", "artifact-paths", "{}",
     kGitlab + "UPDATE ci.artifact SET path = '$CI_PROJECT_DIR' WHERE line = 5;"
               "UPDATE ci.artifact SET path = './.git/config' WHERE line = 6;",
     R"(3 examined
FAIL .gitlab-ci.yml:5: 'artifact' takes the whole workspace (`paths: $CI_PROJECT_DIR`), with whatever any step has written there
  > name the folder that the evidence is in: `paths: [build/evidence/]`
FAIL .gitlab-ci.yml:6: 'artifact' takes `./.git/config`: the runner leaves the job's token in .git/config
  > take `./.git/config` out of `paths:`; who may read the repository may read its artifacts
)"},
    {"NoPipeline", "pull-request-workflows", "{}", kGitlab + "UPDATE ci.job SET on_pull_request = 'no'",
     R"(1 examined
FAIL no workflow runs a job on pull requests (of 1), 1 is asked for: nothing looks at a change before it is merged
  > write `rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]` in the job that runs the tests, and in each job that it needs
note: .gitlab-ci.yml:1: '.gitlab-ci.yml' runs on pull requests, 0 of its jobs do
)"},
    {"Pins", "artifact-pins", "{}", kGitlab, R"(0 examined
skip: no step uploads or downloads an artifact by an action that has a version
)"},
    {"Downloads", "download-has-upload", "{}", kGitlab, R"(0 examined
skip: no step downloads an artifact of its own run
)"},
    {"Names", "artifact-names-unique", "{}", kGitlab, R"(0 examined
skip: no pull request uploads an artifact whose name must be unique
)"},
    {"Aggregates", "aggregate-job", "{}", kGitlab, R"(0 examined
skip: no job on pull requests sums up others
)"},
    {"Survival", "evidence-survives-failure", "{}", kGitlab, R"(1 examined
FAIL .gitlab-ci.yml:5: 'artifact' is not uploaded when a test of job 'test' fails, just when somebody needs it: `artifacts:` has no `when:`, which means `when: on_success`
  > write `when: always` under `artifacts:`
)"},
};
INSTANTIATE_TEST_SUITE_P(Gitlab, CiChecks, ::testing::ValuesIn(kGitlabCases), case_name);

// A provider that the facts do not know is judged by the strictest rules, not by those of any that they know.
std::string unknown(const std::string& more) {
  return kGitlab + "UPDATE ci.workflow SET provider = 'next'; UPDATE ci.artifact SET second_upload = NULL;" +
         more;
}

const std::vector<CheckCase> kUnknownCases = {
    {"Retention", "artifact-retention", "{}",
     unknown("UPDATE ci.artifact SET retention_days = 0 WHERE line = 5;"),
     R"(3 examined
FAIL .gitlab-ci.yml:5: an artifact without a name is kept for as long as the repository's settings happen to say: `retention: 0` means the default
  > keep it for 30 days
FAIL .gitlab-ci.yml:6: an artifact without a name is kept for as long as the repository's settings happen to say: it has no `retention`
  > keep it for 30 days
?    .gitlab-ci.yml:7: an artifact without a name is kept for `never`, a value that only the run knows
  > keep it for 30 days
)"},
    {"Pins", "artifact-pins", "{}", unknown("DELETE FROM ci.artifact WHERE line <> 5;"), R"(1 examined
FAIL .gitlab-ci.yml:5: `uses: artifacts` names no version: the CI provider refuses it
  > write `uses: artifacts@<commit id>  # <version>`
)"},
    {"Downloads", "download-has-upload", "{}",
     unknown("UPDATE ci.artifact SET uploads = 0 WHERE line = 10;" + expanded()),
     R"(1 examined
FAIL .gitlab-ci.yml:10: downloads 'test', which no step of a run of .gitlab-ci.yml uploads (it uploads 'artifact'): the step fails each time it runs
  > upload 'test' in a job that this one `needs`
)"},
    {"Names", "artifact-names-unique", "{}",
     unknown("UPDATE ci.artifact SET action = 'upload-artifact', name = 'one' WHERE line IN (5, 6);" +
             expanded()),
     R"(3 examined
FAIL .gitlab-ci.yml:6: 'one' is uploaded at .gitlab-ci.yml:5, too: only one of them may be kept
  > give each upload of a run a name of its own
)"},
    {"Survival", "evidence-survives-failure", "{}",
     unknown("UPDATE ci.step SET condition = 'always' WHERE position = 1;"), R"(1 examined
FAIL .gitlab-ci.yml:5: 'artifact' is not uploaded when a test of job 'test' fails, just when somebody needs it: the step has `if: always`, before which the CI provider puts `success() &&`
  > let it run always
)"},
};
INSTANTIATE_TEST_SUITE_P(UnknownProvider, CiChecks, ::testing::ValuesIn(kUnknownCases), case_name);

// Uploads that take each other's place, and those that add up.
std::string same_name(const std::string& second) {
  return kPullRequest + artifact({.file = kCi, .name = "logs", .line = 20}) +
         artifact({.file = kCi, .name = "logs", .line = 30}) + "UPDATE ci.artifact SET second_upload = '" +
         second + "';" + expanded();
}

const std::vector<CheckCase> kSameNameCases = {
    {"Replaces", "artifact-names-unique", "{}", same_name("replaces"), R"(2 examined
FAIL .github/workflows/ci.yml:30: 'logs' is uploaded at .github/workflows/ci.yml:20, too: the second of them takes the place of the first
  > give each upload of a run a name of its own
)"},
    {"Merges", "artifact-names-unique", "{}", same_name("merges"), R"(2 examined
)"},
};
INSTANTIATE_TEST_SUITE_P(SameName, CiChecks, ::testing::ValuesIn(kSameNameCases), case_name);

}  // namespace
}  // namespace exitgate::testing
