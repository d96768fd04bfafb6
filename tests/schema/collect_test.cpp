// The database stage from a commit to schema.db, on real repositories and servers.
#include "harness/collect/schema/collect.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/schema/findings.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/database/cluster.h"
#include "harness/digest/digest.h"
#include "harness/facts/facts.h"
#include "tests/database/told.h"

namespace exitgate::collect {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class DatabaseStageOn : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(repo());
    git({"init", "-q", "-b", "main"});
  }
  fs::path repo() const { return folder_.path() / "repo"; }
  fs::path run() const { return folder_.path() / "run"; }

  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {"git", "-C", repo().string(), "-c", "user.name=a", "-c", "user.email=a@b.c"});
    const ProcessResult finished = exitgate::run({.arguments = std::move(arguments)});
    ASSERT_TRUE(finished.ok()) << finished.error;
  }
  void file(const std::string& path, const std::string& content) const {
    fs::create_directories((repo() / path).parent_path());
    write_file(repo() / path, content);
  }
  // Commits all files, and runs the stage on the commit.
  void collect(const config::Config& config, const std::string& url = "") {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", "all"});
    collect_commit(config, url);
  }
  void collect_commit(const config::Config& config, const std::string& url = "") {
    const auto repository = git::Repository::open(repo());
    const std::string commit = repository.resolve_commit("HEAD");
    const Checkout checkout{repository, commit, repository.tree(commit)};
    redact::Redactor redactor;
    redactor.add_secret("geheim-4711");
    redactor.add_url(url);
    collect_database({config, checkout, url, redactor, run()});
  }
  static config::Config steps(const std::vector<std::string>& commands) {
    config::Config config;
    config.file = "exitgate.yaml";
    config.database.emplace();
    for (const auto& command : commands) {
      config::Step step;
      step.run = command;
      config.database->steps.push_back(step);
    }
    return config;
  }
  // Each row as "a|b|c".
  std::vector<std::string> rows(const std::string& sql) const {
    const facts::Facts facts(run() / "facts", {"schema"});
    std::vector<std::string> lines;
    auto query = facts.query(sql);
    for (const auto& row : query) {
      std::vector<std::string> columns;
      for (const auto& column : query.column_names()) {
        columns.push_back(row.is_null(column) ? "NULL" : row.text(column));
      }
      lines.push_back(join(columns, "|"));
    }
    return lines;
  }

 private:
  TemporaryDirectory folder_;
};

TEST_F(DatabaseStageOn, ATargetThatDeclaresNothing) {
  collect({});
  EXPECT_THAT(
      rows("SELECT source, reason FROM schema.plan"),
      ElementsAre("none|no configuration says how the database is provisioned, and there is no alembic.ini "
                  "at the root"));
  EXPECT_THAT(rows("SELECT * FROM schema.snapshot"), IsEmpty());
  // It is for the gates to say whether a database is missing, or whether there is none.
  EXPECT_THAT(rows("SELECT name FROM schema.part"), IsEmpty());
}

TEST_F(DatabaseStageOn, ATargetThatSaysThatItHasNone) {
  collect(config::parse("base: main\ndatabase: none\n", "exitgate.yaml"));
  EXPECT_THAT(rows("SELECT source, reason, no_database FROM schema.plan"),
              ElementsAre("none|exitgate.yaml:2 says `database: none`|exitgate.yaml:2"));
  EXPECT_THAT(rows("SELECT name FROM schema.part"), IsEmpty());
}

TEST_F(DatabaseStageOn, PlainSqlInTwoClustersWithOneFingerprint) {
  file("sql/1.sql", "CREATE TABLE orders (id serial PRIMARY KEY); CREATE ROLE made_by_migration;");
  file("sql/2.sql",
       "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('b'), ('a');");
  auto config = steps({"for f in sql/*.sql; do psql -q -v ON_ERROR_STOP=1 -f $f; done"});
  config::Role owner;
  owner.name = "app";
  owner.createrole = true;
  config.database->roles = {owner};
  config.database->owner = "app";
  collect(config);
  EXPECT_THAT(rows("SELECT snapshot, position, exit_code, outcome, tail FROM schema.provisioning ORDER BY 1"),
              ElementsAre("migrated|0|0|ok|NULL", "migrated-again|0|0|ok|NULL"));
  EXPECT_THAT(
      rows("SELECT count(*), count(DISTINCT fingerprint), count(DISTINCT structure) FROM schema.snapshot"),
      ElementsAre("2|1|1"));
  EXPECT_THAT(rows("SELECT snapshot, revision FROM schema.migration_state ORDER BY 1, 2"),
              ElementsAre("migrated|a", "migrated|b", "migrated-again|a", "migrated-again|b"));
  EXPECT_THAT(
      rows("SELECT kind, identity, parent FROM schema.object WHERE snapshot = 'migrated' AND namespace = "
           "'public' AND kind <> 'owner' ORDER BY 1, 2"),
      ElementsAre("column|public.alembic_version.version_num|table public.alembic_version",
                  "column|public.orders.id|table public.orders",
                  "constraint|public.orders.orders_pkey|table public.orders",
                  "sequence|public.orders_id_seq|column public.orders.id",
                  "table|public.alembic_version|NULL", "table|public.orders|NULL"));
  EXPECT_THAT(rows("SELECT name, path, snapshot, repeated, problem FROM schema.part ORDER BY 1"),
              ElementsAre("catalog|schema/migrated.txt|migrated|NULL|NULL",
                          "migration-current|migrations/current.txt|migrated|NULL|NULL",
                          "migration-heads||migrated|NULL|the commit has no migrations that are known",
                          "migration-history||migrated|NULL|the commit has no migrations that are known",
                          "migration-log|logs/migration.log|migrated|NULL|NULL",
                          "schema-dump|schema/migrated.sql|migrated|1|NULL"));
  EXPECT_EQ(read_file(run() / "migrations" / "current.txt"), "a\nb\n");
  EXPECT_THAT(read_file(run() / "schema" / "migrated.sql"), HasSubstr("CREATE TABLE public.orders"));
  // The fingerprint can be made again from the facts, as its declaration says.
  std::string lines;
  for (const auto& row : rows("SELECT kind, identity, sha256 FROM schema.object WHERE snapshot = 'migrated' "
                              "ORDER BY kind, identity")) {
    lines += row + "\n";
  }
  std::replace(lines.begin(), lines.end(), '|', '\t');
  EXPECT_THAT(rows("SELECT fingerprint FROM schema.snapshot WHERE name = 'migrated'"),
              ElementsAre(digest::sha256_hex(lines)));
}

TEST_F(DatabaseStageOn, MigrationsThatAreNotTheSameTwice) {
  collect(steps({"psql -q -c \"CREATE TABLE made_$(od -An -N8 -tx8 /dev/urandom | tr -d ' ') (id int)\""}));
  EXPECT_THAT(rows("SELECT count(DISTINCT fingerprint) FROM schema.snapshot"), ElementsAre("2"));
}

TEST_F(DatabaseStageOn, AlembicWithoutAConfiguration) {
  file("alembic.ini", "[alembic]\nscript_location = migrations\nsqlalchemy.url = unused\n");
  file("migrations/script.py.mako", "");
  file("migrations/env.py",
       "import os\nfrom alembic import context\nfrom sqlalchemy import create_engine\n"
       "with create_engine(os.environ['DATABASE_URL']).connect() as connection:\n"
       "    context.configure(connection=connection)\n"
       "    with context.begin_transaction():\n        context.run_migrations()\n");
  file("migrations/versions/one.py",
       "from alembic import op\nimport sqlalchemy as sa\nrevision = 'one'\ndown_revision = None\n"
       "def upgrade():\n    op.create_table('orders', sa.Column('id', sa.Integer, primary_key=True))\n");
  collect({});
  EXPECT_THAT(rows("SELECT source FROM schema.plan"), ElementsAre("alembic.ini"));
  EXPECT_THAT(
      rows("SELECT snapshot, command, outcome, tail FROM schema.provisioning ORDER BY 1"),
      ElementsAre("migrated|alembic upgrade head|ok|NULL", "migrated-again|alembic upgrade head|ok|NULL"));
  EXPECT_THAT(rows("SELECT revision FROM schema.migration_state WHERE snapshot = 'migrated'"),
              ElementsAre("one"));
  EXPECT_THAT(rows("SELECT name, problem FROM schema.part WHERE name LIKE 'migration-%' ORDER BY 1"),
              ElementsAre("migration-current|NULL", "migration-heads|NULL", "migration-history|NULL",
                          "migration-log|NULL"));
  EXPECT_THAT(read_file(run() / "migrations" / "current.txt"), HasSubstr("$ alembic current\n"));
  EXPECT_THAT(read_file(run() / "migrations" / "heads.txt"), HasSubstr("one (head)"));
}

TEST_F(DatabaseStageOn, AMigrationThatFails) {
  file("broken.sql", "CREATE TABLE a (id int); SELECT no_such_column FROM a;");
  collect(steps({"psql -q -v ON_ERROR_STOP=1 -f broken.sql", "echo never"}));
  EXPECT_THAT(rows("SELECT snapshot, position, exit_code, outcome, tail FROM schema.provisioning WHERE "
                   "snapshot = 'migrated'"),
              ElementsAre(AllOf(HasSubstr("migrated|0|3|exit code 3|"),
                                HasSubstr("column \"no_such_column\" does not exist"))));
  EXPECT_THAT(rows("SELECT name FROM schema.snapshot"), IsEmpty());
  EXPECT_THAT(rows("SELECT name, problem FROM schema.part ORDER BY 1"),
              ElementsAre("catalog|the database was not provisioned",
                          "migration-current|the database was not provisioned",
                          "migration-heads|the database was not provisioned",
                          "migration-history|the database was not provisioned", "migration-log|NULL",
                          "schema-dump|the database was not provisioned"));
  EXPECT_THAT(read_file(run() / "logs" / "migration.log"), HasSubstr("no_such_column"));
  EXPECT_THAT(read_file(run() / "logs" / "server.log"), HasSubstr("no_such_column"));
}

TEST_F(DatabaseStageOn, ARoundTripThatLeavesSomethingBehind) {
  file("up.sql", "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE orders (id int, m mood);");
  file("again.sql",
       "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$; "
       "CREATE TABLE orders (id int);");
  auto config =
      steps({"if psql -Atc \"SELECT 'seen' FROM pg_type WHERE typname = 'mood'\" | grep -q seen; "
             "then psql -q -f again.sql; else psql -q -f up.sql; fi"});
  config::Step down;
  down.run = "psql -q -c 'DROP TABLE orders'";
  config.database->down = {down};
  collect(config);
  EXPECT_THAT(rows("SELECT direction, position, outcome, revision, file, reason FROM schema.round_trip"),
              ElementsAre("down|0|ok|NULL|NULL|NULL", "up|0|ok|NULL|NULL|NULL"));
  EXPECT_THAT(
      rows("SELECT direction, change, kind, identity FROM schema.round_trip_difference ORDER BY 1, 2, 3"),
      ElementsAre("down|added|enum|public.mood", "up|removed|column|public.orders.m"));
  EXPECT_THAT(rows("SELECT count(DISTINCT fingerprint) FROM schema.snapshot"), ElementsAre("1"));
}

TEST_F(DatabaseStageOn, AWayDownThatFailsIsNamed) {
  file("db/up.sql", "CREATE TABLE orders (id int);");
  file("db/down.sql", "DROP TABLE orders;\nDROP TABLE no_such_table;\n");
  auto config = steps({"psql -q -f up.sql"});
  config.database->directory = "db";
  config::Step down;
  down.run = "psql -q -v ON_ERROR_STOP=1 -f down.sql";
  config.database->down = {down};
  collect(config);
  EXPECT_THAT(
      rows("SELECT direction, outcome, file, line, reason FROM schema.round_trip"),
      ElementsAre(
          "down|exit code 3|db/down.sql|2|psql:down.sql:2: ERROR:  table \"no_such_table\" does not exist"));
}

TEST_F(DatabaseStageOn, SecretsOfTheRunAreMaskedEverywhere) {
  file("a.sql",
       "CREATE FUNCTION leak() RETURNS text LANGUAGE sql AS $$SELECT 'geheim-4711'$$;"
       "COMMENT ON FUNCTION leak() IS 'geheim-4711'");
  collect(steps({"echo password is geheim-4711", "psql -q -f a.sql", "echo geheim-4711; exit 1"}));
  for (const auto& entry : fs::recursive_directory_iterator(run())) {
    if (entry.is_regular_file()) {
      EXPECT_EQ(read_file(entry.path()).find("geheim-4711"), std::string::npos) << entry.path();
    }
  }
  EXPECT_THAT(read_file(run() / "logs" / "migration.log"), HasSubstr("password is ***"));
}

TEST_F(DatabaseStageOn, AnExportWithItsModesAndLinksAndWithoutWhatLeadsOut) {
  file("tool", "#!/bin/sh\necho tool\n");
  fs::permissions(repo() / "tool", fs::perms(0755));
  file("data/plain.txt", "plain");
  fs::create_symlink("data/plain.txt", repo() / "link");
  fs::create_symlink("/etc/passwd", repo() / "outside");
  fs::create_symlink("../../../etc", repo() / "data/up");
  file("lost.bin", "lost");
  git({"add", "-A"});
  git({"commit", "-q", "-m", "all"});
  const ProcessResult oid =
      exitgate::run({.arguments = {"git", "-C", repo().string(), "rev-parse", "HEAD:lost.bin"}});
  const std::string name(trim(oid.output));
  fs::remove(repo() / ".git" / "objects" / name.substr(0, 2) / name.substr(2));
  collect_commit(
      steps({"./tool; cat link; test ! -x data/plain.txt; test ! -e outside; test ! -e lost.bin; ls -A"}));
  EXPECT_THAT(rows("SELECT outcome FROM schema.provisioning"), ElementsAre("ok", "ok"));
  EXPECT_THAT(read_file(run() / "logs" / "migration.log"), HasSubstr("tool\nplaindata\nlink\ntool\n"));
  EXPECT_THAT(rows("SELECT path, reason FROM schema.left_out ORDER BY 1"),
              ElementsAre("data/up|it is a link that leads out of the repository",
                          fmt::format("lost.bin|blob {} is missing in the clone", name),
                          "outside|it is a link that leads out of the repository"));
}

TEST_F(DatabaseStageOn, ALiveServerBesideTheMigratedOne) {
  const database::Cluster live(database::find_server_programs());
  {
    const auto administrator = live.connect("postgres", "postgres", false);
    administrator->query("CREATE TABLE public.orders (id int, hotfix text)");
    // What was counted so far is to be seen before the next one looks.
    if (administrator->server_version() >= 150000) administrator->query("SELECT pg_stat_force_next_flush()");
  }
  const auto written = [&] {
    return std::string(
        live.connect("postgres", "postgres", true)
            ->query("SELECT sum(xact_commit) >= 0, sum(tup_inserted + tup_updated + tup_deleted) FROM "
                    "pg_stat_database WHERE datname = 'postgres'")
            .text(0, 1));
  };
  const std::string before = written();
  collect(steps({"psql -q -c 'CREATE TABLE orders (id int)'"}), live.url("postgres", "postgres"));
  EXPECT_EQ(written(), before);
  EXPECT_THAT(rows("SELECT name, database FROM schema.snapshot ORDER BY 1"),
              ElementsAre("live|postgres", "migrated|exitgate", "migrated-again|exitgate"));
  EXPECT_THAT(
      rows(
          "SELECT identity FROM schema.object a WHERE snapshot = 'live' AND kind = 'column' AND NOT EXISTS "
          "(SELECT 1 FROM schema.object b WHERE b.snapshot = 'migrated' AND b.kind = a.kind AND b.identity = "
          "a.identity)"),
      ElementsAre("public.orders.hotfix"));
}

TEST_F(DatabaseStageOn, ALiveServerThatRefuses) {
  try {
    collect(steps({"true"}), "postgresql://app:geheim-4711@127.0.0.1:1/shop");
    FAIL() << "no error";
  } catch (const Undecided& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot connect to postgresql://127.0.0.1:1/shop: "));
    EXPECT_THAT(error.what(), Not(HasSubstr("geheim")));
  }
  // What could be told is told all the same.
  EXPECT_THAT(rows("SELECT name FROM schema.snapshot ORDER BY 1"), ElementsAre("migrated", "migrated-again"));
  EXPECT_THAT(rows("SELECT snapshot, hint FROM schema.problem"),
              ElementsAre("live|is the server running, and are host and port right?"));
}

TEST_F(DatabaseStageOn, ALogThatCannotBeWritten) {
  fs::create_directories(run() / "logs/migration.log/in-the-way");
  EXPECT_EQ(
      database::told([&] { collect(steps({"true"})); }),
      fmt::format("cannot write {}\nis there room on the disk, and may the run directory be written to?",
                  (run() / "logs/migration.log").string()));
  EXPECT_THAT(rows("SELECT name FROM schema.snapshot ORDER BY 1"), ElementsAre("migrated-again"));
  EXPECT_THAT(rows("SELECT name FROM schema.part WHERE problem IS NOT NULL ORDER BY 1"),
              ElementsAre("catalog", "migration-current", "migration-heads", "migration-history",
                          "migration-log", "schema-dump"));
}

TEST_F(DatabaseStageOn, ARunDirectoryThatCannotBeMade) {
  write_file(run(), "a file in the way");
  EXPECT_THAT(database::told([&] { collect(steps({"true"}), "postgresql://127.0.0.1:1/shop"); }),
              testing::StartsWith(
                  fmt::format("cannot make the folder {}: Not a directory\n", (run() / "facts").string())));
}

// A problem of the file system is told with its path and what to do, and is not an internal fault.
TEST(CurrentProblem, OfTheFileSystem) {
  try {
    fs::create_directories("/dev/null/folder");
    FAIL() << "no error";
  } catch (...) {
    const auto problem = schema::current_problem("migrated");
    EXPECT_EQ(problem.snapshot, "migrated");
    EXPECT_EQ(problem.reason, "/dev/null/folder: Not a directory");
    EXPECT_EQ(problem.hint,
              "is there room, and may it be written to? TMPDIR names another folder for temporary files");
  }
}

TEST_F(DatabaseStageOn, TestLogsOfTheWorkTreeAndOfTheCommit) {
  file("logs/committed.log", "ok geheim-4711");
  git({"add", "-A"});
  git({"commit", "-q", "-m", "all"});
  fs::remove(repo() / "logs" / "committed.log");
  file("logs/fresh.log", "fresh");
  config::Config config;
  config.tests.logs = {"logs/committed.log", "logs/fresh.log", "logs/none.log", "../secret"};
  collect_commit(config);
  EXPECT_THAT(rows("SELECT path, bytes, problem FROM schema.part WHERE name = 'test-log' ORDER BY rowid"),
              ElementsAre("logs/tests/logs/committed.log|6|NULL", "logs/tests/logs/fresh.log|5|NULL",
                          "|0|logs/none.log is neither in the work tree nor at the commit",
                          "|0|../secret leads out of the repository"));
}

TEST(RoundTrip, ReadsWhatAlembicSays) {
  const std::string output =
      "INFO  [alembic.runtime.migration] Running downgrade c -> b, third\n"
      "INFO  [alembic.runtime.migration] Running downgrade b -> a, second\n"
      "Traceback (most recent call last):\n"
      "  File \"/tmp/x/tree/alembic/env.py\", line 9, in <module>\n"
      "  File \"/tmp/x/tree/alembic/versions/b.py\", line 43, in downgrade\n"
      "  File \"/usr/lib/python3/sqlalchemy/engine.py\", line 7, in execute\n"
      "sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) table \"t\" does not exist\n"
      "\n[SQL: DROP TABLE t]\n(Background on this error at: https://sqlalche.me/e/14/f405)\n";
  EXPECT_EQ(schema::failing_revision(output), "b -> a");
  EXPECT_EQ(schema::error_line(output),
            "sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) table \"t\" does not exist");
  EXPECT_EQ(database::place_of_failure(output, "/tmp/x/tree", ""),
            std::pair(std::string("alembic/versions/b.py"), 43));
  EXPECT_EQ(schema::error_line("one\ntwo\n\n"), "two");
  EXPECT_EQ(schema::failing_revision("nothing"), "");
  EXPECT_EQ(database::place_of_failure("psql:../x.sql:12: ERROR:  no", "/tmp/x/tree", "db"),
            std::pair(std::string("x.sql"), 12));
}

TEST(CollectLive, WritesOneSnapshot) {
  const database::Cluster live(database::find_server_programs());
  live.connect("postgres", "postgres", false)->query("CREATE TABLE public.orders (id int)");
  const TemporaryDirectory out;
  collect_live(live.url("postgres", "postgres"), "production", out.path());
  const facts::Facts facts(out.path(), {"schema"});
  EXPECT_EQ(facts.text("SELECT name FROM schema.snapshot"), "production");
  EXPECT_EQ(
      facts.integer("SELECT count(*) FROM schema.object WHERE snapshot = 'production' AND kind = 'table'"),
      1);
}

}  // namespace
}  // namespace exitgate::collect
