// Each revision up, down and up again, on a real server.
#include "harness/collect/schema/stairway.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/collect/schema/stair_walk.h"

namespace exitgate::collect::schema {
namespace {

using ::testing::ElementsAre;

collect::Revision revision(const std::string& id, const std::vector<std::string>& down) {
  collect::Revision one;
  one.id = id;
  one.file = id + ".sql";
  one.down = down;
  return one;
}

std::vector<std::string> order(const std::vector<collect::Revision>& revisions) {
  collect::Environment history;
  history.revisions = revisions;
  std::vector<std::string> lines;
  for (const auto& stair : stairs_of(history)) {
    lines.push_back(fmt::format("{} on '{}'{}", stair.revision, stair.parent,
                                stair.not_tried.empty() ? "" : ": " + stair.not_tried));
  }
  return lines;
}

TEST(Stairs, InTheOrderOfWhatStandsOnWhat) {
  EXPECT_THAT(order({revision("c", {"b"}), revision("a", {}), revision("b", {"a"})}),
              ElementsAre("a on ''", "b on 'a'", "c on 'b'"));
}

TEST(Stairs, BranchesAreWalkedOneAfterTheOther) {
  EXPECT_THAT(
      order({revision("a", {}), revision("b1", {"a"}), revision("b2", {"b1"}), revision("c1", {"a"}),
             revision("c2", {"c1"}), revision("m", {"b2", "c2"}), revision("z", {"m"})}),
      ElementsAre("a on ''", "b1 on 'a'", "b2 on 'b1'",
                  "c1 on 'a': it begins a branch beside another, which the way down would take as well",
                  "c2 on 'c1'", "m on 'b2': it joins branches", "z on 'm'"));
}

TEST(Stairs, AHistoryThatIsNotWhollyKnown) {
  try {
    order({revision("b", {"lost"})});
    FAIL() << "no error";
  } catch (const Undecided& problem) {
    EXPECT_THAT(problem.what(), ::testing::StartsWith("no stairway: the history  is not wholly known: "));
  }
}

// A tool of shell and psql: `sh tool up b` carries out b.up.sql.
class Stairway : public ::testing::Test {
 protected:
  std::vector<std::string> walk(const std::vector<std::pair<std::string, std::string>>& files) {
    database::Cluster cluster(database::find_server_programs());
    const auto tree = cluster.folder_for("tree");
    for (const auto& [name, content] : files) write_file(tree / name, content);
    config::Database declared;
    const std::string psql = "psql -q -v ON_ERROR_STOP=1 -f {revision}";
    declared.stairs = {psql + ".up.sql", psql + ".down.sql", psql + ".down.sql"};
    database::Provisioning provisioning(cluster, declared, tree, [](std::string_view) {});
    EXPECT_FALSE(provisioning.prepare());
    collect::Environment history;
    history.revisions = {revision("a", {}), revision("b", {"a"}), revision("c", {"b"})};
    std::vector<std::string> lines;
    const auto stairs = stairs_of(history);
    StairWalk stair_walk(cluster, provisioning, declared);
    stair_walk.prepare();
    std::vector<StairResult> results;
    stair_walk.walk(stairs, 0, stairs.size(), results);
    for (const auto& one : results) {
      std::string line = fmt::format("{} {} {}", one.stair.revision, one.step, one.outcome);
      if (!one.reason.empty()) line += fmt::format(" {}:{} {}", one.file, one.line, one.reason);
      for (const auto& found : one.differences)
        line += fmt::format(", {} {} {}", to_text(found.change), found.kind, found.identity);
      lines.push_back(line);
    }
    return lines;
  }
};

TEST_F(Stairway, ThatHolds) {
  EXPECT_THAT(walk({{"a.up.sql", "CREATE TABLE a (id int);"},
                    {"a.down.sql", "DROP TABLE a;"},
                    {"b.up.sql", "ALTER TABLE a ADD n int;"},
                    {"b.down.sql", "ALTER TABLE a DROP n;"},
                    {"c.up.sql", "CREATE INDEX i ON a (n);"},
                    {"c.down.sql", "DROP INDEX i;"}}),
              ElementsAre("a up again ok", "b up again ok", "c up again ok"));
}

TEST_F(Stairway, TheFirstWayDownThatLeavesSomethingBehind) {
  EXPECT_THAT(walk({{"a.up.sql", "CREATE TABLE a (id int);"},
                    {"a.down.sql", "DROP TABLE a;"},
                    {"b.up.sql", "CREATE TYPE mood AS ENUM ('x'); ALTER TABLE a ADD m mood;"},
                    {"b.down.sql", "ALTER TABLE a DROP m;"}}),
              ElementsAre("a up again ok", "b down different, added enum public.mood"));
}

TEST_F(Stairway, GoesOnWhereTheWayUpIsStillOpen) {
  EXPECT_THAT(walk({{"a.up.sql", "CREATE TABLE IF NOT EXISTS a (id int);"},
                    {"a.down.sql", "SELECT 1;"},
                    {"b.up.sql", "CREATE TABLE IF NOT EXISTS b (id int);"},
                    {"b.down.sql", "DROP TABLE nothing;"},
                    {"c.up.sql", "CREATE TABLE c (id int);"},
                    {"c.down.sql", "DROP TABLE c, b;"}}),
              ElementsAre("a down different, added table public.a",
                          "b down exit code 3 b.down.sql:1 psql:b.down.sql:1: ERROR:  table \"nothing\" does "
                          "not exist",
                          "c down different, removed table public.b"));
}

TEST_F(Stairway, TheFirstStepThatFails) {
  EXPECT_THAT(
      walk({{"a.up.sql", "CREATE TABLE a (id int);"}, {"a.down.sql", "\nDROP TABLE b;"}}),
      ElementsAre("a down exit code 3 a.down.sql:2 psql:a.down.sql:2: ERROR:  table \"b\" does not exist"));
}

TEST_F(Stairway, AnotherSchemaAtTheSecondTime) {
  EXPECT_THAT(walk({{"a.up.sql", "SELECT nextval('s') \\g /dev/null\n"}, {"a.down.sql", "SELECT 1;"}}),
              ElementsAre(::testing::StartsWith("a up exit code 3 a.up.sql:1")));
  EXPECT_THAT(walk({{"a.up.sql",
                     "DO $$ BEGIN IF current_setting('work_mem') = '5MB' THEN CREATE TABLE a (id bigint); "
                     "ELSE CREATE TABLE a (id int); END IF; END $$;"},
                    {"a.down.sql", "DROP TABLE a; ALTER ROLE CURRENT_USER SET work_mem = '5MB';"}}),
              ElementsAre("a up again different, changed column public.a.id",
                          ::testing::StartsWith("b up exit code 1")));
}

TEST(RoundTripDifferences, LeaveOutWhatMigrationToolsKeep) {
  const auto added = [](const char* kind, const char* identity) {
    Difference one;
    one.change = Change::added;
    one.kind = kind;
    one.identity = identity;
    return one;
  };
  std::vector<Difference> found = {added("table", "public.alembic_version"),
                                   added("table", "django_migrations"),
                                   added("table", "app.__diesel_schema_migrations"),
                                   added("schema", "sqitch"),
                                   added("table", "sqitch.changes"),
                                   added("table", "public.orders"),
                                   added("enum", "public.schema_migrations")};
  found.push_back(added("table", "public.goose_db_version"));
  found.back().change = Change::removed;
  leave_out_version_tables(found);
  std::vector<std::string> left;
  for (const auto& one : found) left.push_back(one.kind + " " + one.identity);
  EXPECT_THAT(left, ElementsAre("table public.orders", "enum public.schema_migrations",
                                "table public.goose_db_version"));
}

TEST(StairwayHistory, IsTheOnlyOneOrTheOneThatTheCommandNames) {
  collect::Environment one;
  one.id = "a.ini";
  one.tool = "alembic";
  one.config = "a.ini";
  collect::Environment other = one;
  other.id = "db/b.ini";
  other.config = "db/b.ini";
  collect::Environment sql;
  sql.id = "sql";
  sql.tool = "sql";
  config::Database declared;
  config::Step step;
  step.run = "alembic -c db/b.ini upgrade head";
  declared.steps = {step};
  EXPECT_EQ(history_of(declared, {one, other, sql}).id, "db/b.ini");
  EXPECT_EQ(history_of(declared, {one, sql}).id, "a.ini");
  EXPECT_THROW(history_of(declared, {sql}), Undecided);
  declared.stairs.up = "tool {revision}";
  EXPECT_EQ(history_of(declared, {sql}).id, "sql");
  EXPECT_THROW(history_of(declared, {one, sql}), Undecided);
}

}  // namespace
}  // namespace exitgate::collect::schema
