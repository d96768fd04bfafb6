#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class DatabaseChecks : public CheckTable {};
TEST_P(DatabaseChecks, SayExactly) {
  holds();
}

const std::string kGraph =
    "INSERT INTO migrations.environment (id, tool, config, location) VALUES ('alembic.ini', 'alembic', "
    "'alembic.ini', 'migrations');"
    "INSERT INTO migrations.revision (environment, id, file, line, title, labels) VALUES ('alembic.ini', "
    "'0001', 'migrations/versions/0001.py', 10, "
    "'One', NULL), "
    "('alembic.ini', '0002', 'migrations/versions/0002.py', 10, 'Two', NULL);"
    "INSERT INTO migrations.edge (environment, id, parent, kind) VALUES ('alembic.ini', '0002', '0001', "
    "'down');"
    "INSERT INTO migrations.base (environment, id) VALUES ('alembic.ini', '0001');";
const std::string kHead = "INSERT INTO migrations.head (environment, id) VALUES ('alembic.ini', '0002');";
const std::string kGoose =
    "INSERT INTO migrations.environment (id, tool, location) VALUES ('schema', 'goose', 'schema');"
    "INSERT INTO migrations.revision (environment, id, file, line, version) VALUES "
    "('schema', '00001', 'schema/00001_init.sql', 1, '1'), ('schema', '00002', 'schema/00002_b.sql', 1, '2');"
    "INSERT INTO migrations.edge (environment, id, parent, kind) VALUES ('schema', '00002', '00001', 'down');"
    "INSERT INTO migrations.head (environment, id) VALUES ('schema', '00002');";
const std::string kOther =
    "INSERT INTO migrations.environment (id, tool, location) VALUES ('other', 'goose', 'other');"
    "INSERT INTO migrations.revision (environment, id, file, line, version) VALUES "
    "('other', '00002', 'other/00002_b.sql', 1, '2');"
    "INSERT INTO migrations.head (environment, id) VALUES ('other', '00002');";
const std::string kLostLink =
    "INSERT INTO migrations.problem (environment, file, line, reason) VALUES ('alembic.ini', "
    "'migrations/versions/0002.py', 11, "
    "'down_revision ''0000'' is no revision');";

std::string plan(const std::string& source) {
  return fmt::format("INSERT INTO schema.plan (source, reason) VALUES ('{}', 'it is there');", source);
}
std::string provisioning(const std::string& snapshot, const std::string& outcome = "ok",
                         const std::string& tail = "") {
  return fmt::format(
      "INSERT INTO schema.provisioning (snapshot, position, command, exit_code, outcome, duration_ms, tail) "
      "VALUES ('{}', 0, 'alembic upgrade head', 0, '{}', 800, '{}');",
      snapshot, outcome, tail);
}
std::string snapshot(const std::string& name, const std::string& fingerprint = "f00d") {
  return fmt::format(
      "INSERT INTO schema.snapshot (name, database, server_version, fingerprint, structure, taken_at) VALUES "
      "('{}', 'exitgate', '15.14', '{}', '', '2026-11-23T12:00:00Z');",
      name, fingerprint);
}
std::string object(const std::string& snapshot, const std::string& identity, const std::string& definition,
                   const std::string& kind = "table") {
  return fmt::format(
      "INSERT INTO schema.object (snapshot, kind, namespace, name, identity, definition, sha256) VALUES "
      "('{0}', '{1}', 'public', '{2}', 'public.{2}', '{3}', '{3}');",
      snapshot, kind, identity, definition);
}
std::string at(const std::string& snapshot, const std::string& revision) {
  return fmt::format("INSERT INTO schema.migration_state (snapshot, revision) VALUES ('{}', '{}');", snapshot,
                     revision);
}
// As the history's own table in the database says.
std::string of_history(const std::string& snapshot, const std::string& history, const std::string& revision) {
  return fmt::format(
      "INSERT INTO schema.migration_state (snapshot, revision, environment) VALUES ('{}', '{}', '{}');",
      snapshot, revision, history);
}
std::string replayed(const std::string& outcome, const std::string& reason) {
  return fmt::format(
      "INSERT INTO schema.replayed_history (environment, outcome, files, reason) VALUES ('schema', '{}', 2, "
      "{});",
      outcome, reason);
}
std::string problem(const std::string& snapshot, const std::string& reason) {
  return fmt::format("INSERT INTO schema.problem (snapshot, reason, hint) VALUES ({}, '{}', 'start it');",
                     snapshot, reason);
}

const std::string kMigrated = snapshot("migrated") + object("migrated", "orders", "id bigint");
const std::string kAgain = snapshot("migrated-again") + object("migrated-again", "orders", "id bigint");

const std::vector<CheckCase> kHeads = {
    {"One", "one-head", "{}", kGraph + kHead, R"(1 examined
)"},
    {"Two", "one-head", "{}",
     kGraph + kHead + "INSERT INTO migrations.head (environment, id) VALUES ('alembic.ini', '0001');",
     R"(1 examined
FAIL migrations/versions/0002.py:10: alembic.ini has 2 heads, '0001' and '0002': it is undefined which of them a database should be at, so two databases can both be up to date and differ
  > join them: `alembic merge heads -m "merge"`
)"},
    {"TwoAllowed", "one-head", R"({"heads": 2})",
     kGraph + kHead + "INSERT INTO migrations.head (environment, id) VALUES ('alembic.ini', '0001');",
     R"(1 examined
)"},
    {"Circle", "one-head", "{}", kGraph, R"(1 examined
FAIL alembic.ini: alembic.ini has 2 revisions and no head: they follow each other in a cycle
  > let one of them name the revision that it really follows
)"},
    {"NotWhollyKnown", "one-head", "{}", kGraph + kLostLink, R"(1 examined
?    migrations/versions/0002.py:11: the migration graph is not known: down_revision '0000' is no revision
  > fix it: until then the last migration is not known
)"},
    {"NoRevision", "one-head", "{}",
     "INSERT INTO migrations.environment (id, tool, config, location) VALUES ('alembic.ini', 'alembic', "
     "'alembic.ini', 'migrations');",
     R"(1 examined
FAIL alembic.ini: alembic.ini has no revision: there is nothing to provision a database with
  > write the first one: `alembic revision -m "..."`
)"},
    {"LostLink", "one-head", "{}", kGraph + kHead + kLostLink, R"(1 examined
?    migrations/versions/0002.py:11: the migration graph is not known: down_revision '0000' is no revision
  > fix it: until then the last migration is not known
)"},
    {"NoMigrations", "one-head", "{}", "", R"(0 examined
skip: no migration history
)"},
    {"TwoHistories", "one-head", "{}",
     kGraph + kHead +
         "INSERT INTO migrations.environment (id, tool, config, location) VALUES ('db', 'flyway', NULL, "
         "'db');"
         "INSERT INTO migrations.revision (environment, id, file, line, title, labels) VALUES ('db', '1', "
         "'db/V1__a.sql', 1, 'a', NULL), ('db', '2', "
         "'db/V2__b.sql', 1, 'b', NULL);"
         "INSERT INTO migrations.head (environment, id) VALUES ('db', '1'), ('db', '2');",
     R"(2 examined
FAIL db/V2__b.sql:1: db has 2 heads, '1' and '2': it is undefined which of them a database should be at, so two databases can both be up to date and differ
  > renumber the later one so that it follows the other
)"},
};
INSTANTIATE_TEST_SUITE_P(OneHead, DatabaseChecks, ::testing::ValuesIn(kHeads), case_name);

const std::string kBoth = plan("exitgate.yaml") + provisioning("migrated") + provisioning("migrated-again");

const std::vector<CheckCase> kProvisions = {
    {"Does", "provisions", "{}", kBoth + kMigrated + kAgain, R"(2 examined
note: migrated: 1 object, fingerprint f00d
note: migrated-again: 1 object, fingerprint f00d
)"},
    {"StepFails", "provisions", "{}",
     plan("exitgate.yaml") +
         provisioning("migrated", "exit code 1", "Traceback\nrelation \"orders\" exists\n\n"),
     R"(1 examined
FAIL exitgate.yaml: an empty database does not become the schema: step 1, `alembic upgrade head`: exit code 1: relation "orders" exists
  > run it against an empty database; what it said is in the migration log (migrated)
)"},
    {"StepFailsAsAlembicSaysIt", "provisions", "{}",
     plan("exitgate.yaml") + provisioning("migrated", "exit code 1",
                                          "sqlalchemy.exc.ProgrammingError: (UndefinedTable) relation \"x\" "
                                          "does not exist\nLINE 1: SELECT\n"
                                          "(Background on this error at: https://example.org)\n"),
     R"(1 examined
FAIL exitgate.yaml: an empty database does not become the schema: step 1, `alembic upgrade head`: exit code 1: sqlalchemy.exc.ProgrammingError: (UndefinedTable) relation "x" does not exist
  > run it against an empty database; what it said is in the migration log (migrated)
)"},
    {"StepHangs", "provisions", "{}", plan("alembic.ini") + provisioning("migrated", "no end within 120 s"),
     R"(1 examined
FAIL alembic.ini: an empty database does not become the schema: step 1, `alembic upgrade head`: no end within 120 s
  > run it against an empty database; what it said is in the migration log (migrated)
)"},
    {"StepFailsAtALine", "provisions", "{}",
     plan("exitgate.yaml") + provisioning("migrated", "exit code 1", "KeyError: x") +
         "UPDATE schema.provisioning SET file = 'migrations/versions/0002.py', line = 31;",
     R"(1 examined
FAIL migrations/versions/0002.py:31: an empty database does not become the schema: step 1, `alembic upgrade head`: exit code 1: KeyError: x
  > run it against an empty database; what it said is in the migration log (migrated)
)"},
    {"NoSnapshot", "provisions", "{}", kBoth + kMigrated, R"(2 examined
FAIL there is no snapshot of the database 'migrated-again'
  > see the log of the test exitgate.database
note: migrated: 1 object, fingerprint f00d
)"},
    {"NothingMade", "provisions", "{}", kBoth + kMigrated + snapshot("migrated-again"), R"(2 examined
FAIL the database 'migrated-again' has no object after its provisioning
  > see the migration log, logs/migration.log
note: migrated: 1 object, fingerprint f00d
)"},
    {"ServerDoesNotStart", "provisions", "{}",
     plan("exitgate.yaml") + problem("NULL", "no PostgreSQL server"), R"(0 examined
?    no PostgreSQL server
  > start it
)"},
    {"NoPlan", "provisions", "{}", plan("none"), R"(0 examined
skip: no database was provisioned: it is there: write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none
)"},
    {"OnlyTheLiveServerFails", "provisions", "{}", kBoth + kMigrated + kAgain + problem("'live'", "refused"),
     R"(2 examined
note: migrated: 1 object, fingerprint f00d
note: migrated-again: 1 object, fingerprint f00d
)"},
};
INSTANTIATE_TEST_SUITE_P(Provisions, DatabaseChecks, ::testing::ValuesIn(kProvisions), case_name);

const std::vector<CheckCase> kAtHead = {
    {"AtHead", "at-head", "{}", kGraph + kHead + kMigrated + at("migrated", "0002"), R"(1 examined
)"},
    {"Behind", "at-head", "{}", kGraph + kHead + kMigrated + at("migrated", "0001"), R"(1 examined
FAIL migrations/versions/0002.py:10: the database 'migrated' is at '0001', not at the head '0002'
  > the provisioning steps must end with `alembic upgrade head`
)"},
    {"Nowhere", "at-head", "{}", kGraph + kHead + kMigrated, R"(1 examined
FAIL migrations/versions/0002.py:10: the database 'migrated' is at no revision, not at the head '0002'
  > the provisioning steps must end with `alembic upgrade head`
)"},
    {"NowhereOfAToolThatMustBeAsked", "at-head", "{}",
     "INSERT INTO migrations.environment (id, tool, location) VALUES ('db', 'flyway', 'db');"
     "INSERT INTO migrations.head (environment, id) VALUES ('db', '2');" +
         kMigrated,
     R"(1 examined
?    the database 'migrated' does not say which revisions of db it is at
  > let a step run the tool, or write how to ask the database: `database: {state: SELECT version FROM flyway_schema_history WHERE success AND version IS NOT NULL AND type NOT IN ('SCHEMA', 'BASELINE')}`; a history of another database is left out by the parameter `histories`
)"},
    {"TheTableIsAnExpression", "at-head", "{}",
     kGraph + kHead + kMigrated +
         "UPDATE migrations.environment SET version_table = '{settings.table}', state = 'SELECT version_num "
         "FROM "
         "\"{settings.table}\"';",
     R"(1 examined
?    the database 'migrated' does not say which revisions of alembic.ini it is at
  > let a step run the tool, or write how to ask the database: `database: {state: SELECT version_num FROM "{settings.table}"}`; a history of another database is left out by the parameter `histories`
)"},
    // A number in the database, with zeros before it in the files' names.
    {"VersionAsTheDatabaseShowsIt", "at-head", "{}", kGoose + kMigrated + at("migrated", "2"), R"(1 examined
)"},
    {"BehindOfAnotherTool", "at-head", "{}", kGoose + kMigrated + at("migrated", "1"), R"(1 examined
FAIL schema/00002_b.sql:1: the database 'migrated' is at '1', not at the head '00002'
  > the provisioning steps must end with `goose up`
)"},
    // The tool's own table, of the history that it belongs to.
    {"ALaterOneWasAppliedWithoutIt", "at-head", "{}",
     kGoose + kMigrated + of_history("migrated", "schema", "2"), R"(1 examined
FAIL schema/00001_init.sql:1: the database 'migrated' is at revisions that follow '00001', which was not applied to it
  > the provisioning steps must end with `goose up`
)"},
    {"AllOfThem", "at-head", "{}",
     kGoose + kMigrated + of_history("migrated", "schema", "1") + of_history("migrated", "schema", "2"),
     R"(1 examined
)"},
    {"TheSameVersionInAnotherHistory", "at-head", "{}",
     kGoose + kMigrated + of_history("migrated", "schema", "1") + of_history("migrated", "schema", "2") +
         "INSERT INTO migrations.environment (id, tool, location, state) VALUES ('audit', 'goose', 'audit', "
         "'SELECT version_id FROM audit.versions');"
         "INSERT INTO migrations.revision (environment, id, file, line, version) VALUES ('audit', '0001', "
         "'audit/0001_a.sql', 1, '1');"
         "INSERT INTO migrations.head (environment, id) VALUES ('audit', '0001');",
     R"(1 examined
?    the database 'migrated' does not say which revisions of audit it is at
  > let a step run the tool, or write how to ask the database: `database: {state: SELECT version_id FROM audit.versions}`; a history of another database is left out by the parameter `histories`
)"},
    {"TwoHistoriesInOneTable", "at-head", "{}", kGoose + kOther + kMigrated + at("migrated", "2"),
     R"(1 examined
?    the database 'migrated' says that it is at '2', which may be a revision of other or of schema
  > name the history that makes this database under `histories`, or give each a table of its own
?    the database 'migrated' says that it is at '2', which may be a revision of schema or of other
  > name the history that makes this database under `histories`, or give each a table of its own
)"},
    {"OneOfTwoHistoriesInOneTable", "at-head", R"({"histories": ["schema"]})",
     kGoose + kOther + kMigrated + at("migrated", "2"), R"(1 examined
)"},
    {"TwoHistoriesInOneTableThatAreToldApart", "at-head", "{}",
     kGoose + kOther + "UPDATE migrations.revision SET id = 'b', version = 'b' WHERE environment = 'other';" +
         "UPDATE migrations.head SET id = 'b' WHERE environment = 'other';" + kMigrated +
         at("migrated", "2") + at("migrated", "b"),
     R"(1 examined
)"},
    {"UnknownInItsOwnHistory", "at-head", "{}", kGoose + kMigrated + of_history("migrated", "schema", "3"),
     R"(1 examined
FAIL the database 'migrated' is at '3', which the commit does not have
  > another branch was deployed there, or a revision was deleted or renamed after it had been applied
)"},
    // Taken away once all databases had it.
    {"OlderThanTheFirstFile", "at-head", "{}",
     kGoose + "INSERT INTO migrations.base (environment, id) VALUES ('schema', '00001');" + kMigrated +
         of_history("migrated", "schema", "0") + of_history("migrated", "schema", "1") +
         of_history("migrated", "schema", "2"),
     R"(1 examined
note: migrated: '0' come before the first revision of the commit, which has no files of theirs
)"},
    // No table tells: the history's own files were run.
    {"Replayed", "at-head", "{}", kGoose + kMigrated + replayed("same", "NULL"), R"(1 examined
note: schema: no table of 'migrated' tells what was applied; it has the schema that the history's 2 SQL files, run in their order, make
)"},
    {"ReplayedToAnother", "at-head", "{}",
     kGoose + kMigrated +
         replayed("different",
                  "'its files, run in their order, make another schema: table public.a is not in the "
                  "migrated database'"),
     R"(1 examined
?    the database 'migrated' does not say which revisions of schema it is at, and its files, run in their order, make another schema: table public.a is not in the migrated database
  > let the steps run all of its files in their order, or write how to ask the database: `database: {state: SELECT ...}`; see logs/replay.log
)"},
    {"ReplayedAndNotWhatIsLive", "at-head", "{}",
     kGoose + kMigrated + replayed("same", "NULL") + snapshot("live") +
         "UPDATE schema.snapshot SET structure = name;",
     R"(2 examined
?    the database 'live' does not say which revisions of schema it is at, and its schema is another than that of 'migrated'
  > let the steps run all of its files in their order, or write how to ask the database: `database: {state: SELECT ...}`; see logs/replay.log
note: schema: no table of 'migrated' tells what was applied; it has the schema that the history's 2 SQL files, run in their order, make
)"},
    {"AnotherDatabasesHistory", "at-head", R"({"histories": ["alembic.ini"]})",
     kGraph + kHead + kMigrated + at("migrated", "0002") +
         "INSERT INTO migrations.environment (id, tool, location) VALUES ('clickhouse', 'sql', 'clickhouse');"
         "INSERT INTO migrations.head (environment, id) VALUES ('clickhouse', '10');",
     R"(1 examined
)"},
    {"Unknown", "at-head", "{}", kGraph + kHead + kMigrated + at("migrated", "beef"), R"(1 examined
FAIL the database 'migrated' is at 'beef', which the commit does not have
  > another branch was deployed there, or a revision was deleted or renamed after it had been applied
)"},
    {"LiveBehind", "at-head", "{}",
     kGraph + kHead + kMigrated + at("migrated", "0002") + snapshot("live") + at("live", "0001"),
     R"(2 examined
FAIL migrations/versions/0002.py:10: the database 'live' is at '0001', not at the head '0002'
  > deploy the missing revisions, then run again
)"},
    // Alembic takes a revision off its table when another that depends on it is applied.
    {"HeadThatAnotherDependsOn", "at-head", "{}",
     kGraph + kHead +
         "INSERT INTO migrations.revision (environment, id, file, line, title, labels) VALUES "
         "('alembic.ini', 'side', 'migrations/versions/side.py', 1, "
         "'S', NULL);"
         "INSERT INTO migrations.edge (environment, id, parent, kind) VALUES ('alembic.ini', 'side', '0002', "
         "'depends');"
         "INSERT INTO migrations.head (environment, id) VALUES ('alembic.ini', 'side');" +
         kMigrated + at("migrated", "side"),
     R"(1 examined
)"},
    {"LostLink", "at-head", "{}", kGraph + kHead + kLostLink + kMigrated + at("migrated", "0002"),
     R"(1 examined
?    migrations/versions/0002.py:11: the head is unknown: down_revision '0000' is no revision
  > fix the revision
)"},
    {"NoDatabase", "at-head", "{}", kGraph + kHead + plan("none"), R"(0 examined
skip: no database was provisioned: it is there: write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none
)"},
    {"NoSnapshot", "at-head", "{}", kGraph + kHead + plan("exitgate.yaml"), R"(0 examined
?    there is no snapshot of a database to compare with the head
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"NoMigrations", "at-head", "{}", plan("exitgate.yaml") + kMigrated, R"(0 examined
skip: no migration history has a head
)"},
};
INSTANTIATE_TEST_SUITE_P(AtHead, DatabaseChecks, ::testing::ValuesIn(kAtHead), case_name);

std::string restored(const std::string& snapshot, const std::string& kind, const std::string& name,
                     const std::string& definition) {
  return fmt::format(
      "INSERT INTO schema.restored (snapshot, kind, identity, definition) VALUES ('{}', '{}', 'public.{}', "
      "'{}');",
      snapshot, kind, name, definition);
}

const std::string kTwice = R"({"second": "migrated-again"})";
const std::string kLive = R"({"second": "live"})";

const std::vector<CheckCase> kSame = {
    {"Same", "same-schema", kTwice, kMigrated + kAgain, R"(1 examined
)"},
    {"Changed", "same-schema", kTwice,
     kMigrated + snapshot("migrated-again", "cafe") + object("migrated-again", "orders", "id integer"),
     R"(1 examined
FAIL table public.orders differs: 'migrated' has `id bigint`, 'migrated-again' has `id integer`
  > a step depends on something outside the commit: the clock, a random value, the network, what ran before
)"},
    {"OnlyInOne", "same-schema", kTwice,
     kMigrated + kAgain + object("migrated", "a", "x") + object("migrated-again", "b", "y", "view"),
     R"(2 examined
FAIL table public.a is in 'migrated' and not in 'migrated-again'
  > a step depends on something outside the commit: the clock, a random value, the network, what ran before
FAIL view public.b is in 'migrated-again' and not in 'migrated'
  > a step depends on something outside the commit: the clock, a random value, the network, what ran before
)"},
    {"OnlyTheFingerprint", "same-schema", kTwice,
     kMigrated + snapshot("migrated-again", "cafe") + object("migrated-again", "orders", "id bigint"),
     R"(1 examined
FAIL the fingerprints of 'migrated' and 'migrated-again' differ (f00d and cafe) although their objects do not
  > a step depends on something outside the commit: the clock, a random value, the network, what ran before
)"},
    {"ManyDiffer", "same-schema", R"({"second": "migrated-again", "most": 1})",
     kMigrated + kAgain + object("migrated", "a", "x") + object("migrated", "b", "x") +
         object("migrated", "c", "x"),
     R"(4 examined
FAIL table public.a is in 'migrated' and not in 'migrated-again'
  > a step depends on something outside the commit: the clock, a random value, the network, what ran before
FAIL and 2 more objects differ
  > a step depends on something outside the commit: the clock, a random value, the network, what ran before
)"},
    {"LongDefinitions", "same-schema", kTwice,
     snapshot("migrated") +
         object("migrated", "f", std::string(50, 'a') + "\nONE" + std::string(80, 'b'), "function") +
         snapshot("migrated-again", "cafe") +
         object("migrated-again", "f", std::string(50, 'a') + "\nTWO" + std::string(80, 'b'), "function"),
     R"(1 examined
FAIL function public.f differs: 'migrated' has `...aaaaaaaaaaaaaaaaaaaaaaaaaaaaa ONEbbbbbbbbbbbbbbbbbbbbbbbbbbb...`, 'migrated-again' has `...aaaaaaaaaaaaaaaaaaaaaaaaaaaaa TWObbbbbbbbbbbbbbbbbbbbbbbbbbb...`
  > a step depends on something outside the commit: the clock, a random value, the network, what ran before
)"},
    {"Drift", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("live", "by_hand", "x"),
     R"(1 examined
FAIL table public.by_hand is in 'live' and not in 'migrated'
  > write a migration that makes the change, or undo it in the live database
)"},
    {"IgnoredDrift", "same-schema",
     R"({"second": "live", "ignore": ["table public.by_*", "view *"], "without": ["owner"]})",
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("live", "by_hand", "x") + object("live", "orders", "dba", "owner"),
     R"(1 examined
FAIL `ignore: view *` matches no difference
  > take it out: it would hide the next difference that it happens to match
note: ignored: table public.by_hand differs
)"},
    {"AColumnIsToldOnce", "same-schema", kLive,
     kMigrated + object("migrated", "orders", "a, b", "column order") +
         object("migrated", "other", "a, b, c", "column order") + snapshot("live", "cafe") +
         object("live", "orders", "id bigint") + object("live", "orders.hotfix", "text", "column") +
         object("live", "orders", "a, b, hotfix", "column order") +
         object("live", "other", "a, c, b", "column order"),
     R"(3 examined
FAIL column public.orders.hotfix is in 'live' and not in 'migrated'
  > write a migration that makes the change, or undo it in the live database
FAIL column order public.other differs: 'migrated' has `a, b, c`, 'live' has `a, c, b`
  > write a migration that makes the change, or undo it in the live database
)"},
    {"ATableIsToldOnce", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("live", "by_hand", "x") + object("live", "by_hand.a", "text", "column") +
         object("live", "by_hand.a to app", "SELECT", "grant") +
         object("live", "by_hand", "a, b", "column order") +
         "UPDATE schema.object SET parent = 'table public.by_hand' WHERE kind = 'column';"
         "UPDATE schema.object SET parent = 'column public.by_hand.a' WHERE kind = 'grant';",
     R"(1 examined
FAIL table public.by_hand is in 'live' and not in 'migrated', with 2 objects that belong to it
  > write a migration that makes the change, or undo it in the live database
)"},
    // Two definitions are equal when they read the same, or do so after one dump and restore.
    {"TheSameWhenRestored", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("migrated", "a", "((x AND y) AND z)", "view") +
         object("live", "a", "(x AND y AND z)", "view") +
         restored("migrated", "view", "a", "(x AND y AND z)") + object("migrated", "b", "old", "view") +
         object("live", "b", "of another version", "view") + restored("migrated", "view", "b", "new") +
         restored("live", "view", "b", "new"),
     R"(3 examined
note: 2 objects of 'migrated' and 'live' read otherwise and are the same after one dump and restore
)"},
    {"OtherWhenRestored", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("migrated", "a", "x", "view") + object("live", "a", "y", "view") +
         restored("migrated", "view", "a", "x") + restored("live", "view", "a", "z") +
         object("migrated", "b", "x", "view") + object("live", "b", "y", "view") +
         "INSERT INTO schema.restored (snapshot, kind, identity, problem) VALUES "
         "('migrated', 'view', 'public.b', 'no'), ('live', 'view', 'public.b', 'no');",
     R"(3 examined
FAIL view public.a differs: 'migrated' has `x`, 'live' has `y`
  > write a migration that makes the change, or undo it in the live database
FAIL view public.b differs: 'migrated' has `x`, 'live' has `y`
  > write a migration that makes the change, or undo it in the live database
)"},
    {"WhatCannotBeSeenIsUndecided", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("migrated", "m", "OPTIONS (a)", "user mapping") + object("live", "m", "?", "user mapping") +
         "INSERT INTO schema.hidden (snapshot, kind, identity, reason) VALUES "
         "('live', 'user mapping', 'public.m', 'its options are not shown');",
     R"(2 examined
?    user mapping public.m cannot be compared: in 'live', its options are not shown
  > connect as a role that may see it, or leave it out: `ignore: [user mapping public.m]`
)"},
    {"OurOwnRoleIsToldOnce", "same-schema", kLive,
     plan("exitgate.yaml") + kMigrated + "UPDATE schema.plan SET owner = 'exitgate';" +
         snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("migrated", "a", "exitgate", "owner") + object("live", "a", "app", "owner") +
         object("migrated", "b", "exitgate", "owner") + object("live", "b", "app", "owner") +
         object("migrated", "c", "exitgate", "owner") + object("live", "c", "dba", "owner") +
         "INSERT INTO schema.object (snapshot, kind, name, identity, definition, sha256) VALUES "
         "('migrated', 'default privilege', 'x', 'for exitgate on tables to ro', 'SELECT', '1'),"
         "('live', 'default privilege', 'x', 'for app on tables to ro', 'SELECT', '1');",
     R"(5 examined
FAIL 2 objects belong to exitgate in 'migrated', which is the role that the steps run as there, and to app in 'live'
  > write `database: {owner: app}` in exitgate.yaml, so that the steps run as it, or leave owners out: `without: [owner]`
FAIL owner public.c differs: 'migrated' has `exitgate`, 'live' has `dba`
  > write a migration that makes the change, or undo it in the live database
)"},
    {"ARoleOfOurMakingIsNoOwner", "same-schema", kLive,
     plan("exitgate.yaml") + kMigrated + "UPDATE schema.plan SET owner = 'exitgate', owner_declared = 0;" +
         snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("migrated", "a", "exitgate", "owner") + object("live", "a", "app", "owner"),
     R"(2 examined
note: owners were not compared where they are the role of the steps: no owner is declared, and what belongs to exitgate in 'migrated' (1 object) belongs to app in 'live'; `database: {owner: app}` compares them
)"},
    {"ARoleOfOurMakingIsOneOwner", "same-schema", kLive,
     plan("exitgate.yaml") + kMigrated + "UPDATE schema.plan SET owner = 'exitgate', owner_declared = 0;" +
         snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("migrated", "a", "exitgate", "owner") + object("live", "a", "dba", "owner") +
         object("migrated", "b", "exitgate", "owner") + object("live", "b", "app", "owner") +
         object("migrated", "c", "exitgate", "owner") + object("live", "c", "app", "owner"),
     R"(4 examined
FAIL owner public.a differs: 'migrated' has `exitgate`, 'live' has `dba`
  > write a migration that makes the change, or undo it in the live database
note: owners were not compared where they are the role of the steps: no owner is declared, and what belongs to exitgate in 'migrated' (2 objects) belongs to app in 'live'; `database: {owner: app}` compares them
)"},
    {"ASettingIsToldWithItsValue", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         object("migrated", "search_path", "app, public", "database setting"),
     R"(2 examined
FAIL database setting public.search_path (`app, public`) is in 'migrated' and not in 'live'
  > write a migration that makes the change, or undo it in the live database
)"},
    {"ASchemaFileCarriesNoSettings", "same-schema", R"({"second": "committed"})",
     plan("exitgate.yaml") + kMigrated + "UPDATE schema.plan SET schema_file = 'db/structure.sql';" +
         snapshot("committed", "beef") + object("committed", "orders", "id bigint") +
         object("migrated", "search_path", "app, public", "database setting"),
     R"(2 examined
)"},
    {"WhatTheServerDecidesIsAnOption", "same-schema",
     R"({"second": "live", "also": ["extension-versions", "globals"]})",
     kMigrated + snapshot("live") + object("live", "orders", "id bigint") +
         "INSERT INTO schema.server_object (snapshot, kind, identity, definition) VALUES "
         "('migrated', 'extension version', 'hstore', '1.8'), ('live', 'extension version', 'hstore', '1.7'),"
         "('migrated', 'locale', 'collate', 'C'), ('live', 'locale', 'collate', 'de');"
         "INSERT INTO schema.role (snapshot, name, login, superuser, createdb, createrole, replication, "
         "bypassrls, "
         "owns_database) VALUES ('migrated', 'app', 1, 0, 0, 0, 0, 0, 0), ('live', 'app', 1, 1, 0, 0, 0, 0, "
         "0),"
         "('live', 'pg_monitor', 0, 0, 0, 0, 0, 0, 0);",
     R"(1 examined
FAIL extension version hstore differs: 'migrated' has `1.8`, 'live' has `1.7`
  > write a migration that makes the change, or undo it in the live database
FAIL role app differs: 'migrated' has `LOGIN`, 'live' has `LOGIN SUPERUSER`
  > write a migration that makes the change, or undo it in the live database
)"},
    {"WhatAMajorVersionHasByDefault", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         "UPDATE schema.snapshot SET server_version = iif(name = 'live', '18.1', '14.2');"
         "INSERT INTO schema.role (snapshot, name, login, superuser, createdb, createrole, replication, "
         "bypassrls, "
         "owns_database) VALUES ('migrated', 'postgres', 1, 1, 0, 0, 0, 0, 0);"
         "INSERT INTO schema.object (snapshot, kind, name, identity, definition, sha256) VALUES "
         "('migrated', 'owner', '', 'schema public', 'postgres', '1'), "
         "('live', 'owner', '', 'schema public', 'pg_database_owner', '2'), "
         "('migrated', 'grant', '', 'table a to x', 'DELETE, SELECT', '1'), "
         "('live', 'grant', '', 'table a to x', 'DELETE, MAINTAIN, SELECT', '2'), "
         "('live', 'constraint', '', 'a.named', 'NOT NULL x', '2');",
     R"(3 examined
note: 'migrated' is in a server of PostgreSQL 14.2, 'live' in one of 18.1
)"},
    {"WhoMayCreateInPublic", "same-schema", kLive,
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         "UPDATE schema.snapshot SET server_version = iif(name = 'live', '14.2', '18.1');"
         "INSERT INTO schema.object (snapshot, kind, name, identity, definition, sha256) VALUES "
         "('live', 'grant', '', 'schema public to PUBLIC', 'REVOKED CREATE', '1'), "
         "('migrated', 'grant', '', 'table a to x', 'REVOKED DELETE, REVOKED MAINTAIN, REVOKED SELECT', "
         "'1'), "
         "('live', 'grant', '', 'table a to x', 'REVOKED DELETE, REVOKED SELECT', '2'), "
         "('migrated', 'grant', '', 'table b to x', 'DELETE, MAINTAIN', '1'), "
         "('live', 'grant', '', 'table b to x', 'SELECT', '2');",
     R"(3 examined
FAIL grant table b to x differs: 'migrated' has `DELETE, MAINTAIN`, 'live' has `SELECT`
  > write a migration that makes the change, or undo it in the live database
note: 'migrated' is in a server of PostgreSQL 18.1, 'live' in one of 14.2
)"},
    {"MembersOfExtensions", "same-schema", R"({"second": "live", "also": ["extension-members"]})",
     kMigrated + snapshot("live", "cafe") + object("live", "orders", "id bigint") +
         "INSERT INTO schema.server_object VALUES "
         "('migrated', 'extension member', 'function public.f()', 'of postgis'), "
         "('live', 'extension version', 'postgis', '3.4');",
     R"(1 examined
FAIL extension member function public.f() is in 'migrated' and not in 'live'
  > write a migration that makes the change, or undo it in the live database
)"},
    {"NoLive", "same-schema", kLive, kMigrated, R"(0 examined
skip: no live database was given (--database)
)"},
    {"LiveRefuses", "same-schema", kLive, kMigrated + problem("'live'", "connection refused"), R"(0 examined
?    connection refused
  > start it
)"},
    {"NoSchemaFile", "same-schema", R"({"second": "committed"})", plan("exitgate.yaml") + kMigrated,
     R"(0 examined
skip: no schema file is declared: write `database: {schema-file: db/structure.sql}` in exitgate.yaml
)"},
    {"SchemaFileDiffers", "same-schema", R"({"second": "committed"})",
     plan("exitgate.yaml") + kMigrated + "UPDATE schema.plan SET schema_file = 'db/structure.sql';" +
         snapshot("committed", "beef") + "DELETE FROM schema.object;" +
         object("migrated", "a", "CREATE TABLE a") + object("committed", "a", "CREATE UNLOGGED TABLE a") +
         object("committed", "b", "CREATE TABLE b"),
     R"(1 examined
FAIL db/structure.sql: table public.a differs: 'migrated' has `CREATE TABLE a`, 'committed' has `CREATE UNLOGGED TABLE a`
  > write the file anew from the migrated database, or write the migration that it is ahead of
FAIL db/structure.sql: table public.b is in 'committed' and not in 'migrated'
  > write the file anew from the migrated database, or write the migration that it is ahead of
)"},
    {"SchemaFileIsNotRestored", "same-schema", R"({"second": "committed"})",
     plan("exitgate.yaml") + kMigrated +
         problem("'committed'", "db/structure.sql:3: it cannot be restored: x"),
     R"(0 examined
?    db/structure.sql:3: it cannot be restored: x
  > start it
)"},
    {"NotProvisioned", "same-schema", kTwice, plan("exitgate.yaml") + kMigrated, R"(0 examined
?    there is no snapshot of 'migrated-again'
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"NoPlan", "same-schema", kTwice, plan("none"), R"(0 examined
skip: no database was provisioned: it is there: write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none
)"},
};
INSTANTIATE_TEST_SUITE_P(SameSchema, DatabaseChecks, ::testing::ValuesIn(kSame), case_name);

std::string trip(const std::string& direction, const std::string& outcome,
                 const std::string& more = "NULL, NULL, NULL, NULL") {
  return fmt::format(
      "INSERT INTO schema.round_trip (direction, position, command, outcome, duration_ms, revision, file, "
      "line, reason) "
      "VALUES ('{}', 0, 'alembic go', '{}', 10, {});",
      direction, outcome, more);
}
std::string trip_difference(const std::string& direction, const std::string& change) {
  return fmt::format(
      "INSERT INTO schema.round_trip_difference (direction, change, kind, identity) VALUES ('{0}', '{1}', "
      "'enum', 'public.{0}_{1}');",
      direction, change);
}
const std::vector<CheckCase> kTrips = {
    {"ThereAndBack", "round-trip", "{}", trip("down", "ok") + trip("up", "ok"), R"(2 examined
)"},
    {"NotDown", "round-trip", "{}",
     kGraph + trip("down", "exit code 1",
                   "'0002 -> 0001', 'migrations/versions/0002.py', 40, 'cannot drop table orders'"),
     R"(1 examined
FAIL migrations/versions/0002.py:40: `alembic go` failed going down, at 0002 -> 0001: exit code 1: cannot drop table orders
  > fix downgrade(), or let it fail and say that the migration cannot be reversed
)"},
    {"NotUpAgain", "round-trip", "{}",
     trip("down", "ok") + trip("up", "exit code 1", "NULL, NULL, NULL, 'type \"x\" already exists'"),
     R"(2 examined
FAIL `alembic go` failed going up again: exit code 1: type "x" already exists
  > something that the down migrations leave behind is in the way: drop it in the down migration
)"},
    {"Differences", "round-trip", "{}",
     kGraph + trip("down", "ok") + trip("up", "ok") + trip_difference("down", "added") +
         trip_difference("down", "removed") + trip_difference("up", "changed") +
         trip_difference("up", "added") + trip_difference("up", "removed"),
     R"(2 examined
FAIL the down migrations leave enum public.down_added behind
  > let downgrade() undo all that upgrade() does, and nothing else
FAIL the down migrations drop enum public.down_removed, which was there before the first migration
  > let downgrade() undo all that upgrade() does, and nothing else
FAIL after going down and up again, enum public.up_added is new
  > let downgrade() undo all that upgrade() does, and nothing else
FAIL after going down and up again, enum public.up_changed is different
  > let downgrade() undo all that upgrade() does, and nothing else
FAIL after going down and up again, enum public.up_removed is missing
  > let downgrade() undo all that upgrade() does, and nothing else
)"},
    {"ManyDifferences", "round-trip", R"({"most": 1})",
     kGoose + trip("down", "ok") + trip_difference("down", "added") + trip_difference("down", "removed"),
     R"(1 examined
FAIL the down migrations leave enum public.down_added behind
  > let the part below `-- +goose Down` undo all that the part below `-- +goose Up` does, and nothing else
FAIL and 1 more objects
  > let the part below `-- +goose Down` undo all that the part below `-- +goose Up` does, and nothing else
)"},
    {"NotTried", "round-trip", "{}", plan("exitgate.yaml") + "UPDATE schema.plan SET down = 1", R"(0 examined
?    the down migrations were not run: there is no schema to take down
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"NotDeclared", "round-trip", "{}", kGraph, R"(0 examined
skip: no commands that go down are declared: write `database: {down: [alembic downgrade base]}` in exitgate.yaml
)"},
    {"NotDeclaredOfAnotherTool", "round-trip", "{}", kGoose, R"(0 examined
skip: no commands that go down are declared: write `database: {down: [goose reset]}` in exitgate.yaml
)"},
    {"NotDeclaredOfTwoTools", "round-trip", "{}", kGraph + kGoose, R"(0 examined
skip: no commands that go down are declared: write `database: {down: [...]}` in exitgate.yaml
)"},
};
INSTANTIATE_TEST_SUITE_P(RoundTrip, DatabaseChecks, ::testing::ValuesIn(kTrips), case_name);

std::string stair(const std::string& step, const std::string& outcome, const std::string& reason = "NULL") {
  return fmt::format(
      "INSERT INTO schema.stairway (position, revision, file, line, step, command, outcome, reason) VALUES "
      "(0, '0002', 'm/0002.py', 9, '{}', 'alembic go', '{}', {});",
      step, outcome, reason);
}
std::string stair_difference(const std::string& step, const std::string& change, const std::string& name) {
  return fmt::format(
      "INSERT INTO schema.stairway_difference (revision, step, change, kind, identity) VALUES ('0002', '{}', "
      "'{}', 'enum', 'public.{}');",
      step, change, name);
}

const std::vector<CheckCase> kStairs = {
    {"Holds", "stairway", "{}", stair("up again", "ok"), R"(1 examined
)"},
    {"LeavesBehind", "stairway", "{}",
     kGraph + stair("down", "different") + stair_difference("down", "added", "mood") +
         stair_difference("down", "removed", "n") + stair_difference("down", "changed", "o") +
         stair_difference("down", "changed", "p"),
     R"(1 examined
FAIL m/0002.py:9: the down migration of '0002' does not undo it: enum public.mood is left behind, enum public.n is dropped as well, enum public.o is different and 1 more differ
  > let downgrade() undo all that upgrade() does, and nothing else
)"},
    {"AnotherTheSecondTime", "stairway", "{}",
     kGraph + stair("up again", "different") + stair_difference("up again", "added", "mood"), R"(1 examined
FAIL m/0002.py:9: '0002' makes another schema when it is applied again: enum public.mood is new
  > let downgrade() undo all that upgrade() does, and nothing else
)"},
    {"Fails", "stairway", "{}", kGraph + stair("down", "exit code 1", "'NotImplementedError'"), R"(1 examined
FAIL m/0002.py:9: `alembic go` failed going down from '0002': exit code 1: NotImplementedError
  > fix downgrade(), or leave the stairway out: not every migration can be reversed
)"},
    {"FailsWithoutAHistory", "stairway", "{}", stair("up", "exit code 1"), R"(1 examined
FAIL m/0002.py:9: `alembic go` failed going up to '0002': exit code 1
  > fix the up migration, or what the down migration leaves behind
)"},
    {"NotTried", "stairway", "{}", stair("up", "not tried", "'it joins branches'") + stair("up again", "ok"),
     R"(1 examined
note: not taken down: '0002': it joins branches
)"},
    {"OnlyNotTried", "stairway", "{}", stair("up", "not tried", "'it joins branches'"), R"(0 examined
?    no migration was taken down and up again
  > see the table schema.stairway
note: not taken down: '0002': it joins branches
)"},
    {"Problem", "stairway", "{}", problem("'stairway'", "no stairway: two histories"), R"(0 examined
?    no stairway: two histories
  > start it
)"},
    {"NotWalked", "stairway", "{}", plan("exitgate.yaml") + "UPDATE schema.plan SET stairway = 1",
     R"(0 examined
?    the stairway was not walked: the migrations do not reach their head
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"NotAskedFor", "stairway", "{}", "", R"(0 examined
skip: no stairway is asked for: write `database: {stairway: true}` in exitgate.yaml
)"},
};
INSTANTIATE_TEST_SUITE_P(Stairway, DatabaseChecks, ::testing::ValuesIn(kStairs), case_name);

}  // namespace
}  // namespace exitgate::testing
