// Names, quotes and shapes that tools on catalogs trip over: each is read, survives a dump and a restore
// without a difference, and a change of it is named.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "harness/digest/digest.h"
#include "harness/facts/facts.h"

namespace exitgate::collect::schema {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

const std::string kLong(63, 'n');                          // as long as a name can be
const std::string kLongOther(std::string(62, 'n') + "m");  // parts with it at the last byte
const std::string kWide = [] {                             // 63 bytes in 32 characters
  std::string name;
  for (int i = 0; i < 31; ++i) name += "\u00fc";
  return name + "x";
}();

std::string names() {
  return fmt::format(R"sql(
CREATE SCHEMA "Ein Schema, mit ""allem"".";
CREATE SCHEMA "select";
CREATE SCHEMA {0};
CREATE TABLE {0}.{0} ({0} int PRIMARY KEY, {1} int CONSTRAINT {1} CHECK ({1} > 0));
CREATE TABLE {0}.{1} ({0} int CONSTRAINT {2} REFERENCES {0}.{0} ({0}));
CREATE INDEX "{3}" ON {0}.{0} ({1});
CREATE TABLE {0}."{2}" ("{2}" int, "{3}" int);
CREATE FUNCTION {0}.{0}({0} int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE "Ein Schema, mit ""allem""."."表, ""1"".a" (" " int, "a.b" int, "a, b" text, "'" int, "\" int,
  "tab	 line
break" int, CONSTRAINT "c (x)" CHECK ("a.b" > 0), CONSTRAINT "NOT VALID" UNIQUE ("a, b", "'"));
CREATE INDEX "i "" (" ON "Ein Schema, mit ""allem""."."表, ""1"".a" ("\", "a, b" DESC) WHERE "'" > 0;
CREATE TABLE "select"."table" ("user" int PRIMARY KEY, "order" int REFERENCES "select"."table" ("user"), "😀" int);
CREATE INDEX ON "select"."table" ("order", "user" DESC);
CREATE VIEW "select"."view" AS SELECT "user" AS "from", "order" AS "Group" FROM "select"."table";
CREATE FUNCTION "select"."function"("in" int, "a b" text DEFAULT ')') RETURNS TABLE ("x y" int) LANGUAGE sql AS
  'SELECT 1';
CREATE TYPE "select"."type" AS ENUM ('it''s', 'a, b', '"', '\', 'ü', '');
CREATE TYPE "select"."row" AS ("select" int, "a, b" "select"."type"[]);
CREATE SEQUENCE "select"."sequence" OWNED BY "select"."table"."user";
CREATE ROLE "Role, with ""all""" ;
GRANT SELECT ON "select"."table" TO "Role, with ""all""";
GRANT UPDATE ("order") ON "select"."table" TO "Role, with ""all""" WITH GRANT OPTION;
CREATE POLICY "a policy" ON "select"."table" TO "Role, with ""all""" USING ("user" > 0);
COMMENT ON COLUMN "select"."table"."user" IS E'two\nlines, \'quoted\', \\ and ü';
)sql",
                     kLong, kLongOther, kWide, kWide.substr(0, 62));
}

constexpr const char* kBodies = R"sql(
CREATE FUNCTION public.d1() RETURNS text LANGUAGE sql AS 'SELECT ''$function$ $$ $1 $x$ \ ''::text';
CREATE FUNCTION public.d2() RETURNS text LANGUAGE plpgsql AS $function$
BEGIN
  -- $$ and $body$ and 'unbalanced
  RETURN $q$it's "quoted" \n $function $q$ || E'\x41\'';
END $function$;
CREATE FUNCTION public.d3() RETURNS void LANGUAGE plpgsql AS $outer$
BEGIN EXECUTE $inner$ DO $$ BEGIN NULL; END $$ $inner$; END $outer$;
CREATE FUNCTION public.d4() RETURNS void LANGUAGE sql AS '';
CREATE FUNCTION public.d5(VARIADIC a text[] DEFAULT ARRAY['a,b', '"', '{}', NULL]) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION public.d6() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT length('$$'); END;
CREATE FUNCTION public.d7() RETURNS text LANGUAGE sql AS E'SELECT ''tab\there\r\nand carriage return''';
CREATE PROCEDURE public.d8(INOUT a int, b text DEFAULT 'x;y') LANGUAGE plpgsql AS 'BEGIN a := 1; END';
)sql";

constexpr const char* kPartitions = R"sql(
CREATE TABLE public.top (at date NOT NULL, region text NOT NULL, id int NOT NULL, note text DEFAULT 'x',
  CONSTRAINT top_key PRIMARY KEY (at, region, id), CONSTRAINT top_positive CHECK (id > 0)) PARTITION BY RANGE (at, region);
CREATE TABLE public.top_old PARTITION OF public.top FOR VALUES FROM (MINVALUE, MINVALUE) TO ('2026-01-01', 'a');
CREATE TABLE public.top_now PARTITION OF public.top FOR VALUES FROM ('2026-01-01', 'a') TO ('2027-01-01', MAXVALUE)
  PARTITION BY LIST (region);
CREATE TABLE public.top_now_eu PARTITION OF public.top_now FOR VALUES IN ('eu', 'it''s') PARTITION BY HASH (id);
CREATE TABLE public.top_now_eu_0 PARTITION OF public.top_now_eu FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE public.top_now_eu_1 (note text DEFAULT 'x', gone int, id int NOT NULL, region text NOT NULL, at date NOT NULL,
  CONSTRAINT top_positive CHECK (id > 0));
ALTER TABLE public.top_now_eu_1 DROP gone;
ALTER TABLE public.top_now_eu ATTACH PARTITION public.top_now_eu_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE public.top_now_rest PARTITION OF public.top_now DEFAULT;
CREATE TABLE public.top_rest PARTITION OF public.top DEFAULT;
CREATE INDEX top_note ON public.top (note);
CREATE INDEX only_here ON public.top_now_eu_0 (note, id);
ALTER TABLE public.top_old ADD CONSTRAINT only_old CHECK (note <> '');
CREATE TABLE public.by_expression (a text) PARTITION BY LIST (lower(a) COLLATE "C");
CREATE TABLE public.by_expression_null PARTITION OF public.by_expression FOR VALUES IN (NULL);
CREATE TABLE public.refers (at date, region text, id int, FOREIGN KEY (at, region, id) REFERENCES public.top);
)sql";

constexpr const char* kCircles = R"sql(
CREATE TABLE public.hen (id int PRIMARY KEY, egg int);
CREATE TABLE public.egg (id int PRIMARY KEY, hen int NOT NULL REFERENCES public.hen DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE public.hen ADD CONSTRAINT from_egg FOREIGN KEY (egg) REFERENCES public.egg;
CREATE TABLE public.tree (id int PRIMARY KEY, parent int REFERENCES public.tree ON DELETE CASCADE);
CREATE FUNCTION public.of_hen(public.hen) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE VIEW public.one AS SELECT id FROM public.hen;
CREATE VIEW public.two AS SELECT o.id, public.of_hen(h) FROM public.one o JOIN public.hen h USING (id);
CREATE OR REPLACE VIEW public.one AS SELECT id FROM public.hen WHERE id IN (SELECT hen FROM public.egg);
)sql";

struct Case {
  const char* change;
  std::string expected;
};

class HardCases : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    programs_ = new database::ServerPrograms(database::find_server_programs());
    cluster_ = new database::Cluster(*programs_);
  }
  static void TearDownTestSuite() {
    delete cluster_;
    delete programs_;
  }
  void SetUp() override { sql("postgres", "CREATE DATABASE hard"); }
  void TearDown() override {
    for (const char* const name : {"hard", "restored"}) {
      sql("postgres", fmt::format("DROP DATABASE IF EXISTS {} WITH (FORCE)", name));
    }
  }
  static void sql(const std::string& database, const std::string& statements) {
    cluster_->connect(database, "postgres", false)->query(statements);
  }
  static Snapshot snapshot(const std::string& database) {
    return take_snapshot(*cluster_->connect(database, "postgres", true));
  }
  static std::vector<std::string> differences(const Snapshot& before, const Snapshot& after) {
    std::vector<std::string> found;
    for (const auto& one : compare(before.objects, after.objects).differences) {
      found.push_back(fmt::format("{} {} {}", to_text(one.change), one.kind, one.identity));
    }
    return found;
  }
  // The schema, dumped and restored, is the same; each change of it is named.
  static void holds(const std::string& schema, const std::vector<Case>& cases) {
    sql("hard", schema);
    const Snapshot before = snapshot("hard");
    sql("postgres", "CREATE DATABASE restored");
    const std::string where = fmt::format("-h {} -U postgres", cluster_->socket_folder().string());
    const ProcessResult done =
        run({.arguments = {
                 "/bin/sh", "-c",
                 fmt::format("{0}/pg_dump {1} --schema-only hard | psql -q -v ON_ERROR_STOP=1 {1} restored",
                             programs_->folder.string(), where)}});
    ASSERT_TRUE(done.ok()) << done.error;
    const Snapshot restored = snapshot("restored");
    EXPECT_THAT(differences(before, restored), ElementsAre());
    EXPECT_EQ(before.fingerprint, restored.fingerprint);
    for (const auto& [change, expected] : cases) {
      SCOPED_TRACE(change);
      const auto connection = cluster_->connect("hard", "postgres", false);
      connection->query("BEGIN");
      connection->query(change);
      auto wanted = split(expected, ';');
      for (auto& one : wanted) one = std::string(trim(one));
      EXPECT_THAT(differences(before, read_snapshot(*connection)), UnorderedElementsAreArray(wanted));
      connection->query("ROLLBACK");
    }
  }
  static std::string definition(const Snapshot& snapshot, const std::string& kind,
                                const std::string& identity) {
    for (const auto& object : snapshot.objects) {
      if (object.kind == kind && object.identity == identity) return object.definition;
    }
    return "no " + kind + " " + identity;
  }
  static database::ServerPrograms* programs_;
  static database::Cluster* cluster_;
};
database::ServerPrograms* HardCases::programs_ = nullptr;
database::Cluster* HardCases::cluster_ = nullptr;

TEST_F(HardCases, Names) {
  const std::string odd = "\"Ein Schema, mit \"\"allem\"\".\".\"\u8868, \"\"1\"\".a\"";
  const std::string drop_long = fmt::format("ALTER TABLE {0}.{0} DROP {1}", kLong, kLongOther);
  const std::string rename_wide =
      fmt::format("ALTER TABLE {}.\"{}\" RENAME \"{}\" TO x", kLong, kWide, kWide.substr(0, 62));
  holds(
      names(),
      {{rename_wide.c_str(), fmt::format("removed column {0}.\"{1}\".\"{2}\"; added column {0}.\"{1}\".x",
                                         kLong, kWide, kWide.substr(0, 62))},
       {drop_long.c_str(),
        fmt::format("removed column {0}.{0}.{1}; removed constraint {0}.{0}.{1}; removed index {0}.\"{2}\"",
                    kLong, kLongOther, kWide.substr(0, 62))},
       {"ALTER TABLE \"Ein Schema, mit \"\"allem\"\".\".\"\u8868, \"\"1\"\".a\" DROP \"a.b\"",
        fmt::format("removed column {0}.\"a.b\"; removed constraint {0}.\"c (x)\"", odd)},
       {"ALTER TABLE \"Ein Schema, mit \"\"allem\"\".\".\"\u8868, \"\"1\"\".a\" ADD \"a, c\" int",
        fmt::format("added column {}.\"a, c\"", odd)},
       {"ALTER TABLE \"select\".\"table\" ALTER \"order\" SET NOT NULL", "changed column select.table.order"},
       {"REVOKE GRANT OPTION FOR UPDATE (\"order\") ON \"select\".\"table\" FROM \"Role, with \"\"all\"\"\"",
        "changed grant column select.table.order to \"Role, with \"\"all\"\"\""},
       {"ALTER TYPE \"select\".\"type\" RENAME VALUE '' TO ' '", "changed enum select.type"}});
  const Snapshot snapshot = this->snapshot("hard");
  EXPECT_EQ(definition(snapshot, "constraint", "select.table.table_order_fkey"),
            "FOREIGN KEY (\"order\") REFERENCES \"select\".\"table\"(\"user\")");
  EXPECT_EQ(
      definition(snapshot, "index", "select.table_order_user_idx"),
      "CREATE INDEX table_order_user_idx ON \"select\".\"table\" USING btree (\"order\", \"user\" DESC)");
  EXPECT_EQ(definition(snapshot, "enum", "select.type"),
            "CREATE TYPE select.type AS ENUM ('it''s', 'a, b', '\"', '\\', '\u00fc', '')");
  EXPECT_EQ(definition(snapshot, "comment", "column select.table.user"),
            "two\nlines, 'quoted', \\ and \u00fc");
}

TEST_F(HardCases, BodiesOfFunctions) {
  holds(kBodies, {{"CREATE OR REPLACE FUNCTION public.d1() RETURNS text LANGUAGE sql AS 'SELECT ''$function$ "
                   "$$ $1 $y$ \\ ''::text'",
                   "changed function public.d1()"},
                  {"CREATE OR REPLACE FUNCTION public.d4() RETURNS void LANGUAGE sql AS ' '",
                   "changed function public.d4()"},
                  {"CREATE OR REPLACE FUNCTION public.d6() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; "
                   "SELECT length('$'); END",
                   "changed function public.d6()"},
                  {"CREATE OR REPLACE FUNCTION public.d7() RETURNS text LANGUAGE sql AS E'SELECT "
                   "''tab\\there\\nand carriage return'''",
                   "changed function public.d7()"},
                  {"DROP FUNCTION public.d5", "removed function public.d5(VARIADIC a text[])"}});
}

TEST_F(HardCases, PartitionTrees) {
  holds(
      kPartitions,
      {{"ALTER TABLE public.top ADD extra int", "added column public.top.extra"},
       {"ALTER TABLE public.top_now_eu DETACH PARTITION public.top_now_eu_0",
        "changed table public.top_now_eu_0; added column public.top_now_eu_0.at; added column "
        "public.top_now_eu_0.id; added column public.top_now_eu_0.note; added column "
        "public.top_now_eu_0.region; added constraint public.top_now_eu_0.top_now_eu_0_pkey; added "
        "constraint public.top_now_eu_0.top_positive; added index public.top_now_eu_0_note_idx"},
       {"DROP TABLE public.refers; DROP TABLE public.top_now_rest",
        "removed table public.refers; removed table public.top_now_rest"},
       {"DROP TABLE public.refers; DROP TABLE public.top_now_eu",
        "removed table public.refers; removed table public.top_now_eu; removed table public.top_now_eu_0; "
        "removed table public.top_now_eu_1"},
       {"ALTER TABLE public.top_now_eu_1 ALTER note SET DEFAULT 'y'",
        "added column public.top_now_eu_1.note"},
       {"DROP INDEX public.only_here", "removed index public.only_here"},
       {"DROP INDEX public.top_note", "removed index public.top_note"},
       {"ALTER TABLE public.top DROP CONSTRAINT top_positive", "removed constraint public.top.top_positive"},
       {"ALTER TABLE public.top_old DROP CONSTRAINT only_old",
        "removed constraint public.top_old.only_old"}});
}

TEST_F(HardCases, CirclesOfReferences) {
  holds(kCircles,
        {{"ALTER TABLE public.hen DROP CONSTRAINT from_egg", "removed constraint public.hen.from_egg"},
         {"ALTER TABLE public.egg ALTER CONSTRAINT egg_hen_fkey NOT DEFERRABLE",
          "changed constraint public.egg.egg_hen_fkey"},
         {"CREATE OR REPLACE VIEW public.one AS SELECT id FROM public.hen", "changed view public.one"}});
}

// What an extension brings is the extension's: its tables with all that hangs on them, but not what users
// hang on those, or refer to them with.
TEST_F(HardCases, ExtensionsWithTablesOfTheirOwn) {
  sql("hard", R"sql(
    CREATE EXTENSION citext SCHEMA public;
    CREATE TABLE public.of_extension (id int PRIMARY KEY, kind text CHECK (kind <> ''), at date) PARTITION BY RANGE (id);
    CREATE INDEX ON public.of_extension (kind);
    CREATE VIEW public.view_of_extension AS SELECT id FROM public.of_extension;
    ALTER EXTENSION citext ADD TABLE public.of_extension;
    ALTER EXTENSION citext ADD VIEW public.view_of_extension;
    COMMENT ON TABLE public.of_extension IS 'x';
    CREATE TABLE public.ours (id int REFERENCES public.of_extension (id), name public.citext);
    CREATE TABLE public.part PARTITION OF public.of_extension FOR VALUES FROM (1) TO (9);
  )sql");
  std::vector<std::string> listed;
  const Snapshot found = snapshot("hard");
  for (const auto& object : found.objects) listed.push_back(object.kind + " " + object.identity);
  EXPECT_THAT(
      listed,
      ElementsAre("column public.ours.id", "column public.ours.name", "column order public.ours",
                  "comment extension citext", "constraint public.ours.ours_id_fkey", "extension citext",
                  "extension plpgsql", "owner database", "owner schema public", "owner table public.ours",
                  "owner table public.part", "schema public", "table public.ours", "table public.part"));
  EXPECT_EQ(definition(found, "constraint", "public.ours.ours_id_fkey"),
            "FOREIGN KEY (id) REFERENCES public.of_extension(id)");
}

// A database without an encoding takes any bytes. They are told apart, and the fingerprint can still be made
// again from the facts, which are text.
TEST_F(HardCases, BytesThatAreNoText) {
  sql("postgres", "DROP DATABASE hard");
  sql("postgres", "CREATE DATABASE hard ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
  for (const char* const byte : {"xff", "xfe"}) {
    sql("hard",
        fmt::format("DO $$ BEGIN EXECUTE E'CREATE TABLE public.\"\u00fc\\{}\" (a int)'; END $$", byte));
  }
  const TemporaryDirectory out;
  collect::collect_live(cluster_->url("hard", "postgres"), "ascii", out.path());
  const facts::Facts facts(out.path(), {"schema"});
  std::vector<std::string> tables;
  std::string lines;
  for (const auto& row :
       facts.query("SELECT kind, identity, sha256 FROM schema.object ORDER BY kind, identity")) {
    if (row.text("kind") == "table") tables.push_back(row.text("identity"));
    lines += fmt::format("{}\t{}\t{}\n", row.text("kind"), row.text("identity"), row.text("sha256"));
  }
  EXPECT_THAT(tables, ElementsAre("public.\"\u00fc\\xfe\"", "public.\"\u00fc\\xff\""));
  EXPECT_EQ(facts.text("SELECT fingerprint FROM schema.snapshot"), digest::sha256_hex(lines));
}

}  // namespace
}  // namespace exitgate::collect::schema
