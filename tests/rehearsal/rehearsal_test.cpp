// Upgrades of real repositories on a real server: break a migration like this, and exactly that is seen.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/rehearsal/collect.h"
#include "harness/facts/facts.h"

namespace exitgate::collect {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

// Files as golang-migrate has them, and its table.
constexpr const char* kMigrate = R"sh(#!/bin/sh -e
export PGOPTIONS='-c client_min_messages=error'
sql() { psql -qAtX -v ON_ERROR_STOP=1 "$@"; }
sql -c 'CREATE TABLE IF NOT EXISTS schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)'
at=$(sql -c 'SELECT coalesce(max(version), 0) FROM schema_migrations')
number() { n=${1##*/}; n=${n%%_*}; expr "$n" + 0 || true; }
case $1 in
up) for file in migrations/*.up.sql; do
    n=$(number "$file"); [ "$n" -gt "$at" ] || continue
    sql -f "$file"; sql -c "INSERT INTO schema_migrations (version, dirty) VALUES ($n, false)"
  done ;;
to) for file in $(ls -r migrations/*.down.sql); do
    n=$(number "$file"); [ "$n" -le "$at" ] && [ "$n" -gt "$2" ] || continue
    sql -f "$file"; sql -c "DELETE FROM schema_migrations WHERE version = $n"
  done ;;
esac
)sh";

class Rehearsal : public ::testing::Test {
 protected:
  Rehearsal() {
    fs::create_directories(repo() / "migrations");
    git({"init", "-q", "-b", "main"});
    file("migrate", kMigrate);
    fs::permissions(repo() / "migrate", fs::perms::owner_all);
    migration("000001_orders",
              "CREATE TABLE orders (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
              "  customer text NOT NULL,\n  note varchar(20)\n);\n",
              "DROP TABLE orders;\n");
    config_ = config::parse(
        "base: base\ndatabase:\n  steps: [./migrate up]\n"
        "  stairway: {up: './migrate up', down: './migrate to {parent}', base: './migrate to 0'}\n",
        "exitgate.yaml");
    commit();
    git({"branch", "base"});
  }

  fs::path repo() const { return folder_.path() / "repo"; }
  fs::path run() const { return folder_.path() / "run"; }
  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {"git", "-C", repo().string(), "-c", "user.name=a", "-c", "user.email=a@b.c"});
    const ProcessResult finished = exitgate::run({.arguments = std::move(arguments)});
    ASSERT_TRUE(finished.ok()) << finished.error;
  }
  void commit() const {
    git({"add", "-A"});
    git({"commit", "-q", "--allow-empty", "-m", "all"});
  }
  void file(const std::string& path, const std::string& content) const { write_file(repo() / path, content); }
  void migration(const std::string& name, const std::string& up, const std::string& down = "") const {
    file("migrations/" + name + ".up.sql", up);
    file("migrations/" + name + ".down.sql", down.empty() ? "SELECT 1;\n" : down);
  }
  void rehearse() {
    commit();
    const auto repository = git::Repository::open(repo());
    const std::string head = repository.resolve_commit("HEAD");
    const Checkout checkout{repository, head, repository.tree(head), config_.base};
    const redact::Redactor redactor;
    DatabaseStage stage{config_, checkout, "", redactor, run()};
    stage.reuse = reuse_;
    stage.say = [this](const std::string& line) { said_.push_back(line); };
    collect_rehearsal(stage);
  }
  // Each row as "a|b|c".
  std::vector<std::string> rows(const std::string& sql) const {
    const facts::Facts facts(run() / "facts", {"rehearsal"});
    std::vector<std::string> lines;
    auto query = facts.query(sql);
    for (const auto& row : query) {
      std::vector<std::string> columns;
      for (const auto& column : query.column_names())
        columns.push_back(row.is_null(column) ? "NULL" : row.text(column));
      lines.push_back(join(columns, "|"));
    }
    return lines;
  }
  std::vector<std::string> upgrade() const {
    return rows("SELECT outcome, coalesce(reason, '') AS reason FROM rehearsal.upgrade");
  }

  config::Config config_;
  bool reuse_ = false;
  std::vector<std::string> said_;

 private:
  TemporaryDirectory folder_;
};

TEST_F(Rehearsal, ADroppedColumnWithItsValuesTheStatementAndTheLine) {
  migration("000002_no_note", "-- Nobody reads it.\nALTER TABLE orders\n  DROP COLUMN note;\n",
            "ALTER TABLE orders ADD COLUMN note varchar(20);\n");
  rehearse();
  EXPECT_THAT(upgrade(), ElementsAre("applied|"));
  EXPECT_THAT(rows("SELECT revisions, seed, traffic FROM rehearsal.upgrade"), ElementsAre("1|generated|1"));
  EXPECT_THAT(rows("SELECT relation, rows, reason FROM rehearsal.filled"),
              ElementsAre("public.orders|3|NULL"));
  EXPECT_THAT(rows("SELECT l.kind, l.relation, l.name, l.count > 0 AS n, s.file, s.line, s.command "
                   "FROM rehearsal.loss l JOIN rehearsal.statement s ON s.position = l.statement "
                   "WHERE l.phase = 'upgrade'"),
              ElementsAre("column|public.orders|note|1|migrations/000002_no_note.up.sql|2|ALTER TABLE"));
  EXPECT_THAT(rows("SELECT relation, kind, mode, blocks, of_base FROM rehearsal.lock WHERE statement = 0 AND "
                   "kind = 'table'"),
              ElementsAre("public.orders|table|AccessExclusiveLock|reads and writes|1"));
  // The way back makes the column again, and nothing brings its values back.
  EXPECT_THAT(rows("SELECT phase, outcome FROM rehearsal.step WHERE phase = 'way back'"),
              ElementsAre("way back|ok"));
  EXPECT_THAT(rows("SELECT * FROM rehearsal.difference"), IsEmpty());
  EXPECT_THAT(rows("SELECT kind, relation FROM rehearsal.loss WHERE phase = 'way back'"),
              Contains("column|public.orders"));
  EXPECT_THAT(rows("SELECT session, relation, transactions > 0 AS n, problem FROM rehearsal.traffic"),
              ElementsAre("reader|public.orders|1|NULL", "writer|public.orders|1|NULL"));
}

TEST_F(Rehearsal, ADroppedColumnWhoseNameNeedsQuotes) {
  git({"checkout", "-q", "-b", "work"});
  migration("000001_orders", "CREATE TABLE orders (id int PRIMARY KEY, \"lastSeen\" text);\n");
  commit();
  git({"branch", "-f", "base", "work"});
  migration("000002_seen", "ALTER TABLE orders DROP COLUMN \"lastSeen\";\n");
  rehearse();
  EXPECT_THAT(
      rows("SELECT l.kind, l.name, s.file, s.line FROM rehearsal.loss l LEFT JOIN rehearsal.statement s "
           "ON s.position = l.statement WHERE l.phase = 'upgrade'"),
      ElementsAre(HasSubstr("lastSeen|migrations/000002_seen.up.sql|1")));
}

TEST_F(Rehearsal, NothingNewIsNotRun) {
  file("README", "other");
  rehearse();
  EXPECT_THAT(upgrade(), ElementsAre(StartsWith("nothing new|no migration is new since ")));
  EXPECT_THAT(rows("SELECT * FROM rehearsal.step"), IsEmpty());
}

TEST_F(Rehearsal, AMigrationThatOnlyRowsMakeFail) {
  migration("000002_note", "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\n");
  rehearse();
  EXPECT_THAT(upgrade(), ElementsAre(StartsWith("failed|`./migrate up`: exit code ")));
  EXPECT_THAT(upgrade(), ElementsAre(HasSubstr("contains null values")));
  EXPECT_THAT(
      rows("SELECT file, line, outcome FROM rehearsal.statement"),
      ElementsAre(StartsWith("migrations/000002_note.up.sql|1|column \"note\" of relation \"orders\"")));
}

TEST_F(Rehearsal, AnIndexThatKeepsWritersWaitingWhileItIsBuilt) {
  migration("000002_index", "CREATE INDEX by_customer ON orders (customer);\n", "DROP INDEX by_customer;\n");
  rehearse();
  EXPECT_THAT(
      rows("SELECT l.mode, l.blocks, p.kind, p.of_base FROM rehearsal.lock l JOIN rehearsal.pass p ON "
           "p.statement = l.statement AND p.relation = l.relation WHERE l.relation = 'public.orders'"),
      ElementsAre("ShareLock|writes|build|1"));
  EXPECT_THAT(rows("SELECT * FROM rehearsal.loss"), IsEmpty());
  EXPECT_THAT(rows("SELECT * FROM rehearsal.difference"), IsEmpty());
}

TEST_F(Rehearsal, SeveralRevisionsEachWithItsOwnStatements) {
  migration("000002_a", "CREATE TABLE a (id int PRIMARY KEY);\nALTER TABLE orders ADD COLUMN a int;\n");
  migration("000003_b", "CREATE TABLE b (id int PRIMARY KEY);\nALTER TABLE orders ADD COLUMN b int;\n");
  rehearse();
  EXPECT_THAT(rows("SELECT revision, file, line, command FROM rehearsal.statement WHERE phase = 'upgrade'"),
              ElementsAre("000002|migrations/000002_a.up.sql|1|CREATE TABLE",
                          "000002|migrations/000002_a.up.sql|2|ALTER TABLE",
                          "000003|migrations/000003_b.up.sql|1|CREATE TABLE",
                          "000003|migrations/000003_b.up.sql|2|ALTER TABLE"));
  // The way back did nothing, which is seen.
  EXPECT_THAT(rows("SELECT change, kind, identity FROM rehearsal.difference"),
              Contains("added|table|public.a"));
}

TEST_F(Rehearsal, ABaseThatCannotBeProvisionedIsNotPossible) {
  git({"checkout", "-q", "base"});
  migration("000001_orders", "CREATE TABLE orders (id nonsense);\n");
  commit();
  git({"checkout", "-q", "-b", "work"});
  migration("000001_orders", "CREATE TABLE orders (id int);\n");
  migration("000002_b", "CREATE TABLE b (id int);\n");
  rehearse();
  EXPECT_THAT(upgrade(), ElementsAre(StartsWith("not possible|the schema of the base commit ")));
  EXPECT_THAT(upgrade(), ElementsAre(HasSubstr("type \"nonsense\" does not exist")));
}

TEST_F(Rehearsal, TheFirstMigrationIsRunOnAnEmptyDatabase) {
  config_.base = "empty";
  git({"checkout", "-q", "--orphan", "empty"});
  git({"rm", "-rqf", "."});
  file("README", "nothing yet");
  commit();
  git({"merge", "-q", "--allow-unrelated-histories", "-m", "first", "main"});
  git({"branch", "-f", "work"});
  git({"reset", "-q", "--hard", "HEAD~1"});
  git({"checkout", "-q", "work"});
  rehearse();
  EXPECT_THAT(upgrade(), ElementsAre("applied|"));
  EXPECT_THAT(rows("SELECT phase FROM rehearsal.step"), ElementsAre("upgrade", "way back"));
}

TEST_F(Rehearsal, DeclaredSeedsAndRowsOfOursInWhatTheyLeaveEmpty) {
  config::Step seed;
  seed.run = "psql -qX -c \"INSERT INTO orders (customer) SELECT 'c' || n FROM generate_series(1, 5) n\"";
  config_.database->seed = {seed};
  migration("000002_delete", "DELETE FROM orders WHERE customer = 'c2';\n");
  rehearse();
  EXPECT_THAT(rows("SELECT seed FROM rehearsal.upgrade"), ElementsAre("declared"));
  EXPECT_THAT(rows("SELECT kind, relation, count, total FROM rehearsal.loss WHERE phase = 'upgrade'"),
              ElementsAre("rows|public.orders|1|5"));
  EXPECT_THAT(rows("SELECT s.text FROM rehearsal.loss l JOIN rehearsal.statement s ON s.position = "
                   "l.statement WHERE l.phase = 'upgrade'"),
              ElementsAre("DELETE FROM orders WHERE customer = 'c2';"));
}

TEST_F(Rehearsal, AnUnchangedOneIsReusedAndSaysSo) {
  reuse_ = true;
  ::setenv("EXITGATE_CACHE", (repo().parent_path() / "cache").c_str(), 1);
  migration("000002_note", "ALTER TABLE orders DROP COLUMN note;\n");
  rehearse();
  const auto losses = rows("SELECT * FROM rehearsal.loss");
  EXPECT_THAT(rows("SELECT reused FROM rehearsal.upgrade"), ElementsAre("NULL"));
  rehearse();  // another commit of the same tree
  EXPECT_THAT(said_.back(), StartsWith("no upgrade was rehearsed: taken from the run of commit "));
  EXPECT_THAT(rows("SELECT reused FROM rehearsal.upgrade"), ElementsAre(StartsWith("the run of commit ")));
  EXPECT_EQ(rows("SELECT * FROM rehearsal.loss"), losses);
  // The same files from another base are another upgrade.
  git({"checkout", "-q", "-b", "later", "base"});
  commit();
  git({"branch", "-f", "base", "later"});
  migration("000002_note", "ALTER TABLE orders DROP COLUMN note;\n");
  rehearse();
  EXPECT_THAT(rows("SELECT reused FROM rehearsal.upgrade"), ElementsAre("NULL"));
  ::unsetenv("EXITGATE_CACHE");
}

TEST_F(Rehearsal, NoWayBackSaysWhatToWrite) {
  config_.database->stairs = {};
  config_.database->stairway = false;
  config_.database->steps.front().run = "cp migrate apply && ./apply up";
  migration("000002_b", "CREATE TABLE b (id int);\n");
  rehearse();
  EXPECT_THAT(upgrade(), ElementsAre("applied|"));
  EXPECT_THAT(rows("SELECT subject, hint FROM rehearsal.problem"),
              ElementsAre("way back|write `stairway: {up: ..., down: ..., base: ...}` in exitgate.yaml"));
}

}  // namespace
}  // namespace exitgate::collect
