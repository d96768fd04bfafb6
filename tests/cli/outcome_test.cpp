// One run, one outcome: everything that says what became of a run says the same.

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <ostream>

#include "harness/attest/attestation.h"
#include "harness/base/text.h"
#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;

// Gates on one fact store, so that nothing else takes time.
std::string gate(const std::string& id, const std::string& query, const std::string& more) {
  return fmt::format(
      "  - id: {0}\n    title: Gate {0}\n    check: sql\n    with: {{domains: [repo], query: \"{1}\", {2}}}\n"
      "    counterexample: DELETE FROM repo.checkout\n",
      id, query, more);
}

constexpr const char* kNoCommit =
    "SELECT 'no commit' AS message WHERE NOT EXISTS (SELECT 1 FROM repo.checkout)";
std::string passing(const std::string& id) {
  return gate(id, kNoCommit, "examined: SELECT 1");
}
std::string failing(const std::string& id) {
  return gate(id, "SELECT 'always' AS message", "examined: SELECT 1");
}
std::string skipping(const std::string& id) {
  return gate(id, kNoCommit, "examined: SELECT 0, skip-when-empty: true");
}
std::string core(const std::string& gate) {
  return gate + "    core: true\n";
}
std::string undecided(const std::string& id) {
  return gate(id, kNoCommit, "examined: SELECT 0");
}

constexpr const char* kWaiver =
    "waivers: [{gate: EG-O1.a, finding: '*', reason: known, expires: 2999-01-01}]\n";

struct Case {
  const char* name;
  std::string suite;  // its gates, and what stands before them
  std::string config;
  enum Trick { none, no_verdict, interrupted } trick;
  const char* outcome;
  int exit_code;
  const char* result;   // of the attestation
  const char* summary;  // of the verification summary
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class OutcomeTest : public testing::TestWithParam<Case> {
 protected:
  OutcomeTest() {
    write_file(repository() / "README.md", "A service.\n");
    if (!GetParam().config.empty()) write_file(repository() / "exitgate.yaml", GetParam().config);
    shell(repository(), "git init -q -b main");
    commit_all(repository(), "one");
    write_file(suite(), "exit-gate: EG-O1\ntitle: Outcomes\n" + GetParam().suite);
    shell(folder_.path(),
          "openssl genpkey -algorithm ed25519 -out key && openssl pkey -in key -pubout -out public");
  }
  std::filesystem::path repository() const { return folder_.path() / "service"; }
  std::filesystem::path suite() const { return folder_.path() / "suite" / "EG-O1.yaml"; }
  std::filesystem::path out() const { return folder_.path() / "out"; }

  ProcessResult evaluate() const {
    return exitgate(
        {"run", "--repo", repository().string(), "--suite", suite().string(), "--out", out().string()});
  }
  ProcessResult ctest(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"ctest", "--test-dir", (out() / ".ctest").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run({.arguments = arguments, .limit = std::chrono::seconds(100)});
  }
  std::string report(const std::string& subject, const char* format) const {
    return exitgate({"report", subject, "--format", format}).output;
  }
  std::string key(const char* name) const { return (folder_.path() / name).string(); }

  TemporaryDirectory folder_{"outcome-test"};
};

// What stands between two texts.
std::string between(const std::string& text, const std::string& before, const std::string& behind) {
  const auto at = text.find(before);
  if (at == std::string::npos) return "'" + before + "' is missing";
  const auto begin = at + before.size();
  return text.substr(begin, text.find(behind, begin) - begin);
}

std::string statement_member(const std::string& envelope, const char* member) {
  const auto statement = Json::parse(attest::open_envelope(read_file(envelope)).payload);
  return statement.at("predicate").at(member).text();
}

// "pass", or "red" as a CI service counts the testcases.
std::string counted_by_ci(const std::string& junit) {
  return between(junit, "failures=\"", "\"") == "0" && between(junit, "errors=\"", "\"") == "0" &&
                 junit.find("<testcase") != std::string::npos
             ? "pass"
             : "red";
}

TEST_P(OutcomeTest, IsTheSameEverywhere) {
  const auto& [name, gates, config, trick, outcome, exit_code, result, summary] = GetParam();
  auto finished = evaluate();
  if (trick == Case::none) {
    EXPECT_EQ(finished.exit_code, exit_code) << finished.output << finished.error;
    EXPECT_EQ(between(finished.output, "\nOutcome: ", "\n"), outcome) << finished.output;
  } else if (trick == Case::no_verdict) {
    // CTest would be content with anything that exits 0.
    replace_in(out() / ".ctest" / "CTestTestfile.cmake", "add_test([=[EG-O1.a]=]",
               "add_test([=[EG-O1.a]=] /bin/sh -c [=[\"$@\"; rm " +
                   (out() / "verdicts" / "EG-O1.a.json").string() + "]=] sh");
    finished = ctest();
    EXPECT_NE(finished.exit_code, 0);
    EXPECT_EQ(between(finished.output, "\nOutcome: ", "\n"), outcome) << finished.output;
  } else {
    // Nothing ends the run: as when ctest was killed after the last gate.
    std::filesystem::remove(out() / ".ctest" / "CTestCustom.cmake");
    EXPECT_EQ(ctest({"-E", "exitgate.seal", "-FC", "exitgate.run"}).exit_code, 0);
  }

  const auto record = Json::parse(read_file(out() / "run.json"));
  EXPECT_EQ(record.text_or("outcome", "unfinished"), outcome);
  const std::string run = out().string();
  EXPECT_EQ(between(exitgate({"show", run}).output, "\noutcome      ", "\n"), outcome);

  // Sealed again, signed and with a verification summary.
  const std::string archive = (folder_.path() / "x.tar.zst").string();
  exitgate({"seal", "--run", run, "--out", archive, "--key", key("key"), "--vsa"});
  EXPECT_EQ(statement_member(archive + ".intoto.json", "result"), result);
  EXPECT_EQ(statement_member(archive + ".vsa.intoto.json", "verificationResult"), summary);
  const auto verified = exitgate({"verify", archive, "--key", key("public"), "--json"});
  EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.error;
  std::string told;
  const auto document = Json::parse(verified.output);
  for (const auto& line : document.at("info")) {
    if (line.at("label") == "Exitgate-Outcome") told += line.at("value").text();
  }
  EXPECT_EQ(told, outcome);
  EXPECT_EQ(between(exitgate({"show", archive}).output, "\noutcome      ", "\n"), outcome);

  for (const auto& subject : {run, archive}) {
    SCOPED_TRACE(subject);
    EXPECT_EQ(between(report(subject, "text"), "\nOutcome: ", "\n"), outcome);
    const std::string html = report(subject, "html");
    EXPECT_EQ(between(html, "<title>service at ", "</title>").substr(14), outcome);
    EXPECT_EQ(between(between(html, "<h1>", "</h1>"), "\">", "</span>"), outcome);
    EXPECT_EQ(between(report(subject, "markdown"), "**Outcome: ", "**"), outcome);
    const std::string junit = report(subject, "junit");
    EXPECT_EQ(between(junit, "<property name=\"outcome\" value=\"", "\""), outcome);
    EXPECT_EQ(counted_by_ci(junit), std::string(outcome) == "pass" ? "pass" : "red");
    EXPECT_THAT(report(subject, "sarif"), HasSubstr(fmt::format("\"outcome\": \"{}\"", outcome)));
  }
  if (trick == Case::interrupted) return;
  // What the run itself left says it too.
  EXPECT_EQ(between(read_file(out() / "EVIDENCE.md"), "**Outcome: ", "**"), outcome);
  EXPECT_EQ(between(read_file(out() / "report.html"), "<title>service at ", "</title>").substr(14), outcome);
  EXPECT_EQ(counted_by_ci(read_file(out() / "junit.xml")), std::string(outcome) == "pass" ? "pass" : "red");
}

const std::string kGates = "gates:\n";
const std::string kMissing = "bundle: [logs/none.log]\n";

INSTANTIATE_TEST_SUITE_P(
    All, OutcomeTest,
    testing::Values(
        Case{"AllPass", kGates + passing("a") + passing("b"), "", Case::none, "pass", 0, "PASSED", "PASSED"},
        Case{"OneFails", kGates + failing("a") + passing("b"), "", Case::none, "fail", 1, "FAILED", "FAILED"},
        Case{"WaivedOnly", kGates + failing("a"), kWaiver, Case::none, "pass", 0, "WARNED", "PASSED"},
        Case{"AllSkipped", kGates + skipping("a") + skipping("b"), "", Case::none, "skip", 3, "FAILED",
             "FAILED"},
        Case{"ACoreGateIsSkipped", kGates + core(skipping("a")) + passing("b"), "", Case::none, "partial", 3,
             "FAILED", "FAILED"},
        Case{"ACoreGateIsSkippedAndAPartIsMissing", kMissing + kGates + core(skipping("a")) + passing("b"),
             "", Case::none, "fail", 1, "FAILED", "FAILED"},
        Case{"AnError", kGates + undecided("a") + passing("b"), "", Case::none, "error", 3, "FAILED",
             "FAILED"},
        Case{"AGateWithoutVerdict", kGates + passing("a") + passing("b"), "", Case::no_verdict, "error", 3,
             "FAILED", "FAILED"},
        Case{"APartIsMissing", kMissing + kGates + passing("a") + passing("b"), "", Case::none, "fail", 1,
             "FAILED", "FAILED"},
        Case{"APartIsMissingAndTheLastRedGateIsWaived", kMissing + kGates + failing("a") + passing("b"),
             kWaiver, Case::none, "fail", 1, "FAILED", "FAILED"},
        Case{"Interrupted", kGates + passing("a") + passing("b"), "", Case::interrupted, "unfinished", 3,
             "FAILED", "FAILED"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace exitgate::testing_program
