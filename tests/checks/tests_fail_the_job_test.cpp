// Steps that throw the failure of their tests away.

#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class TestsFailTheJob : public CheckTable {};
TEST_P(TestsFailTheJob, SaysExactly) {
  holds();
}

const std::string kCi = ".github/workflows/ci.yml";
const std::string kPullRequest = workflow(kCi, "CI", "pull_request") + job(kCi, "test");

std::string script(const std::string& run, const std::string& what = "") {
  return kPullRequest + step({.file = kCi, .job = "test", .run = run}) +
         (what.empty() ? "" : "UPDATE ci.step SET " + what + " WHERE position = 0;");
}
std::string later(const std::string& run, const std::string& uses = "NULL",
                  const std::string& inputs = "{}") {
  return step({.file = kCi, .job = "test", .position = 1, .run = run, .uses = uses}) +
         "UPDATE ci.step SET inputs = " + quoted(inputs) + " WHERE position = 1;";
}
std::string instance(int id, const std::string& ignored) {
  return fmt::format(
      "INSERT INTO ci.job_instance (id, root, event, file, job, line, complete, runs, failure_ignored) "
      "VALUES "
      "({}, {}, 'pull_request', {}, 'test', 6, 1, 'yes', {});",
      id, quoted(kCi), quoted(kCi), quoted(ignored));
}
const std::string kPipe = "pytest --junitxml=out/junit.xml | tee out/test.log";

const std::vector<CheckCase> kCases = {
    {"Plain", "tests-fail-the-job", "{}", script("pytest"), "1 examined\n"},
    {"Pipe", "tests-fail-the-job", "{}", script(kPipe), R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest --junitxml=out/junit.xml` leaves job 'test' green: it is piped into `tee out/test.log`, and without pipefail only the last command of a pipeline counts (the default shell is `bash -e`)
  > write `shell: bash`, which sets pipefail, or `set -o pipefail` as the first line of the script
)"},
    {"PipeUnderBash", "tests-fail-the-job", "{}", script(kPipe, "shell = 'bash'"), "1 examined\n"},
    {"PipeUnderTheJobsBash", "tests-fail-the-job", "{}",
     script(kPipe) + "UPDATE ci.job SET default_shell = 'bash';", "1 examined\n"},
    {"PipeUnderALoginShell", "tests-fail-the-job", "{}", script(kPipe, "shell = 'bash -el {0}'"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest --junitxml=out/junit.xml` leaves job 'test' green: it is piped into `tee out/test.log`, and without pipefail only the last command of a pipeline counts
  > write `shell: bash`, which sets pipefail, or `set -o pipefail` as the first line of the script
)"},
    {"ShellWithoutErrexit", "tests-fail-the-job", "{}", script("pytest\necho done", "shell = 'bash {0}'"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest` leaves job 'test' green: without `set -e` the script goes on, and only its last command counts (`echo done`)
  > write each command on a line of its own, under `set -e`
)"},
    {"PipeWherePipefailIsTheDefault", "tests-fail-the-job", "{}",
     script(kPipe) + "UPDATE ci.workflow SET provider = 'forgejo';", "1 examined\n"},
    {"PipeUnderPowerShell", "tests-fail-the-job", "{}",
     script(kPipe) + "UPDATE ci.job SET runs_on = '\"windows-latest\"';", "1 examined\n"},
    {"OrTrue", "tests-fail-the-job", "{}", script("npm ci\nnpm test || true"), R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `npm test` leaves job 'test' green: `|| true` stands behind it
  > take `|| true` away; what must run afterwards is a step with `if: always()`
)"},
    {"AskedInVain", "tests-fail-the-job", "{}", script("if pytest; then echo ok; else echo failed; fi"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest` leaves job 'test' green: an `if` asks for it, and none of its branches fails
  > let the branch for failure end with `exit 1`
)"},
    {"AndList", "tests-fail-the-job", "{}", script("pytest && echo passed\necho done"), R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest` leaves job 'test' green: what stands before `&&` does not end the script, which goes on to `echo done`
  > write each command on a line of its own, under `set -e`
)"},
    {"NoTest", "tests-fail-the-job", "{}", script("make lint || true"), R"(0 examined
skip: no command of a job on pull requests is recognised as a test: name it in exitgate.yaml: `parameters: {EG-CG1.tests-fail-the-job: {test: [...]}}`
)"},
    {"ATestByParameter", "tests-fail-the-job", R"({"test": ["lint.sh"]})", script("./lint.sh || true"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `./lint.sh` leaves job 'test' green: `|| true` stands behind it
  > take `|| true` away; what must run afterwards is a step with `if: always()`
)"},
    {"StepThatMayFail", "tests-fail-the-job", "{}", script("pytest", "continue_on_error = 'true'"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest` counts as success in job 'test' (`continue-on-error`), and no later step asks for its outcome: the job is green although a test fails
  > take `continue-on-error` off; what must run afterwards gets `if: always()`
)"},
    {"StepWhoseOutcomeIsAsked", "tests-fail-the-job", "{}",
     script("pytest", "continue_on_error = 'true', id = 'tests'") +
         later("[ ${{ steps.tests.outcome }} = success ]"),
     R"(1 examined
note: .github/workflows/ci.yml:10: a failure of `pytest` does not end its step; whether it counts is up to .github/workflows/ci.yml:11
)"},
    {"ReportThatIsReadLater", "tests-fail-the-job", "{}",
     script(kPipe) + later("python judge.py out/junit.xml"),
     R"(1 examined
note: .github/workflows/ci.yml:10: a failure of `pytest --junitxml=out/junit.xml` does not end its step; whether it counts is up to .github/workflows/ci.yml:11
)"},
    {"ReportThatIsOnlyKept", "tests-fail-the-job", "{}",
     script(kPipe) + later("NULL", "actions/upload-artifact@v4", R"({"path":"out/junit.xml"})"), R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest --junitxml=out/junit.xml` leaves job 'test' green: it is piped into `tee out/test.log`, and without pipefail only the last command of a pipeline counts (the default shell is `bash -e`)
  > write `shell: bash`, which sets pipefail, or `set -o pipefail` as the first line of the script
)"},
    {"ReportThatIsOnlyCopied", "tests-fail-the-job", "{}",
     script("pytest | tee test.log") + later("cp test.log evidence/"),
     R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest` leaves job 'test' green: it is piped into `tee test.log`, and without pipefail only the last command of a pipeline counts (the default shell is `bash -e`)
  > write `shell: bash`, which sets pipefail, or `set -o pipefail` as the first line of the script
)"},
    {"ReportOfTests", "tests-fail-the-job", "{}",
     script("pytest || true") + later("NULL", "dorny/test-reporter@v1", R"({"path":"**/*.xml"})"),
     R"(1 examined
note: .github/workflows/ci.yml:10: a failure of `pytest` does not end its step; whether it counts is up to .github/workflows/ci.yml:11
)"},
    {"JobThatMayFail", "tests-fail-the-job", "{}",
     script("pytest") + "UPDATE ci.job SET continue_on_error = 'true';",
     R"(1 examined
FAIL .github/workflows/ci.yml:6: job 'test' tests, and has `continue-on-error: true`: the run is green although a test fails
  > take `continue-on-error` off; a job that may fail is named in `allow:`
)"},
    {"JobThatMayFailByAnExpression", "tests-fail-the-job", "{}",
     script("pytest") + "UPDATE ci.job SET continue_on_error = '${{ github.event_name != ''push'' }}';" +
         instance(1, "yes") + instance(2, "yes"),
     R"(1 examined
FAIL .github/workflows/ci.yml:6: job 'test' tests, and has `continue-on-error: ${{ github.event_name != 'push' }}`: the run is green although a test fails
  > take `continue-on-error` off; a job that may fail is named in `allow:`
)"},
    {"OneCombinationThatMayFail", "tests-fail-the-job", "{}",
     script("pytest") + "UPDATE ci.job SET continue_on_error = '${{ matrix.experimental }}';" +
         instance(1, "yes") + instance(2, "no"),
     "1 examined\n"},
    {"StepThatMayFailByAnExpression", "tests-fail-the-job", "{}",
     script("pytest", "continue_on_error = '${{ true }}'") +
         "INSERT INTO ci.step_instance (id, instance, position, file, job, step, line, runs, "
         "failure_ignored) VALUES "
         "(1, 1, 0, '.github/workflows/ci.yml', 'test', 0, 10, 'yes', 'yes');",
     R"(1 examined
FAIL .github/workflows/ci.yml:10: a failure of `pytest` counts as success in job 'test' (`continue-on-error`), and no later step asks for its outcome: the job is green although a test fails
  > take `continue-on-error` off; what must run afterwards gets `if: always()`
)"},
    {"JobThatIsAllowedTo", "tests-fail-the-job", R"({"allow": ["t*"]})",
     script("pytest || true") + job(kCi, "unit", "yes", 30) +
         step({.file = kCi, .job = "unit", .run = "pytest"}),
     "2 examined\n"},
    {"Unreadable", "tests-fail-the-job", "{}", unreadable(".github/workflows/broken.yml", "line 3: a tab"),
     R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(All, TestsFailTheJob, ::testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace exitgate::testing
