// What the check on aggregate jobs says of whole workflows.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

struct AggregateCase {
  const char* name;
  std::string gate;  // of the job `gate`, which needs `test` and `lint`
  std::string said;
  std::string with = "{}";
  std::string lint = {};    // lines of the job `lint`
  std::string others = {};  // jobs behind
};
void PrintTo(const AggregateCase& one, std::ostream* out) {
  *out << one.name;
}
std::string case_name(const ::testing::TestParamInfo<AggregateCase>& one) {
  return one.param.name;
}

const std::string kCi = ".github/workflows/ci.yml";

std::map<std::string, std::string> files(const AggregateCase& one) {
  return {
      {kCi, "on: pull_request\njobs:\n  test: {runs-on: u, steps: [{run: make}]}\n  lint:\n    runs-on: u\n" +
                one.lint + "    steps: [{run: make lint}]\n" + one.others +
                "  gate:\n    runs-on: u\n    needs: [test, lint]\n" + one.gate}};
}

class AggregateJob : public ::testing::TestWithParam<AggregateCase> {};
TEST_P(AggregateJob, SaysExactly) {
  EXPECT_EQ(judge_files("aggregate-job", GetParam().with, files(GetParam())), GetParam().said);
}

const std::string kAlways = "    if: always()\n    steps:\n";
const std::string kRed =
    "      - {if: needs.test.result != 'success' || needs.lint.result != 'success', run: exit 1}\n";
const std::string kHintBoth =
    "- {if: \"needs.test.result != 'success' || needs.lint.result != 'success'\", run: exit 1}`\n";
std::string fail(const std::string& message, const std::string& hint, int line = 7) {
  return fmt::format("1 examined\nFAIL .github/workflows/ci.yml:{}: ", line) + message + "\n  > " + hint;
}
const std::string kWrite = "write `if: always()`, and as a step `" + kHintBoth;
const std::string kPassed = ", and a required check that was skipped counts as passed";

const AggregateCase kCases[] = {
    {"Right", kAlways + kRed, "1 examined\n"},
    {"NoCondition", "    steps: [{run: echo all good}]\n",
     fail("job 'gate' has no `if:`: when one of 'test' and 'lint' fails GitHub skips it" + kPassed, kWrite)},
    {"ConditionOfSuccess", "    if: github.event_name == 'pull_request'\n    steps: [{run: 'true'}]\n",
     fail("job 'gate' has `if: github.event_name == 'pull_request'`: when one of 'test' and 'lint' fails "
          "GitHub skips it" +
              kPassed,
          kWrite)},
    {"LooksAtNothing", kAlways + "      - run: echo done\n",
     fail("job 'gate' runs whatever happened and never looks at the result of 'test' and 'lint': it is green "
          "although one of "
          "them failed",
          "add the step `" + kHintBoth)},
    {"LooksAtOne", kAlways + "      - {if: needs.test.result != 'success', run: exit 1}\n",
     fail("job 'gate' runs whatever happened and never looks at the result of 'lint': it is green although "
          "that job failed",
          "add the step `- {if: \"needs.lint.result != 'success'\", run: exit 1}`\n")},
    {"NotAtCancelled",
     kAlways + "      - {if: \"contains(needs.*.result, 'skipped') || contains(needs.*.result, 'failure')\", "
               "run: exit 1}\n",
     fail("job 'gate' looks only for 'failure' and what was skipped: a job that was cancelled counts as "
          "passed",
          "compare with 'success': `" + kHintBoth)},
    {"OnlyFailure", kAlways + "      - {if: \"contains(needs.*.result, 'failure')\", run: exit 1}\n",
     fail("job 'gate' looks only for 'failure': a job that was skipped or cancelled counts as passed",
          "compare with 'success': `" + kHintBoth)},
    {"OnlyFailureAndCancelled",
     kAlways + "      - {if: \"contains(needs.*.result, 'failure') || contains(needs.*.result, "
               "'cancelled')\", run: exit 1}\n",
     fail("job 'gate' looks only for 'failure' and 'cancelled': a job that was skipped counts as passed",
          "compare with 'success': `" + kHintBoth)},
    {"SkippedOnPurpose",
     kAlways + "      - run: |\n          for r in ${{ join(needs.*.result, ' ') }}; do\n"
               "            [ $r = success ] || [ $r = skipped ] || exit 1\n          done\n",
     "1 examined\n"},
    {"AWordInAComment",
     kAlways + "      - run: exit ${{ contains(needs.*.result, 'failure') && 1 || 0 }} # skipped is fine\n",
     fail("job 'gate' looks only for 'failure': a job that was skipped or cancelled counts as passed",
          "compare with 'success': `" + kHintBoth)},
    {"RunsOnlyToTurnRed", "    if: ${{ !success() }}\n    steps: [{run: exit 1}]\n", "1 examined\n"},
    // cancelled() is of the run, and a job that reaches its time limit is cancelled alone.
    {"NotAfterATimeLimit", "    if: failure() || cancelled()\n    steps: [{run: exit 1}]\n",
     fail("job 'gate' has `if: failure() || cancelled()`: when one of 'test' and 'lint' reaches its time "
          "limit, and so is "
          "cancelled, GitHub skips it" +
              kPassed,
          kWrite)},
    {"OnlyAfterAFailure", "    if: failure()\n    steps: [{run: exit 1}]\n",
     fail("job 'gate' has `if: failure()`: when one of 'test' and 'lint' reaches its time limit, and so is "
          "cancelled, GitHub "
          "skips it" +
              kPassed,
          kWrite)},
    {"OnlyPrinted", kAlways + "      - run: echo '${{ toJSON(needs) }}' >> $GITHUB_STEP_SUMMARY\n",
     fail("job 'gate' runs whatever happened and never looks at the result of 'test' and 'lint': it is green "
          "although one of "
          "them failed",
          "add the step `" + kHintBoth)},
    {"RedStepThatIsIgnored",
     kAlways + "      - {if: needs.test.result != 'success' || needs.lint.result != 'success', run: exit 1, "
               "continue-on-error: true}\n",
     fail("job 'gate' runs whatever happened and never looks at the result of 'test' and 'lint': it is green "
          "although one of "
          "them failed",
          "add the step `" + kHintBoth)},
    {"StatusOfItsOwnSteps", kAlways + "      - {if: failure(), run: exit 1}\n",
     fail("job 'gate' runs whatever happened and never looks at the result of 'test' and 'lint': it is green "
          "although one of "
          "them failed",
          "add the step `" + kHintBoth)},
    {"OfTheJobsEnvironment",
     "    env: {A: '${{ needs.test.result }}', B: '${{ needs.lint.result }}'}\n" + kAlways +
         "      - run: '[[ $A$B == successsuccess ]]'\n",
     "1 examined\n"},
    {"RunsOnlyWhenGreen", "    if: always() && needs.test.result == 'success'\n    steps: [{run: 'true'}]\n",
     fail("job 'gate' has `if: always() && needs.test.result == 'success'`: when 'test' fails GitHub skips "
          "it" +
              kPassed,
          kWrite)},
    {"ImpliedSuccess", "    if: needs.test.result != 'success'\n    steps: [{run: exit 1}]\n",
     fail("job 'gate' has `if: needs.test.result != 'success'`: when one of 'test' and 'lint' fails GitHub "
          "skips it" +
              kPassed,
          kWrite)},
    {"NotWhenCancelled", "    if: ${{ !cancelled() }}\n    steps:\n" + kRed,
     fail("job 'gate' has `if: ${{ !cancelled() }}`: when the run is cancelled GitHub skips it" + kPassed,
          kWrite)},
    {"OneOfTwoIsEnough", kAlways + "      - {if: \"!contains(needs.*.result, 'success')\", run: exit 1}\n",
     fail("job 'gate' looks at the result of 'test' and 'lint' (line 12) and is green although one of them "
          "failed",
          "write the step `" + kHintBoth)},
    {"IgnoredFailure", kAlways + kRed,
     fail("job 'gate' needs 'lint', whose `continue-on-error: true` makes its result 'success' even when it "
          "failed",
          "take `continue-on-error` off job 'lint', or `lint` out of `needs:`\n", 8),
     "{}", "    continue-on-error: true\n"},
    {"AllsGreen", kAlways + "      - {uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}'}}\n",
     "1 examined\n"},
    {"AllsGreenMaySkip",
     kAlways + "      - {uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}', allowed-skips: "
               "lint}}\n",
     "1 examined\n"},
    {"AllsGreenButOne",
     kAlways + "      - {uses: re-actors/alls-green@v1, with: {jobs: '${{ toJSON(needs) }}', "
               "allowed-failures: lint}}\n",
     fail("job 'gate' is green although a job failed that `allowed-failures` names",
          "take `allowed-failures` out of `with:`\n")},
    {"Undecided", kAlways + "      - run: ./judge.sh '${{ toJSON(needs) }}'\n",
     "1 examined\n?    .github/workflows/ci.yml:12: whether job 'gate' is red when one of 'test' and 'lint' "
     "fails cannot be "
     "told: what './judge.sh' does with the results is not known\n  > compare the results in the job itself: "
     "`" +
         kHintBoth},
    {"DoesWork", "    steps: [{uses: actions/checkout@v4}, {run: make}]\n",
     "0 examined\nskip: no job on pull requests sums up others\n"},
    {"RequiredAlthoughItDoesWork", "    steps: [{uses: actions/checkout@v4}, {run: make}]\n",
     fail("job 'gate' has no `if:`: when one of 'test' and 'lint' fails GitHub skips it" + kPassed, kWrite),
     R"({"required": ["gate"]})"},
    {"ANotice", kAlways + "      - {if: \"contains(needs.*.result, 'failure')\", uses: acme/slack@v1}\n",
     "0 examined\nskip: no job on pull requests sums up others\n", R"({"jobs": []})"},
};
INSTANTIATE_TEST_SUITE_P(OfWorkflows, AggregateJob, ::testing::ValuesIn(kCases), case_name);

TEST(AggregateJobOfWorkflows, LeavesAloneWhatNeverRunsOnPullRequestsWithAllThatItNeeds) {
  const auto workflow = [](const std::string& condition) {
    return "on: [push, pull_request]\njobs:\n  publish:\n    if: " + condition +
           "\n    runs-on: u\n    steps: [{run: make}]\n  finalize:\n    needs: publish\n    runs-on: u\n"
           "    if: startsWith(github.ref, 'refs/tags/v') && needs.publish.result == 'success'\n"
           "    steps: [{run: ./finalize.sh}]\n";
  };
  EXPECT_EQ(judge_files("aggregate-job", "{}", {{kCi, workflow("startsWith(github.ref, 'refs/tags/v')")}}),
            "0 examined\nskip: no job on pull requests sums up others\n");
  // What it needs runs, and a required check that is always skipped passes whatever becomes of that.
  const std::string said = judge_files("aggregate-job", "{}", {{kCi, workflow("always()")}});
  EXPECT_NE(said.find("\nFAIL .github/workflows/ci.yml:7: "), std::string::npos) << said;
  // Where branch protection asks for it, it is looked at.
  const std::string required = judge_files("aggregate-job", R"({"required": ["finalize"]})",
                                           {{kCi, workflow("startsWith(github.ref, 'refs/tags/v')")}});
  EXPECT_NE(required.find("\nFAIL "), std::string::npos) << required;
}

TEST(AggregateJobOfWorkflows, LooksBehindWhatItNeeds) {
  EXPECT_EQ(
      judge_files(
          "aggregate-job", "{}",
          {{kCi,
            "on: pull_request\njobs:\n  build: {runs-on: u, steps: [{run: make}]}\n"
            "  test: {needs: build, runs-on: u, steps: [{run: make test}]}\n"
            "  done:\n    needs: test\n    runs-on: u\n    if: always()\n    steps:\n"
            "      - {if: \"!contains(fromJSON('[\\\"success\\\",\\\"skipped\\\"]'), needs.test.result)\", "
            "run: exit 1}\n"}}),
      "1 examined\nFAIL .github/workflows/ci.yml:5: job 'done' is green although 'build' failed: what waits "
      "for it is then "
      "skipped, and that counts as passed\n  > name 'build' in `needs:`, and compare with 'success': `- {if: "
      "\"needs.build.result != 'success'\", run: exit 1}`\n");
}

TEST(AggregateJobOfWorkflows, TestsThatAreIgnored) {
  const auto said = [](const std::string& behind) {
    return judge_files("aggregate-job", "{}",
                       {{kCi,
                         "on: pull_request\njobs:\n  test:\n    runs-on: u\n    steps:\n"
                         "      - {id: t, run: pytest, continue-on-error: true}\n" +
                             behind +
                             "  all-green:\n    needs: test\n    runs-on: u\n    if: always()\n    steps:\n"
                             "      - {if: needs.test.result != 'success', run: exit 1}\n"}});
  };
  EXPECT_EQ(said(""),
            "1 examined\nFAIL .github/workflows/ci.yml:7: job 'all-green' needs 'test', whose tests "
            "(.github/workflows/ci.yml:6) have `continue-on-error`: the job succeeds even when they failed\n"
            "  > take `continue-on-error` off that step\n");
  EXPECT_EQ(said("      - {if: steps.t.outcome == 'failure', run: exit 1}\n"), "1 examined\n");
}

}  // namespace
}  // namespace exitgate::testing
