#include "harness/collect/schema/snapshot.h"

#include <gtest/gtest.h>

#include "harness/database/cluster.h"

namespace exitgate::schema {
namespace {

TEST(Snapshot, OfAnEmptyDatabaseIsThePublicSchema) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", true);
  const Snapshot snapshot = take_snapshot(*connection);
  std::string listed;
  for (const auto& object : snapshot.objects) {
    listed += object.kind + " " + object.identity + " = " + object.definition + "\n";
  }
  EXPECT_EQ(listed,
            "extension plpgsql = CREATE EXTENSION plpgsql SCHEMA pg_catalog\n"
            "owner schema public = pg_database_owner\n"
            "schema public = CREATE SCHEMA public\n");
}

// Indexes of plain columns are written by us, since that is 40 times as fast; PostgreSQL's own words are the
// oracle.
TEST(Snapshot, WritesIndexesAsPostgresqlDoes) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query(R"sql(
    CREATE TYPE public.mood AS ENUM ('a');
    CREATE TABLE public."T able" (i int, v varchar(9), t text, d date, a int[], e public.mood, c text COLLATE "C",
                                  n numeric, u uuid, "Odd, col" int, w varchar COLLATE "POSIX");
    SET search_path = public;
    CREATE INDEX i1 ON "T able" (i);
    CREATE INDEX i2 ON "T able" (i DESC, v ASC NULLS FIRST, t DESC NULLS LAST, "Odd, col");
    CREATE UNIQUE INDEX i3 ON "T able" (v varchar_pattern_ops, t text_pattern_ops) WHERE i > 0 AND t <> 'x';
    CREATE INDEX i4 ON "T able" (a, e);
    CREATE INDEX i5 ON "T able" (c, t COLLATE "C", w);
    CREATE INDEX i6 ON "T able" (i) INCLUDE (t, "Odd, col") WITH (fillfactor = 50, deduplicate_items = off);
    CREATE INDEX i7 ON "T able" USING hash (u);
    CREATE UNIQUE INDEX i8 ON "T able" (n) NULLS NOT DISTINCT;
    CREATE INDEX i9 ON "T able" USING gin (a);
    CREATE INDEX i10 ON "T able" (lower(t), (i + 1));
    CREATE INDEX "I 11" ON "T able" (v bpchar_pattern_ops);
    ALTER TABLE "T able" DROP COLUMN d;
    CREATE INDEX i12 ON "T able" (w);
    CREATE TABLE p (x int, y text) PARTITION BY LIST (x);
    CREATE INDEX i13 ON p (y);
    CREATE MATERIALIZED VIEW m AS SELECT i, t FROM "T able";
    CREATE UNIQUE INDEX i14 ON m (i);
    SET search_path = '';
  )sql");
  std::string written;
  for (const auto& object : take_snapshot(*connection).objects) {
    if (object.kind == "index") written += object.definition + "\n";
  }
  const auto own = connection->query(
      "SELECT pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
      "WHERE x.indexrelid >= 16384 AND relnamespace = 'public'::regnamespace "
      "ORDER BY CASE WHEN relname ~ ' ' THEN 0 ELSE 1 END, relname COLLATE \"C\"");
  std::string expected;
  for (int row = 0; row < own.rows(); ++row) {
    std::string line(own.text(row, 0));
    // The one word that tells order of options, which has no meaning.
    const std::string given = "WITH (fillfactor='50', deduplicate_items=off)";
    if (const auto at = line.find(given); at != std::string::npos) {
      line.replace(at, given.size(), "WITH (deduplicate_items=off, fillfactor=50)");
    }
    expected += line + "\n";
  }
  EXPECT_EQ(own.rows(), 14);
  EXPECT_EQ(written, expected);
}

}  // namespace
}  // namespace exitgate::schema
