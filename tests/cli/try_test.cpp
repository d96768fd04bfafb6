// `exitgate try` on a real repository: the same verdict as a run, in a moment.

#include <gmock/gmock.h>

#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGate =
    "id: named-jobs\n"
    "title: Every job has a name\n"
    "check: sql\n"
    "with:\n"
    "  query: SELECT file, line, 'job ' || id || ' has no name' AS message FROM ci.job WHERE name IS NULL\n"
    "counterexample: UPDATE ci.job SET name = NULL\n";

std::string indented(const std::string& text) {
  std::string result;
  bool first = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at) + 1;
    result += (first ? "  - " : "    ") + text.substr(at, end - at);
    first = false;
    at = end;
  }
  return result;
}

std::string gate_file(const std::string& name) {
  return "exit-gate: " + name + "\ntitle: Ours\ngates:\n" + indented(kGate);
}

class TryTest : public testing::Test {
 protected:
  TryTest() {
    fs::create_directories(repository() / ".github/workflows");
    write_file(
        repository() / ".github/workflows/ci.yml",
        "on: pull_request\njobs:\n  test:\n    name: Tests\n    runs-on: x\n    steps: [{run: make test}]\n"
        "  lint:\n    runs-on: x\n    steps: [{run: make lint}]\n");
    shell(repository(), "git init -q -b main .");
    commit_all(repository(), "Begin");
  }
  fs::path repository() const { return folder_.path() / "service"; }
  fs::path file(const std::string& content) const {
    write_file(folder_.path() / "gate.yaml", content);
    return folder_.path() / "gate.yaml";
  }
  ProcessResult attempt(const std::string& gate, std::vector<std::string> more = {},
                        const std::string& input = "") const {
    std::vector<std::string> arguments = {"try", gate, "--repo", repository().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(std::move(arguments), {"EXITGATE_CACHE=" + (folder_.path() / "cache").string()}, input);
  }
  void name_the_job(const std::string& name) const {
    replace_in(repository() / ".github/workflows/ci.yml", "  lint:\n", "  lint:\n    name: " + name + "\n");
  }

  TemporaryDirectory folder_{"try-test"};
};

TEST_F(TryTest, ShowsVerdictProofAndTime) {
  const auto tried = attempt(file(kGate).string());
  EXPECT_EQ(tried.exit_code, 1) << tried.error;
  EXPECT_THAT(tried.output,
              HasSubstr("try.named-jobs fail: Every job has a name\n"
                        "  .github/workflows/ci.yml:7: job lint has no name\n"
                        "  2 examined, 1 finding; the counterexample turns it red\n"
                        "  the counterexample changes 2 rows, and the gate then has 2 findings:\n"
                        "    .github/workflows/ci.yml:3: job test has no name\n"
                        "    .github/workflows/ci.yml:7: job lint has no name\n"
                        "  read ci in "));
  EXPECT_THAT(tried.output,
              HasSubstr("gates of " + (folder_.path() / "gate.yaml").string() + ", facts of commit "));
}

TEST_F(TryTest, TakesAnEntryAListAGateFileAndStandardInput) {
  for (const auto& [content, name] : std::vector<std::pair<std::string, std::string>>{
           {kGate, "try.named-jobs"},
           {indented(kGate), "try.named-jobs"},
           {gate_file("EG-ACME1"), "EG-ACME1.named-jobs"},
           {"gates:\n" + indented(gate_file("EG-A")), "EG-A.named-jobs"}}) {
    const auto tried = attempt(file(content).string());
    EXPECT_EQ(tried.exit_code, 1) << content << tried.error;
    EXPECT_THAT(tried.output, HasSubstr(name + " fail: Every job")) << content;
    EXPECT_EQ(attempt("-", {}, content).output.substr(0, 60), tried.output.substr(0, 60));
  }
}

// What a gate asks of the files is collected because it asks, and its example goes the same way.
TEST_F(TryTest, CollectsWhatAGateAsks) {
  write_file(repository() / "a.py", "# print(0)\nx = 'print(1)'\nprint(2)\n");
  commit_all(repository(), "Print");
  const auto tried = attempt(file("id: no-print\ntitle: Nothing is printed\ncheck: text\n"
                                  "with: {pattern: '\\bprint\\(', files: '*.py', in: code}\n"
                                  "counterexample: {file: b.py, content: 'print(1)'}\n")
                                 .string());
  EXPECT_EQ(tried.exit_code, 1) << tried.error;
  EXPECT_THAT(tried.output,
              AllOf(HasSubstr("  a.py:3: "), HasSubstr("1 finding; the counterexample turns it red\n"),
                    HasSubstr("    b.py:1: "), HasSubstr("read asked in ")));
}

TEST_F(TryTest, SaysMistakesWithTheirLine) {
  std::string wrong = kGate;
  wrong.replace(wrong.find("name IS NULL"), 4, "nmae");
  const auto tried = attempt(file(wrong).string());
  EXPECT_EQ(tried.exit_code, 2);
  EXPECT_THAT(tried.error, AllOf(HasSubstr("gate.yaml:5: "), HasSubstr("did you mean 'name'?")));
  EXPECT_THAT(tried.output, IsEmpty());
  EXPECT_THAT(attempt("EG-CG1.retentoin").error,
              HasSubstr("no gate is called 'EG-CG1.retentoin' (did you mean 'EG-CG1.retention'?)"));
  EXPECT_THAT(attempt("there-is-none.yaml").error, HasSubstr("there-is-none.yaml: no such gate file"));
}

TEST_F(TryTest, AnswersAsARunDoes) {
  const auto run = folder_.path() / "run";
  exitgate({"run", "--repo", repository().string(), "--label", "EG-CG1", "--out", run.string()});
  std::size_t compared = 0;
  for (const auto& entry : fs::directory_iterator(run / "verdicts")) {
    const auto sealed = Json::parse(read_file(entry.path()));
    const auto one = attempt(sealed.at("gate").text(), {"--json"});
    const auto verdict = Json::parse(one.output).at("gates")[0].at("verdict");
    EXPECT_EQ(verdict.at("status"), sealed.at("status")) << entry.path();
    EXPECT_EQ(verdict.at("examined"), sealed.at("examined")) << entry.path();
    EXPECT_EQ(verdict.at("findings").size(), sealed.at("findings").size()) << entry.path();
    ++compared;
  }
  EXPECT_GT(compared, 5U);
}

// The gate is being written: it stands in the work tree, and the facts are the commit's.
TEST_F(TryTest, TakesGatesFromTheWorkTreeAndFactsFromTheCommit) {
  write_file(repository() / "exitgate.yaml",
             "gates:\n  - exit-gate: EG-ACME1\n    title: Ours\n    gates:\n      - id: named-jobs\n        "
             "title: T\n        check: sql\n        with:\n          query: SELECT 'job ' || id AS message "
             "FROM ci.job WHERE name IS NULL\n        counterexample: UPDATE ci.job SET name = NULL\n");
  EXPECT_THAT(attempt("EG-ACME1.named-jobs").error, HasSubstr("no gate is called 'EG-ACME1.named-jobs'"));
  EXPECT_EQ(attempt("EG-ACME1.named-jobs", {"--work-tree"}).exit_code, 1);
  name_the_job("Lint");
  const auto before = attempt("EG-ACME1.named-jobs", {"--work-tree"});
  EXPECT_EQ(before.exit_code, 1) << before.output;
  EXPECT_THAT(before.output, HasSubstr("gates of the suite and the work tree, facts of commit "));
  commit_all(repository(), "Name the job");
  EXPECT_EQ(attempt("EG-ACME1.named-jobs").exit_code, 0);
}

// Nothing passes by accident: a gate that cannot fail, that looked at nothing, or that skips is not green here either.
TEST_F(TryTest, IsNotGreenByAccident) {
  std::string never = kGate;
  never.replace(never.find("SET name = NULL"), 15, "SET name = 'x'");
  name_the_job("Lint");
  commit_all(repository(), "Name the job");
  const auto broken = attempt(file(never).string());
  EXPECT_EQ(broken.exit_code, 3);
  EXPECT_THAT(broken.output, HasSubstr("its counterexample leaves it at 'pass'"));
  EXPECT_EQ(attempt(file(kGate).string()).exit_code, 0);
  EXPECT_EQ(attempt("EG-CG2.one-head").exit_code, 3);  // there are no migrations
  shell(repository(), "git rm -rq .github && git commit -qm 'Remove the workflows'");
  const auto nothing = attempt(file(kGate).string());
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_THAT(nothing.output, HasSubstr("try.named-jobs error: "));
}

}  // namespace
}  // namespace exitgate::testing_program
