// What is said of the target's own commands: models, tests, tests across a release.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/checks/judge.h"

namespace exitgate::testing {
namespace {

const std::string kPlan =
    "INSERT INTO schema.plan (source, reason) VALUES ('exitgate.yaml', 'it is there');"
    "INSERT INTO migrations.environment (id, tool, location) VALUES ('alembic.ini', 'alembic', 'migrations');"
    "INSERT INTO schema.object (snapshot, kind, namespace, name, identity, definition, sha256) VALUES "
    "('migrated', 'table', 'public', 'orders', 'public.orders', 'table', '');";

std::string models(const std::string& outcome, const std::string& exit_code = "1",
                   const std::string& tail = "") {
  return kPlan + fmt::format(
                     "INSERT INTO schema.model_check (position, command, exit_code, outcome, duration_ms, "
                     "tail, file, "
                     "line) VALUES (0, 'alembic check', {}, '{}', 5, '{}', 'exitgate.yaml', 9);",
                     exit_code, outcome, tail);
}

std::string tests(const std::string& outcome, const std::string& exit_code = "0",
                  const std::string& tail = "", const std::string& combination = "head",
                  const std::string& log = "logs/tests/x/0.log") {
  return fmt::format(
      "INSERT INTO schema.test_run (combination, position, command, exit_code, outcome, duration_ms, "
      "tail, log, reports, file, line) VALUES ('{}', 0, 'pytest -q', {}, '{}', 5, '{}', '{}', 1, "
      "'exitgate.yaml', 12);",
      combination, exit_code, outcome, tail, log);
}

std::string change(const std::string& command, const std::string& identity, const std::string& more,
                   const std::string& kind = "table") {
  return fmt::format(
      "INSERT INTO schema.test_change (combination, position, command, kind, identity, temporary, "
      "committed, database, left_behind, text) SELECT 'head', count(*), '{0}', '{1}', '{2}', {3}, "
      "'{0} …' FROM schema.test_change;",
      command, kind, identity, more);
}

TEST(ModelsMatch, SaysWhatTheCommandSaid) {
  EXPECT_EQ(judge("models-match", "{}", models("ok", "0")), "1 examined\n");
  EXPECT_EQ(
      judge("models-match", "{}",
            models("exit code 1", "1", "one\n\ntwo\n  FAILED: New upgrade operations detected\nadd_column")),
      "1 examined\n"
      "FAIL exitgate.yaml:9: the models are not what the migrations make: `alembic check`: exit code 1: two "
      "/ "
      "FAILED: New upgrade operations detected / add_column\n"
      "  > write the migration that is missing (`alembic revision -m \"...\"`), or take the model back; all "
      "that "
      "it said is in logs/models.log\n");
}

TEST(ModelsMatch, BelievesNoExitCodeOfACommandThatChangesThings) {
  EXPECT_EQ(judge("models-match", "{}", models("exit code 0, but it wrote migrations/0002.py", "0")),
            "1 examined\n"
            "FAIL exitgate.yaml:9: `alembic check`: exit code 0, but it wrote migrations/0002.py\n"
            "  > a command that compares must change nothing: ask it for a dry run\n");
}

TEST(ModelsMatch, IsUndecidedWhereNothingWasCompared) {
  EXPECT_EQ(judge("models-match", "{}", models("not run: the database was not provisioned", "NULL")),
            "1 examined\n"
            "?    exitgate.yaml:9: `alembic check`: not run: the database was not provisioned\n"
            "  > see EG-CG2.provisions, or the log of the test exitgate.database\n");
  EXPECT_EQ(judge("models-match", "{}", models("exit code 127", "127", "alembic: not found")),
            "1 examined\n"
            "?    exitgate.yaml:9: `alembic check`: exit code 127: alembic: not found\n"
            "  > run it by hand on a migrated database; all that it said is in logs/models.log\n");
  EXPECT_EQ(
      judge("models-match", "{}",
            models("exit code 2", "2", "alembic: error: argument {upgrade}: invalid choice: ''check''")),
      "1 examined\n"
      "?    exitgate.yaml:9: `alembic check`: exit code 2: alembic: error: argument {upgrade}: invalid "
      "choice: "
      "'check'\n"
      "  > this Alembic is older than 1.9 and has no `check`: take the script of docs/tests.md, "
      "which "
      "does the same\n");
}

TEST(ModelsMatch, NamesTheToolsOwnCommand) {
  EXPECT_EQ(judge("models-match", "{}", kPlan),
            "0 examined\n"
            "skip: no command is declared that compares the models with the migrations: "
            "write `database: {models: ['alembic check']}` in exitgate.yaml\n");
}

TEST(TestsPass, ReadsOutcomesAndReports) {
  EXPECT_EQ(judge("tests-pass", "{}", tests("ok")), "1 examined\nnote: 1 JUnit report in the bundle\n");
  EXPECT_EQ(judge("tests-pass", "{}", tests("exit code 1", "1", "1 failed, 3 passed")),
            "1 examined\n"
            "FAIL exitgate.yaml:12: `pytest -q` on the migrated database: exit code 1: 1 failed, 3 passed\n"
            "  > all that it said is in logs/tests/x/0.log\n"
            "note: 1 JUnit report in the bundle\n");
  EXPECT_EQ(judge("tests-pass", "{}",
                  tests("ok") +
                      "INSERT INTO schema.part (name, path, bytes, sha256, problem) VALUES ('test-report', "
                      "'', 0, '', 'the tests wrote no JUnit report ''r.xml''')"),
            "1 examined\n"
            "FAIL exitgate.yaml:12: the tests wrote no JUnit report 'r.xml'\n"
            "  > let the command write it, or fix `tests: {reports: [...]}`\n"
            "note: 1 JUnit report in the bundle\n");
  EXPECT_EQ(judge("tests-pass", "{}", ""),
            "0 examined\n"
            "skip: no test command is declared: "
            "write `tests: {run: ['pytest -q --junitxml=report.xml'], reports: [report.xml]}` in "
            "exitgate.yaml\n");
}

TEST(TestsPass, IsUndecidedWhereTheyDidNotEnd) {
  EXPECT_EQ(judge("tests-pass", "{}", tests("no end within 300 s", "NULL")),
            "1 examined\n"
            "?    exitgate.yaml:12: `pytest -q` on the migrated database: no end within 300 s\n"
            "  > all that it said is in logs/tests/x/0.log\n"
            "note: 1 JUnit report in the bundle\n");
}

TEST(TestsKeepSchema, TellsWhatIsTheirsFromWhatIsNot) {
  const auto ok = kPlan + tests("ok");
  EXPECT_EQ(judge("tests-keep-schema", "{}", ok), "1 examined\n");
  EXPECT_EQ(judge("tests-keep-schema", "{}", ok + change("CREATE TABLE", "public.a", "1, 1, 'exitgate', 0")),
            "1 examined\n");
  EXPECT_EQ(judge("tests-keep-schema", "{}", ok + change("CREATE TABLE", "public.a", "0, 0, 'exitgate', 0")),
            "1 examined\nnote: 1 schema change was rolled back\n");
  EXPECT_EQ(
      judge("tests-keep-schema", "{}",
            ok + change("CREATE TABLE", "public.a", "0, 1, 'exitgate', 0") +
                change("ALTER TABLE", "public.orders", "0, 1, 'exitgate', 0")),
      "1 examined\n"
      "FAIL exitgate.yaml:12: `pytest -q` makes table public.a in the migrated database, past the "
      "migrations: "
      "CREATE TABLE …\n"
      "  > run the tests on the tables that the migrations made; what a test needs for itself goes into a "
      "temporary table, a transaction that is rolled back, or a database of its own\n"
      "note: 1 schema change was undone by the tests\n");
  EXPECT_EQ(
      judge("tests-keep-schema", "{}", ok + change("CREATE TABLE", "public.a", "0, 1, 'exitgate', 1")),
      "1 examined\n"
      "FAIL exitgate.yaml:12: `pytest -q` leaves the migrated schema changed: table public.a: CREATE TABLE "
      "…\n"
      "  > write a migration for it if the application needs it, else let the tests undo what they do\n");
}

TEST(TestsKeepSchema, ADatabaseOfTheirOwnIsMigratedOrCopied) {
  const auto ok = kPlan + tests("ok");
  const auto made = change("CREATE TABLE", "public.orders", "0, 1, 'test_x', 0");
  EXPECT_EQ(
      judge("tests-keep-schema", "{}", ok + made),
      "1 examined\n"
      "FAIL exitgate.yaml:12: `pytest -q` makes table public.orders in the database test_x of its own, past "
      "the "
      "migrations: CREATE TABLE …\n"
      "  > let the tests migrate it, copy it from the migrated one (`CREATE DATABASE … TEMPLATE`), or run on "
      "DATABASE_URL as it is; `own-databases: false` allows it\n");
  EXPECT_EQ(
      judge("tests-keep-schema", R"({"own-databases": false})", ok + made),
      "1 examined\n"
      "note: `pytest -q` makes table public.orders in the database test_x of its own, past the migrations: "
      "CREATE TABLE …\n");
  EXPECT_EQ(judge("tests-keep-schema", "{}",
                  ok + made + change("CREATE TABLE", "public.alembic_version", "0, 1, 'test_x', 0")),
            "1 examined\n");
  EXPECT_EQ(
      judge("tests-keep-schema", "{}", ok + change("CREATE TABLE", "public.other", "0, 1, 'test_x', 0")),
      "1 examined\n"
      "note: 1 table that no migration makes was made in a database or schema of the tests' own\n");
  // The same in a schema that they made in the migrated database.
  EXPECT_EQ(judge("tests-keep-schema", "{}",
                  ok + change("CREATE SCHEMA", "mine", "0, 1, 'exitgate', 0", "schema") +
                      change("CREATE TABLE", "mine.other", "0, 1, 'exitgate', 0") +
                      change("DROP SCHEMA", "mine", "0, 1, 'exitgate', 0", "schema")),
            "1 examined\n"
            "note: 1 table that no migration makes was made in a database or schema of the tests' own\n");
}

TEST(TestsKeepSchema, DoesNotPassWhereNothingRan) {
  EXPECT_EQ(judge("tests-keep-schema", "{}", kPlan + tests("not run: no room", "NULL")),
            "0 examined\n"
            "?    the tests were not run: there is no migrated database\n"
            "  > see EG-CG2.provisions, or the log of the test exitgate.database\n");
  EXPECT_EQ(judge("tests-keep-schema", "{}",
                  kPlan + tests("ok") +
                      "INSERT INTO schema.problem (snapshot, reason, hint) VALUES ('tests', 'unused', 'do')"),
            "1 examined\nFAIL exitgate.yaml:12: unused\n  > do\n");
}

TEST(ReleaseCompatible, SaysWhatAFailureMeans) {
  const std::string base = "base code on new schema";
  EXPECT_EQ(judge("release-compatible", "{}", kPlan + tests("ok") + tests("ok", "0", "", base)),
            "1 examined\n");
  EXPECT_EQ(judge("release-compatible", "{}",
                  kPlan + tests("ok") + tests("exit code 1", "1", "no column note", base, "logs/b.log") +
                      tests("exit code 1", "1", "no column remark", "new code on base schema", "logs/n.log")),
            "1 examined\n"
            "FAIL exitgate.yaml:12: the tests of the base commit fail on this commit's schema: instances "
            "that still run "
            "the old code fail as soon as the migrations have run: `pytest -q` (base code on new schema): "
            "exit code 1: "
            "no column note\n"
            "  > release in two steps: first add what the new code needs and keep what the old code uses, "
            "and take that "
            "away when nothing uses it any more; all that it said is in logs/b.log\n"
            "note: `pytest -q` (new code on base schema): exit code 1: no column remark; see logs/n.log\n");
  EXPECT_EQ(
      judge("release-compatible", R"({"required": ["new code on base schema"]})",
            kPlan + tests("ok") + tests("exit code 1", "1", "x", "new code on base schema", "logs/n.log")),
      "1 examined\n"
      "FAIL exitgate.yaml:12: the tests of this commit fail on the base's schema: instances of the new code "
      "fail "
      "until the migrations have run: `pytest -q` (new code on base schema): exit code 1: x\n"
      "  > run the migrations before the new code is deployed, or let it work with both schemas; all that it "
      "said "
      "is in logs/n.log\n");
}

TEST(ReleaseCompatible, SaysNothingWhereTheTestsFailAnyway) {
  EXPECT_EQ(judge("release-compatible", "{}",
                  kPlan + tests("ok") +
                      tests("exit code 1, and on the base''s own schema as well", "1", "",
                            "base code on new schema", "logs/b.log")),
            "1 examined\n"
            "?    exitgate.yaml:12: it fails on its own schema, too, and says nothing about the release: "
            "`pytest -q` "
            "(base code on new schema): exit code 1, and on the base's own schema as well\n"
            "  > all that it said is in logs/b.log\n");
}

TEST(ReleaseCompatible, SaysWhyNothingWasRun) {
  const std::string asked = R"({"compatibility": true})";
  EXPECT_EQ(judge("release-compatible", "{}", kPlan + tests("ok")),
            "0 examined\n"
            "skip: it is not asked for whether old and new code work on each other's schema: "
            "write `tests: {run: [...], compatibility: true}` in exitgate.yaml\n");
  EXPECT_EQ(judge("release-compatible", asked, kPlan + tests("ok")),
            "0 examined\nskip: no migration is new since the base\n");
  const std::string fresh =
      "INSERT INTO migrations.revision (environment, id, file, line, new) VALUES ('alembic.ini', "
      "'b', 'b.py', 1, 1)";
  EXPECT_EQ(judge("release-compatible", asked, kPlan + tests("ok") + fresh),
            "0 examined\nskip: the base has no migrations: nothing is in use yet\n");
  EXPECT_EQ(judge("release-compatible", asked,
                  kPlan + tests("ok") + fresh + ", ('alembic.ini', 'a', 'a.py', 1, 0)"),
            "0 examined\n"
            "?    the tests were not run across the release\n"
            "  > see EG-CG2.provisions, or the log of the test exitgate.database\n");
}

TEST(TestLogs, OfTheRunCount) {
  const std::string run = tests("ok", "0", "", "head", "logs/tests/head/0.log");
  EXPECT_EQ(judge("test-logs", "{}",
                  run + "INSERT INTO schema.part (name, path, bytes, sha256) VALUES ('test-log', "
                        "'logs/tests/head/0.log', 9, '')"),
            "1 examined\n");
  EXPECT_EQ(judge("test-logs", "{}", tests("not run: no room", "NULL", "", "head", "")),
            "1 examined\n"
            "FAIL exitgate.yaml:12: the log of `pytest -q` is not in the bundle: not run: no room\n"
            "  > see EG-CG2.tests-pass\n");
}

}  // namespace
}  // namespace exitgate::testing
