// What the checks on evidence say of whole workflows: whether it is uploaded when tests fail.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

using Files = std::map<std::string, std::string>;

const std::string kCi = ".github/workflows/ci.yml";

// A job that tests and uploads with this `if:`, as `name`.
Files uploading(const std::string& condition, const std::string& name = "test-report") {
  return {{kCi,
           "on: pull_request\njobs:\n  t:\n    strategy: {matrix: {os: [a, b]}}\n    runs-on: u\n    steps:\n"
           "      - {id: tests, run: pytest}\n      - uses: actions/upload-artifact@v4\n" +
               (condition.empty() ? "" : "        if: " + condition + "\n") + "        with: {name: '" +
               name + "-${{ matrix.os }}', path: out/, retention-days: 30, if-no-files-found: error}\n"}};
}

// "pass", "fail" or "undecided".
std::string verdict(const std::string& check, const Files& files) {
  const std::string said = judge_files(check, "{}", files);
  if (said.find("\nFAIL ") != std::string::npos) return "fail";
  return said.find("\n?    ") != std::string::npos ? "undecided" : "pass";
}

TEST(EvidenceOutcome, OfAConditionIsEvaluated) {
  const std::map<std::string, std::pair<std::string, std::string>> cases = {
      // condition: survives-failure, standard-bundle (which is to be there after a time limit and a success, too)
      {"", {"fail", "fail"}},
      {"always()", {"pass", "pass"}},
      {"${{ always() }}", {"pass", "pass"}},
      {"success() || failure()", {"pass", "fail"}},
      {"success() || failure() || cancelled()", {"pass", "pass"}},
      {"${{ !cancelled() }}", {"pass", "fail"}},
      {"failure()", {"pass", "fail"}},
      {"${{ !failure() }}", {"fail", "fail"}},
      {"success() || cancelled()", {"fail", "fail"}},
      {"always() && steps.tests.outcome == 'success'", {"fail", "fail"}},
      {"always() && steps.tests.outcome != 'skipped'", {"pass", "pass"}},
      {"always() && !(steps.tests.conclusion != 'success')", {"fail", "fail"}},
      {"always() && job.status == 'success'", {"fail", "fail"}},
      {"always() && job.status != 'cancelled'", {"pass", "fail"}},
      {"always() && contains(fromJSON('[\"failure\", \"cancelled\", \"success\"]'), job.status)",
       {"pass", "pass"}},
      // In the other combination it is never uploaded, whatever becomes of the tests.
      {"always() && matrix.os == 'a'", {"pass", "pass"}},
      {"always() && vars.KEEP == '1'", {"undecided", "fail"}},
      {"success() || vars.KEEP == '1'", {"undecided", "fail"}},
  };
  for (const auto& [condition, wanted] : cases) {
    EXPECT_EQ(verdict("evidence-survives-failure", uploading(condition)), wanted.first) << condition;
    EXPECT_EQ(verdict("standard-bundle", uploading(condition, "evidence-bundle")), wanted.second)
        << condition;
  }
}

TEST(EvidenceOutcome, SaysWhichCondition) {
  EXPECT_EQ(judge_files("evidence-survives-failure", "{}", uploading("always() && job.status == 'success'")),
            "1 examined\nFAIL .github/workflows/ci.yml:8: 'test-report-${{ matrix.os }}' is not uploaded "
            "when a test of job 't' "
            "fails, just when somebody needs it: the step has `if: always() && job.status == 'success'`\n"
            "  > write `if: always()`\n");
}

// A script that keeps the status of its tests for later, or throws it away, and an upload without `if:` behind it.
std::string after_script(const std::string& script, const std::string& more = "",
                         const std::string& condition = "") {
  return verdict(
      "evidence-survives-failure",
      {{kCi,
        "on: pull_request\njobs:\n  t:\n    runs-on: u\n    steps:\n      - id: tests\n        run: |\n" +
            script + more + "      - uses: actions/upload-artifact@v4\n" + condition +
            "        with: {name: test-report, path: out/}\n"}});
}

TEST(EvidenceOutcome, OfAStepThatGoesOnWhenItsTestsFail) {
  const std::string kept =
      "          set +e\n          pytest\n          code=\"$?\"\n          echo \"code=$code\" >> "
      "$GITHUB_OUTPUT\n";
  EXPECT_EQ(after_script(kept), "pass");
  EXPECT_EQ(
      after_script(
          "          set +e\n          ./watch.sh &\n          timeout 9m ./gradlew \\\n          a test\n"
          "          code=\"$?\"\n          echo \"code=$code\" >> $GITHUB_OUTPUT\n"),
      "pass");
  EXPECT_EQ(after_script("          pytest || true\n"), "pass");
  EXPECT_EQ(after_script("          pytest | tee log\n"), "pass");
  EXPECT_EQ(after_script("          pytest\n"), "fail");
  EXPECT_EQ(after_script("          set +e\n          pytest\n          code=$?\n          exit $code\n"),
            "fail");
  EXPECT_EQ(after_script("          pytest || exit 1\n"), "fail");
  // What is uploaded only after a failure is never uploaded.
  EXPECT_EQ(after_script(kept, "", "        if: failure()\n"), "fail");
  // The step that asks for the status comes first, and fails.
  EXPECT_EQ(after_script(kept, "      - run: exit ${{ steps.tests.outputs.code }}\n"), "fail");
  EXPECT_EQ(
      after_script(kept, "      - run: exit ${{ steps.tests.outputs.code }}\n", "        if: always()\n"),
      "pass");
}

// `tests` uploads its part, `collect` merges the parts.
Files collecting(const std::string& condition) {
  return {
      {kCi,
       "on: pull_request\njobs:\n  tests: {uses: ./.github/workflows/t.yml}\n  collect:\n    needs: tests\n" +
           (condition.empty() ? "" : "    if: " + condition + "\n") +
           "    uses: ./.github/workflows/collect.yml\n"},
      {".github/workflows/t.yml",
       "on: workflow_call\njobs:\n  t:\n    runs-on: u\n    steps:\n      - run: pytest\n"
       "      - {if: always(), uses: actions/upload-artifact@v4, with: {name: part, path: out/, "
       "retention-days: 30}}\n"},
      {".github/workflows/collect.yml",
       "on: workflow_call\njobs:\n  c:\n    runs-on: u\n    steps:\n"
       "      - {uses: actions/upload-artifact/merge@v4, with: {name: evidence-bundle, pattern: 'part*', "
       "retention-days: 30}}\n"}};
}

TEST(EvidenceOutcome, OfAJobThatCollectsIsThatOfItsCaller) {
  EXPECT_EQ(judge_files("standard-bundle", "{}", collecting("always()")), "1 examined\n");
  EXPECT_EQ(
      judge_files("standard-bundle", "{}", collecting("")),
      "1 examined\nFAIL .github/workflows/collect.yml:6: the evidence bundle 'evidence-bundle' is not "
      "uploaded when a test "
      "of job 'tests' fails: job 'collect' has no `if:` and is then skipped\n  > write `if: always()`\n");
  EXPECT_EQ(verdict("standard-bundle", collecting("${{ !cancelled() }}")), "pass");
  EXPECT_EQ(verdict("standard-bundle", collecting("success() || failure()")), "fail");
  EXPECT_EQ(verdict("evidence-survives-failure", collecting("success() || failure()")), "pass");
  EXPECT_EQ(verdict("evidence-survives-failure", collecting("")), "fail");
}

TEST(EvidenceOutcome, OfAJobInWhichNoTestIs) {
  const Files building = {
      {kCi,
       "on: pull_request\njobs:\n  build:\n    runs-on: u\n    steps:\n      - run: docker build .\n"
       "      - uses: actions/upload-artifact@v4\n        with: {name: evidence-bundle, path: out/, "
       "retention-days: 30, if-no-files-found: error}\n"}};
  EXPECT_EQ(judge_files("standard-bundle", "{}", building), "1 examined\n");
  EXPECT_EQ(verdict("evidence-survives-failure", building), "pass");
}

}  // namespace
}  // namespace exitgate::testing
