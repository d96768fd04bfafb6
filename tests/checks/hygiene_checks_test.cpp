#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class HygieneChecks : public CheckTable {};
TEST_P(HygieneChecks, SayExactly) {
  holds();
}

std::string snapshot(const std::string& name) {
  return fmt::format(
      "INSERT INTO schema.snapshot (name, database, server_version, fingerprint, structure, taken_at) VALUES "
      "('{}', "
      "'exitgate', '15.14', 'f00d', '', '');",
      name);
}
std::string object(const std::string& kind, const std::string& identity, const std::string& definition,
                   const std::string& parent = "NULL", const std::string& in = "migrated") {
  return fmt::format(
      "INSERT INTO schema.object (snapshot, kind, namespace, name, identity, definition, sha256, parent) "
      "VALUES ({}, "
      "{}, 'public', {}, {}, {}, '', {});",
      quoted(in), quoted(kind), quoted(identity.substr(identity.rfind('.') + 1)), quoted(identity),
      quoted(definition), or_null(parent));
}
const std::string kMigrated = snapshot("migrated");
const std::string kOrders = object("table", "public.orders", "CREATE TABLE public.orders");
const std::string kTable = "table public.orders";
const std::string kNoPlan = "INSERT INTO schema.plan (source, reason) VALUES ('none', 'no alembic.ini');";

const std::vector<CheckCase> kIndexes = {
    {"Valid", "index-valid", "{}",
     kMigrated + object("index", "public.i", "CREATE INDEX i ON public.orders USING btree (a)", kTable),
     R"(1 examined
)"},
    {"Invalid", "index-valid", "{}",
     kMigrated +
         object("index", "public.i", "CREATE INDEX i ON public.orders USING btree (a) INVALID", kTable),
     R"(1 examined
FAIL index public.i is invalid: a CREATE INDEX CONCURRENTLY or REINDEX broke off, and it costs every write without serving any query
  > `REINDEX INDEX CONCURRENTLY public.i;`, or drop it and let the migration make it again
)"},
    {"InvalidAndMore", "index-valid", "{}",
     kMigrated +
         object("index", "public.i", "CREATE INDEX i ON public.o USING btree (a) INVALID NOT READY", kTable),
     R"(1 examined
FAIL index public.i is invalid: a CREATE INDEX CONCURRENTLY or REINDEX broke off, and it costs every write without serving any query
  > `REINDEX INDEX CONCURRENTLY public.i;`, or drop it and let the migration make it again
)"},
    {"InvalidInItsName", "index-valid", "{}",
     kMigrated + object("index", "public.i", "CREATE INDEX i ON public.\" INVALID\" USING btree (a)", kTable),
     R"(1 examined
)"},
    {"Live", "index-valid", "{}",
     kMigrated + snapshot("live") +
         object("index", "public.i", "CREATE INDEX i ON public.orders USING btree (a) INVALID", kTable,
                "live"),
     R"(1 examined
FAIL index public.i is invalid (in the live database): a CREATE INDEX CONCURRENTLY or REINDEX broke off, and it costs every write without serving any query
  > `REINDEX INDEX CONCURRENTLY public.i;`, or drop it and let the migration make it again
)"},
    {"NoIndex", "index-valid", "{}", kMigrated, R"(0 examined
skip: the schema has no index
)"},
    {"NoDatabase", "index-valid", "{}", kNoPlan, R"(0 examined
skip: no database was provisioned: no alembic.ini: write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none
)"},
    {"NoSnapshot", "index-valid", "{}", "", R"(0 examined
?    there is no snapshot of a database to look at
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
    {"Problem", "index-valid", "{}",
     kMigrated +
         "INSERT INTO schema.problem (snapshot, reason, hint) VALUES ('live', 'connection refused', 'x');",
     R"(0 examined
?    connection refused
  > x
)"},
};
INSTANTIATE_TEST_SUITE_P(IndexValid, HygieneChecks, ::testing::ValuesIn(kIndexes), case_name);

const std::vector<CheckCase> kConstraints = {
    {"Validated", "constraint-validated", "{}",
     kMigrated + object("constraint", "public.orders.c", "CHECK ((a > 0))", kTable), R"(1 examined
)"},
    {"NotValidated", "constraint-validated", "{}",
     kMigrated +
         object("constraint", "public.orders.c", "FOREIGN KEY (a) REFERENCES public.b(id) NOT VALID", kTable),
     R"(1 examined
FAIL constraint public.orders.c was never validated: rows from before it may break it, and the planner cannot rely on it
  > `ALTER TABLE public.orders VALIDATE CONSTRAINT c;` in a migration after the one that adds it
)"},
    {"InAText", "constraint-validated", "{}",
     kMigrated + object("constraint", "public.orders.c", "CHECK ((a <> ' NOT VALID'::text))", kTable),
     R"(1 examined
)"},
};
INSTANTIATE_TEST_SUITE_P(ConstraintValidated, HygieneChecks, ::testing::ValuesIn(kConstraints), case_name);

// Two histories of the commit; of Prisma it has none.
const std::string kTools =
    "INSERT INTO migrations.environment (id, tool, location, version_table) VALUES "
    "('a', 'sqitch', 'a', 'sqitch.changes'), ('b', 'goose', 'b', 'audit.Versions');";
std::string table(const std::string& identity) {
  return object("table", identity, "CREATE TABLE " + identity);
}

const std::vector<CheckCase> kKeys = {
    {"There", "primary-key", "{}",
     kMigrated + kOrders + object("constraint", "public.orders.pk", "PRIMARY KEY (id)", kTable), R"(1 examined
)"},
    {"Missing", "primary-key", "{}",
     kMigrated + kOrders + object("constraint", "public.orders.u", "UNIQUE (id)", kTable), R"(1 examined
FAIL table public.orders has no primary key: its rows cannot be told apart, and logical replication refuses to update them
  > `ALTER TABLE public.orders ADD PRIMARY KEY (...);` in a migration
)"},
    {"OfMigrationTools", "primary-key", "{}",
     kMigrated + kTools + table("sqitch.events") + table("ops.goose_db_version") +
         table("audit.\"Versions\"") + table("public.\"Versions\"") + table("public._prisma_migrations"),
     R"(2 examined
FAIL table public."Versions" has no primary key: its rows cannot be told apart, and logical replication refuses to update them
  > `ALTER TABLE public."Versions" ADD PRIMARY KEY (...);` in a migration
FAIL table public._prisma_migrations has no primary key: its rows cannot be told apart, and logical replication refuses to update them
  > `ALTER TABLE public._prisma_migrations ADD PRIMARY KEY (...);` in a migration
note: left out: audit."Versions" is the migration tool's own
note: left out: ops.goose_db_version is the migration tool's own
note: left out: sqitch.events is the migration tool's own
)"},
    {"Excepted", "primary-key", R"({"except": ["public.*"]})", kMigrated + kOrders, R"(0 examined
skip: the schema has no table
)"},
};
INSTANTIATE_TEST_SUITE_P(PrimaryKey, HygieneChecks, ::testing::ValuesIn(kKeys), case_name);

const std::string kForeign = kMigrated + object("constraint", "public.orders.fk",
                                                "FOREIGN KEY (a, \"b c\") REFERENCES public.x(a, b)", kTable);
std::string index(const std::string& rest) {
  return object("index", "public.i", "CREATE INDEX i ON public.orders USING " + rest, kTable);
}
const std::vector<CheckCase> kForeignKeys = {
    {"Index", "foreign-key-index", "{}", kForeign + index("btree (a, \"b c\")"), R"(1 examined
)"},
    {"IndexInAnotherOrderWithMore", "foreign-key-index", "{}", kForeign + index("btree (\"b c\" DESC, a, d)"),
     R"(1 examined
)"},
    {"PrimaryKey", "foreign-key-index", "{}",
     kForeign + object("constraint", "public.orders.pk", "PRIMARY KEY (a, \"b c\")", kTable), R"(1 examined
)"},
    {"None", "foreign-key-index", "{}", kForeign, R"(1 examined
FAIL foreign key public.orders.fk has no index on (a, "b c"): each delete or key change in the table that it refers to reads all of public.orders
  > `CREATE INDEX ON public.orders (a, "b c");` in a migration
)"},
    {"OfMigrationTools", "foreign-key-index", "{}",
     kForeign + index("btree (a, \"b c\")") + kTools +
         object("constraint", "sqitch.events.fk", "FOREIGN KEY (a) REFERENCES sqitch.projects(a)",
                "table sqitch.events"),
     R"(1 examined
note: left out: sqitch.events is the migration tool's own
)"},
    {"OnlyTheFirstColumn", "foreign-key-index", "{}", kForeign + index("btree (a)"), R"(1 examined
FAIL foreign key public.orders.fk has no index on (a, "b c"): each delete or key change in the table that it refers to reads all of public.orders
  > `CREATE INDEX ON public.orders (a, "b c");` in a migration
)"},
    {"NotLeading", "foreign-key-index", "{}", kForeign + index("btree (d, a, \"b c\")"), R"(1 examined
FAIL foreign key public.orders.fk has no index on (a, "b c"): each delete or key change in the table that it refers to reads all of public.orders
  > `CREATE INDEX ON public.orders (a, "b c");` in a migration
)"},
    {"Partial", "foreign-key-index", "{}", kForeign + index("btree (a, \"b c\") WHERE (d IS NULL)"),
     R"(1 examined
FAIL foreign key public.orders.fk has no index on (a, "b c"): each delete or key change in the table that it refers to reads all of public.orders
  > `CREATE INDEX ON public.orders (a, "b c");` in a migration
)"},
    {"Gin", "foreign-key-index", "{}", kForeign + index("gin (a, \"b c\")"), R"(1 examined
FAIL foreign key public.orders.fk has no index on (a, "b c"): each delete or key change in the table that it refers to reads all of public.orders
  > `CREATE INDEX ON public.orders (a, "b c");` in a migration
)"},
    {"Expression", "foreign-key-index", "{}", kForeign + index("btree (lower(a), \"b c\")"), R"(1 examined
FAIL foreign key public.orders.fk has no index on (a, "b c"): each delete or key change in the table that it refers to reads all of public.orders
  > `CREATE INDEX ON public.orders (a, "b c");` in a migration
)"},
    {"OfAnotherTable", "foreign-key-index", "{}",
     kForeign +
         object("index", "public.i", "CREATE INDEX i ON public.x USING btree (a, \"b c\")", "table public.x"),
     R"(1 examined
FAIL foreign key public.orders.fk has no index on (a, "b c"): each delete or key change in the table that it refers to reads all of public.orders
  > `CREATE INDEX ON public.orders (a, "b c");` in a migration
)"},
    {"Excepted", "foreign-key-index", R"({"except": ["public.orders.*"]})", kForeign, R"(0 examined
skip: the schema has no foreign key
)"},
};
INSTANTIATE_TEST_SUITE_P(ForeignKeyIndex, HygieneChecks, ::testing::ValuesIn(kForeignKeys), case_name);

const std::string kPolicy = object("policy", "public.orders.own", "AS PERMISSIVE FOR ALL TO public", kTable);
const std::vector<CheckCase> kPolicies = {
    {"On", "row-security", "{}",
     kMigrated + object("table", "public.orders", "CREATE TABLE public.orders\nENABLE ROW LEVEL SECURITY") +
         kPolicy,
     R"(1 examined
)"},
    {"Off", "row-security", "{}", kMigrated + kOrders + kPolicy, R"(1 examined
FAIL table public.orders has the policy own and row-level security is off: it restricts nobody
  > `ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;` in a migration
)"},
    {"OffWithTwo", "row-security", "{}",
     kMigrated + kOrders + kPolicy +
         object("policy", "public.orders.two", "AS PERMISSIVE FOR ALL TO public", kTable),
     R"(1 examined
FAIL table public.orders has 2 policies and row-level security is off: they restrict nobody
  > `ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;` in a migration
)"},
    {"NoPolicy", "row-security", "{}", kMigrated + kOrders, R"(0 examined
skip: no table has a policy
)"},
};
INSTANTIATE_TEST_SUITE_P(RowSecurity, HygieneChecks, ::testing::ValuesIn(kPolicies), case_name);

std::string sequence(const std::string& type, const std::string& rest, const std::string& in = "migrated") {
  return fmt::format(
      "INSERT INTO schema.sequence (snapshot, identity, type, start, increment, minimum, maximum, cycles, "
      "last_value, problem) VALUES ('{}', 'public.s', '{}', {});",
      in, type, rest);
}
std::string use(const std::string& type, const std::string& ends, const std::string& in = "migrated") {
  return fmt::format(
      "INSERT INTO schema.sequence_use (snapshot, sequence, relation, column_name, type, minimum, maximum) "
      "VALUES "
      "('{}', 'public.s', 'public.orders', 'id', '{}', {});",
      in, type, ends);
}
const std::string kIntegerUse = use("integer", "-2147483648, 2147483647");
const std::string kBigintUse = use("bigint", "-9223372036854775808, 9223372036854775807");
const std::string kKey = object("constraint", "public.orders.pk", "PRIMARY KEY (id)", kTable);

const std::vector<CheckCase> kSequences = {
    {"Unused", "sequence-end", "{}",
     kMigrated + sequence("integer", "1, 1, 1, 2147483647, 0, NULL, NULL") + kIntegerUse,
     R"(1 examined
)"},
    {"AtTheShare", "sequence-end", "{}", kMigrated + sequence("smallint", "1, 1, 0, 1000, 0, 800, NULL"),
     R"(1 examined
)"},
    {"OverTheShare", "sequence-end", "{}", kMigrated + sequence("smallint", "1, 1, 0, 1000, 0, 801, NULL"),
     R"(1 examined
FAIL sequence public.s has used 80.1 % of its range: it stands at 801, and behind 1000 each insert fails
  > `ALTER SEQUENCE public.s AS bigint;` in a migration, before it is there
)"},
    {"AnotherShare", "sequence-end", R"({"share": 90})",
     kMigrated + sequence("smallint", "1, 1, 0, 1000, 0, 900, NULL"),
     R"(1 examined
)"},
    {"NearItsEnd", "sequence-end", "{}",
     kMigrated + sequence("integer", "1, 1, 1, 2147483647, 0, 2000000000, NULL") + kIntegerUse, R"(1 examined
FAIL sequence public.s has used 93.1 % of its range: it stands at 2000000000, and behind 2147483647 each insert fails
  > `ALTER TABLE public.orders ALTER COLUMN id TYPE bigint; ALTER SEQUENCE public.s AS bigint;` in a migration, before it is there
)"},
    {"Live", "sequence-end", "{}",
     kMigrated + sequence("integer", "1, 1, 1, 2147483647, 0, NULL, NULL") + snapshot("live") +
         sequence("integer", "1, 1, 1, 2147483647, 0, 2147483647, NULL", "live"),
     R"(2 examined
FAIL sequence public.s has used 100 % of its range (in the live database): it stands at 2147483647, and behind 2147483647 each insert fails
  > `ALTER SEQUENCE public.s AS bigint;` in a migration, before it is there
)"},
    {"CountsDown", "sequence-end", "{}", kMigrated + sequence("bigint", "-1, -1, -1000, -1, 0, -900, NULL"),
     R"(1 examined
FAIL sequence public.s has used 90 % of its range: it stands at -900, and behind -1000 each insert fails
  > `ALTER SEQUENCE public.s MINVALUE ...;`, or start it again where numbers are free, before it is there
)"},
    {"CountsDownFromTheTop", "sequence-end", "{}",
     kMigrated + sequence("bigint", "-1, -1, -9223372036854775808, -1, 0, -5, NULL") + kBigintUse,
     R"(1 examined
)"},
    {"OverItsColumn", "sequence-end", R"({"definition": false})",
     kMigrated + sequence("bigint", "1, 1, 1, 9223372036854775807, 0, 1900000000, NULL") + kIntegerUse,
     R"(1 examined
FAIL sequence public.s has used 88.5 % of what column public.orders.id can hold: it stands at 1900000000, and behind 2147483647 each insert fails
  > `ALTER TABLE public.orders ALTER COLUMN id TYPE bigint; ALTER SEQUENCE public.s AS bigint;` in a migration, before it is there
)"},
    {"ColumnThatHoldsLess", "sequence-end", "{}",
     kMigrated + sequence("bigint", "1, 1, 1, 9223372036854775807, 0, NULL, NULL") + kIntegerUse + kBigintUse,
     R"(1 examined
FAIL sequence public.s goes to 9223372036854775807, and column public.orders.id, of type integer, only to 2147483647: inserts fail with the sequence far from its own end, where nobody looks
  > `ALTER TABLE public.orders ALTER COLUMN id TYPE bigint;`, or `ALTER SEQUENCE public.s AS integer;`, in a migration
)"},
    {"NotWidenedWithItsColumn", "sequence-end", "{}",
     kMigrated + sequence("integer", "1, 1, 1, 2147483647, 0, 7, NULL") + kBigintUse, R"(1 examined
FAIL sequence public.s ends at 2147483647, though column public.orders.id is of type bigint: the column was widened, and its sequence was not
  > `ALTER SEQUENCE public.s AS bigint;` in a migration
)"},
    {"AnEndOfItsOwn", "sequence-end", "{}",
     kMigrated + sequence("integer", "1, 1, 1, 999999, 0, 7, NULL") + kBigintUse,
     R"(1 examined
)"},
    {"AColumnWithoutAnEnd", "sequence-end", "{}",
     kMigrated + sequence("bigint", "1, 1, 1, 9223372036854775807, 0, 7, NULL") + use("text", "NULL, NULL"),
     R"(1 examined
)"},
    {"StartsAgain", "sequence-end", "{}",
     kMigrated + sequence("integer", "1, 1, 1, 100, 1, 99, NULL") + kIntegerUse, R"(1 examined
)"},
    {"StartsAgainUnderAKey", "sequence-end", "{}",
     kMigrated + sequence("integer", "1, 1, 1, 100, 1, 9, NULL") + kIntegerUse + kKey, R"(1 examined
FAIL sequence public.s starts again at 1 behind its end, and column public.orders.id is a key: its numbers are taken by then
  > `ALTER SEQUENCE public.s NO CYCLE;` in a migration
)"},
    {"Unread", "sequence-end", "{}",
     kMigrated + snapshot("live") +
         sequence("bigint",
                  "1, 1, 1, 9223372036854775807, 0, NULL, 'the role of this connection has neither SELECT "
                  "nor USAGE on it'",
                  "live"),
     R"(1 examined
?    where sequence public.s stands cannot be read (in the live database): the role of this connection has neither SELECT nor USAGE on it
  > `GRANT SELECT ON SEQUENCE public.s TO ...;` the role of the database URL, or take another role
)"},
    {"Excepted", "sequence-end", R"({"except": ["public.*"]})",
     kMigrated + sequence("integer", "1, 1, 1, 100, 0, 99, NULL"), R"(0 examined
skip: the schema has no sequence
)"},
    {"None", "sequence-end", "{}", kMigrated, R"(0 examined
skip: the schema has no sequence
)"},
};
INSTANTIATE_TEST_SUITE_P(SequenceEnd, HygieneChecks, ::testing::ValuesIn(kSequences), case_name);

TEST(CatalogDefinitions, ListTheirItems) {
  const auto items = [](std::string_view text) { return join(check::listed(text), "|"); };
  EXPECT_EQ(items("PRIMARY KEY (a, b)"), "a|b");
  EXPECT_EQ(items(R"~(UNIQUE ("a,b", "c""d"))~"), R"~("a,b"|"c""d")~");
  EXPECT_EQ(items("btree (lower((a)::text), b DESC)"), "lower((a)::text)|b DESC");
  EXPECT_EQ(items("btree ((a || ',(') , b)"), "(a || ',(')|b");
  EXPECT_EQ(items("no list"), "");
  EXPECT_EQ(items("broken (a, b"), "");
}

}  // namespace
}  // namespace exitgate::testing
