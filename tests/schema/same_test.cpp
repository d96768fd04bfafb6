// Differences that a user would not call a change: the fingerprint stays.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "tests/schema/base_schema.h"

namespace exitgate::collect::schema {
namespace {

std::string summary(const Comparison& comparison) {
  std::vector<std::string> words;
  for (const auto& difference : comparison.differences) {
    words.push_back(fmt::format("{} {} {}\n  {}\n  {}", to_text(difference.change), difference.kind,
                                difference.identity, difference.before, difference.after));
  }
  return join(words, "\n");
}

class Same : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    programs_ = new database::ServerPrograms(database::find_server_programs());
    cluster_ = new database::Cluster(*programs_);
    administrator_ = cluster_->connect("postgres", "postgres", false).release();
    administrator_->query(kBaseRoles);
    make("base", kBaseSchema);
  }
  static void TearDownTestSuite() {
    delete administrator_;
    delete cluster_;
    delete programs_;
  }
  static void make(const std::string& name, const std::string& sql) {
    administrator_->query(fmt::format("CREATE DATABASE {}", name));
    if (!sql.empty()) change(name, sql);
  }
  static void drop(const std::string& name) {
    administrator_->query(fmt::format("DROP DATABASE {} WITH (FORCE)", name));
  }
  // Statements that may not stand in one transaction are separated by a line with ";;".
  static void change(const std::string& name, const std::string& sql) {
    const auto connection = cluster_->connect(name, "postgres", false);
    std::size_t start = 0;
    while (start <= sql.size()) {
      const std::size_t end = std::min(sql.find(";;", start), sql.size());
      connection->query(sql.substr(start, end - start));
      start = end + 2;
    }
  }
  static Snapshot snapshot(const std::string& name) {
    return take_snapshot(*cluster_->connect(name, "postgres", true));
  }
  // Through pg_dump and psql into a database of that name.
  static void restore(const std::string& from, const std::string& to) {
    make(to, "");
    const std::string where = fmt::format("-h {} -U postgres", cluster_->socket_folder().string());
    const ProcessResult done = run(
        {.arguments = {"/bin/sh", "-c",
                       fmt::format("{0}/pg_dump {1} --schema-only {2} | psql -q -v ON_ERROR_STOP=1 {1} {3}",
                                   programs_->folder.string(), where, from, to)}});
    ASSERT_TRUE(done.ok()) << done.error;
  }
  static database::ServerPrograms* programs_;
  static database::Cluster* cluster_;
  static database::Connection* administrator_;
};
database::ServerPrograms* Same::programs_ = nullptr;
database::Cluster* Same::cluster_ = nullptr;
database::Connection* Same::administrator_ = nullptr;

TEST_F(Same, AfterDumpAndRestoreOnceAndTwice) {
  // The connection string of a subscription is part of the dump; a second one of that name may not be made.
  change("base", "DROP SUBSCRIPTION feed");
  const Snapshot base = snapshot("base");
  restore("base", "once");
  const Snapshot once = snapshot("once");
  EXPECT_EQ(summary(compare(base.objects, once.objects)), "");
  EXPECT_EQ(once.fingerprint, base.fingerprint);
  restore("once", "twice");
  EXPECT_EQ(snapshot("twice").fingerprint, base.fingerprint);
  drop("once");
  drop("twice");
}

// Each makes another database of the same schema: {what is done first, what is done differently, in one
// database and in the other}.
struct Pair {
  const char* what;
  const char* one;
  const char* other;
};

// clang-format off
const Pair kPairs[] = {
    {"order of creation", "CREATE TABLE public.a (x int); CREATE TABLE public.b (y int);", "CREATE TABLE public.b (y int); CREATE TABLE public.a (x int);"},
    {"order of indexes", "CREATE TABLE public.a (x int, y int); CREATE INDEX i ON public.a (x); CREATE INDEX j ON public.a (y);", "CREATE TABLE public.a (x int, y int); CREATE INDEX j ON public.a (y); CREATE INDEX i ON public.a (x);"},
    {"order of constraints", "CREATE TABLE public.a (x int, CONSTRAINT c CHECK (x > 0), CONSTRAINT d CHECK (x < 9));", "CREATE TABLE public.a (x int, CONSTRAINT d CHECK (x < 9), CONSTRAINT c CHECK (x > 0));"},
    {"order of functions and triggers", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION public.g() RETURNS int LANGUAGE sql AS 'SELECT 2';", "CREATE FUNCTION public.g() RETURNS int LANGUAGE sql AS 'SELECT 2'; CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';"},
    {"order of grants", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader; GRANT INSERT ON public.a TO app_writer;", "CREATE TABLE public.a (x int); GRANT INSERT ON public.a TO app_writer; GRANT SELECT ON public.a TO app_reader;"},
    {"grants one by one", "CREATE TABLE public.a (x int); GRANT SELECT, INSERT ON public.a TO app_reader;", "CREATE TABLE public.a (x int); GRANT INSERT ON public.a TO app_reader; GRANT SELECT ON public.a TO app_reader;"},
    {"a grant taken back", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader; REVOKE SELECT ON public.a FROM app_reader;"},
    {"a default privilege taken back", "", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app_reader; ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM app_reader;"},
    {"a privilege that the default gives", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1';", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION public.f() TO PUBLIC;"},
    {"hole of a dropped column", "CREATE TABLE public.a (x int, z int);", "CREATE TABLE public.a (x int, y int, z int); ALTER TABLE public.a DROP y;"},
    {"hole before a key", "CREATE TABLE public.a (x int PRIMARY KEY);", "CREATE TABLE public.a (w int, x int PRIMARY KEY); ALTER TABLE public.a DROP w;"},
    {"hole in a referenced table", "CREATE TABLE public.a (x int PRIMARY KEY); CREATE TABLE public.b (x int REFERENCES public.a);", "CREATE TABLE public.a (w int, x int PRIMARY KEY); ALTER TABLE public.a DROP w; CREATE TABLE public.b (x int REFERENCES public.a);"},
    {"hole in a partition", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 (a int, b int); ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN (1);", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 (a int, z int, b int); ALTER TABLE public.p1 DROP z; ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN (1);"},
    {"a partition made or attached", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1);", "CREATE TABLE public.p (a int, b int) PARTITION BY LIST (a); CREATE TABLE public.p1 (a int, b int); ALTER TABLE public.p ATTACH PARTITION public.p1 FOR VALUES IN (1);"},
    {"a partition's index made before or after", "CREATE TABLE public.p (a int) PARTITION BY LIST (a); CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1); CREATE INDEX i ON public.p (a);", "CREATE TABLE public.p (a int) PARTITION BY LIST (a); CREATE INDEX i ON public.p (a); CREATE TABLE public.p1 PARTITION OF public.p FOR VALUES IN (1);"},
    {"VACUUM FULL", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int);;;VACUUM FULL public.a"},
    {"ANALYZE", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int); INSERT INTO public.a VALUES (1);;;ANALYZE public.a"},
    {"CLUSTER forgotten", "CREATE TABLE public.a (x int); CREATE INDEX i ON public.a (x);", "CREATE TABLE public.a (x int); CREATE INDEX i ON public.a (x); CLUSTER public.a USING i; ALTER TABLE public.a SET WITHOUT CLUSTER;"},
    {"REINDEX", "CREATE TABLE public.a (x int PRIMARY KEY);", "CREATE TABLE public.a (x int PRIMARY KEY);;;REINDEX TABLE public.a"},
    {"rows", "CREATE TABLE public.a (x serial);", "CREATE TABLE public.a (x serial); INSERT INTO public.a DEFAULT VALUES; INSERT INTO public.a DEFAULT VALUES;"},
    {"where a sequence stands", "CREATE SEQUENCE public.s;", "CREATE SEQUENCE public.s; SELECT setval('public.s', 42);"},
    {"a table rewritten", "CREATE TABLE public.a (x bigint);", "CREATE TABLE public.a (x int); ALTER TABLE public.a ALTER x TYPE bigint;"},
    {"names given back", "CREATE TABLE public.a (x int); CREATE VIEW public.v AS SELECT x FROM public.a;", "CREATE TABLE public.a2 (x int); CREATE VIEW public.v AS SELECT x FROM public.a2; ALTER TABLE public.a2 RENAME TO a;"},
    {"search path while creating", "CREATE TABLE public.a (x int); CREATE VIEW public.v AS SELECT x FROM public.a;", "SET search_path = public; CREATE TABLE a (x int); CREATE VIEW v AS SELECT x FROM a;"},
    {"search path and functions", "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE public.a (x int DEFAULT public.f());", "SET search_path = public; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE a (x int DEFAULT f());"},
    {"spelling of types", "CREATE TABLE public.a (x integer, y character varying(9), z timestamp with time zone, d numeric(5,0), b boolean);", "CREATE TABLE public.a (x int4, y varchar(9), z timestamptz, d decimal(5), b bool);"},
    {"spelling of keywords and blanks", "CREATE TABLE public.a (x int DEFAULT 1 + 1 CHECK (x > 0));", "create table public.a (x INT default 1+1   check(x>0));"},
    {"constraint in the column or in the table", "CREATE TABLE public.a (x int PRIMARY KEY, y int UNIQUE);", "CREATE TABLE public.a (x int, y int, PRIMARY KEY (x), UNIQUE (y));"},
    {"constraint made later", "CREATE TABLE public.a (x int CONSTRAINT c CHECK (x > 0));", "CREATE TABLE public.a (x int); ALTER TABLE public.a ADD CONSTRAINT c CHECK (x > 0);"},
    {"constraint validated later", "CREATE TABLE public.a (x int CONSTRAINT c CHECK (x > 0));", "CREATE TABLE public.a (x int); ALTER TABLE public.a ADD CONSTRAINT c CHECK (x > 0) NOT VALID; ALTER TABLE public.a VALIDATE CONSTRAINT c;"},
    {"column added later", "CREATE TABLE public.a (x int, y text DEFAULT 'z' NOT NULL);", "CREATE TABLE public.a (x int); INSERT INTO public.a VALUES (1); ALTER TABLE public.a ADD y text DEFAULT 'z' NOT NULL;"},
    {"index made concurrently", "CREATE TABLE public.a (x int); CREATE INDEX i ON public.a (x);", "CREATE TABLE public.a (x int);;;CREATE INDEX CONCURRENTLY i ON public.a (x)"},
    {"unique constraint made of an index", "CREATE TABLE public.a (x int CONSTRAINT u UNIQUE);", "CREATE TABLE public.a (x int); CREATE UNIQUE INDEX u ON public.a (x); ALTER TABLE public.a ADD CONSTRAINT u UNIQUE USING INDEX u;"},
    {"serial by hand", "CREATE TABLE public.a (x serial);", "CREATE SEQUENCE public.a_x_seq AS integer; CREATE TABLE public.a (x integer NOT NULL DEFAULT nextval('public.a_x_seq')); ALTER SEQUENCE public.a_x_seq OWNED BY public.a.x;"},
    {"an extension's version", "CREATE EXTENSION hstore SCHEMA public;", "CREATE EXTENSION hstore SCHEMA public VERSION '1.4'; ALTER EXTENSION hstore UPDATE;"},
    {"options in another order", "CREATE TABLE public.a (x int) WITH (fillfactor = 70, autovacuum_enabled = false);", "CREATE TABLE public.a (x int) WITH (autovacuum_enabled = false, fillfactor = 70);"},
    {"roles of a policy in another order", "CREATE TABLE public.a (x int); CREATE POLICY p ON public.a TO app_reader, app_writer;", "CREATE TABLE public.a (x int); CREATE POLICY p ON public.a TO app_writer, app_reader;"},
    {"tables of a publication in another order", "CREATE TABLE public.a (x int); CREATE TABLE public.b (x int); CREATE PUBLICATION p FOR TABLE public.a, public.b;", "CREATE TABLE public.a (x int); CREATE TABLE public.b (x int); CREATE PUBLICATION p FOR TABLE public.b, public.a;"},
    {"a materialized view refreshed", "CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS one;", "CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS one WITH NO DATA; REFRESH MATERIALIZED VIEW public.m;"},
    {"an owner there and back", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader;", "CREATE TABLE public.a (x int); GRANT SELECT ON public.a TO app_reader; ALTER TABLE public.a OWNER TO app_owner; ALTER TABLE public.a OWNER TO postgres;"},
    {"a comment taken back", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int); COMMENT ON TABLE public.a IS 'x'; COMMENT ON TABLE public.a IS NULL;"},
    {"what a restore makes of IN", "CREATE TABLE public.a (x varchar(9) CONSTRAINT c CHECK (x IN ('a', 'b,c', 'd''e')));", "CREATE TABLE public.a (x varchar(9), CONSTRAINT c CHECK (x::text = ANY (ARRAY['a'::character varying::text, 'b,c'::character varying::text, 'd''e'::character varying::text])));"},
    {"other databases", "CREATE TABLE public.a (x int);", "CREATE TABLE public.a (x int);;;CREATE DATABASE third;;DROP DATABASE third"},
};
// clang-format on

TEST_F(Same, WhateverMakesNoDifference) {
  EXPECT_GE(std::size(kPairs), 30U);
  for (const auto& [what, one, other] : kPairs) {
    SCOPED_TRACE(what);
    try {
      make("one", one);
      make("other", other);
      const Snapshot first = snapshot("one");
      const Snapshot second = snapshot("other");
      EXPECT_EQ(summary(compare(first.objects, second.objects)), "");
      EXPECT_EQ(first.fingerprint, second.fingerprint);
    } catch (const Undecided& problem) {
      ADD_FAILURE() << problem.what();
    }
    drop("one");
    drop("other");
  }
}

// They are differences of their own, and nothing else reads otherwise under them.
TEST_F(Same, WhateverTheSettingsOfTheDatabase) {
  constexpr const char* kTable =
      "CREATE TABLE public.a (x date DEFAULT '2026-11-23', y interval DEFAULT '1 day', z float8 DEFAULT 0.1)";
  make("one", kTable);
  make("other", kTable);
  change("other",
         "ALTER DATABASE other SET datestyle = 'German'; ALTER DATABASE other SET intervalstyle = 'iso_8601';"
         "ALTER DATABASE other SET search_path = public; ALTER DATABASE other SET timezone = 'Asia/Tokyo';"
         "ALTER DATABASE other SET extra_float_digits = -5; ALTER DATABASE other SET quote_all_identifiers = "
         "on");
  EXPECT_EQ(summary(compare(snapshot("one").objects, snapshot("other").objects)),
            "added database setting DateStyle\n  \n  German\n"
            "added database setting IntervalStyle\n  \n  iso_8601\n"
            "added database setting TimeZone\n  \n  Asia/Tokyo\n"
            "added database setting extra_float_digits\n  \n  -5\n"
            "added database setting quote_all_identifiers\n  \n  on\n"
            "added database setting search_path\n  \n  public");
  drop("one");
  drop("other");
}

TEST_F(Same, ByEncodingOfTheDatabase) {
  administrator_->query(
      "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
  administrator_->query("CREATE DATABASE utf ENCODING 'UTF8' TEMPLATE template0");
  for (const char* const name : {"latin", "utf"}) {
    change(name,
           "CREATE TABLE public.\"gr\u00f6\u00dfe\" (\"\u00fc\" int); COMMENT ON TABLE "
           "public.\"gr\u00f6\u00dfe\" IS '\u00e9'");
  }
  EXPECT_EQ(snapshot("latin").fingerprint, snapshot("utf").fingerprint);
  administrator_->query(
      "CREATE DATABASE ascii ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'");
  change("ascii",
         "CREATE TABLE public.\"gr\u00f6\u00dfe\" (\"\u00fc\" int); COMMENT ON TABLE "
         "public.\"gr\u00f6\u00dfe\" IS '\u00e9'");
  EXPECT_EQ(snapshot("ascii").fingerprint, snapshot("utf").fingerprint);
  for (const char* const name : {"latin", "utf", "ascii"}) drop(name);
}

// Roles belong to a server: their ids say in which order it got them, and nothing else.
TEST(SameElsewhere, RolesOfOtherIds) {
  const auto programs = database::find_server_programs();
  std::vector<std::string> ids;
  std::vector<std::string> fingerprints;
  for (const char* const roles : {"CREATE ROLE owning; CREATE ROLE reading",
                                  "CREATE ROLE one; CREATE ROLE before; ALTER ROLE before RENAME TO reading;"
                                  "DROP ROLE one; CREATE ROLE owning"}) {
    const database::Cluster cluster(programs);
    const auto connection = cluster.connect("postgres", "postgres", false);
    connection->query(roles);
    connection->query(
        "CREATE TABLE public.a (x int); ALTER TABLE public.a OWNER TO owning;"
        "GRANT SELECT ON public.a TO reading; ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY p ON public.a TO reading, owning USING (true);"
        "ALTER DEFAULT PRIVILEGES FOR ROLE owning GRANT INSERT ON TABLES TO reading");
    ids.emplace_back(connection->query("SELECT 'owning'::regrole::oid < 'reading'::regrole::oid").text(0, 0));
    fingerprints.push_back(take_snapshot(*connection).fingerprint);
  }
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(fingerprints[0], fingerprints[1]);
}

struct Spelling {
  const char* from;
  const char* to;
};

TEST(NormalExpression, CastsTheElementsInsteadOfTheArray) {
  const Spelling cases[] = {
      {"CHECK (((x)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])))",
       "CHECK (((x)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text])))"},
      {"((ARRAY['],[)'::character varying, f(1, 2)])::text[])",
       "(ARRAY[('],[)'::character varying)::text, (f(1, 2))::text])"},
      {"(ARRAY[1, 2])::numeric(5,2)[]", "ARRAY[(1)::numeric(5,2), (2)::numeric(5,2)]"},
      {"(ARRAY[x])::\"my type\"[]", "ARRAY[(x)::\"my type\"]"},
      {"(ARRAY[ARRAY[a], ARRAY[b]])::text[]", "(ARRAY[ARRAY[a], ARRAY[b]])::text[]"},
      // No casts of arrays, or none that can be read: as they are.
      {"'(ARRAY[1])::text[]'::text", "'(ARRAY[1])::text[]'::text"},
      {"$$(ARRAY[1])::text[]$$", "$$(ARRAY[1])::text[]$$"},
      {"(ARRAY[1, 2])::text", "(ARRAY[1, 2])::text"},
      {"(ARRAY[1, 2]", "(ARRAY[1, 2]"},
      {"x = ANY (ARRAY['a', 'b'])", "x = ANY (ARRAY['a', 'b'])"},
  };
  for (const auto& [from, to] : cases) EXPECT_EQ(normal_expression(from), to);
}

}  // namespace
}  // namespace exitgate::collect::schema
