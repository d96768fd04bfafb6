// The whole run, as a user and as ctest sees it: a real repository, a real PostgreSQL, a sealed archive.

#include <gmock/gmock.h>

#include <cstdlib>

#include "harness/facts/facts.h"
#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class RunTest : public testing::Test {
 protected:
  RunTest() { make_sample(repository()); }
  std::filesystem::path repository() const { return folder_.path() / "service"; }
  std::filesystem::path out() const { return folder_.path() / "out"; }
  ProcessResult evaluate(std::vector<std::string> more = {}, std::vector<std::string> variables = {}) const {
    std::vector<std::string> arguments = {"run", "--repo", repository().string(), "--out", out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(arguments, std::move(variables));
  }
  ProcessResult ctest(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"ctest", "--test-dir", (out() / ".ctest").string()});
    return run({.arguments = arguments, .limit = std::chrono::seconds(200)});
  }
  Json record() const { return Json::parse(read_file(out() / "run.json")); }

  TemporaryDirectory folder_{"run-test"};
};

TEST_F(RunTest, AKeyIsFoundFromWhereTheRunWasStarted) {
  shell(folder_.path(), "openssl genpkey -algorithm ed25519 -out k.pem");
  const auto relative = std::filesystem::relative(folder_.path() / "k.pem").string();
  const auto finished = evaluate({"--label", "EG-CG1"}, {"EXITGATE_KEY=" + relative});
  ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  ASSERT_THAT(archives(out()), SizeIs(1));
  EXPECT_TRUE(std::filesystem::exists(archives(out())[0].string() + ".intoto.json"));
  const auto missing = evaluate({}, {"EXITGATE_KEY=nowhere/k.pem"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(missing.error,
            "exitgate: the key file that EXITGATE_KEY names does not exist\n  > give a private key (PEM or "
            "SSH) or a pkcs11: "
            "URI, or unset it\n");
}

TEST_F(RunTest, TheSampleIsGreenFromCloneToArchive) {
  const auto finished = evaluate();
  ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  EXPECT_EQ(record().at("outcome"), "pass");
  EXPECT_THAT(record().at("not_run"), IsEmpty());
  EXPECT_EQ(verdict(out(), "EG-CG2.provisions"), "pass");
  EXPECT_EQ(verdict(out(), "EG-CG2.repeatable"), "pass");
  EXPECT_EQ(verdict(out(), "EG-CG2.no-drift"), "skip") << "no live database was given";
  const Json selected = record().at("selected");
  ASSERT_THAT(selected, SizeIs(testing::Gt(40U)));
  for (const auto& name : selected) {
    const auto judged = Json::parse(read_file(out() / "verdicts" / (name.text() + ".json")));
    if (judged.at("status") == "pass") {
      EXPECT_TRUE(judged.at("counterexample").at("turned_red").boolean()) << name.text();
      EXPECT_GT(judged.at("examined").integer(), 0) << name.text();
    }
  }
  const auto sealed = archives(out());
  ASSERT_THAT(sealed, SizeIs(1));
  EXPECT_THAT(finished.output, HasSubstr("Archive: " + sealed[0].string()));

  // Outside tools read it.
  std::filesystem::create_directories(folder_.path() / "unpacked");
  shell(folder_.path() / "unpacked", "tar --zstd -xf " + sealed[0].string());
  shell(folder_.path() / "unpacked",
        "cd */ && sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt && "
        "xmllint --noout data/junit.xml && test -s data/EVIDENCE.md && "
        "sqlite3 data/facts/ci.db 'SELECT count(*) FROM artifact' | grep -qx 3");

  const auto verified =
      exitgate({"verify", sealed[0].string(), "--replay", "--repo", repository().string(), "--suite",
                GATES_DIRECTORY, "--config", (repository() / "exitgate.yaml").string()});
  EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.error;
  EXPECT_THAT(verified.output, Not(HasSubstr("failed ")));
}

TEST_F(RunTest, CollectingWritesTheStoresAndNothingElse) {
  const auto here = folder_.path() / "here";
  std::filesystem::create_directories(here);
  shell(here, std::string(EXITGATE_PROGRAM) + " collect --repo " + repository().string() + " --out facts");
  EXPECT_EQ(
      shell(here, "LC_ALL=C; export LC_ALL; find . -type f | sort"),
      "./facts/census.db\n./facts/ci.db\n./facts/code.db\n./facts/environment.db\n./facts/migrations.db\n"
      "./facts/repo.db\n");
}

TEST_F(RunTest, ASelectionSaysWhatItLeftOut) {
  const auto finished = evaluate({"--label", "EG-CG3"});
  ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  EXPECT_THAT(record().at("selected").strings(),
              testing::ElementsAre("EG-CG3.session-fixtures", "EG-CG3.session-hooks"));
  EXPECT_TRUE(record().at("partial").boolean());
  EXPECT_FALSE(std::filesystem::exists(out() / "facts" / "schema.db")) << "no database was needed";
  EXPECT_THAT(read_file(out() / "EVIDENCE.md"), HasSubstr("not"));
}

TEST_F(RunTest, ARunWhoseGatesAreAllSkippedIsNoPass) {
  write_file(folder_.path() / "config.yaml", "labels: {EG-CG2.no-drift: [live]}\n");
  const auto finished = evaluate({"--label", "live", "--config", (folder_.path() / "config.yaml").string()});
  EXPECT_EQ(finished.exit_code, 3) << finished.output << finished.error;
  EXPECT_THAT(finished.output,
              HasSubstr("\nNothing was judged: each selected gate was skipped, which is not a pass.\n"));
  EXPECT_THAT(finished.output, HasSubstr("EG-CG2.no-drift  no live database was given (--database)\n"));
  EXPECT_EQ(record().at("outcome"), "skip");
  EXPECT_THAT(archives(out()), SizeIs(1)) << "the archive says so too";
}

TEST_F(RunTest, AnOldVerdictIsNotShownAsThisRuns) {
  ASSERT_EQ(evaluate({"--label", "EG-CG3"}).exit_code, 0);
  ASSERT_EQ(evaluate({"--label", "EG-CG5"}).exit_code, 0);
  EXPECT_EQ(verdict(out(), "EG-CG3.session-hooks"), "");
  EXPECT_EQ(verdict(out(), "EG-CG5.tree-clean"), "pass");
  EXPECT_THAT(archives(out()), SizeIs(testing::Ge(1U)));
}

TEST_F(RunTest, ListingAndAnEmptySelectionSealNothing) {
  ASSERT_EQ(evaluate({"--label", "EG-CG3"}).exit_code, 0);
  const auto before = archives(out());
  const auto sealed_record = read_file(out() / "run.json");
  ctest({"-N"});
  EXPECT_NE(ctest({"-L", "no-such-label", "--no-tests=error"}).exit_code, 0);
  EXPECT_EQ(archives(out()), before);
  EXPECT_EQ(read_file(out() / "run.json"), sealed_record);
}

TEST_F(RunTest, AGateThatLeavesNoVerdictFailsTheRun) {
  ASSERT_EQ(evaluate({"--label", "EG-CG3"}).exit_code, 0);
  // CTest would be content with anything that exits 0.
  replace_in(out() / ".ctest" / "CTestTestfile.cmake", "add_test([=[EG-CG3.session-hooks]=]",
             "add_test([=[EG-CG3.session-hooks]=] /bin/sh -c [=[\"$@\"; rm " +
                 (out() / "verdicts" / "EG-CG3.session-hooks.json").string() + "]=] sh");
  const auto finished = ctest({"-L", "EG-CG3"});
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_THAT(finished.output + finished.error, HasSubstr("1 selected gate left no verdict"));
  const auto judged = Json::parse(read_file(out() / "verdicts" / "EG-CG3.session-hooks.json"));
  EXPECT_EQ(judged.at("status"), "error");
  EXPECT_EQ(judged.at("reason"), "the gate was selected and left no verdict");
}

TEST_F(RunTest, ACheckThatEndsBeforeItLeavesAMarkIsAnErrorOfTheRun) {
  // A ctest whose test is something else, and content with it.
  const auto tests = (out() / ".ctest" / "CTestTestfile.cmake").string();
  write_file(
      folder_.path() / "bin" / "ctest",
      "#!/bin/sh\nsed -i 's|add_test(.=.EG-CG3.session-hooks.*|add_test(EG-CG3.session-hooks /bin/true)|' '" +
          tests + "'\nexec " + find_program("ctest")->string() + " \"$@\"\n");
  shell(folder_.path(), "chmod +x bin/ctest");
  const auto finished =
      run({.arguments = {"env", "PATH=" + (folder_.path() / "bin").string() + ":" + std::getenv("PATH"),
                         EXITGATE_PROGRAM, "run", "--repo", repository().string(), "--out", out().string(),
                         "--label", "EG-CG3"},
           .limit = std::chrono::seconds(100)});
  EXPECT_EQ(finished.exit_code, 3) << finished.output << finished.error;
  const auto judged = Json::parse(read_file(out() / "verdicts" / "EG-CG3.session-hooks.json"));
  EXPECT_EQ(judged.at("status"), "error");
  EXPECT_EQ(judged.at("reason"), "the gate was selected, and its check ended before it left a mark");
}

TEST_F(RunTest, AttemptsAreCounted) {
  shell(repository(), "git rm -q tests/conftest.py && git commit -qm 'no hooks'");
  ASSERT_EQ(evaluate({"--label", "EG-CG3"}).exit_code, 1);
  ctest({"-R", "EG-CG3.session-hooks", "--repeat", "until-pass:3"});
  EXPECT_EQ(Json::parse(read_file(out() / "verdicts" / "EG-CG3.session-hooks.json")).at("attempt").integer(),
            3);
}

TEST_F(RunTest, AFailedMigrationIsARedGateWithItsOutput) {
  write_file(repository() / "exitgate.yaml",
             "database:\n  roles: [orders_app]\n  steps:\n    - alembic upgrade head\n    - echo 'the last "
             "words'; exit 4\n");
  commit_all(repository(), "a step that fails");
  const auto finished = evaluate({"--label", "EG-CG2"});
  EXPECT_EQ(finished.exit_code, 1) << finished.output << finished.error;
  EXPECT_EQ(verdict(out(), "EG-CG2.provisions"), "fail");
  EXPECT_THAT(read_file(out() / "verdicts" / "EG-CG2.provisions.json"), HasSubstr("exit code 4"));
  EXPECT_THAT(read_file(out() / "logs" / "migration.log"), HasSubstr("the last words"));
}

TEST_F(RunTest, AMigrationThatHangsIsEndedAtItsLimit) {
  write_file(repository() / "exitgate.yaml", "database:\n  timeout: 2\n  steps:\n    - sleep 86399\n");
  commit_all(repository(), "a step that hangs");
  const auto finished = evaluate({"--label", "EG-CG2"});
  EXPECT_EQ(finished.exit_code, 1) << finished.output << finished.error;
  EXPECT_EQ(verdict(out(), "EG-CG2.provisions"), "fail");
  EXPECT_THAT(run({.arguments = {"pgrep", "-f", "^sleep 86399$"}}).output, IsEmpty());
}

TEST_F(RunTest, ALiveDatabaseThatRefusesIsUndecided) {
  replace_in(repository() / "exitgate.yaml", "stairway: true", "stairway: false");
  commit_all(repository(), "no stairway");
  const auto finished =
      evaluate({"--label", "EG-CG2"}, {"EXITGATE_DATABASE=postgresql://u:s3cret-word@127.0.0.1:1/app"});
  EXPECT_EQ(finished.exit_code, 3) << finished.output << finished.error;
  EXPECT_THAT(finished.output + finished.error, Not(HasSubstr("s3cret-word")));
  EXPECT_EQ(verdict(out(), "EG-CG2.no-drift"), "error");
  EXPECT_EQ(run({.arguments = {"grep", "-rl", "s3cret-word", out().string()}}).output, "");
}

TEST_F(RunTest, BareAndShallowClonesAndWorktreesAreRead) {
  shell(folder_.path(), "git clone -q --bare service bare.git");
  shell(folder_.path(), "git clone -q --depth 1 file://" + repository().string() + " shallow");
  shell(repository(), "git worktree add -q ../tree HEAD");
  for (const char* clone : {"bare.git", "shallow", "tree"}) {
    const auto target = (folder_.path() / clone).string();
    const auto finished = exitgate({"run", "--repo", target, "--label", "EG-CG1", "--out", target + ".out"});
    EXPECT_EQ(finished.exit_code, 0) << clone << finished.output << finished.error;
  }
}

}  // namespace
}  // namespace exitgate::testing_program
