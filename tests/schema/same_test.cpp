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
#include "tests/schema/same_cases.h"

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
  static void change(const std::string& name, const std::string& sql) {
    const auto connection = cluster_->connect(name, "postgres", false);
    for (const auto& statements : transactions_of(sql)) connection->query(statements);
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

TEST_F(Same, WhateverMakesNoDifference) {
  EXPECT_GE(std::size(kSamePairs), 30U);
  for (const auto& [what, one, other] : kSamePairs) {
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
