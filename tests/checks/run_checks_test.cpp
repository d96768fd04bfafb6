// What the checks say of the expanded run, from workflows as they are written.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

using Files = std::map<std::string, std::string>;

struct RunCase {
  std::string name;
  std::string check;
  Files files;  // of .github/workflows, by name; actions by their whole path
  std::string expected;
};
void PrintTo(const RunCase& one, std::ostream* out) {
  *out << one.name;
}
std::string case_name(const ::testing::TestParamInfo<RunCase>& info) {
  return info.param.name;
}

class RunChecks : public ::testing::TestWithParam<RunCase> {};
TEST_P(RunChecks, SayExactly) {
  Files files;
  for (const auto& [path, text] : GetParam().files) {
    files[path.find('/') == std::string::npos ? ".github/workflows/" + path : path] = text;
  }
  std::string said = judge_files(GetParam().check, "{}", files);
  const std::string folder = ".github/workflows/";
  for (std::size_t at = said.find(folder); at != std::string::npos; at = said.find(folder, at)) {
    if (at >= 2 && said.compare(at - 2, 2, "./") == 0) {
      at += folder.size();
    } else {
      said.erase(at, folder.size());
    }
  }
  EXPECT_EQ(said, GetParam().expected);
}

// A job of each name with these steps, on pull requests.
std::string jobs(const std::map<std::string, std::string>& bodies) {
  std::string text = "on: pull_request\njobs:\n";
  for (const auto& [name, body] : bodies) text += "  " + name + ":\n" + body;
  return text;
}
std::string job(const std::string& steps, const std::string& more = "") {
  std::string text = "    runs-on: ubuntu-latest\n";
  if (!more.empty()) text += "    " + more + "\n";
  return text + "    steps:\n" + steps;
}
std::string upload(const std::string& name, const std::string& more = "", const std::string& inputs = "") {
  return "      - {" + more + "uses: actions/upload-artifact@v4, with: {path: out, name: \"" + name + "\"" +
         inputs + "}}\n";
}
std::string download(const std::string& name, const std::string& more = "", const std::string& inputs = "") {
  return "      - {" + more + "uses: actions/download-artifact@v5, with: {" +
         (name.empty() ? "path: in" : "name: \"" + name + "\"") + inputs + "}}\n";
}
const std::string kMake = "      - {run: make}\n";
const std::string kMatrix = "strategy: {matrix: {os: [linux, mac], py: [3, 4, 5]}}";

std::string names(int examined, const std::string& findings) {
  return std::to_string(examined) + " examined\n" + findings;
}

const std::string kNames = "artifact-names-unique";
const std::string kOwnName = "  > give each upload of a run a name of its own\n";
const std::vector<RunCase> kNameCases = {
    {"Different", kNames, {{"ci.yml", jobs({{"a", job(upload("a") + upload("b"))}})}}, "2 examined\n"},
    {"Same",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x"))}, {"b", job(upload("x"))}})}},
     names(2,
           "FAIL ci.yml:10: 'x' is uploaded at ci.yml:6, too: the second of them fails (409 Conflict)\n"
           "  > give each upload of a run a name of its own, such as `name: x-${{ github.job }}`\n")},
    {"SameInACalledWorkflow",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x"))}, {"b", "    uses: ./.github/workflows/other.yml\n"}})},
      {"other.yml", "on: workflow_call\njobs:\n  c:\n" + job(upload("x"))}},
     names(2,
           "FAIL other.yml:6: 'x' is uploaded at ci.yml:6, too: the second of them fails (409 Conflict)\n" +
               kOwnName)},
    {"CalledTwice",
     kNames,
     {{"ci.yml", jobs({{"a", "    uses: ./.github/workflows/other.yml\n"},
                       {"b", "    uses: ./.github/workflows/other.yml\n"}})},
      {"other.yml", "on: workflow_call\njobs:\n  c:\n" + job(upload("x"))}},
     names(1,
           "FAIL other.yml:6: 'x' is uploaded by each of 2 calls of other.yml (ci.yml:3 and 5): the first "
           "one wins, the "
           "others fail (409 Conflict)\n"
           "  > give the workflow an input that differs from call to call, and put it into the name\n")},
    {"CalledInAMatrix",
     kNames,
     {{"ci.yml", jobs({{"a", "    " + kMatrix + "\n    uses: ./.github/workflows/other.yml\n"}})},
      {"other.yml", "on: workflow_call\njobs:\n  c:\n" + job(upload("x-${{ strategy.job-index }}"))}},
     names(1,
           "FAIL other.yml:6: 'x-0' is uploaded by each of 6 calls of other.yml (ci.yml:3, in a matrix): the "
           "first one "
           "wins, the others fail (409 Conflict)\n"
           "  > give the workflow an input that differs from call to call, and put it into the name\n")},
    {"CompositeActionTwice",
     kNames,
     {{"ci.yml", jobs({{"a", job("      - uses: ./keep\n      - uses: ./keep\n")}})},
      {"keep/action.yml", "runs:\n  using: composite\n  steps:\n" + upload("x")}},
     names(1,
           "FAIL keep/action.yml:4: the job 'a' uploads 'x' several times under one name: the first one "
           "wins, the others "
           "fail (409 Conflict)\n" +
               kOwnName)},
    {"CompositeActionByInput",
     kNames,
     {{"ci.yml", jobs({{"a", job("      - {uses: ./keep, with: {n: a}}\n      - uses: ./keep\n")}})},
      {"keep/action.yml",
       "inputs: {n: {default: b}}\nruns:\n  using: composite\n  steps:\n" + upload("x-${{ inputs.n }}")}},
     "1 examined\n"},
    {"OpposedConditions",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x", "if: \"github.base_ref == 'main'\", ") +
                                 upload("x", "if: \"github.base_ref != 'main'\", ") +
                                 upload("y", "if: \"github.base_ref == 'a'\", ") +
                                 upload("y", "if: \"github.base_ref == 'b'\", "))}})}},
     "4 examined\n"},
    {"SuccessAndFailure",
     kNames,
     {{"ci.yml", jobs({{"a", job(kMake + upload("x") + upload("x", "if: failure(), "))}})}},
     "2 examined\n"},
    {"FailureBetween",
     kNames,
     {{"ci.yml", jobs({{"a", job(kMake + upload("x") + kMake + upload("x", "if: failure(), "))}})}},
     names(2, "FAIL ci.yml:9: 'x' is uploaded at ci.yml:7, too: the second of them fails (409 Conflict)\n" +
                  kOwnName)},
    {"OneNameForFailures",
     kNames,
     {{"ci.yml", jobs({{"a", job(kMake + upload("x", "if: failure(), "))},
                       {"b", job(kMake + upload("x", "if: failure(), "))}})}},
     names(2,
           "FAIL ci.yml:12: 'x' is uploaded at ci.yml:7, too: the second of them fails (409 Conflict)\n"
           "  > give each upload of a run a name of its own, such as `name: x-${{ github.job }}`\n")},
    {"ByOutputsOfSteps",
     kNames,
     {{"ci.yml", jobs({{"a", job("      - {id: s, run: make}\n      - {id: t, run: make}\n" +
                                 upload("x", "if: steps.s.outputs.o == '1', ") +
                                 upload("x", "if: steps.t.outputs.o == '1', "))}})}},
     names(2,
           "?    ci.yml:9: 'x' is uploaded at ci.yml:8, too: the second of them fails (409 Conflict); "
           "whether both can "
           "happen in one run, only the run knows\n" +
               kOwnName)},
    {"OverwrittenInOneJob",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x") + upload("x", "", ", overwrite: true"))}})}},
     "2 examined\n"},
    {"OverwrittenAcrossJobs",
     kNames,
     {{"ci.yml",
       jobs({{"a", job(upload("x"))}, {"b", job(upload("x", "", ", overwrite: true"), "needs: a")}})}},
     names(2,
           "FAIL ci.yml:11: 'x' is uploaded at ci.yml:6, too: this one deletes it and takes its place "
           "(`overwrite: "
           "true`)\n"
           "  > give each upload of a run a name of its own, such as `name: x-${{ github.job }}`\n")},
    {"OverwrittenInAMatrix",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x", "", ", overwrite: true"), kMatrix)}})}},
     names(1,
           "FAIL ci.yml:7: the 6 jobs of the matrix upload 'x' under one name: the last one wins, the others "
           "are lost\n"
           "  > put the matrix into the name, with every axis of it or as `name: x-${{ strategy.job-index "
           "}}`\n")},
    {"Matrix",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x"), kMatrix)}})}},
     names(1,
           "FAIL ci.yml:7: the 6 jobs of the matrix upload 'x' under one name: the first one wins, the "
           "others fail (409 "
           "Conflict)\n"
           "  > put the matrix into the name, with every axis of it or as `name: x-${{ strategy.job-index "
           "}}`\n")},
    {"MatrixInTheName",
     kNames,
     {{"ci.yml",
       jobs({{"a", job(upload("x-${{ matrix.os }}-${{ matrix.py }}") + upload("y-${{ strategy.job-index }}"),
                       kMatrix)}})}},
     "2 examined\n"},
    {"OneNameByAnExpression",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x-${{ github.run_id }}"), kMatrix)}})}},
     names(1,
           "FAIL ci.yml:7: the 6 jobs of the matrix upload 'x-${{ github.run_id }}' under one name: the "
           "first one wins, "
           "the others fail (409 Conflict)\n"
           "  > put the matrix into the name, with every axis of it or as `name: x-${{ github.run_id }}-${{ "
           "strategy.job-index }}`\n")},
    {"OneAxisInTheName",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x-${{ matrix.os }}"), kMatrix)}})}},
     names(1,
           "FAIL ci.yml:7: jobs of the matrix upload 'x-linux' under one name: the first one wins, the "
           "others fail (409 "
           "Conflict)\n"
           "  > put every axis of the matrix into the name\n"
           "FAIL ci.yml:7: jobs of the matrix upload 'x-mac' under one name: the first one wins, the others "
           "fail (409 "
           "Conflict)\n"
           "  > put every axis of the matrix into the name\n")},
    {"MatrixOfIncludes",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x"), "strategy: {matrix: {include: [{os: linux}, {os: mac}]}}")}})}},
     names(1,
           "FAIL ci.yml:7: the 2 jobs of the matrix upload 'x' under one name: the first one wins, the "
           "others fail (409 "
           "Conflict)\n"
           "  > put the matrix into the name, with every axis of it or as `name: x-${{ strategy.job-index "
           "}}`\n")},
    {"MatrixOfOne",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x"), "strategy: {matrix: {os: [linux]}}")}})}},
     "1 examined\n"},
    {"ComputedMatrix",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("x"), "strategy: {matrix: {os: \"${{ fromJSON(vars.M) }}\"}}")}})}},
     names(1,
           "?    ci.yml:7: 'x' is one name for all jobs of a matrix whose size only the run knows\n"
           "  > put `${{ strategy.job-index }}` into the name\n")},
    {"UnpackedFiles",
     kNames,
     {{"ci.yml",
       jobs(
           {{"a",
             job("      - {uses: actions/upload-artifact@v7, with: {path: a/r.html, archive: false}}\n")},
            {"b",
             job("      - {uses: actions/upload-artifact@v7, with: {path: b/r.html, archive: false}}\n")}})}},
     names(
         2,
         "FAIL ci.yml:10: 'r.html' is uploaded at ci.yml:6, too: the second of them fails (409 Conflict)\n"
         "  > give the files names of their own: with `archive: false` the artifact has the file's name\n")},
    {"MergedIntoAName",
     kNames,
     {{"ci.yml", jobs({{"a", job(upload("all"))},
                       {"b", job("      - {uses: actions/upload-artifact/merge@v4, with: {name: all}}\n",
                                 "needs: a")}})}},
     names(2,
           "FAIL ci.yml:11: 'all' is uploaded at ci.yml:6, too: the second of them fails (409 Conflict)\n"
           "  > give each upload of a run a name of its own, such as `name: all-${{ github.job }}`\n")},
    {"Nothing",
     kNames,
     {{"ci.yml", jobs({{"a", job(kMake)}})}},
     "0 examined\nskip: no pull request uploads an artifact whose name must be unique\n"},
};
INSTANTIATE_TEST_SUITE_P(Names, RunChecks, ::testing::ValuesIn(kNameCases), case_name);

const std::string kDownloads = "download-has-upload";
const std::string kHint =
    "  > upload 'logs' in a job that this one `needs`, or give `run-id:` and `github-token:` when it comes "
    "from another run\n";
const std::vector<RunCase> kDownloadCases = {
    {"Found",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("logs"))}, {"b", job(download("logs"), "needs: a")}})}},
     "1 examined\n"},
    {"Computed",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("${{ vars.KIND }}s"))}, {"b", job(download("logs"), "needs: a")}})}},
     "1 examined\n"},
    {"Misspelt",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("log"))}, {"b", job(download("logs"), "needs: a")}})}},
     "1 examined\nFAIL ci.yml:11: downloads 'logs', which no step of a run of ci.yml uploads (it uploads "
     "'log'): the step "
     "fails each time it runs\n  > write `name: log`, or upload 'logs' before\n"},
    {"NothingUploaded",
     kDownloads,
     {{"ci.yml", jobs({{"b", job(download("logs"))}})}},
     "1 examined\nFAIL ci.yml:6: downloads 'logs', which no step of a run of ci.yml uploads (it uploads "
     "nothing): the step "
     "fails each time it runs\n" +
         kHint},
    {"InAnotherWorkflow",
     kDownloads,
     {{"ci.yml", jobs({{"b", job(download("logs"))}})},
      {"push.yml", "on: push\njobs:\n  a:\n" + job(upload("logs"))}},
     "1 examined\nFAIL ci.yml:6: downloads 'logs', which no step of a run of ci.yml uploads (it uploads "
     "nothing): the step "
     "fails each time it runs\n" +
         kHint},
    {"InAReusableWorkflow",
     kDownloads,
     {{"ci.yml",
       jobs({{"a", "    uses: ./.github/workflows/other.yml\n"}, {"b", job(download("logs"), "needs: a")}})},
      {"other.yml", "on: workflow_call\njobs:\n  c:\n" + job(upload("logs"))}},
     "1 examined\n"},
    {"InACompositeAction",
     kDownloads,
     {{"ci.yml", jobs({{"a", job("      - uses: ./.github/actions/keep\n" + download("logs"))}})},
      {".github/actions/keep/action.yml", "runs:\n  using: composite\n  steps:\n" + upload("logs")}},
     "1 examined\n"},
    {"InAnActionOfTheRoot",
     kDownloads,
     {{"ci.yml", jobs({{"a", job("      - uses: $/keep/\n" + download("logs"))}})},
      {"keep/action.yaml", "runs:\n  using: composite\n  steps:\n" + upload("logs")}},
     "1 examined\n"},
    {"PerhapsByAnActionOfOthers",
     kDownloads,
     {{"ci.yml", jobs({{"a", job("      - uses: o/r@v1\n" + download("logs"))}})}},
     "1 examined\n?    ci.yml:7: downloads 'logs', which no step that can be seen uploads; an action or "
     "workflow of another "
     "repository may\n  > upload it by actions/upload-artifact in the workflow itself\n"},
    {"DefaultName",
     kDownloads,
     {{"ci.yml", jobs({{"a", job("      - {uses: actions/upload-artifact@v4, with: {path: out}}\n" +
                                 download("artifact"))}})}},
     "1 examined\n"},
    {"OfAnotherRun",
     kDownloads,
     {{"ci.yml", jobs({{"b", job(download("logs", "", ", run-id: 3, github-token: t"))}})}},
     "0 examined\nskip: no step downloads an artifact of its own run\n"},
    {"OfItsOwnRunForWantOfAToken",
     kDownloads,
     {{"ci.yml", jobs({{"b", job(download("logs", "", ", run-id: 3"))}})}},
     "1 examined\nFAIL ci.yml:6: downloads 'logs', which no step of a run of ci.yml uploads (it uploads "
     "nothing): the step "
     "fails each time it runs\n" +
         kHint},
    {"OnlyEverCalled",
     kDownloads,
     {{"ci.yml", "on: workflow_call\njobs:\n  a:\n" + job(download("logs"))}},
     "0 examined\nskip: no step downloads an artifact of its own run\n"},
    {"Unreadable",
     kDownloads,
     {{"broken.yml", "on: push\njobs:\n\ta: b\n"}},
     "0 examined\n?    broken.yml: cannot be read (line 3: a tab where spaces must indent), so what it does "
     "is unknown\n"
     "  > fix the file; EG-CG1.workflows-readable shows each such file\n"},
    {"WithoutWaiting",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("logs"))}, {"b", job(download("logs"))}})}},
     "1 examined\nFAIL ci.yml:10: downloads 'logs', which ci.yml:6 uploads in a job that this one does not "
     "wait for: unless "
     "that is done by chance, the download fails\n  > write `needs: a` in the job 'b'\n"},
    {"BeforeIt",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(download("logs") + upload("logs"))}})}},
     "1 examined\nFAIL ci.yml:6: downloads 'logs', which ci.yml:7 uploads only after it: the download fails\n"
     "  > upload it in an earlier step\n"},
    {"OfAnEarlierAttempt",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(download("logs", "continue-on-error: true, ") +
                                 download("logs", "if: github.run_attempt > 1, ") + upload("logs"))}})}},
     "2 examined\n"},
    {"PerhapsOfAWorkflowOfOthers",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("logs-a"))},
                       {"b", "    uses: o/r/.github/workflows/x.yml@v1\n"},
                       {"c", job(download("", "", ", pattern: logs-*"), "needs: b")}})}},
     "1 examined\n"},
    {"NeedsTurnedAround",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("logs"), "needs: b")}, {"b", job(download("logs"))}})}},
     "1 examined\nFAIL ci.yml:11: downloads 'logs', which ci.yml:7 uploads only after this job: the download "
     "fails\n"
     "  > turn the `needs:` of the jobs around\n"},
    {"ThroughOthersAndCalls",
     kDownloads,
     {{"ci.yml", jobs({{"a", "    uses: ./.github/workflows/other.yml\n"},
                       {"b", job(kMake, "needs: a")},
                       {"c", "    needs: b\n    uses: ./.github/workflows/third.yml\n"}})},
      {"other.yml", "on: workflow_call\njobs:\n  c:\n" + job(upload("logs"))},
      {"third.yml", "on: workflow_call\njobs:\n  c:\n" + job(download("logs"))}},
     "1 examined\n"},
    {"OnAnotherEvent",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("logs", "if: github.event_name == 'push', "))},
                       {"b", job(download("logs"), "needs: a")}})}},
     "1 examined\nFAIL ci.yml:11: downloads 'logs', which no step of a run of ci.yml uploads (it uploads "
     "'logs'): the step "
     "fails each time it runs\n  > write `name: logs`, or upload 'logs' before\n"},
    {"UnderOpposedConditions",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(upload("logs", "if: github.base_ref == 'main', "))},
                       {"b", job(download("logs"), "needs: a\n    if: github.base_ref == 'dev'")}})}},
     "1 examined\nFAIL ci.yml:12: downloads 'logs', which ci.yml:6 uploads only where this step does not "
     "run: their "
     "conditions exclude each other\n  > let both run under the same conditions\n"},
    {"OnlyAfterAFailure",
     kDownloads,
     {{"ci.yml", jobs({{"a", job(kMake + upload("logs", "if: failure(), "))},
                       {"b", job(download("logs"), "needs: a\n    if: always()")}})}},
     "1 examined\nFAIL ci.yml:13: downloads 'logs', which ci.yml:7 uploads only after something failed, and "
     "this step runs "
     "each time: it fails whenever nothing else does\n"
     "  > upload it with `if: always()`, or download it under the same condition\n"},
    {"DeletedByAMerge",
     kDownloads,
     {{"ci.yml",
       jobs({{"a", job(upload("logs-a"))},
             {"b", job("      - {uses: actions/upload-artifact/merge@v4, with: {name: all, pattern: logs-*, "
                       "delete-merged: true}}\n" +
                           download("logs-a") + download("all"),
                       "needs: a")}})}},
     "3 examined\nFAIL ci.yml:12: downloads 'logs-a', which ci.yml:11 has deleted by then (`delete-merged: "
     "true`): the step "
     "fails each time it runs\n  > download 'all'\n"},
    {"PatternThatFitsNothing",
     kDownloads,
     {{"ci.yml",
       jobs({{"a", job(upload("logs-a"))}, {"b", job(download("", "", ", pattern: lgos-*"), "needs: a")}})}},
     "1 examined\nFAIL ci.yml:11: downloads what fits 'lgos-*', which no step of a run of ci.yml uploads (it "
     "uploads "
     "'logs-a'): the step gets nothing, and stays green\n"
     "  > ask for the name of an artifact that the run uploads before\n"},
    {"PatternThatFits",
     kDownloads,
     {{"ci.yml",
       jobs({{"a", job(upload("logs-a"))}, {"b", job(download("", "", ", pattern: logs-*"), "needs: a")}})}},
     "1 examined\n"},
    {"MergeOfNothing",
     kDownloads,
     {{"ci.yml",
       jobs({{"a", job(upload("x"))},
             {"b", job("      - {uses: actions/upload-artifact/merge@v4, with: {pattern: logs-*}}\n",
                       "needs: a")}})}},
     "1 examined\nFAIL ci.yml:11: merges what fits 'logs-*', which no step of a run of ci.yml uploads (it "
     "uploads 'merged-artifacts' and "
     "'x'): the step fails each time it runs\n"
     "  > ask for the name of an artifact that the run uploads before\n"},
};
INSTANTIATE_TEST_SUITE_P(Downloads, RunChecks, ::testing::ValuesIn(kDownloadCases), case_name);

std::string kept(const std::string& days) {
  return upload("logs", "", ", retention-days: \"" + days + "\"");
}
const std::string kRetention = "artifact-retention";
const std::string kDays = "  > write `retention-days: 30` under `with:`\n";
const std::vector<RunCase> kRetentionCases = {
    {"Literal",
     kRetention,
     {{"ci.yml", jobs({{"a", job(kept("${{ 5 }}"))}})}},
     "1 examined\nFAIL ci.yml:6: 'logs' is deleted after 5 days (`${{ 5 }}` on a pull request), an audit "
     "needs it for 30\n" +
         kDays},
    {"ByEvent",
     kRetention,
     {{"ci.yml", jobs({{"a", job(kept("${{ github.event_name == 'push' && 1 || 90 }}"))}})}},
     "1 examined\n"},
    {"OfAnInputWithSeveralCallers",
     kRetention,
     {{"ci.yml", jobs({{"a", "    uses: ./.github/workflows/other.yml\n"},
                       {"b", "    uses: ./.github/workflows/other.yml\n    with: {days: 7}\n"}})},
      {"other.yml", "on: {workflow_call: {inputs: {days: {type: number, default: 60}}}}\njobs:\n  c:\n" +
                        job(kept("${{ inputs.days }}"))}},
     "1 examined\nFAIL other.yml:6: 'logs' is deleted after 7 days (`${{ inputs.days }}` on a pull request), "
     "an audit needs "
     "it for 30\n" +
         kDays},
    {"NotKnown",
     kRetention,
     {{"ci.yml", "env: {DAYS: \"${{ vars.DAYS }}\"}\n" + jobs({{"a", job(kept("${{ env.DAYS }}"))}})}},
     "1 examined\n?    ci.yml:7: 'logs' is kept for `${{ env.DAYS }}` days, a value that only the run knows "
     "(it depends on "
     "`vars.days`)\n" +
         kDays},
};
INSTANTIATE_TEST_SUITE_P(Retention, RunChecks, ::testing::ValuesIn(kRetentionCases), case_name);

}  // namespace
}  // namespace exitgate::testing
