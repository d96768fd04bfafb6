#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class BundleChecks : public CheckTable {};
TEST_P(BundleChecks, SayExactly) {
  holds();
}

const std::string kSum(64, 'a');
const std::string kPlan = "INSERT INTO schema.plan (source, reason) VALUES ('exitgate.yaml', 'it is there');";
const std::string kNoPlan = "INSERT INTO schema.plan (source, reason) VALUES ('none', 'no alembic.ini');";
const std::string kGraph =
    "INSERT INTO migrations.environment (id, tool, config, location) VALUES ('alembic.ini', 'alembic', "
    "'alembic.ini', 'migrations');";

std::string part(const std::string& name, const std::string& path, int bytes,
                 const std::string& repeated = "NULL", const std::string& problem = "NULL",
                 const std::string& sum = kSum) {
  return fmt::format(
      "INSERT INTO schema.part (name, path, bytes, sha256, repeated, problem) VALUES ('{}', '{}', {}, '{}', "
      "{}, {});",
      name, path, bytes, sum, repeated, problem);
}
std::string environment(int bytes, const std::string& problem = "NULL", const std::string& sum = kSum) {
  return fmt::format(
      "INSERT INTO environment.part (name, path, bytes, sha256, problem) VALUES ('environment', "
      "'environment/tools.txt', {}, '{}', {});",
      bytes, sum, problem);
}
const std::string kGit =
    "INSERT INTO environment.tool (name, version, path) VALUES ('git', '2.39.5', '/usr/bin/git');";

const std::string kDump = R"({"parts": ["schema-dump"], "repeated": true})";
const std::string kState =
    R"({"parts": ["migration-current", "migration-heads", "migration-history"], "of-migrations": true})";

const std::string kScanned =
    "INSERT INTO bundle.file (path, bytes) VALUES ('logs/app.log', 900), ('facts/ci.db', 4096);";

const std::vector<CheckCase> kSecrets = {
    {"Clean", "no-secrets", "{}", kScanned, R"(2 examined
)"},
    {"NothingLookedThrough", "no-secrets", "{}", "", R"(0 examined
)"},
    {"LeftOver", "no-secrets", "{}",
     kScanned +
         "INSERT INTO bundle.secret (path, line, place, kind) VALUES ('logs/app.log', 12, NULL, 'password'), "
         "('logs/app.log', 7, NULL, 'password'), ('logs/app.log', 9, NULL, 'password in a URL'), "
         "('facts/ci.db', NULL, 'ci.step.run, row 7', 'GitHub token');",
     R"(2 examined
FAIL facts/ci.db, ci.step.run, row 7: GitHub token in the clear
  > keep the value out of what is printed and of what the gates say; a false alarm takes a waiver
FAIL logs/app.log, line 7: password in the clear, and 1 more like it
  > keep the value out of what is printed and of what the gates say; a false alarm takes a waiver
FAIL logs/app.log, line 9: password in a URL in the clear
  > keep the value out of what is printed and of what the gates say; a false alarm takes a waiver
)"},
};
INSTANTIATE_TEST_SUITE_P(Secrets, BundleChecks, ::testing::ValuesIn(kSecrets), case_name);

const std::vector<CheckCase> kSchema = {
    {"Same", "schema-part", kDump, kPlan + part("schema-dump", "schema/schema.sql", 900, "1"), R"(1 examined
)"},
    {"AnotherEachTime", "schema-part", kDump, kPlan + part("schema-dump", "schema/schema.sql", 900, "0"),
     R"(1 examined
FAIL schema-dump (schema/schema.sql) is another one each time it is taken: its checksum proves nothing
  > something changes the database while it is read, or pg_dump writes a new key each time
)"},
    {"TakenOnce", "schema-part", kDump, kPlan + part("schema-dump", "schema/schema.sql", 900), R"(1 examined
?    schema-dump (schema/schema.sql) was not taken twice: whether it can be reproduced is unknown
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"Empty", "schema-part", kDump, kPlan + part("schema-dump", "schema/schema.sql", 0, "1"), R"(1 examined
FAIL schema-dump of the bundle is empty (schema/schema.sql)
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"Missing", "schema-part", kDump, kPlan, R"(0 examined
FAIL the bundle has no schema-dump
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"Incomplete", "schema-part", kDump,
     kPlan + part("schema-dump", "schema/schema.sql", 0, "NULL", "'pg_dump 14 is older than the server, 15'"),
     R"(1 examined
FAIL schema-dump of the bundle is incomplete: pg_dump 14 is older than the server, 15
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"NotMade", "schema-part", kDump,
     kPlan + part("schema-dump", "schema/schema.sql", 0, "NULL", "'no pg_dump here can dump it'") +
         "INSERT INTO schema.problem VALUES ('schema-dump', 'no pg_dump here can dump it', 'install it');",
     R"(1 examined
?    schema-dump of the bundle could not be made: no pg_dump here can dump it
  > install it
)"},
    {"NoPlan", "schema-part", kDump, kNoPlan, R"(0 examined
skip: no database was provisioned: no alembic.ini: write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none
)"},
    {"State", "schema-part", kState,
     kPlan + kGraph + part("migration-current", "migrations/current.txt", 5) +
         part("migration-heads", "migrations/heads.txt", 5) +
         part("migration-history", "migrations/history.txt", 50),
     R"(3 examined
)"},
    {"StateInPart", "schema-part", kState,
     kPlan + kGraph + part("migration-current", "migrations/current.txt", 5) +
         part("migration-heads", "migrations/heads.txt", 0),
     R"(2 examined
FAIL migration-heads of the bundle is empty (migrations/heads.txt)
  > see EG-CG2.provisions, or the log of the test exitgate.database
FAIL the bundle has no migration-history
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"StateWithoutMigrations", "schema-part", kState, kPlan, R"(0 examined
skip: no migration history
)"},
};
INSTANTIATE_TEST_SUITE_P(SchemaPart, BundleChecks, ::testing::ValuesIn(kSchema), case_name);

const std::vector<CheckCase> kEnvironment = {
    {"There", "environment-part", "{}", environment(300) + kGit, R"(2 examined
)"},
    {"Empty", "environment-part", "{}", environment(0) + kGit, R"(2 examined
FAIL environment/tools.txt is empty
  > see the log of the test exitgate.collect
)"},
    {"Missing", "environment-part", "{}", kGit, R"(2 examined
FAIL the bundle has no snapshot of the environment
  > see the log of the test exitgate.collect
)"},
    {"Incomplete", "environment-part", "{}", environment(10, "'disk full'") + kGit, R"(2 examined
FAIL environment/tools.txt is incomplete: disk full
  > see the log of the test exitgate.collect
)"},
    {"ToolWithoutVersion", "environment-part", R"({"tools": ["git", "psql"]})",
     environment(300) + kGit +
         "INSERT INTO environment.tool (name, version, path) VALUES ('psql', NULL, NULL);",
     R"(3 examined
FAIL the snapshot of the environment does not say which psql took part
  > see that `psql --version` works where the gates run
)"},
};
INSTANTIATE_TEST_SUITE_P(EnvironmentPart, BundleChecks, ::testing::ValuesIn(kEnvironment), case_name);

const std::string kLogs = R"({"logs": ["logs/pytest.log"]})";
const std::vector<CheckCase> kTestLogs = {
    {"There", "test-logs", kLogs, part("test-log", "logs/tests/logs/pytest.log", 80), R"(1 examined
)"},
    {"Empty", "test-logs", kLogs, part("test-log", "logs/tests/logs/pytest.log", 0), R"(1 examined
FAIL logs/pytest.log: the declared test log is empty
  > run the tests before the gates
)"},
    {"Missing", "test-logs", kLogs, part("test-log", "logs/tests/other.log", 80), R"(1 examined
FAIL logs/pytest.log: the declared test log is not in the bundle
  > run the tests before the gates, or fix `tests: {logs: [...]}` in exitgate.yaml
)"},
    {"Unreadable", "test-logs", kLogs,
     part("test-log", "logs/tests/logs/pytest.log", 0, "NULL", "'it is a folder'"),
     R"(1 examined
FAIL logs/pytest.log: the declared test log is not in the bundle: it is a folder
  > run the tests before the gates, or fix `tests: {logs: [...]}` in exitgate.yaml
)"},
    {"NoneDeclared", "test-logs", "{}", "", R"(0 examined
skip: no test logs are declared: write `tests: {run: [...]}` or `tests: {logs: [...]}` in exitgate.yaml
)"},
};
INSTANTIATE_TEST_SUITE_P(TestLogs, BundleChecks, ::testing::ValuesIn(kTestLogs), case_name);

const std::vector<CheckCase> kChecksums = {
    {"There", "bundle-checksums", "{}", environment(300) + part("catalog", "schema/catalog.json", 10),
     R"(2 examined
)"},
    {"Missing", "bundle-checksums", "{}",
     environment(300, "NULL", "") +
         part("catalog", "schema/catalog.json", 10, "NULL", "NULL", std::string(64, 'G')),
     R"(2 examined
FAIL environment/tools.txt has no SHA-256 (''): whether it is what was written cannot be shown
  > see the log of the test that wrote it
FAIL schema/catalog.json has no SHA-256 ('GGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGGG'): whether it is what was written cannot be shown
  > see the log of the test that wrote it
)"},
    {"OneFileTwice", "bundle-checksums", "{}",
     part("catalog", "schema/x", 10) + part("schema-dump", "schema/x", 10), R"(2 examined
FAIL 2 parts of the bundle are the one file schema/x
  > see the log of the test that wrote it
)"},
    {"OfWhatIsMissing", "bundle-checksums", "{}",
     environment(300) + part("catalog", "schema/catalog.json", 0, "NULL", "'no server'", ""), R"(1 examined
)"},
};
INSTANTIATE_TEST_SUITE_P(BundleChecksums, BundleChecks, ::testing::ValuesIn(kChecksums), case_name);

}  // namespace
}  // namespace exitgate::testing
