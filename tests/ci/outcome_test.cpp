// What becomes of jobs and steps when another one ends in some way (ci.job_outcome, ci.step_outcome).
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

// `gate` waits for `lint` and `test`; the text is its `if:` and below.
std::string with_gate(const std::string& gate, const std::string& lint = "", const std::string& test = "") {
  return "on: pull_request\n"
         "jobs:\n"
         "  lint:\n    runs-on: ubuntu-latest\n" +
         lint +
         "    steps: [{run: make lint}]\n"
         "  test:\n    runs-on: ubuntu-latest\n" +
         test +
         "    steps: [{run: make test}]\n"
         "  gate:\n    runs-on: ubuntu-latest\n    needs: [lint, test]\n" +
         gate;
}

std::string steps(const std::string& list) {
  return "    if: always()\n    steps:\n" + list;
}
std::string script(const std::string& lines) {
  std::string text = "      - run: |\n";
  std::string line;
  for (const char c : lines + "\n") {
    line += c;
    if (c != '\n') continue;
    text += "          " + line;
    line.clear();
  }
  return steps(text);
}

// What the gate reports when `lint` succeeds, fails, is cancelled, is skipped, and when the run is cancelled:
// s(uccess), f(ailure), -(skipped), ?(undecided).
std::string reports(const std::string& workflow, const std::string& needs = "lint") {
  const TestRepository repository({{".github/workflows/ci.yml", workflow}});
  const facts::Facts facts = repository.collect();
  std::string all;
  for (const std::string& row :
       rows(facts,
            fmt::format("SELECT o.reports FROM ci.job_outcome o JOIN ci.job_instance i ON i.id = o.instance "
                        "WHERE i.job = 'gate' AND o.needs = '{}' ORDER BY o.rowid",
                        needs))) {
    all += row == "skipped" ? '-' : row == "undecided" ? '?' : row[0];
  }
  return all;
}

struct GateCase {
  const char* name;
  std::string workflow;
  std::string reports;
};
void PrintTo(const GateCase& one, std::ostream* out) {
  *out << one.name;
}

std::string case_name(const ::testing::TestParamInfo<GateCase>& one) {
  return one.param.name;
}

class GateOutcome : public ::testing::TestWithParam<GateCase> {};
TEST_P(GateOutcome, IsEvaluated) {
  EXPECT_EQ(reports(GetParam().workflow), GetParam().reports) << GetParam().workflow;
}

const std::string kRedUnlessSuccess = "      - {if: \"needs.lint.result != 'success'\", run: exit 1}\n";

const std::vector<GateCase> kConditions = {
    {"None", with_gate("    steps: [{run: exit 0}]\n"), "s----"},
    {"Always", with_gate(steps("      - run: echo done\n")), "sssss"},
    {"NotCancelled", with_gate("    if: ${{ !cancelled() }}\n    steps:\n" + kRedUnlessSuccess), "sfff-"},
    {"AlwaysAndNotCancelled", with_gate("    if: always() && !cancelled()\n    steps:\n" + kRedUnlessSuccess),
     "sfff-"},
    {"Failure", with_gate("    if: failure()\n    steps: [{run: exit 1}]\n"), "-f---"},
    {"FailureOrCancelled", with_gate("    if: failure() || cancelled()\n    steps: [{run: exit 1}]\n"),
     "-f--f"},
    {"SuccessOrFailure", with_gate("    if: success() || failure()\n    steps:\n" + kRedUnlessSuccess),
     "sf---"},
    {"NotSuccess", with_gate("    if: ${{ !success() }}\n    steps: [{run: exit 1}]\n"), "-ffff"},
    {"NotFailure", with_gate("    if: ${{ !failure() }}\n    steps:\n" + kRedUnlessSuccess), "s-fff"},
    {"ImpliedSuccess", with_gate("    if: needs.lint.result != 'success'\n    steps: [{run: exit 1}]\n"),
     "-----"},
    {"OfTheEvent",
     with_gate("    if: always() && github.event.action != 'x'\n    steps:\n" + kRedUnlessSuccess), "sffff"},
    {"OfADraft",
     with_gate("    if: always() && !github.event.pull_request.draft\n    steps:\n" + kRedUnlessSuccess),
     "sffff"},
    {"AnyFailed",
     with_gate("    if: always() && contains(needs.*.result, 'failure')\n    steps: [{run: exit 1}]\n"),
     "-f---"},
};
INSTANTIATE_TEST_SUITE_P(Condition, GateOutcome, ::testing::ValuesIn(kConditions), case_name);

const std::vector<GateCase> kSteps = {
    {"NotSuccess", with_gate(steps(kRedUnlessSuccess)), "sffff"},
    {"StepFailureIsOfItsOwnJob", with_gate(steps("      - {if: failure(), run: exit 1}\n")), "sssss"},
    {"NoneSucceeded",
     with_gate(steps("      - {if: \"!contains(needs.*.result, 'success')\", run: exit 1}\n")), "sssss"},
    {"Contains", with_gate(steps("      - {if: \"contains(needs.*.result, 'failure')\", run: exit 1}\n")),
     "sfsss"},
    {"ContainsTwo",
     with_gate(steps("      - if: contains(needs.*.result, 'failure') || contains(needs.*.result, "
                     "'cancelled')\n        run: exit 1\n")),
     "sffsf"},
    {"AndInsteadOfOr",
     with_gate(steps("      - {if: \"needs.lint.result != 'success' && needs.test.result != 'success'\", "
                     "run: exit 1}\n")),
     "sssss"},
    {"Ignored",
     with_gate(
         steps("      - {if: \"needs.lint.result != 'success'\", run: exit 1, continue-on-error: true}\n")),
     "sssss"},
    {"ExitOfAnExpression",
     with_gate(
         steps("      - run: exit ${{ contains(needs.*.result, 'failure') && 1 || 0 }} # skipped is fine\n")),
     "sfsss"},
    {"CommandOfAnExpression",
     with_gate(steps("      - run: ${{ needs.lint.result == 'success' && 'true' || 'false' }}\n")), "sffff"},
    {"OutputOfAStepBefore",
     with_gate(steps("      - {id: sum, run: 'if [ \"${{ needs.lint.result }}\" = success ]; then echo ok=1 "
                     ">> $GITHUB_OUTPUT; "
                     "else echo ok=0 >> $GITHUB_OUTPUT; fi'}\n"
                     "      - {if: steps.sum.outputs.ok != '1', run: exit 1}\n")),
     "sffff"},
    {"VariableOfAStepBefore",
     with_gate(steps("      - run: echo \"LINT=${{ needs.lint.result }}\" >> \"$GITHUB_ENV\"\n"
                     "      - run: test \"$LINT\" = success\n")),
     "sffff"},
    {"ScriptKeepsTheStatus",
     with_gate(script("rc=0\ntest \"${{ needs.lint.result }}\" = success || rc=$?\nexit $rc")), "sffff"},
    {"ScriptExitsWithTheLastStatus", with_gate(script("test \"${{ needs.lint.result }}\" = success || exit")),
     "sffff"},
    {"ScriptWithADefault", with_gate(script("r=${{ needs.lint.result }}\n[ \"${r:-\"none\"}\" = success ]")),
     "sffff"},
    {"ScriptReadsAProcess",
     with_gate(script("while read -r r; do\n  [ \"$r\" = success ] || exit 1\n"
                      "done < <(echo \"${{ needs.lint.result }}\")")),
     "sffff"},
    {"ScriptCallsASubshellFunction",
     with_gate(script("check() ( [ \"$1\" = success ] || exit 3 )\ncheck \"${{ needs.lint.result }}\"")),
     "sffff"},
    {"ScriptWithAPatternThatIsNotFollowed",
     with_gate(script("[[ \"${{ needs.lint.result }}\" == @(success|skipped) ]]")), "?????"},
    {"ScriptWithAnotherPartThatIsNotReached",
     with_gate(script("if [ \"${{ needs.lint.result }}\" = success ]; then exit 0; fi\nexit 1\n"
                      "for ((i = 0; i < 3; i++)); do ./x; done")),
     "sffff"},
    {"ScriptInTheBackground", with_gate(script("test \"${{ needs.lint.result }}\" = success &\nwait $!")),
     "s????"},
    {"ScriptThatIsNone", with_gate(script("if [ \"${{ needs.lint.result }}\" = success ]; then")), "?????"},
    {"StepsOutcome",
     with_gate(steps(
         "      - {id: sum, continue-on-error: true, run: 'test \"${{ needs.lint.result }}\" = success'}\n"
         "      - {if: steps.sum.outcome == 'failure', run: exit 1}\n")),
     "sffff"},
    {"AllsGreen",
     with_gate(steps(
         "      - uses: re-actors/alls-green@release/v1\n        with: {jobs: '${{ toJSON(needs) }}'}\n")),
     "sffff"},
    {"AllsGreenSkips",
     with_gate(steps("      - uses: re-actors/alls-green@release/v1\n"
                     "        with: {jobs: '${{ toJSON(needs) }}', allowed-skips: 'docs, lint'}\n")),
     "sffsf"},
    {"AllsGreenFailures",
     with_gate(steps("      - uses: re-actors/alls-green@release/v1\n"
                     "        with: {jobs: '${{ toJSON(needs) }}', allowed-failures: '[\"lint\"]'}\n")),
     "sssss"},
    {"AnotherAction",
     with_gate(steps("      - uses: acme/summary@v1\n        with: {results: '${{ toJSON(needs) }}'}\n")),
     "?????"},
    {"ANotice",
     with_gate(
         steps("      - uses: acme/slack-notify@v1\n        with: {results: '${{ toJSON(needs) }}'}\n")),
     "sssss"},
    {"GithubScript",
     with_gate(steps("      - uses: actions/github-script@v7\n        with:\n          script: |\n"
                     "            if ('${{ needs.lint.result }}' !== 'success') {\n"
                     "              core.setFailed('lint')\n            }\n")),
     "sffff"},
    {"GithubScriptAlways",
     with_gate(steps("      - uses: actions/github-script@v7\n        if: needs.lint.result == 'failure'\n"
                     "        with: {script: \"core.setFailed('lint')\"}\n")),
     "sfsss"},
    {"GithubScriptWithABrace",
     with_gate(
         steps("      - {uses: actions/github-script@v7, with: {script: '} ${{ needs.lint.result }}'}}\n")),
     "?????"},
    {"AnotherLanguage",
     with_gate(steps("      - {shell: python, run: 'import sys; sys.exit(\"${{ needs.lint.result }}\" != "
                     "\"success\")'}\n")),
     "?????"},
};
INSTANTIATE_TEST_SUITE_P(Steps, GateOutcome, ::testing::ValuesIn(kSteps), case_name);

const std::vector<GateCase> kScripts = {
    {"DoubleBrackets",
     with_gate(script("if [[ \"${{ needs.lint.result }}\" != \"success\" ]]; then\n  exit 1\nfi")), "sffff"},
    {"OnlyEcho", with_gate(script("if [ ${{ needs.lint.result }} != success ]; then echo red; fi")), "sssss"},
    {"OrOfSuccesses",
     with_gate(script("if [ \"${{ needs.lint.result }}\" = success ] || [ \"${{ needs.test.result }}\" = "
                      "success ]; then exit 0; "
                      "fi\nexit 1")),
     "sssss"},
    {"AndList",
     with_gate(
         script("[ \"${{ needs.lint.result }}\" = success ] && [ \"${{ needs.test.result }}\" = success ]")),
     "sffff"},
    {"OrExit", with_gate(script("[[ ${{ needs.lint.result }} == success ]] || exit 1\necho fine")), "sffff"},
    {"OrTrue", with_gate(script("[[ ${{ needs.lint.result }} == success ]] || true")), "sssss"},
    {"SkippedIsFine",
     with_gate(script("r=\"${{ needs.lint.result }}\"\n[[ $r == success || $r == skipped ]] || exit 1")),
     "sffsf"},
    {"Expression", with_gate(script("[[ ${{ needs.lint.result }} =~ ^(success|skipped)$ ]]")), "sffsf"},
    {"Pattern", with_gate(script("[[ ${{ needs.lint.result }} == s* ]]")), "sffsf"},
    {"Case",
     with_gate(
         script("case ${{ needs.lint.result }} in\n  success|skipped) echo ok ;;\n  *) exit 1 ;;\nesac")),
     "sffsf"},
    {"Loop",
     with_gate(script("for result in ${{ join(needs.*.result, ' ') }}; do\n  if [ \"$result\" != success ]; "
                      "then\n    echo "
                      "\"::error::$result\"\n    exit 1\n  fi\ndone")),
     "sffff"},
    {"LoopThatGoesOn",
     with_gate(script(
         "for result in ${{ join(needs.*.result, ' ') }}; do\n  [ \"$result\" = skipped ] && continue\n  [ "
         "\"$result\" = success ] || exit 1\ndone")),
     "sffsf"},
    {"Counted",
     with_gate(script("failed=0\nfor r in ${{ join(needs.*.result, ' ') }}; do\n  [[ $r == success ]] || "
                      "failed=$((failed + "
                      "1))\ndone\nexit $failed")),
     "sffff"},
    {"Flag",
     with_gate(script("ok=true\nif [[ '${{ needs.lint.result }}' != 'success' ]]; then ok=false; fi\nif ! "
                      "$ok; then exit 1; "
                      "fi")),
     "sffff"},
    {"Function",
     with_gate(script("check() {\n  if [ \"$2\" != success ]; then\n    echo \"$1\"\n    return 1\n  "
                      "fi\n}\ncheck lint \"${{ "
                      "needs.lint.result }}\"\ncheck test \"${{ needs.test.result }}\"")),
     "sffff"},
    {"Grep",
     with_gate(script("echo '${{ toJSON(needs) }}' | grep -q '\"result\": \"failure\"' && exit 1 || exit 0")),
     "sfsss"},
    {"NotGrep",
     with_gate(script("! echo \"${{ join(needs.*.result, ',') }}\" | grep -qE 'failure|cancelled'")),
     "sffsf"},
    {"Jq", with_gate(script("jq --exit-status 'all(.result == \"success\")' <<< '${{ toJson(needs) }}'")),
     "sffff"},
    {"JqOfAny",
     with_gate(script("echo '${{ toJSON(needs) }}' | jq -e 'to_entries | map(.value.result) | all(. == "
                      "\"success\" or . == "
                      "\"skipped\")'")),
     "sffsf"},
    {"JqIntoAVariable",
     with_gate(script(
         "bad=$(echo '${{ toJSON(needs) }}' | jq -r 'to_entries[] | select(.value.result != \"success\") | "
         ".key')\nif [ -n \"$bad\" ]; then exit 1; fi")),
     "sffff"},
    {"JqWithTextsOfItsOwn",
     with_gate(
         script("failing=$(echo '${{ toJSON(needs) }}' | jq -r 'to_entries[] | select(.value.result != "
                "\"success\" and .value.result != \"skipped\") | \"\\(.key): \\(.value.result)\"')\nif [ -n "
                "\"$failing\" ]; then\n  echo \"$failing\"\n  exit 1\nfi")),
     "sffsf"},
    {"AWordIsMissing", with_gate(script("for r in & ${{ needs.lint.result }}; do exit 1; done")), "?????"},
    {"TextWithoutEnd",
     with_gate(script("x=${{ needs.lint.result }}\nwhile [ \"$x\" != y ]; do x=\"$x$x\"; done")), "?????"},
    {"HereDocument",
     with_gate(script(
         "cat <<'EOF' > needs.json\n${{ toJSON(needs) }}\nEOF\n[ '${{ needs.lint.result }}' = success ]")),
     "sffff"},
    {"AfterSetPlusE", with_gate(script("set +e\n[ '${{ needs.lint.result }}' = success ]\necho done")),
     "sssss"},
    {"OwnProgram", with_gate(script("./scripts/judge.sh ${{ needs.lint.result }}")), "?????"},
    {"OwnProgramInABranch",
     with_gate(script("if [ ${{ needs.lint.result }} != success ]; then ./scripts/fail.sh; fi")), "s????"},
    {"Python",
     with_gate(script("python3 -c \"import sys; sys.exit('${{ needs.lint.result }}' != 'success')\"")),
     "?????"},
    {"Unreadable", with_gate(script("if [ ${{ needs.lint.result }} ; then exit 1\n")), "?????"},
};
INSTANTIATE_TEST_SUITE_P(Script, GateOutcome, ::testing::ValuesIn(kScripts), case_name);

const std::vector<GateCase> kIgnored = {
    {"Job", with_gate(steps(kRedUnlessSuccess), "    continue-on-error: true\n"), "ssfff"},
    {"Expression",
     with_gate(steps(kRedUnlessSuccess),
               "    continue-on-error: ${{ github.event_name == 'pull_request' }}\n"),
     "ssfff"},
    {"NotThen",
     with_gate(steps(kRedUnlessSuccess), "    continue-on-error: ${{ github.event_name == 'push' }}\n"),
     "sffff"},
    {"Unknown", with_gate(steps(kRedUnlessSuccess), "    continue-on-error: ${{ vars.LENIENT == '1' }}\n"),
     "s?fff"},
    {"OneCombination",
     with_gate(steps(kRedUnlessSuccess),
               "    strategy: {matrix: {new: [true, false]}}\n    continue-on-error: ${{ matrix.new }}\n"),
     "sffff"},
};
INSTANTIATE_TEST_SUITE_P(Ignored, GateOutcome, ::testing::ValuesIn(kIgnored), case_name);

TEST(JobOutcome, FollowsWhatIsNeededThroughOthers) {
  // `test` is skipped when `build` fails, and the gate takes a skip for a pass.
  const std::string workflow =
      "on: pull_request\njobs:\n"
      "  build: {runs-on: ubuntu-latest, steps: [{run: make}]}\n"
      "  test: {needs: build, runs-on: ubuntu-latest, steps: [{run: make test}]}\n"
      "  gate:\n    if: always()\n    needs: [test]\n    runs-on: ubuntu-latest\n    steps:\n"
      "      - {if: \"contains(needs.*.result, 'failure')\", run: exit 1}\n";
  EXPECT_EQ(reports(workflow, "build"), "sssss");
  EXPECT_EQ(reports(workflow, "test"), "sfsss");
}

TEST(JobOutcome, OfACallIsThatOfItsJobs) {
  const TestRepository repository(
      {{".github/workflows/ci.yml",
        "on: pull_request\njobs:\n  t: {uses: ./.github/workflows/t.yml}\n"
        "  gate:\n    if: always()\n    needs: t\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - {if: \"needs.t.result != 'success'\", run: exit 1}\n"},
       {".github/workflows/t.yml",
        "on: workflow_call\njobs:\n  a:\n    continue-on-error: true\n    runs-on: ubuntu-latest\n    steps: "
        "[{run: make}]\n"}});
  const facts::Facts facts = repository.collect();
  EXPECT_EQ(rows(facts, "SELECT result, runs, reports, line, because FROM ci.job_outcome"),
            (Rows{"success|yes|success|9|what looks at the results lets it pass",
                  "failure|yes|success|9|`continue-on-error` makes the result of 't' 'success'",
                  "cancelled|yes|failure|9|the step fails", "skipped|yes|failure|9|the step fails",
                  "run_cancelled|yes|failure|9|the step fails"}));
}

// Whether an upload with this `if:` runs after the step before it failed, and when the run is cancelled then.
std::string uploads(const std::string& condition, const std::string& test = "") {
  const TestRepository repository({{".github/workflows/ci.yml",
                                    "on: pull_request\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n "
                                    "     - {id: tests, run: make test" +
                                        test + "}\n      - uses: actions/upload-artifact@v4\n        if: " +
                                        condition + "\n        with: {name: x, path: out}\n"}});
  std::string all;
  for (const std::string& row :
       rows(repository.collect(), "SELECT runs FROM ci.step_outcome ORDER BY rowid")) {
    all += all.empty() ? row : ' ' + row;
  }
  return all;
}

TEST(StepOutcome, IsEvaluated) {
  EXPECT_EQ(uploads("always()"), "yes yes");
  EXPECT_EQ(uploads("${{ !failure() }}"), "no yes");
  EXPECT_EQ(uploads("${{ !cancelled() }}"), "yes no");
  EXPECT_EQ(uploads("failure()"), "yes no");
  EXPECT_EQ(uploads("success() || failure()"), "yes no");
  EXPECT_EQ(uploads("success() || cancelled()"), "no yes");
  EXPECT_EQ(uploads("always() && steps.tests.outcome == 'success'"), "no no");
  EXPECT_EQ(uploads("always() && steps.tests.outcome != 'skipped'"), "yes yes");
  EXPECT_EQ(uploads("always() && !(steps.tests.conclusion != 'success')"), "no no");
  EXPECT_EQ(uploads("always() && job.status == 'success'"), "no no");
  EXPECT_EQ(uploads("always() && vars.KEEP"), "maybe maybe");
  EXPECT_EQ(uploads("always() && steps.tests.outputs.report"), "maybe maybe");
  EXPECT_EQ(uploads("steps.tests.conclusion == 'success'", ", continue-on-error: true"), "yes no");
  EXPECT_EQ(uploads("steps.tests.outcome == 'success'", ", continue-on-error: true"), "no no");
}

TEST(StepOutcome, OfACompositeActionHasItsOwnStatus) {
  const auto outcome = [](const std::string& call) {
    const TestRepository repository(
        {{".github/workflows/ci.yml",
          "on: pull_request\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n   "
          "   - {uses: "
          "./.github/actions/keep" +
              call + "}\n"},
         {".github/actions/keep/action.yml",
          "name: keep\nruns:\n  using: composite\n  steps:\n    - {run: make report, shell: bash}\n"
          "    - {uses: actions/upload-artifact@v4, with: {name: x, path: out}}\n"}});
    return rows(
        repository.collect(),
        "SELECT c.file, o.scenario, o.runs FROM ci.step_outcome o JOIN ci.step_instance c ON c.id = o.cause "
        "ORDER BY o.rowid");
  };
  const std::string in_job = ".github/workflows/ci.yml";
  const std::string in_action = ".github/actions/keep/action.yml";
  EXPECT_EQ(outcome(""), (Rows{in_job + "|failure|no", in_job + "|cancelled|no", in_action + "|failure|no",
                               in_action + "|cancelled|no"}));
  EXPECT_EQ(outcome(", if: always()"), (Rows{in_job + "|failure|yes", in_job + "|cancelled|no",
                                             in_action + "|failure|no", in_action + "|cancelled|no"}));
}

}  // namespace
}  // namespace exitgate::collect
