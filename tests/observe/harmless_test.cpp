// Who is observed does not notice: what fails and what does not is the same, and nothing of ours is told or left.
#include <gmock/gmock.h>

#include "harness/collect/schema/snapshot.h"
#include "tests/majors/each_major.h"
#include "tests/observe/observed.h"
#include "tests/observe/raw_session.h"

namespace exitgate::observe {
namespace {

class Harmless : public testing_majors::EachMajor {};

// Given as the database's owner, who is no superuser; with "! " as a superuser.
constexpr const char* kGiven[] = {
    "CREATE TABLE t (id serial PRIMARY KEY, a int)",
    "INSERT INTO t (a) SELECT i FROM generate_series(1, 10) i",
    // Names that hide those of the system, were they looked up by the session's search_path
    "CREATE FUNCTION quote_ident(name) RETURNS text LANGUAGE sql AS 'SELECT 1 / 0'",
    "CREATE FUNCTION set_config(text, text, boolean) RETURNS text LANGUAGE sql AS 'SELECT 1 / 0'",
    "CREATE TABLE pg_class (oid int)",
    "SET search_path = public, pg_catalog",
    "ALTER TABLE t ADD b int",
    "SET search_path = ''",
    "ALTER TABLE public.t ALTER b SET NOT NULL",
    "UPDATE public.t SET b = 1",
    "ALTER TABLE public.t ALTER b SET NOT NULL",
    "RESET search_path",
    // Settings
    "SET quote_all_identifiers = on",
    "SET standard_conforming_strings = off",
    "SET client_min_messages = debug5",
    "SET default_transaction_read_only = on",
    "CREATE TABLE u (a int)",
    "RESET ALL",
    "ALTER TABLE public.t ADD c int DEFAULT 7",
    "DISCARD ALL",
    "ALTER TABLE public.t DROP c",
    "BEGIN",
    "SET LOCAL statement_timeout = 300",
    "SELECT pg_sleep(60)",
    "ROLLBACK",
    // Transactions
    "BEGIN ISOLATION LEVEL SERIALIZABLE",
    "CREATE TABLE public.v (a int)",
    "ALTER TABLE public.v ADD b int",
    "COMMIT",
    "BEGIN ISOLATION LEVEL REPEATABLE READ",
    "CREATE INDEX i ON public.t (a)",
    "CREATE INDEX CONCURRENTLY j ON public.t (a)",
    "ROLLBACK",
    "CREATE INDEX CONCURRENTLY j ON public.t (a)",
    "CREATE UNIQUE INDEX CONCURRENTLY k ON public.t (b)",
    "DROP INDEX CONCURRENTLY public.j",
    "REINDEX INDEX CONCURRENTLY public.k",
    "VACUUM FULL public.t",
    "BEGIN; CREATE TEMP TABLE x (a int) ON COMMIT DROP; ALTER TABLE x ADD b int; COMMIT",
    "BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT a FROM public.t; ALTER TABLE public.t ADD d int; COMMIT",
    "ROLLBACK",
    "CREATE TABLE public.w (a int) PARTITION BY LIST (a); CREATE TABLE public.w1 PARTITION OF public.w FOR "
    "VALUES IN (1)",
    "CREATE PROCEDURE public.p() LANGUAGE plpgsql AS $$ BEGIN ALTER TABLE public.t ADD f int; COMMIT; ALTER "
    "TABLE public.t ADD g int; ROLLBACK; END $$",
    "CALL public.p()",
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE 'ALTER "
    "TABLE "
    "public.t ADD h int'; RETURN 1; END $$",
    "SELECT public.f()",
    "SELECT public.f()",
    // Other roles
    "! CREATE EXTENSION pg_trgm",
    "! SET session_replication_role = replica",
    "! ALTER TABLE public.t ADD k int",
    "! RESET session_replication_role",
    "! SET SESSION AUTHORIZATION owner",
    "! CREATE TABLE public.y (a int)",
    "! RESET SESSION AUTHORIZATION",
    "! CREATE FUNCTION public.own() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN IF tg_tag = 'DROP "
    "VIEW' "
    "THEN RAISE 'no view is dropped'; END IF; END $$",
    "! CREATE EVENT TRIGGER own ON ddl_command_start EXECUTE FUNCTION public.own()",
    "! CREATE VIEW public.z AS SELECT 1 AS one",
    "DROP VIEW public.z",
    "! DROP VIEW public.z",
    "! DROP EVENT TRIGGER own",
    "! REASSIGN OWNED BY owner TO postgres",
    "! ALTER SCHEMA public OWNER TO owner",
    "! DROP EXTENSION pg_trgm",
    "DROP OWNED BY CURRENT_USER",
    "! DROP SCHEMA IF EXISTS public CASCADE",
    "! CREATE SCHEMA public AUTHORIZATION owner",
    "CREATE TABLE public.t (a int)",
    "DROP SCHEMA public CASCADE",
};

// What became of each.
std::vector<std::string> outcomes(database::Connection& owner, database::Connection& superuser) {
  std::vector<std::string> became;
  for (const std::string_view given : kGiven) {
    const bool by_superuser = given.starts_with("! ");
    try {
      (by_superuser ? superuser : owner).query(std::string(by_superuser ? given.substr(2) : given));
      became.push_back(fmt::format("{}: ok", given));
    } catch (const Undecided& problem) {
      became.push_back(fmt::format("{}: {}", given, problem.what()));
    }
  }
  return became;
}

TEST_P(Harmless, WhatIsObservedGoesAsEver) {
  Observed observed(programs());
  Observed plain(programs());
  uninstall(plain.administrator());
  const Mark before = observed.now();
  const auto superuser = observed.connect("app", "postgres");
  const auto plain_superuser = plain.connect("app", "postgres");
  const auto became = outcomes(observed.owner(), *superuser);
  EXPECT_EQ(became, outcomes(plain.owner(), *plain_superuser));
  for (const auto& statement : observed.since(before)) EXPECT_EQ(statement.problem, "") << statement.text;
}

TEST_P(Harmless, ClientsAreToldNothing) {
  Observed observed(programs());
  RawSession session(observed.cluster(), "app", "owner");
  session.query("SET client_min_messages = log");
  session.query("CREATE TABLE t (a int)");
  session.query("SET client_min_messages = debug5");
  session.query("ALTER TABLE t ALTER a TYPE bigint");
  session.query("DROP TABLE t");
  EXPECT_EQ(session.received().find("exitgate {"), std::string::npos);
  EXPECT_NE(session.received().find("DROP TABLE"), std::string::npos);
}

TEST_P(Harmless, NothingIsLeft) {
  Observed observed(programs());
  uninstall(observed.administrator());
  const auto before = collect::schema::take_snapshot(observed.administrator());
  install(observed.administrator());
  install(observed.administrator());
  observed.give({"CREATE TABLE t (a int)", "DROP TABLE t"});
  uninstall(observed.administrator());
  uninstall(observed.administrator());
  const auto after = collect::schema::take_snapshot(observed.administrator());
  EXPECT_EQ(before.fingerprint, after.fingerprint);
}

TEST_P(Harmless, DatabasesAreCopiedWithIt) {
  Observed observed(programs());
  install(*observed.connect("template1", "postgres"));
  observed.administrator().query("CREATE DATABASE other OWNER owner");
  const Mark before = observed.now();
  observed.connect("other", "postgres")
      ->query("CREATE TABLE public.t (a int); ALTER TABLE public.t ADD b int");
  const auto seen = observed.since(before);
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_TRUE(seen[0].observed);
  EXPECT_EQ(seen[1].database, "other");
  ASSERT_EQ(seen[0].created.size(), 1U);
  EXPECT_EQ(seen[0].created[0].identity, "public.t");
}

INSTANTIATE_TEST_SUITE_P(On, Harmless, ::testing::ValuesIn(testing_majors::kMajors),
                         testing_majors::name_of_major);

}  // namespace
}  // namespace exitgate::observe
