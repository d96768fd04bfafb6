#include "harness/collect/schema/dump.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/base/file.h"

namespace exitgate::collect::schema {
namespace {

namespace fs = std::filesystem;

class Dumped : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = new database::Cluster(database::find_server_programs()); }
  static void TearDownTestSuite() { delete cluster_; }
  void TearDown() override { ::setenv("PATH", path_.c_str(), 1); }
  // A folder with this pg_dump, or none when it is "".
  static database::ServerPrograms with(const fs::path& folder, const std::string& script) {
    if (!script.empty()) {
      write_file(folder / "pg_dump", "#!/bin/sh\n" + script + "\n");
      fs::permissions(folder / "pg_dump", fs::perms(0755));
    }
    return {folder, "15.18", 15};
  }
  static database::Cluster* cluster_;
  std::string path_ = std::getenv("PATH");
};
database::Cluster* Dumped::cluster_ = nullptr;

TEST_F(Dumped, TheSameTwice) {
  const Dump dump = dump_schema(*cluster_, database::find_server_programs(), "postgres");
  EXPECT_EQ(dump.problem, std::nullopt);
  EXPECT_TRUE(dump.repeated);
  EXPECT_THAT(dump.text, ::testing::HasSubstr("PostgreSQL database dump complete"));
}

// Of another folder, whatever PATH has: it is as new as the server.
TEST_F(Dumped, ByAnotherPgDumpThanTheServersOwn) {
  const TemporaryDirectory folder;
  auto programs = database::find_server_programs();
  programs.folder = folder.path();
  const Dump dump = dump_schema(*cluster_, programs, "postgres");
  EXPECT_EQ(dump.problem, std::nullopt);
  EXPECT_TRUE(dump.repeated);
  EXPECT_THAT(dump.text, ::testing::HasSubstr("PostgreSQL database dump complete"));
}

TEST_F(Dumped, NotWithoutAPgDumpThatIsNewEnough) {
  const TemporaryDirectory folder;
  const Dump dump = dump_schema(*cluster_, {folder.path(), "99.1", 99}, "postgres");
  EXPECT_THAT(*dump.problem,
              ::testing::StartsWith("no pg_dump here can dump a server of PostgreSQL 99: there is "));
  EXPECT_EQ(dump.hint, "install it (Debian, Ubuntu: apt-get install postgresql-client-99)");
  EXPECT_EQ(dump.text, "");
}

TEST_F(Dumped, NotByAnOlderPgDump) {
  const TemporaryDirectory folder;
  const Dump dump =
      dump_schema(*cluster_,
                  with(folder.path(),
                       "test \"$1\" = --help && exit 0\n"
                       "echo 'pg_dump: error: aborting because of server version mismatch' >&2\n"
                       "exit 1"),
                  "postgres");
  EXPECT_EQ(dump.problem,
            "pg_dump failed (exit code 1): pg_dump: error: aborting because of server version mismatch");
  EXPECT_EQ(dump.hint, "install pg_dump of version 15 or newer");
  EXPECT_EQ(dump.text, "");
}

// Both dumps fail at the same time, each in a thread of its own.
TEST_F(Dumped, NotByAPgDumpThatCannotBeStarted) {
  const TemporaryDirectory folder;
  const Dump dump = dump_schema(*cluster_, with(folder.path(), "rm \"$0\""), "postgres");
  EXPECT_EQ(dump.problem,
            "cannot run '" + (folder.path() / "pg_dump").string() + "': No such file or directory");
  EXPECT_EQ(dump.text, "");
}

TEST_F(Dumped, SaysWhenTwoDumpsDiffer) {
  const TemporaryDirectory folder;
  const Dump dump = dump_schema(*cluster_, with(folder.path(), "echo $$"), "postgres");
  EXPECT_EQ(dump.problem, std::nullopt);
  EXPECT_FALSE(dump.repeated);
}

TEST(WithoutSecrets, MasksWhatGivesAccess) {
  EXPECT_EQ(without_secrets(
                "CREATE SUBSCRIPTION feed CONNECTION 'host=far password=it''s secret' PUBLICATION p WITH "
                "(connect = false);\nCREATE TABLE t (a text DEFAULT 'kept');\n"),
            "CREATE SUBSCRIPTION feed CONNECTION '***' PUBLICATION p WITH (connect = false);\n"
            "CREATE TABLE t (a text DEFAULT 'kept');\n");
  EXPECT_EQ(
      without_secrets(
          "CREATE USER MAPPING FOR a SERVER s OPTIONS (\n    password 'geheim',\n    \"user\" 'me'\n);\n"),
      "CREATE USER MAPPING FOR a SERVER s OPTIONS (\n    password '***',\n    \"user\" 'me'\n);\n");
  EXPECT_EQ(without_secrets("CREATE SUBSCRIPTION feed"), "CREATE SUBSCRIPTION feed");
}

}  // namespace
}  // namespace exitgate::collect::schema
