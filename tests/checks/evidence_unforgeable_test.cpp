// Evidence that whoever opens a pull request can write.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/check/attacker_text.h"
#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class EvidenceUnforgeable : public CheckTable {};
TEST_P(EvidenceUnforgeable, SaysExactly) {
  holds();
}

const std::string kCi = ".github/workflows/ci.yml";

// A job that uploads in its last step.
std::string uploading(const std::string& event = "pull_request") {
  return workflow(kCi, "CI", event) + job(kCi, "test") + artifact({.file = kCi, .name = "logs"}) +
         step({.file = kCi, .job = "test", .position = 4, .uses = "actions/upload-artifact@v4"});
}
std::string script(const std::string& run) {
  return step({.file = kCi, .job = "test", .run = run});
}
std::string action(const std::string& uses, const std::string& inputs, int position = 0) {
  return step({.file = kCi, .job = "test", .position = position, .uses = uses}) +
         fmt::format("UPDATE ci.step SET inputs = {} WHERE position = {};", quoted(inputs), position);
}
const std::string kLeft =
    "note: looked at are the jobs that upload; zizmor audits the security of workflows as a whole\n";
const std::string kHead = R"({"ref":"${{ github.event.pull_request.head.sha }}"})";

const std::vector<CheckCase> kCases = {
    {"Right", "evidence-unforgeable", "{}", uploading() + script("echo \"$TITLE ${{ github.sha }}\""),
     "1 examined\n" + kLeft},
    {"Title", "evidence-unforgeable", "{}",
     uploading() + script("echo '${{ github.event.pull_request.title }}' > out/title"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: job 'test' uploads evidence, and this step puts 'github.event.pull_request.title' into its script before it runs: whoever opens a pull request can run commands there, and so write the evidence
  > give it to the script by a variable: `env: {TITLE: ${{ … }}}` and `"$TITLE"` in the script
)" + kLeft},
    {"BranchByAVariableOfTheJob", "evidence-unforgeable", "{}",
     uploading() + script("echo ${{ env.BRANCH }}") +
         R"(UPDATE ci.job SET environment = '{"BRANCH":"${{ github.head_ref || github.ref_name }}"}';)",
     R"(1 examined
FAIL .github/workflows/ci.yml:10: job 'test' uploads evidence, and this step puts 'github.head_ref' into its script before it runs: whoever opens a pull request can run commands there, and so write the evidence
  > give it to the script by a variable: `env: {TITLE: ${{ … }}}` and `"$TITLE"` in the script
)" + kLeft},
    {"VariableOfTheShell", "evidence-unforgeable", "{}",
     uploading() + script("echo \"$TITLE\"") +
         R"(UPDATE ci.step SET environment = '{"TITLE":"${{ github.event.pull_request.title }}"}' WHERE position = 0;)",
     "1 examined\n" + kLeft},
    {"GithubScript", "evidence-unforgeable", "{}",
     uploading() + action("actions/github-script@v7",
                          R"x({"script":"core.info(`${{ github.event.pull_request.body }}`)"})x"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: job 'test' uploads evidence, and this step puts 'github.event.pull_request.body' into its script before it runs: whoever opens a pull request can run commands there, and so write the evidence
  > give it to the script by a variable: `env: {TITLE: ${{ … }}}` and `"$TITLE"` in the script
)" + kLeft},
    {"JobThatUploadsNothing", "evidence-unforgeable", "{}",
     workflow(kCi, "CI", "pull_request") + job(kCi, "test") + script("echo ${{ github.head_ref }}"),
     R"(0 examined
skip: no job on pull requests uploads an artifact
)"},
    {"TargetThatRunsTheHead", "evidence-unforgeable", "{}",
     uploading("pull_request_target") + action("actions/checkout@v4", kHead) +
         step({.file = kCi, .job = "test", .position = 1, .run = "make test"}),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: job 'test' runs on pull_request_target, with the repository's own token and secrets, checks out the pull request's code and runs commands on it (.github/workflows/ci.yml:11): it can write any evidence, of other runs too
  > run it on `pull_request`, or do not check out the head
)" + kLeft},
    {"TargetThatAsksWho", "evidence-unforgeable", "{}",
     uploading("pull_request_target") + action("actions/checkout@v4", kHead) +
         step({.file = kCi, .job = "test", .position = 1, .run = "make test"}) +
         "UPDATE ci.job SET condition = 'github.event.pull_request.head.repo.full_name == "
         "github.repository';",
     R"(1 examined
note: .github/workflows/ci.yml:10: job 'test' runs the head's code on pull_request_target; whose, is up to its condition
)" + kLeft},
    {"TargetThatRefusesForks", "evidence-unforgeable", "{}",
     uploading("pull_request_target") + action("actions/checkout@v7", kHead) +
         step({.file = kCi, .job = "test", .position = 1, .run = "make test"}),
     "1 examined\n" + kLeft},
    {"TargetThatRunsTheBase", "evidence-unforgeable", "{}",
     uploading("pull_request_target") + action("actions/checkout@v4", "{}") +
         step({.file = kCi, .job = "test", .position = 1, .run = "make test"}),
     "1 examined\n" + kLeft},
    {"HeadOnPullRequest", "evidence-unforgeable", "{}",
     uploading() + action("actions/checkout@v4", kHead) +
         step({.file = kCi, .job = "test", .position = 1, .run = "make test"}),
     "1 examined\n" + kLeft},
    {"WriteAll", "evidence-unforgeable", "{}",
     uploading() + R"(UPDATE ci.job SET permissions = '"write-all"';)",
     R"(1 examined
FAIL .github/workflows/ci.yml:6: job 'test' uploads evidence and runs with write access to 'actions': what it runs can change evidence of other runs
  > write `permissions: {contents: read}` in the job, and do what needs more in another
)" + kLeft},
    {"OtherPermissions", "evidence-unforgeable", "{}",
     uploading() +
         R"(UPDATE ci.job SET permissions = '{"contents":"write","id-token":"write","actions":"read"}';)",
     "1 examined\n" + kLeft},
    {"PermissionsThatAreAskedFor", "evidence-unforgeable", R"({"write": ["actions", "contents"]})",
     uploading() + R"(UPDATE ci.job SET permissions = '{"contents":"write"}';)", R"(1 examined
FAIL .github/workflows/ci.yml:6: job 'test' uploads evidence and runs with write access to 'contents': what it runs can change evidence of other runs
  > write `permissions: {contents: read}` in the job, and do what needs more in another
)" + kLeft},
    {"ActionsOfOthers", "evidence-unforgeable", "{}",
     uploading() + action("codecov/codecov-action@v5", "{}") +
         "INSERT INTO ci.action_use (file, line, job, position, action, ref, pin) VALUES "
         "('.github/workflows/ci.yml', 11, "
         "'test', 0, 'codecov/codecov-action', 'v5', 'ref');",
     R"(1 examined
note: jobs that upload use actions of others that are not pinned to a commit: 'codecov/codecov-action@v5'; `pin-third-party: true` makes that red
)" + kLeft},
    {"ActionsOfOthersThatMustBePinned", "evidence-unforgeable", R"({"pin-third-party": true})",
     uploading() + action("codecov/codecov-action@v5", "{}") +
         "INSERT INTO ci.action_use (file, line, job, position, action, ref, pin) VALUES "
         "('.github/workflows/ci.yml', 11, "
         "'test', 0, 'codecov/codecov-action', 'v5', 'ref');",
     R"(1 examined
FAIL .github/workflows/ci.yml:11: job 'test' uploads evidence and runs `codecov/codecov-action@v5`, which is not pinned to a commit: whoever can move that tag or branch can write the evidence
  > write the commit: `uses: codecov/codecov-action@<40 digits>  # v5`
)" + kLeft},
    {"Unreadable", "evidence-unforgeable", "{}", unreadable(".github/workflows/broken.yml", "line 3: a tab"),
     R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(All, EvidenceUnforgeable, ::testing::ValuesIn(kCases), case_name);

TEST(AttackerText, IsFoundInExpressions) {
  using check::attacker_contexts;
  using Contexts = std::vector<std::string>;
  EXPECT_EQ(attacker_contexts("a ${{ github.event['pull_request'].head.ref }} b"),
            (Contexts{"github.event.pull_request.head.ref"}));
  EXPECT_EQ(attacker_contexts("${{ format('{0}', github.head_ref) }} ${{ GITHUB.HEAD_REF }}"),
            (Contexts{"github.head_ref"}));
  EXPECT_EQ(attacker_contexts("${{ github.event_name == 'push' && github.ref_name || github.head_ref }}"),
            (Contexts{"github.head_ref"}));
  EXPECT_EQ(attacker_contexts("${{ toJSON(github.event) }} ${{ toJSON(github) }}"),
            (Contexts{"github.event", "github"}));
  EXPECT_EQ(attacker_contexts("${{ github.event.commits[0].message }}"),
            (Contexts{"github.event.commits.*.message"}));
  EXPECT_EQ(attacker_contexts("${{ github.head_ref == 'x' && 'y' || 'z' }} ${{ 'x' != github.head_ref }}"),
            Contexts{});
  EXPECT_EQ(
      attacker_contexts("${{ contains(github.event.pull_request.title, 'x') }} ${{ 'github.head_ref' }}"),
      Contexts{});
  EXPECT_EQ(
      attacker_contexts("${{ github.event.pull_request.number }} ${{ github.sha }} ${{ github.ref_name }}"),
      Contexts{});
  EXPECT_EQ(attacker_contexts("$TITLE github.head_ref ${{ env.TITLE }}", {R"({"OTHER":"x"})"}), Contexts{});
}

}  // namespace
}  // namespace exitgate::testing
