#include "harness/collect/schema/snapshot.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/collect/schema/catalog.h"
#include "harness/database/cluster.h"
#include "tests/schema/base_schema.h"

namespace exitgate::collect::schema {
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
            "owner database = postgres\n"
            "owner schema public = pg_database_owner\n"
            "schema public = CREATE SCHEMA public\n");
}

TEST(Snapshot, NamesTheMembersOfExtensions) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query("CREATE EXTENSION tcn SCHEMA public");
  const auto members = [&] {
    std::string listed;
    for (const auto& one : take_snapshot(*connection).server_objects) {
      if (one.kind == "extension member" && one.definition == "of tcn") listed += one.identity + "\n";
    }
    return listed;
  };
  EXPECT_EQ(members(), "function public.triggered_change_notification()\n");
  connection->query("ALTER EXTENSION tcn DROP FUNCTION public.triggered_change_notification()");
  EXPECT_EQ(members(), "");
}

// Indexes of plain columns are written by us, since that is 40 times as fast; PostgreSQL's own words are the
// oracle.
TEST(Snapshot, WritesIndexesAsPostgresqlDoes) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query(R"sql(
    CREATE TYPE public.mood AS ENUM ('a');
    CREATE TABLE public."T able" (i int, v varchar(9), t text, d date, a int[], e public.mood, c text COLLATE "C",
                                  n numeric, u uuid, "Odd, col" int, w varchar COLLATE "POSIX",
                                  "order" int, "text" int);
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
    CREATE INDEX "user" ON "T able" ("order", "text") INCLUDE ("order");
    CREATE TABLE "select" (i int);
    CREATE INDEX i15 ON "select" (i);
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
  EXPECT_EQ(own.rows(), 16);
  EXPECT_EQ(written, expected);
}

// So are keys and foreign keys, and the types and defaults of columns.
TEST(Snapshot, WritesConstraintsAndColumnsAsPostgresqlDoes) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query(kBaseRoles);
  connection->query(kBaseSchema);
  connection->query(R"sql(
    CREATE SCHEMA "order";
    CREATE TABLE "order"."user" ("select" int, "group" int, "Odd, col" text, "ü" int, plain int,
      PRIMARY KEY ("select", "group") INCLUDE ("Odd, col", plain), UNIQUE ("ü", plain),
      CONSTRAINT same UNIQUE NULLS NOT DISTINCT ("Odd, col") DEFERRABLE INITIALLY DEFERRED);
    CREATE TABLE public.refers (a int, "end" int, u int DEFAULT 7, p int,
      CONSTRAINT f1 FOREIGN KEY (a, "end") REFERENCES "order"."user" ("select", "group") MATCH FULL
        ON UPDATE CASCADE ON DELETE SET NULL DEFERRABLE,
      CONSTRAINT f2 FOREIGN KEY (u, p) REFERENCES "order"."user" ("ü", plain) ON UPDATE SET DEFAULT ON DELETE
        SET DEFAULT (p),
      CONSTRAINT f3 FOREIGN KEY (u, p) REFERENCES "order"."user" ("ü", plain) ON DELETE RESTRICT
        INITIALLY DEFERRED,
      CONSTRAINT c1 CHECK (a > 0 AND "end" < 9) NO INHERIT);
    ALTER TABLE public.refers ADD CONSTRAINT f4 FOREIGN KEY (u, p) REFERENCES "order"."user" ("ü", plain) NOT VALID;
    ALTER TABLE public.refers ADD CONSTRAINT c2 CHECK (u > 0) NOT VALID;
    CREATE TABLE public.types (a numeric, b numeric(5), c numeric(5,2)[], d varchar, e char(3), f "char", g bit(4),
      h bit varying(9), i interval day to second(3), j time(2) with time zone, k timestamp(0), l shop.state[],
      m shop.email, n "order"."user", o text COLLATE "C", p text COLLATE shop.german, q float4, r oid, s name,
      t text DEFAULT E'a\'b\\\n{VAR ', u int DEFAULT length('{VAR :varno 1}'), v date DEFAULT '2026-11-23',
      w int GENERATED ALWAYS AS (u + length(s)) STORED, x jsonb DEFAULT '{}', y text DEFAULT current_user,
      z "order"."user" DEFAULT ROW(1, 2, 'x', 3, 4));
    ALTER TABLE public.types DROP b;
    CREATE TABLE public.parted (a int, b text, PRIMARY KEY (a, b)) PARTITION BY LIST (a);
    CREATE TABLE public.part PARTITION OF public.parted FOR VALUES IN (1);
    ALTER TABLE public.parted ADD FOREIGN KEY (a, b) REFERENCES public.parted (a, b);
    SET search_path = '';
  )sql");
  std::map<std::string, std::string> written;
  for (const auto& object : take_snapshot(*connection).objects) {
    if (object.kind == "constraint" || object.kind == "column") written[object.identity] = object.definition;
  }
  const auto constraints = connection->query(
      "SELECT coalesce(c.relnamespace, t.typnamespace)::regnamespace::text || '.' || "
      "CASE WHEN coalesce(c.relname, t.typname) = 'user' THEN 'user' ELSE quote_ident(coalesce(c.relname, "
      "t.typname)) END || '.' || quote_ident(o.conname), pg_get_constraintdef(o.oid) FROM pg_constraint o "
      "LEFT JOIN pg_class c ON c.oid = o.conrelid LEFT JOIN pg_type t ON t.oid = o.contypid "
      "WHERE o.oid >= 16384 AND o.contype <> 't' AND o.conparentid = 0 AND (o.conislocal OR o.coninhcount = "
      "0)");
  int compared = 0;
  for (int row = 0; row < constraints.rows(); ++row) {
    std::string identity(constraints.text(row, 0));
    if (identity.rfind("\"order\"", 0) == 0) identity = "order" + identity.substr(7);
    if (identity.find("information_schema") == 0) continue;
    ASSERT_EQ(written.count(identity), 1U) << identity;
    EXPECT_EQ(written[identity], normal_expression(constraints.text(row, 1))) << identity;
    ++compared;
  }
  EXPECT_EQ(compared, 20);
  const auto columns = connection->query(
      "SELECT 'public.types.' || attname, format_type(atttypid, atttypmod), pg_get_expr(adbin, adrelid), "
      "attgenerated FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum "
      "WHERE attrelid = 'public.types'::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT IN "
      "('o', "
      "'p')");
  EXPECT_EQ(columns.rows(), 23);
  for (int row = 0; row < columns.rows(); ++row) {
    std::string expected(columns.text(row, 1));
    if (columns.text(row, 3) == "s") {
      expected += fmt::format(" GENERATED ALWAYS AS ({}) STORED", columns.text(row, 2));
    } else if (!columns.is_null(row, 2)) {
      expected += fmt::format(" DEFAULT {}", columns.text(row, 2));
    }
    EXPECT_EQ(written[std::string(columns.text(row, 0))], expected);
  }
  EXPECT_EQ(written["public.types.o"], "text COLLATE pg_catalog.\"C\"");
  EXPECT_EQ(written["public.types.p"], "text COLLATE shop.german");
}

}  // namespace
}  // namespace exitgate::collect::schema
