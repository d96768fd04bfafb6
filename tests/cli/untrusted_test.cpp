// A repository whose names would speak for us, through every output: terminal, ctest, logs, diff, annotations, reports.

#include <gmock/gmock.h>

#include <algorithm>

#include "harness/base/output.h"
#include "harness/facts/facts.h"
#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {
using testing::HasSubstr;
using testing::Not;

// Gates of the target's own, which find each file and each job, so that each hostile name is a finding.
constexpr const char* kGates = R"(gates:
  - exit-gate: EG-OWN
    title: "Own\n::error::title of an exit gate"
    gates:
      - id: files
        title: "Files ]]> ``` ##[error]x\n::warning::title"
        check: sql
        with:
          domains: [repo]
          query: "SELECT path AS file, 1 AS line, path || ' is a file' AS message FROM repo.file"
          examined: SELECT count(*) FROM repo.file
        counterexample: INSERT INTO repo.file VALUES ('x', '100644', '00', 1)
      - id: jobs
        title: Jobs
        check: sql
        with:
          domains: [ci]
          query: "SELECT name AS file, name AS message FROM ci.job"
          examined: SELECT count(*) FROM ci.job
        counterexample: UPDATE ci.job SET name = 'x'
)";

constexpr const char* kWorkflow = R"(name: ci
on: pull_request
jobs:
  a:
    name: "\n::error::from a job\e[31m ]]> ```"
    runs-on: ubuntu-22.04
    steps: [{run: make}]
)";

class UntrustedTest : public testing::Test {
 protected:
  UntrustedTest() {
    const auto repository = folder_.path() / "-rf .\u00dcn\u00ef";
    std::filesystem::create_directories(repository);
    repository_ = repository;
    shell(repository, "git init -q -b main .");
    for (const char* name : {"::stop-commands::x.py", "::error file=README.md,line=1::x.py", "##[error]x.md",
                             "##vso[task.x]y.md", "d/a\xE9.txt", "d/a\xE8.txt", "e\x1b[31m\n::error::z",
                             "]]>.md", "```.md", "\u202egnp.exe"})
      write_file(repository / name, "x\n");
    write_file(repository / "README.md", "x\n");
    write_file(repository / "exitgate.yaml", kGates);
    write_file(repository / ".github/workflows/ci.yml", kWorkflow);
    commit_all(repository, "::error::subject");
  }
  std::filesystem::path out() const { return folder_.path() / "out"; }
  ProcessResult evaluate() const {
    return exitgate({"run", "--repo", repository_.string(), "--out", out().string(), "--label", "EG-OWN"});
  }

  TemporaryDirectory folder_{"untrusted-test"};
  std::filesystem::path repository_;
};

// What a runner of GitHub or Azure Pipelines or a terminal would obey; our own text is without colors here.
void expect_obeyed_by_nobody(std::string text, const std::string& where) {
  std::replace(text.begin(), text.end(), '\t', ' ');  // ctest's own
  EXPECT_EQ(without_commands(text), text) << where;
  EXPECT_THAT(text, Not(testing::IsEmpty())) << where;
}

TEST_F(UntrustedTest, NoOutputIsACommand) {
  const auto finished = evaluate();
  ASSERT_EQ(finished.exit_code, 1) << finished.output << finished.error;
  expect_obeyed_by_nobody(finished.output, "run");
  EXPECT_THAT(finished.output, HasSubstr("::stop-commands::x.py"));
  EXPECT_THAT(finished.output, HasSubstr("d/a\\351.txt"));
  const auto sealed = archives(out());
  ASSERT_EQ(sealed.size(), 1U);
  EXPECT_THAT(sealed[0].filename().string(), testing::MatchesRegex("rf-.Uni-[0-9a-f]+-[0-9TZ]+.tar.zst"));

  const auto again = run({.arguments = {"ctest", "--test-dir", (out() / ".ctest").string(),
                                        "--output-on-failure", "-L", "EG-OWN"},
                          .limit = std::chrono::seconds(120),
                          .merge_error = true});
  EXPECT_THAT(again.output, HasSubstr("stop-commands"));
  expect_obeyed_by_nobody(again.output, "ctest --output-on-failure");
  for (const auto& entry : std::filesystem::recursive_directory_iterator(out() / "logs")) {
    if (entry.is_regular_file() && entry.file_size() > 0)
      expect_obeyed_by_nobody(read_file(entry.path()), entry.path().string());
  }
  expect_obeyed_by_nobody(exitgate({"show", sealed[0].string()}).output, "show");
  expect_obeyed_by_nobody(exitgate({"report", sealed[0].string()}).output, "report");
  expect_obeyed_by_nobody(exitgate({"gates", "--repo", repository_.string()}).output, "gates");
  expect_obeyed_by_nobody(exitgate({"verify", sealed[0].string()}).output, "verify");
  expect_obeyed_by_nobody(read_file(out() / "EVIDENCE.md"), "EVIDENCE.md");

  shell(repository_, "git mv '::stop-commands::x.py' '::stop-commands::y.py'");
  commit_all(repository_, "moved");
  ASSERT_EQ(evaluate().exit_code, 1);
  auto all = archives(out());
  std::sort(all.begin(), all.end());
  ASSERT_EQ(all.size(), 3U);
  for (const char* format : {"text", "markdown"}) {
    const auto diff = exitgate({"diff", all.front().string(), all.back().string(), "--format", format});
    EXPECT_THAT(diff.output, HasSubstr("stop-commands"));
    expect_obeyed_by_nobody(diff.output, std::string("diff --format ") + format);
  }
}

TEST_F(UntrustedTest, AnnotationsAreOursAlone) {
  ASSERT_EQ(evaluate().exit_code, 1);
  const std::string text = exitgate({"report", out().string(), "--format", "github"}).output;
  std::size_t lines = 0;
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1, ++lines) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    EXPECT_THAT(line, testing::MatchesRegex(
                          "::(error|warning) ([a-z]+=[^:,]*,)*title=(EG-OWN.(files|jobs)|exitgate)::.*"));
    EXPECT_THAT(line, Not(HasSubstr("##[")));
    for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20U);
  }
  EXPECT_GT(lines, 5U);
}

TEST_F(UntrustedTest, OtherProgramsReadTheReports) {
  ASSERT_EQ(evaluate().exit_code, 1);
  shell(out(), "xmllint --noout junit.xml");
  const auto sarif = Json::parse(read_file(out() / "results.sarif"));
  std::vector<std::string> uris;
  for (const auto& result : sarif["runs"][0]["results"])
    uris.push_back(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].text());
  EXPECT_THAT(uris, testing::IsSupersetOf({"d/a%E9.txt", "d/a%E8.txt", "%3A%3Astop-commands%3A%3Ax.py",
                                           "e%1B%5B31m%0A%3A%3Aerror%3A%3Az"}));
  const facts::Facts facts(out() / "facts", {"repo"});
  EXPECT_EQ(facts.integer("SELECT count(*) FROM repo.file WHERE path LIKE 'd/a%.txt'"), 2);
  const auto sealed = archives(out());
  ASSERT_EQ(sealed.size(), 1U);
  const auto verified = exitgate({"verify", sealed[0].string(), "--replay", "--repo", repository_.string()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.error;
}

TEST_F(UntrustedTest, AFolderHasAnyNameThatCTestCanBeTold) {
  for (const std::string name : {"with space", "[1]", "\u00fc\u65e5", "a,b", "(c)", "#d", "'e'"}) {
    const auto finished = exitgate({"run", "--repo", repository_.string(), "--out",
                                    (folder_.path() / name).string(), "--label", "EG-OWN"});
    EXPECT_EQ(finished.exit_code, 1) << name << finished.output << finished.error;
    EXPECT_EQ(archives(folder_.path() / name).size(), 1U) << name;
  }
  for (const auto& [name, character] :
       std::vector<std::pair<std::string, std::string>>{{"a;b", "';'"},
                                                        {"a\"b", "'\"'"},
                                                        {"${x}", "'$'"},
                                                        {"a\\b", "'\\'"},
                                                        {"a\nb", "a control character"}}) {
    const auto finished = exitgate({"run", "--repo", repository_.string(), "--out",
                                    (folder_.path() / name).string(), "--label", "EG-OWN"});
    EXPECT_EQ(finished.exit_code, 2) << name << finished.output << finished.error;
    EXPECT_THAT(finished.error, HasSubstr("has " + character + " in its path, which CTest cannot be told"));
  }
}

}  // namespace
}  // namespace exitgate::testing_program
