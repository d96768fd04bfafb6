// `exitgate run --reuse`: an unchanged provisioning is taken from an earlier run, the evidence says so, and no run that is
// signed takes one.

#include <gmock/gmock.h>

#include <fstream>

#include "harness/facts/facts.h"
#include "harness/json/json.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class ReuseTest : public testing::Test {
 protected:
  ReuseTest() { make_sample(repository()); }
  fs::path repository() const { return folder_.path() / "service"; }
  fs::path out() const { return folder_.path() / "out"; }
  ProcessResult evaluate(std::vector<std::string> more = {}, std::vector<std::string> variables = {}) const {
    std::vector<std::string> arguments = {"run",     "--repo", repository().string(), "--out", out().string(),
                                          "--label", "drift"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    variables.push_back("EXITGATE_CACHE=" + (folder_.path() / "cache").string());
    return exitgate(arguments, std::move(variables));
  }
  // Of which run the facts are; "" of this one.
  std::string origin() const {
    const facts::Facts facts(out() / "facts", {"schema"});
    return facts.text("SELECT reused FROM schema.work WHERE part = 'migrated'").value_or("");
  }
  std::vector<fs::path> kept() const {
    std::vector<fs::path> entries;
    for (const auto& at : fs::directory_iterator(folder_.path() / "cache" / "reuse"))
      entries.push_back(at.path());
    return entries;
  }

  TemporaryDirectory folder_{"reuse-test"};
};

TEST_F(ReuseTest, WhatIsUnchangedIsTakenAndSaidToBe) {
  ASSERT_EQ(evaluate({"--reuse"}).exit_code, 0);
  EXPECT_EQ(origin(), "");
  const auto fingerprint = "SELECT group_concat(fingerprint || taken_at) FROM schema.snapshot";
  const auto before = facts::Facts(out() / "facts", {"schema"}).text(fingerprint);
  const auto sql = read_file(out() / "logs/migration.log");
  ASSERT_THAT(kept(), testing::SizeIs(1));

  const auto again = evaluate({"--reuse"});
  ASSERT_EQ(again.exit_code, 0) << again.output << again.error;
  EXPECT_THAT(origin(), testing::StartsWith("the run of commit "));
  EXPECT_THAT(again.output, HasSubstr("The database was not provisioned: its facts are of " + origin()));
  EXPECT_THAT(read_file(out() / "EVIDENCE.md"),
              HasSubstr("Not provisioned in this run: what stands below was taken"));
  EXPECT_EQ(facts::Facts(out() / "facts", {"schema"}).text(fingerprint), before);
  EXPECT_EQ(read_file(out() / "logs/migration.log"), sql);
  EXPECT_EQ(verdict(out(), "EG-CG2.schema-file"), "pass");
  // Of the two archives there, this run's.
  const auto sealed = out() / (Json::parse(read_file(out() / "run.json")).at("id").text() + ".tar.zst");
  EXPECT_THAT(shell(folder_.path(), "tar --zstd -xOf " + sealed.string() + " --wildcards '*/bag-info.txt'"),
              HasSubstr("Exitgate-Reused: database, of the run of commit "));
  EXPECT_EQ(exitgate({"verify", sealed.string(), "--replay"}).exit_code, 0);

  // It is not signed afterwards either.
  shell(folder_.path(), "openssl genpkey -algorithm ed25519 -out k.pem");
  const auto key = (folder_.path() / "k.pem").string();
  const auto signing = exitgate(
      {"seal", "--run", out().string(), "--key", key, "--out", (folder_.path() / "x.tar.zst").string()});
  EXPECT_EQ(signing.exit_code, 2);
  EXPECT_THAT(signing.error, HasSubstr("it is not signed\n  > run again without --reuse (EXITGATE_REUSE)"));
  EXPECT_FALSE(fs::exists(folder_.path() / "x.tar.zst"));

  // Without the option everything is done anew.
  ASSERT_EQ(evaluate().exit_code, 0);
  EXPECT_EQ(origin(), "");
  EXPECT_THAT(read_file(out() / "EVIDENCE.md"), Not(HasSubstr("Not provisioned in this run")));
}

TEST_F(ReuseTest, ARunThatIsSignedRefuses) {
  shell(folder_.path(), "openssl genpkey -algorithm ed25519 -out k.pem");
  const auto key = "EXITGATE_KEY=" + (folder_.path() / "k.pem").string();
  const auto refused = evaluate({"--reuse"}, {key});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_EQ(refused.error,
            "exitgate: a run that is signed (EXITGATE_KEY) provisions by itself: nothing may be reused\n"
            "  > leave out --reuse (EXITGATE_REUSE), or unset EXITGATE_KEY\n");
  // The same of the variable alone, which ctest hands on.
  EXPECT_EQ(evaluate({}, {key, "EXITGATE_REUSE=1"}).exit_code, 2);
}

TEST_F(ReuseTest, AnotherCommitOrADamagedEntryIsMadeAnew) {
  ASSERT_EQ(evaluate({"--reuse"}).exit_code, 0);
  shell(repository(), "echo '# more' >> README.md");
  commit_all(repository(), "A change that the steps could read");
  ASSERT_EQ(evaluate({"--reuse"}).exit_code, 0);
  EXPECT_EQ(origin(), "");
  ASSERT_THAT(kept(), testing::SizeIs(2));
  for (const auto& entry : kept()) {
    std::ofstream(entry / "files" / "facts" / "schema.db", std::ios::app) << "x";
  }
  ASSERT_EQ(evaluate({"--reuse"}).exit_code, 0);
  EXPECT_EQ(origin(), "");
  EXPECT_THAT(read_file(out() / "logs" / "ctest.log"),
              HasSubstr("what was kept is damaged, and is made anew: facts/schema.db is not what was kept"));
  ASSERT_EQ(evaluate({"--reuse"}).exit_code, 0);
  EXPECT_NE(origin(), "");
}

TEST_F(ReuseTest, WhatIsRedIsNotKept) {
  shell(repository(),
        "echo 'SELECT nothing;' > db/broken.sql && sed -i 's|alembic upgrade head|alembic upgrade head "
        "\\&\\& false|' exitgate.yaml");
  commit_all(repository(), "Steps that fail");
  EXPECT_NE(evaluate({"--reuse"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder_.path() / "cache" / "reuse"));
}

}  // namespace
}  // namespace exitgate::testing_program
