// `bundle:` of a suite, as a user meets it: a part that is missing or empty fails the run, and the archive of
// the failed run is there and says so.

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// Two gates of one exit gate on one fact store, so that nothing else takes time.
constexpr const char* kSuite = R"(exit-gate: EG-B1
title: Bundles
bundle: [logs/whole.log]
gates:
  - id: one
    title: One
    check: sql
    with: {domains: [repo], query: SELECT 'no commit' AS message WHERE NOT EXISTS (SELECT 1 FROM repo.checkout), examined: SELECT 1}
    counterexample: DELETE FROM repo.checkout
  - id: two
    title: Two
    check: sql
    with: {domains: [repo], query: SELECT 'no commit' AS message WHERE NOT EXISTS (SELECT 1 FROM repo.checkout), examined: SELECT 1}
    labels: [second]
    bundle: [logs/two*.log, facts/repo.db]
    counterexample: DELETE FROM repo.checkout
)";

class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    make_sample(repository());
    // Not what these tests are about, and it takes its time.
    replace_in(repository() / "exitgate.yaml", "stairway: true", "stairway: false");
    commit_all(repository(), "no stairway");
    write_file(file(), kSuite);
  }
  std::filesystem::path repository() const { return folder_.path() / "service"; }
  std::filesystem::path file() const { return folder_.path() / "suite" / "EG-B1.yaml"; }
  std::filesystem::path out() const { return folder_.path() / "out"; }
  ProcessResult evaluate(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"run",           "--repo", repository().string(), "--suite",
                                          file().string(), "--out",  out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(arguments);
  }
  Json record() const { return Json::parse(read_file(out() / "run.json")); }

  TemporaryDirectory folder_{"bundle-test"};
};

TEST_F(BundleTest, AMissingPartFailsTheRunAndTheArchiveSaysSo) {
  const auto finished = evaluate();
  EXPECT_EQ(finished.exit_code, 1) << finished.output << finished.error;
  const std::string whole =
      fmt::format("logs/whole.log is missing (asked for by EG-B1, {}:3)", file().string());
  const std::string two =
      fmt::format("logs/two*.log is missing (asked for by EG-B1.two, {}:15)", file().string());
  EXPECT_THAT(finished.output + finished.error, HasSubstr(whole));
  EXPECT_THAT(finished.output + finished.error, HasSubstr(two));
  EXPECT_THAT(finished.output, testing::EndsWith("\nOutcome: fail\nThe evidence is incomplete:\n  " + whole +
                                                 "\n  " + two + "\n"))
      << "what matters most comes last, a line each";
  EXPECT_EQ(verdict(out(), "EG-B1.one"), "pass");
  EXPECT_EQ(record().at("outcome"), "fail");
  EXPECT_EQ(record().at("bundle").at("missing"), Json::array({whole, two}));
  EXPECT_THAT(read_file(out() / "EVIDENCE.md"), HasSubstr("logs/whole.log is missing"));
  const auto sealed = archives(out());
  ASSERT_THAT(sealed, SizeIs(1));
  const auto verified = exitgate({"verify", sealed[0].string()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output;
  EXPECT_THAT(verified.output, HasSubstr("the archive says of itself: incomplete: " + whole));
  EXPECT_THAT(read_file(sealed[0].string() + ".statement.json"), HasSubstr("\"result\":\"FAILED\""));
}

TEST_F(BundleTest, ASelectionIsNotAskedForWhatItDidNotRun) {
  const auto finished = exitgate({"run", "--repo", repository().string(), "--suite", file().string(), "--out",
                                  out().string(), "--label", "second"});
  // Its own part is asked for, its exit gate's is not.
  EXPECT_EQ(finished.exit_code, 1) << finished.output << finished.error;
  EXPECT_THAT(record().at("bundle").at("missing"), SizeIs(1));
  EXPECT_EQ(record().at("bundle").at("asked"), 2);
  EXPECT_THAT(record().at("bundle").at("not_asked"),
              ElementsAre(fmt::format("logs/whole.log (EG-B1, {}:3): not all of its gates were run",
                                      file().string())));
}

TEST_F(BundleTest, PartsThatAreThereAreNoMatter) {
  replace_in(file(), "logs/whole.log", "environment/*.txt, EVIDENCE.md");
  replace_in(file(), "logs/two*.log", "logs/ctest.log");
  write_file(repository() / "exitgate.yaml", "bundle: [facts/repo.db]\n");
  commit_all(repository(), "a bundle");
  const auto finished = evaluate();
  EXPECT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  EXPECT_EQ(record().at("outcome"), "pass");
  EXPECT_EQ(record().at("bundle").at("asked"), 5);

  // A suite that asks for less is a weaker one.
  const auto archive = archives(out()).at(0).string();
  const auto config = (repository() / "exitgate.yaml").string();
  EXPECT_EQ(exitgate({"verify", archive, "--suite", file().string(), "--config", config}).exit_code, 0);
  replace_in(file(), "EVIDENCE.md", "junit.xml");
  const auto weaker = exitgate({"verify", archive, "--suite", file().string(), "--config", config});
  EXPECT_EQ(weaker.exit_code, 1);
  EXPECT_THAT(weaker.output,
              HasSubstr("the trusted suite asks for the part 'EG-B1: junit.xml', the archive's does not"));
}

// A gate whose own SQL puts a secret together: its verdict holds it, and nothing that is handed on does.
TEST_F(BundleTest, AVerdictThatQuotesASecretIsWithheldUntilSomebodyAnswersForIt) {
  write_file(file(), R"(exit-gate: EG-B1
title: Loud
gates:
  - id: loud
    title: Loud
    check: sql
    with: {domains: [repo], query: "SELECT 'postgresql://app:' || 'hunt' || 'er2' || '@db/x' AS message", examined: SELECT 1}
    counterexample: DELETE FROM repo.checkout
  - id: no-secrets
    title: Silent
    check: no-secrets
    counterexample: INSERT INTO bundle.secret (path, line, kind) VALUES ('x', 1, 'password')
)");
  const auto withheld = evaluate();
  EXPECT_EQ(withheld.exit_code, 1);
  EXPECT_EQ(verdict(out(), "EG-B1.no-secrets"), "fail");
  EXPECT_THAT(withheld.output + withheld.error,
              HasSubstr("withheld, looks like a secret: verdicts/EG-B1.loud.json: line "));
  EXPECT_THAT(withheld.output + withheld.error, testing::Not(HasSubstr("hunter2")));
  shell(out(), "mkdir -p x && tar -C x --zstd -xf *.tar.zst && ! grep -r hunter2 x && rm -r x *.tar.zst*");

  write_file(
      repository() / "exitgate.yaml",
      "waivers:\n"
      "  - {gate: EG-B1.loud, finding: '*', reason: a sample, expires: 2999-01-01}\n"
      "  - {gate: EG-B1.no-secrets, finding: 'verdicts/EG-B1.loud.json:*', reason: no real one, expires: "
      "2999-01-01}\n");
  commit_all(repository(), "waivers");
  const auto waived = evaluate();
  EXPECT_EQ(waived.exit_code, 0) << waived.output << waived.error;
  shell(out(),
        "mkdir -p x && tar -C x --zstd -xf *.tar.zst && grep -q hunter2 x/*/data/verdicts/EG-B1.loud.json");
}

TEST_F(BundleTest, APartThatNoArchiveCouldHoldIsAMistake) {
  const struct {
    const char* part;
    const char* message;
  } cases[] = {
      {"log/x.log",
       ":3: the bundle path 'log/x.log' cannot be in an archive: a run has no 'log' (did you mean "
       "'logs'?)"},
      {"/etc/passwd", ":3: the bundle path '/etc/passwd' leads out of the archive"},
      {"logs/../../x", ":3: the bundle path 'logs/../../x' leads out of the archive"},
      {"'*'", ":3: the bundle path '*' cannot be in an archive: a run has no '*'"},
  };
  const std::string good = read_file(file());
  for (const auto& [part, message] : cases) {
    write_file(file(), good);
    replace_in(file(), "logs/whole.log", part);
    const auto finished = evaluate();
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_THAT(finished.error, HasSubstr(message));
  }
}

}  // namespace
}  // namespace exitgate::testing_program
