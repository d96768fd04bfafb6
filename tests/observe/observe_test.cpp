// What is read of an observed server, apart from what each kind of statement does (forms_test.cpp).
#include "harness/observe/observe.h"

#include <gmock/gmock.h>

#include "harness/database/server.h"
#include "tests/observe/observed.h"
#include "tests/observe/raw_session.h"

namespace exitgate::observe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;
using ::testing::SizeIs;

class Observe : public ::testing::Test {
 protected:
  Observe() { observed_.give({"CREATE TABLE t (a int, b text)", "INSERT INTO t VALUES (1, 'x')"}); }

  std::vector<Statement> seen(const std::vector<std::string>& statements, const Options& options = {}) {
    const Mark before = observed_.now();
    observed_.give(statements);
    return observed_.since(before, options);
  }
  // "ALTER TABLE: t AccessExclusiveLock" of each.
  static std::vector<std::string> words_of(const std::vector<Statement>& statements) {
    std::vector<std::string> words;
    for (const auto& statement : statements) {
      words.push_back(statement.command + ": " + told(statement));
      if (!statement.ok()) words.back() += "! " + statement.outcome;
      EXPECT_EQ(statement.problem, "") << statement.text;
    }
    return words;
  }
  std::vector<std::string> words(const std::vector<std::string>& statements) {
    return words_of(seen(statements));
  }

  Observed observed_{database::find_server_programs()};
};

TEST_F(Observe, LeavesOutWhatOnlyReads) {
  const std::vector<std::string> given = {"SELECT 1",
                                          "SET lock_timeout = '5s'",
                                          "BEGIN",
                                          "EXPLAIN UPDATE t SET a = 1",
                                          "SELECT a FROM t FOR UPDATE",
                                          "COMMIT",
                                          "SHOW lock_timeout",
                                          "VALUES (1)"};
  EXPECT_THAT(seen(given), IsEmpty());
  EXPECT_THAT(seen(given, {.reads = true}), SizeIs(given.size()));
}

TEST_F(Observe, KeepsWhatWritesOrMay) {
  EXPECT_THAT(words({"WITH gone AS (DELETE FROM t WHERE a = 7 RETURNING a) SELECT * FROM gone",
                     "EXPLAIN ANALYZE UPDATE t SET a = 1 WHERE a = 7", "CREATE ROLE other", "CALL nothing()",
                     "DO $$ BEGIN NULL; END $$", "SELECT a INTO u FROM t"}),
              ElementsAre("SELECT: t RowExclusiveLock",
                          "EXPLAIN: ", "CREATE ROLE: ! permission denied to create role",
                          "CALL: ! procedure nothing() does not exist at character 6",
                          "DO: ", "SELECT INTO: scan t; t AccessShareLock"));
}

TEST_F(Observe, KnowsASavepointsEnd) {
  EXPECT_THAT(words({"BEGIN", "ALTER TABLE t ALTER a TYPE bigint", "SAVEPOINT s", "ALTER TABLE t RENAME TO u",
                     "CREATE TABLE v (a int)", "ROLLBACK TO SAVEPOINT s",
                     "ALTER TABLE t ALTER a SET NOT NULL", "COMMIT"}),
              ElementsAre("ALTER TABLE: rewrite t (column type); t AccessExclusiveLock",
                          "ALTER TABLE: ", "CREATE TABLE: ", "ALTER TABLE: scan t"));
}

TEST_F(Observe, TellsALockOnceInATransaction) {
  const auto statements =
      seen({"BEGIN", "UPDATE t SET a = 2 WHERE a = 1", "CREATE INDEX i ON t (a)", "ALTER TABLE t ADD c int",
            "ALTER TABLE t ADD d int", "COMMIT", "ALTER TABLE t DROP d"});
  EXPECT_THAT(words_of(statements),
              ElementsAre("UPDATE: t RowExclusiveLock", "CREATE INDEX: build t (i); t ShareLock",
                          "ALTER TABLE: t AccessExclusiveLock",
                          "ALTER TABLE: ", "ALTER TABLE: t AccessExclusiveLock"));
  for (std::size_t at = 0; at < 4; ++at) {
    EXPECT_TRUE(statements[at].transactional);
    EXPECT_EQ(statements[at].transaction, statements[0].transaction);
    EXPECT_THAT(statements[at].committed, Optional(true));
  }
  EXPECT_FALSE(statements[4].transactional);
  EXPECT_NE(statements[4].transaction, statements[0].transaction);
  ASSERT_THAT(statements[4].locks, SizeIs(1));
  EXPECT_EQ(statements[4].locks[0].held_us, statements[4].duration_us);
}

TEST_F(Observe, TellsHowLongALockIsHeld) {
  const auto statements = seen({"BEGIN", "ALTER TABLE t ADD c int", "SELECT pg_sleep(0.2)", "COMMIT"});
  ASSERT_THAT(statements, SizeIs(1));
  ASSERT_THAT(statements[0].locks, SizeIs(1));
  EXPECT_GE(statements[0].locks[0].held_us.value_or(0), 198'000);
  EXPECT_LT(statements[0].duration_us.value_or(200'000), statements[0].locks[0].held_us.value_or(0));
}

TEST_F(Observe, TellsWhetherItWasCommitted) {
  const auto statements =
      seen({"BEGIN", "ALTER TABLE t RENAME TO u", "ROLLBACK", "ALTER TABLE t ADD c int", "BEGIN",
            "ALTER TABLE t ADD d int", "SELECT 1 / 0", "COMMIT", "DROP TABLE t"});
  ASSERT_THAT(words_of(statements),
              ElementsAre("ALTER TABLE: t AccessExclusiveLock", "ALTER TABLE: t AccessExclusiveLock",
                          "ALTER TABLE: t AccessExclusiveLock", "DROP TABLE: t AccessExclusiveLock"));
  EXPECT_THAT(statements[0].committed, Optional(false));
  EXPECT_THAT(statements[1].committed, Optional(true));
  EXPECT_THAT(statements[2].committed, Optional(false));
  EXPECT_THAT(statements[3].committed, Optional(true));
}

TEST_F(Observe, TellsErrors) {
  const auto statements =
      seen({"SELEC 1", "ALTER TABLE missing ADD a int", "BEGIN", "ALTER TABLE missing ADD a int",
            "ALTER TABLE t ADD c int", "ROLLBACK", "UPDATE t SET a = 1 / 0"});
  EXPECT_THAT(
      words_of(statements),
      ElementsAre(
          "SELEC: ! syntax error at or near \"SELEC\" at character 1",
          "ALTER TABLE: ! relation \"missing\" does not exist",
          "ALTER TABLE: ! relation \"missing\" does not exist",
          "ALTER TABLE: ! current transaction is aborted, commands ignored until end of transaction block",
          "UPDATE: ! division by zero"));
  EXPECT_EQ(statements[1].sqlstate, "42P01");
  EXPECT_FALSE(statements[1].transactional);
  EXPECT_TRUE(statements[2].transactional);
  EXPECT_EQ(statements[2].transaction, statements[3].transaction);
}

TEST_F(Observe, TellsAnErrorThatIsCaughtAsNone) {
  const auto statements =
      seen({"DO $$ BEGIN ALTER TABLE missing ADD a int; EXCEPTION WHEN OTHERS THEN ALTER TABLE t ADD c int; "
            "END $$"});
  EXPECT_THAT(words_of(statements), ElementsAre("DO: t AccessExclusiveLock"));
  EXPECT_THAT(statements[0].inside, ElementsAre("ALTER TABLE", "ALTER TABLE"));
}

TEST_F(Observe, TellsALockThatIsNotGot) {
  const auto other = observed_.connect("app", "owner");
  other->query("BEGIN; LOCK TABLE public.t IN ACCESS SHARE MODE");
  const auto statements = seen({"SET lock_timeout = '50ms'; ALTER TABLE t ADD c int"});
  EXPECT_THAT(words_of(statements), ElementsAre("ALTER TABLE: ! canceling statement due to lock timeout"));
  EXPECT_THAT(statements[0].lock_timeout_ms, Optional(50));
  EXPECT_THAT(statements[0].statement_timeout_ms, Optional(60'000));
  EXPECT_GE(statements[0].duration_us.value_or(0), 0);
}

TEST_F(Observe, TellsStatementsOfOneMessageApart) {
  const auto statements =
      seen({"/* first; */ CREATE TABLE u (a int);\nALTER TABLE u ADD b text DEFAULT ';';; UPDATE u SET a = 1;"
            "INSERT INTO t VALUES (2); -- the last;\nALTER TABLE t DROP b"});
  EXPECT_THAT(words_of(statements),
              ElementsAre("CREATE TABLE: ", "ALTER TABLE: ", "UPDATE: scan u", "INSERT: t RowExclusiveLock",
                          "ALTER TABLE: t AccessExclusiveLock"));
  EXPECT_TRUE(statements[4].transactional);
  EXPECT_EQ(statements[0].transaction, statements[4].transaction);
  EXPECT_TRUE(statements[4].duration_us.has_value());
}

TEST_F(Observe, StopsAtTheErrorOfAMessage) {
  const auto statements =
      seen({"ALTER TABLE t ADD c int; ALTER TABLE t ADD c int; DROP TABLE t", "DROP TABLE t"});
  EXPECT_THAT(words_of(statements),
              ElementsAre("ALTER TABLE: t AccessExclusiveLock",
                          "ALTER TABLE: ! column \"c\" of relation \"t\" already exists",
                          "DROP TABLE: t AccessExclusiveLock"));
  EXPECT_THAT(statements[0].committed, Optional(false));
}

TEST_F(Observe, KnowsTransactionsInsideOfAMessage) {
  const auto statements = seen({"BEGIN; ALTER TABLE t ADD c int; COMMIT; ALTER TABLE t ADD d int; BEGIN",
                                "ALTER TABLE t ADD e int", "ROLLBACK"});
  EXPECT_THAT(words_of(statements), ElementsAre("ALTER TABLE: t AccessExclusiveLock",
                                                "ALTER TABLE: t AccessExclusiveLock", "ALTER TABLE: "));
  EXPECT_NE(statements[0].transaction, statements[1].transaction);
  EXPECT_THAT(statements[0].committed, Optional(true));
  EXPECT_THAT(statements[2].committed, Optional(false));
}

TEST_F(Observe, TellsTheSessionsApart) {
  const auto first = observed_.connect("app", "owner");
  const auto second = observed_.connect("app", "postgres");
  const Mark before = observed_.now();
  first->query("BEGIN; ALTER TABLE public.t ADD c int");
  second->query("BEGIN; CREATE TABLE public.u (a int)");
  first->query("ALTER TABLE public.t ADD d int");
  second->query("COMMIT");
  first->query("ROLLBACK");
  auto statements = observed_.since(before);
  ASSERT_THAT(words_of(statements),
              ElementsAre("ALTER TABLE: t AccessExclusiveLock", "CREATE TABLE: ", "ALTER TABLE: "));
  EXPECT_EQ(statements[0].session, statements[2].session);
  EXPECT_NE(statements[0].session, statements[1].session);
  EXPECT_EQ(statements[1].user, "postgres");
  EXPECT_EQ(statements[1].application, "exitgate");
  EXPECT_THAT(statements[1].committed, Optional(true));
  EXPECT_THAT(statements[0].committed, Optional(false));
  statements = observed_.since(before, {.without = {statements[0].process}});
  EXPECT_THAT(words_of(statements), ElementsAre("CREATE TABLE: "));
}

TEST_F(Observe, ReadsTheExtendedProtocol) {
  const Mark before = observed_.now();
  {
    RawSession session(observed_.cluster(), "app", "owner");
    session.pipeline(RawSession::execute("INSERT INTO t VALUES ($1, $2)", {"7", "it's\n, $3 = 'x'"}));
    session.pipeline(RawSession::execute("UPDATE t SET b = $1 WHERE a = $2", {std::nullopt, "7"}));
    session.pipeline(RawSession::execute("ALTER TABLE t ADD c int") +
                     RawSession::execute("CREATE INDEX i ON t (c)"));
    session.pipeline(RawSession::execute("INSERT INTO missing VALUES ($1)", {"7"}));
    session.pipeline(RawSession::execute("INSERT INTO t (a) VALUES ($1)", {"seven"}));
  }
  const auto statements = observed_.since(before);
  EXPECT_THAT(words_of(statements),
              ElementsAre("INSERT: t RowExclusiveLock", "UPDATE: t RowExclusiveLock",
                          "ALTER TABLE: t AccessExclusiveLock", "CREATE INDEX: build t (i)",
                          "INSERT: ! relation \"missing\" does not exist at character 13",
                          "INSERT: ! invalid input syntax for type integer: \"seven\""));
  EXPECT_EQ(statements[0].text, "INSERT INTO t VALUES ($1, $2)");
  EXPECT_THAT(statements[0].parameters,
              ElementsAre(Optional(std::string("7")), Optional(std::string("it's\n, $3 = 'x'"))));
  EXPECT_THAT(statements[1].parameters, ElementsAre(std::nullopt, Optional(std::string("7"))));
  EXPECT_EQ(statements[2].transaction, statements[3].transaction);
  EXPECT_EQ(statements[0].application, "raw");
}

TEST_F(Observe, ReadsPreparedStatements) {
  EXPECT_THAT(words({"PREPARE p AS UPDATE t SET a = $1 WHERE a = 1", "EXECUTE p(3)", "EXECUTE p(4)"}),
              ElementsAre("EXECUTE: t RowExclusiveLock", "EXECUTE: t RowExclusiveLock"));
}

TEST_F(Observe, ReadsCopy) {
  const Mark before = observed_.now();
  RawSession(observed_.cluster(), "app", "owner").copy("COPY t FROM STDIN", "1\tx\n2\ty\n");
  RawSession(observed_.cluster(), "app", "owner").query("COPY t TO STDOUT");
  const auto statements = observed_.since(before);
  EXPECT_THAT(words_of(statements), ElementsAre("COPY: t RowExclusiveLock"));
  EXPECT_TRUE(statements[0].writes);
}

TEST_F(Observe, ReadsTextsOfAllKinds) {
  const std::string long_text(1 << 20, 'x');
  const std::vector<std::string> given = {
      "COMMENT ON TABLE t IS '" + long_text + "'",
      "COMMENT ON TABLE t IS 'a\nb\n\tc\r\n\n  d'",
      "COMMENT ON TABLE t IS 'it''s \"quoted\" \\ \x1e \x1f exitgate {}'",
      "COMMENT ON TABLE t\n-- LOG:  statement: DROP TABLE t\nIS 'Grüße, 你好'",
      "COMMENT ON TABLE t IS E'\\x1eforged\\nLOG:  duration: 1 ms'",
  };
  const auto statements = seen(given);
  ASSERT_THAT(statements, SizeIs(given.size()));
  for (std::size_t at = 0; at < given.size(); ++at) {
    EXPECT_EQ(statements[at].text, given[at]);
    EXPECT_EQ(told(statements[at]), "t ShareUpdateExclusiveLock");
  }
}

TEST_F(Observe, ReadsOtherEncodings) {
  const auto statements = seen({"SET client_encoding = 'LATIN1'",
                                "COMMENT ON TABLE t IS 'Gr\xfc\xdf"
                                "e'"});
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(statements[0].text, "COMMENT ON TABLE t IS 'Grüße'");
  observed_.administrator().query(
      "CREATE DATABASE old OWNER owner TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
  // The server writes its log in the database's encoding, and does not say which.
  const Mark before = observed_.now();
  observed_.connect("old", "owner")->query("CREATE TABLE public.t (\"gr\303\274n\" int)");
  const auto old = observed_.since(before);
  ASSERT_THAT(old, SizeIs(1));
  EXPECT_EQ(old[0].database, "old");
  EXPECT_EQ(old[0].command, "CREATE TABLE");
  EXPECT_EQ(old[0].text, "CREATE TABLE public.t (\"gr\357\277\275n\" int)");
}

TEST_F(Observe, TakesAMessageThatTheServerDoesNot) {
  const Mark before = observed_.now();
  {
    RawSession session(observed_.cluster(), "app", "owner");
    session.query(std::string_view("ALTER TABLE t\0 ADD c int", 24));
  }
  RawSession(observed_.cluster(), "app", "owner").query("ALTER TABLE t ADD c int");
  EXPECT_THAT(words_of(observed_.since(before)), ElementsAre("ALTER TABLE: t AccessExclusiveLock"));
}

TEST_F(Observe, TakesOddNames) {
  EXPECT_THAT(
      words({"CREATE SCHEMA \"my.schema\"", "CREATE TABLE \"my.schema\".\"a \"\"b\n'c\" (\"select\" int)",
             "ALTER TABLE \"my.schema\".\"a \"\"b\n'c\" ALTER \"select\" SET NOT NULL",
             "UPDATE \"my.schema\".\"a \"\"b\n'c\" SET \"select\" = 1", "DROP SCHEMA \"my.schema\" CASCADE"}),
      ElementsAre(
          "CREATE SCHEMA: ", "CREATE TABLE: ",
          "ALTER TABLE: \"my.schema\".\"a \"\"b\n'c\" AccessExclusiveLock; scan \"my.schema\".\"a "
          "\"\"b\n'c\"",
          "UPDATE: \"my.schema\".\"a \"\"b\n'c\" RowExclusiveLock; scan \"my.schema\".\"a \"\"b\n'c\"",
          "DROP SCHEMA: \"my.schema\".\"a \"\"b\n'c\" AccessExclusiveLock"));
}

TEST_F(Observe, TellsWhatWasCreatedAndDropped) {
  const auto statements =
      seen({"CREATE TABLE u (id serial PRIMARY KEY, t_id int)", "CREATE TEMP TABLE x (a int)",
            "ALTER TABLE u DROP t_id", "CREATE SCHEMA s CREATE TABLE s.y (a int)", "DROP TABLE u"});
  std::vector<std::string> words;
  for (const auto& statement : statements) {
    for (const auto& one : statement.created) {
      words.push_back(one.kind + " " + one.identity);
      if (one.temporary) words.back() += " temporary";
    }
    for (const auto& one : statement.dropped)
      if (!one.cascaded) words.push_back("- " + one.kind + " " + one.identity);
  }
  EXPECT_THAT(words,
              ElementsAre("sequence public.u_id_seq", "table public.u", "index public.u_pkey",
                          "sequence public.u_id_seq", "table pg_temp.x temporary", "table public.u",
                          "- table column public.u.t_id", "schema s", "table s.y", "- table public.u"));
}

TEST_F(Observe, SaysWhatItCouldNotSee) {
  const Mark before = observed_.now();
  observed_.administrator().query(
      "ALTER EVENT TRIGGER pg_exitgate_start DISABLE; ALTER EVENT TRIGGER pg_exitgate_end DISABLE");
  observed_.give({"ALTER TABLE t ADD c int", "INSERT INTO t VALUES (3)"});
  const auto statements = observed_.since(before);
  ASSERT_THAT(statements, SizeIs(2));
  EXPECT_EQ(statements[0].problem, "no event trigger saw it: they were switched off or dropped");
  EXPECT_EQ(statements[1].problem, "");
}

TEST(Blocks, FollowTheTableOfConflicts) {
  EXPECT_EQ(blocks_of("AccessShareLock"), "schema changes");
  EXPECT_EQ(blocks_of("RowExclusiveLock"), "schema changes");
  EXPECT_EQ(blocks_of("ShareUpdateExclusiveLock"), "schema changes");
  EXPECT_EQ(blocks_of("ShareLock"), "writes");
  EXPECT_EQ(blocks_of("ShareRowExclusiveLock"), "writes");
  EXPECT_EQ(blocks_of("ExclusiveLock"), "writes");
  EXPECT_EQ(blocks_of("AccessExclusiveLock"), "reads and writes");
  EXPECT_EQ(blocks_of("SIReadLock"), "nothing");
}

}  // namespace
}  // namespace exitgate::observe
