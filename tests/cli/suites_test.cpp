// Suites of others, tests of suites and profiles, as a user meets them.

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/text.h"
#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kGates = R"(exit-gate: EG-TEAM1
title: What the platform team asks
gates:
  - id: named-jobs
    title: Every job has a name
    check: sql
    with:
      query: SELECT file, line, 'job ' || id || ' has no name' AS message FROM ci.job WHERE name IS NULL
      examined: SELECT count(*) FROM ci.job
    counterexample: UPDATE ci.job SET name = NULL
)";

class SuitesOfOthers : public testing::Test {
 protected:
  SuitesOfOthers() {
    fs::create_directories(root() / "service/.github/workflows");
    fs::create_directories(root() / "team/gates");
    write_file(root() / "service/.github/workflows/ci.yml",
               "on: pull_request\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps: [{run: make}]\n");
    write_file(root() / "team/gates/ci.yaml", kGates);
    shell(root() / "service", "git init -q -b main");
    shell(root() / "team", "git init -q -b main");
    commit_all(root() / "team", "gates");
    commit_ = std::string(trim(shell(root() / "team", "git rev-parse HEAD")));
    include(
        fmt::format("{{git: 'file://{}', commit: {}, path: gates}}", (root() / "team").string(), commit_));
  }
  void include(const std::string& entry) {
    write_file(root() / "service/exitgate.yaml", "database: none\ninclude:\n  - " + entry + "\n");
    commit_all(root() / "service", "include");
  }
  ProcessResult run(std::vector<std::string> arguments, std::vector<std::string> variables = {}) {
    variables.push_back("EXITGATE_CACHE=" + (root() / "cache").string());
    return exitgate(std::move(arguments), std::move(variables));
  }
  ProcessResult gates(const std::vector<std::string>& variables = {}) {
    return run({"gates", "--repo", (root() / "service").string(), "--suite",
                (fs::path(GATES_DIRECTORY) / "EG-CG5.yaml").string()},
               variables);
  }
  fs::path root() const { return folder_.path(); }
  std::string commit_;

 private:
  TemporaryDirectory folder_{"suites-cli"};
};

TEST_F(SuitesOfOthers, AreSealedAndReplayedWhenTheirSourceIsGone) {
  const auto out = root() / "out";
  const auto evaluated = run({"run", "--repo", (root() / "service").string(), "--out", out.string(),
                              "--label", "EG-TEAM1", "--profile", "minimal"});
  EXPECT_EQ(evaluated.exit_code, 1) << evaluated.output << evaluated.error;
  EXPECT_THAT(evaluated.output, HasSubstr("job test has no name"));
  EXPECT_EQ(verdict(out, "EG-TEAM1.named-jobs"), "fail");
  const auto shown =
      fmt::format("file://{}@{}:gates/ci.yaml", (root() / "team").string(), commit_.substr(0, 12));
  const auto gate = Json::parse(read_file(out / "suite/gates/EG-TEAM1.named-jobs.json"));
  EXPECT_EQ(gate["where"].text(), shown + ":4");
  EXPECT_EQ(read_file(out / fmt::format("suite/included/git-{}/gates/ci.yaml", commit_)), kGates);
  const auto included = Json::parse(read_file(out / "suite/included.json"));
  ASSERT_EQ(included.size(), 1U);
  EXPECT_THAT(included[0]["origin"].text(), HasSubstr(commit_ + ":gates/ci.yaml"));
  EXPECT_EQ(included[0]["include"].text(), "exitgate.yaml:3");
  const auto evidence = read_file(out / "EVIDENCE.md");
  EXPECT_THAT(evidence, AllOf(HasSubstr("Profile: minimal"), HasSubstr("Not asked by profile minimal:"),
                              HasSubstr("EG-DB1.primary-keys"), HasSubstr("Included: ")));
  EXPECT_THAT(evaluated.output, HasSubstr("not asked (profile minimal); EVIDENCE.md lists them."));
  fs::remove_all(root() / "team");
  fs::remove_all(root() / "cache");
  fs::remove_all(root() / "service");
  const auto sealed = archives(out);
  ASSERT_EQ(sealed.size(), 1U);
  const auto verified = run({"verify", sealed[0].string(), "--replay"}, {"EXITGATE_OFFLINE=1"});
  EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.error;
}

TEST_F(SuitesOfOthers, AreAClearErrorWithoutANetworkAndAFailingTestOfCtest) {
  const auto cold = gates({"EXITGATE_OFFLINE=1"});
  EXPECT_EQ(cold.exit_code, 2);
  EXPECT_THAT(cold.error, HasSubstr("exitgate.yaml:3: file://"));
  EXPECT_THAT(cold.error, HasSubstr("is not on this machine, and EXITGATE_OFFLINE forbids to fetch it"));
  const auto discovered =
      run({"discover", "--repo", (root() / "service").string(), "--build", (root() / "b").string()},
          {"EXITGATE_OFFLINE=1"});
  EXPECT_EQ(discovered.exit_code, 0) << discovered.error;
  EXPECT_THAT(read_file(std::string(trim(discovered.output))), HasSubstr("[=[exitgate.suite]=]"));
  EXPECT_EQ(gates().exit_code, 0);
  const auto warm = gates({"EXITGATE_OFFLINE=1"});
  EXPECT_EQ(warm.exit_code, 0) << warm.error;
  EXPECT_THAT(warm.output, HasSubstr("EG-TEAM1.named-jobs"));
}

TEST_F(SuitesOfOthers, ComeFromARegistryByDigest) {
  if (!find_program("skopeo")) GTEST_SKIP() << "skopeo is not installed";
  const auto layout = (root() / "layout").string();
  const auto folder = (root() / "team/gates").string();
  const auto pushed = run({"push", folder, "oci:" + layout + ":v1"});
  ASSERT_EQ(pushed.exit_code, 0) << pushed.error;
  const auto at = pushed.output.find("- {oci: ");
  ASSERT_NE(at, std::string::npos) << pushed.output;
  const auto entry = std::string(trim(pushed.output.substr(at + 2)));
  include(entry);
  // The tag moves; the digest does not.
  write_file(root() / "team/gates/ci.yaml", std::string(kGates) + "    labels: [later]\n");
  const auto later = run({"push", folder, "oci:" + layout + ":v1"});
  ASSERT_EQ(later.exit_code, 0) << later.error;
  EXPECT_NE(later.output, pushed.output);
  const auto listed = gates();
  EXPECT_EQ(listed.exit_code, 0) << listed.error;
  EXPECT_THAT(listed.output, AllOf(HasSubstr("EG-TEAM1.named-jobs"), Not(HasSubstr("later"))));
  include("{oci: 'oci:" + layout + ":v1'}");
  EXPECT_THAT(gates().error,
              HasSubstr("exitgate.yaml:3: 'oci': the reference has no digest: a tag can be moved"));
  // Kept: the layout is not needed any more.
  include(entry);
  fs::remove_all(layout);
  EXPECT_EQ(gates().exit_code, 0);
  for (const auto& kept : fs::directory_iterator(root() / "cache/suites")) {
    auto text = read_file(kept.path());
    if (const auto found = text.find("has no name"); found != std::string::npos)
      write_file(kept.path(), text.replace(found, 11, "has a name!"));
  }
  const auto tampered = gates();
  EXPECT_EQ(tampered.exit_code, 2);
  EXPECT_THAT(tampered.error, HasSubstr("is not what its name says: it was changed"));
}

TEST_F(SuitesOfOthers, AProfileThatIsNotThereIsNamedWithItsPlace) {
  write_file(root() / "service/exitgate.yaml", "database: none\nprofile: minmal\n");
  commit_all(root() / "service", "profile");
  const auto unknown = gates();
  EXPECT_EQ(unknown.exit_code, 2);
  EXPECT_THAT(unknown.error,
              HasSubstr("exitgate.yaml:2: unknown profile 'minmal' (did you mean 'minimal'?)"));
}

// Each ```yaml block of a page, in order.
std::vector<std::string> examples_of(const std::string& page) {
  std::vector<std::string> all;
  const std::string text = read_file(page);
  constexpr std::string_view kBegin = "```yaml\n";
  for (auto at = text.find(kBegin); at != std::string::npos; at = text.find(kBegin, at)) {
    at += kBegin.size();
    all.push_back(text.substr(at, text.find("```", at) - at));
  }
  return all;
}

TEST(SuiteTests, OfThePageWork) {
  const auto examples = examples_of(DOCS_DIRECTORY "/suites.md");
  ASSERT_EQ(examples.size(), 3U);
  const TemporaryDirectory folder("suites-page");
  write_file(folder.path() / "acme.test.yaml", examples[1]);
  write_file(folder.path() / "acme.yaml", examples[2]);
  const auto tested = exitgate(
      {"test", folder.path().string(), "--strict", "--junit", (folder.path() / "tests.xml").string()});
  EXPECT_EQ(tested.output,
            "ok 1 - EG-ACME1.named-jobs - a job without a name is found\n"
            "ok 2 - EG-ACME1.named-jobs - a job with a name passes\n"
            "1..2\n# 2 tests of 1 gate: 2 ok, 0 not ok\n");
  EXPECT_EQ(tested.exit_code, 0) << tested.error;
  EXPECT_THAT(read_file(folder.path() / "tests.xml"), HasSubstr("tests=\"2\" failures=\"0\""));
  // One file, by either name.
  EXPECT_EQ(exitgate({"test", (folder.path() / "acme.yaml").string()}).exit_code, 0);
  EXPECT_EQ(exitgate({"test", (folder.path() / "acme.test.yaml").string()}).exit_code, 0);
}

class OwnTests : public testing::Test {
 protected:
  OwnTests() { write_file(folder() / "team.yaml", kGates); }
  ProcessResult test(const std::string& tests, const std::vector<std::string>& options = {}) {
    write_file(folder() / "team.test.yaml", tests);
    std::vector<std::string> arguments = {"test", folder().string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return exitgate(arguments);
  }
  static std::string one(const std::string& rest) {
    return "tests:\n  - gate: EG-TEAM1.named-jobs\n    name: n\n" + rest;
  }
  const fs::path& folder() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_{"own-tests"};
};

constexpr const char* kTwoJobs =
    "    facts: |\n"
    "      INSERT INTO ci.job (file, id, line, on_pull_request) VALUES ('ci.yml', 'a', 3, 'yes');\n"
    "      INSERT INTO ci.job (file, id, line, on_pull_request) VALUES ('ci.yml', 'b', 5, 'yes')\n";

TEST_F(OwnTests, SayWhatIsDifferent) {
  const auto red = test(one(std::string(kTwoJobs) +
                            "    verdict: fail\n    findings:\n"
                            "      - {message: {contains: has no name}}\n      - job a has no name\n"));
  EXPECT_EQ(red.exit_code, 0) << red.output;  // the vague one leaves the precise one its own
  const auto different =
      test(one(std::string(kTwoJobs) + "    verdict: pass\n    examined: 3\n"
                                       "    findings: [{file: ci.yml, line: 3}, job c has no name]\n"));
  EXPECT_EQ(different.exit_code, 1);
  EXPECT_THAT(different.output, AllOf(HasSubstr("not ok 1 - EG-TEAM1.named-jobs - n\n"),
                                      HasSubstr("  # verdict: expected pass, got fail\n"),
                                      HasSubstr("  # examined: expected 3, got 2\n"),
                                      HasSubstr("  # missing finding: job c has no name\n"),
                                      HasSubstr("  # unexpected finding: ci.yml:5: job b has no name\n")));
}

TEST_F(OwnTests, NameGatesWithoutATestAndWithoutAProof) {
  write_file(folder() / "other.yaml",
             std::string(kGates).replace(std::string(kGates).find("EG-TEAM1"), 8, "EG-TEAM2"));
  const auto tests =
      one("    facts: DELETE FROM ci.job\n    verdict: error\n    reason: {contains: examined nothing}\n");
  const auto lenient = test(tests);
  EXPECT_EQ(lenient.exit_code, 0) << lenient.output << lenient.error;
  EXPECT_THAT(
      lenient.output,
      AllOf(HasSubstr("# EG-TEAM2.named-jobs has no test\n"),
            HasSubstr("# EG-TEAM1.named-jobs: none of its tests has facts on which its counterexample")));
  const auto strict = test(tests, {"--strict"});
  EXPECT_EQ(strict.exit_code, 1);
  EXPECT_THAT(strict.output, HasSubstr("not ok 2 - EG-TEAM2.named-jobs has no test\n"));
}

TEST_F(OwnTests, AGateThatCannotFailFailsItsTests) {
  write_file(
      folder() / "team.yaml",
      std::string(kGates).replace(std::string(kGates).find("WHERE name IS NULL"), 18, "WHERE id = 'nobody'"));
  const auto broken = test(one(std::string(kTwoJobs) + "    verdict: pass\n"));
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_THAT(broken.output,
              HasSubstr("got error: the gate is broken: its counterexample leaves it at 'pass'"));
}

TEST_F(OwnTests, AreReadStrictly) {
  const auto file = (folder() / "team.test.yaml").string();
  const auto error = [&](const std::string& rest) { return test(one(rest)).error; };
  EXPECT_THAT(error("    verdict: pass\n"), HasSubstr(file + ":2: a test needs `facts` or `files`"));
  EXPECT_THAT(error("    facts: DELETE FROM ci.jop\n    verdict: pass\n"), HasSubstr(file + ":4: "));
  EXPECT_THAT(error("    facts: ATTACH 'x' AS y\n    verdict: pass\n"), HasSubstr(file + ":4: "));
  EXPECT_THAT(error("    facts: DELETE FROM ci.job\n    verdict: green\n"),
              HasSubstr(":5: unknown verdict 'green'"));
  EXPECT_THAT(error("    facts: DELETE FROM ci.job\n    verdict: pass\n    finding: []\n"),
              HasSubstr(":6: unknown key 'finding' in a test (did you mean 'findings'?)"));
  EXPECT_THAT(error("    files: {../x: a}\n    verdict: pass\n"), HasSubstr("'../x' is not a path"));
  EXPECT_THAT(test("tests:\n  - {gate: EG-TEAM1.named-job, name: n, facts: x, verdict: pass}\n").error,
              HasSubstr(":2: unknown gate 'EG-TEAM1.named-job' (did you mean 'EG-TEAM1.named-jobs'?)"));
  fs::remove(file);
  const auto none = exitgate({"test", folder().string()});
  EXPECT_EQ(none.exit_code, 3);
  EXPECT_THAT(none.error, HasSubstr("there are no tests: nothing was examined, so this is not a pass"));
  // What the tables themselves rule out is known when the rows are written.
  const auto ruled_out = test(
      one("    facts: INSERT INTO ci.job (file, id, line, on_pull_request) VALUES ('a', 'b', 1, 'perhaps')\n"
          "    verdict: pass\n"));
  EXPECT_EQ(ruled_out.exit_code, 3);
  EXPECT_THAT(ruled_out.output, HasSubstr("the facts cannot be made: "));
}

TEST_F(OwnTests, OfExitgateYamlAreThoseOfItsOwnGates) {
  std::string own = "database: none\nparameters: {EG-CG1.retention: {min-days: 90}}\ngates:\n  - ";
  for (const char c : std::string(kGates)) own += c == '\n' ? "\n    " : std::string(1, c);
  write_file(folder() / "exitgate.yaml", own + "\n");
  write_file(folder() / "exitgate.test.yaml", one(std::string(kTwoJobs) + "    verdict: fail\n"));
  const auto tested = exitgate({"test", (folder() / "exitgate.yaml").string(), "--strict"});
  EXPECT_EQ(tested.exit_code, 0) << tested.output << tested.error;
  EXPECT_THAT(tested.output, HasSubstr("# 1 test of 1 gate: 1 ok, 0 not ok"));
}

}  // namespace
}  // namespace exitgate::testing_program
