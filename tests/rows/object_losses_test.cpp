#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "tests/rows/loss_lines.h"

namespace exitgate::rows {
namespace {

using ::testing::ElementsAreArray;

class ObjectUpgrade : public ::testing::TestWithParam<Case> {};

constexpr const char* kOrders =
    "CREATE TABLE customer (id serial PRIMARY KEY, mail text CONSTRAINT mail_once UNIQUE, kind text "
    "CONSTRAINT known CHECK (kind IN ('a', "
    "'b'))); CREATE TABLE orders (id serial PRIMARY KEY, customer int CONSTRAINT of REFERENCES customer, n "
    "int, state text); "
    "CREATE UNIQUE INDEX one_open ON orders (customer) WHERE state = 'open'; CREATE INDEX by_n ON orders "
    "(n); "
    "CREATE VIEW open_orders AS SELECT id FROM orders WHERE state = 'open'; "
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$; "
    "CREATE TRIGGER g BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f(); "
    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON orders USING (n > 0); "
    "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE DOMAIN code AS text CHECK (VALUE <> ''); CREATE "
    "SEQUENCE numbers;";

const std::vector<Case> kObjectCases = {
    {"NoMigration", kOrders, "", {}},
    {"IndexThatIsNotUnique", kOrders, "DROP INDEX by_n", {}},
    {"UniqueIndex", kOrders, "DROP INDEX one_open", {"object public.orders unique index public.one_open"}},
    {"UniqueIndexRenamed", kOrders, "ALTER INDEX one_open RENAME TO open_once", {}},
    {"UniqueConstraint",
     kOrders,
     "ALTER TABLE customer DROP CONSTRAINT mail_once",
     {"object public.customer constraint public.customer.mail_once"}},
    {"UniqueConstraintAsAnIndex",
     kOrders,
     "ALTER TABLE customer DROP CONSTRAINT mail_once; CREATE UNIQUE INDEX ON customer (mail)",
     {}},
    {"ForeignKey",
     kOrders,
     "ALTER TABLE orders DROP CONSTRAINT of",
     {"object public.orders constraint public.orders.of"}},
    {"ForeignKeyReplaced",
     kOrders,
     "ALTER TABLE orders DROP CONSTRAINT of, ADD CONSTRAINT other FOREIGN KEY (customer) REFERENCES customer "
     "ON DELETE CASCADE",
     {}},
    {"Check",
     kOrders,
     "ALTER TABLE customer DROP CONSTRAINT known",
     {"object public.customer constraint public.customer.known"}},
    {"CheckReplaced",
     kOrders,
     "ALTER TABLE customer DROP CONSTRAINT known, ADD CONSTRAINT known CHECK (kind IN ('a', 'b', 'c'))",
     {}},
    {"ConstraintOfADroppedColumn", kOrders, "ALTER TABLE customer DROP kind", {}},
    {"PartsOfADroppedTable",
     kOrders,
     "DROP TABLE orders CASCADE",
     {"object public.open_orders view public.open_orders"}},
    {"View", kOrders, "DROP VIEW open_orders", {"object public.open_orders view public.open_orders"}},
    {"ViewReplaced",
     kOrders,
     "DROP VIEW open_orders; CREATE VIEW open_orders AS SELECT id, n FROM orders",
     {}},
    {"ViewAsATable",
     kOrders,
     "DROP VIEW open_orders; CREATE TABLE open_orders (id int)",
     {"object public.open_orders view public.open_orders => table public.open_orders"}},
    {"Trigger", kOrders, "DROP TRIGGER g ON orders", {"object public.orders trigger public.orders.g"}},
    {"TriggerDisabled",
     kOrders,
     "ALTER TABLE orders DISABLE TRIGGER g",
     {"object public.orders trigger public.orders.g (disabled)"}},
    {"TriggerRenamed", kOrders, "ALTER TRIGGER g ON orders RENAME TO h", {}},
    {"FunctionByCascade",
     kOrders,
     "DROP FUNCTION f CASCADE",
     {"object public.f() function public.f()", "object public.orders trigger public.orders.g"}},
    {"FunctionWithOtherArguments",
     "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
     "DROP FUNCTION f(int); CREATE FUNCTION f(a int, b int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
     {"object public.f(a integer) function public.f(a integer) (now function public.f(a integer, b "
      "integer))"}},
    {"Policy", kOrders, "DROP POLICY own ON orders", {"object public.orders policy public.orders.own"}},
    {"RowSecurityOff",
     kOrders,
     "ALTER TABLE orders DISABLE ROW LEVEL SECURITY",
     {"object public.orders row level security (ENABLE ROW LEVEL SECURITY -> off)"}},
    {"EnumDropped", kOrders, "DROP TYPE mood", {"object public.mood enum public.mood"}},
    {"EnumWithoutALabel",
     kOrders,
     "DROP TYPE mood; CREATE TYPE mood AS ENUM ('good')",
     {"object public.mood enum public.mood (without 'bad')"}},
    {"DomainDropped", kOrders, "DROP DOMAIN code", {"object public.code domain public.code"}},
    {"SequenceDropped", kOrders, "DROP SEQUENCE numbers", {"object public.numbers sequence public.numbers"}},
    {"ExtensionDropped",
     "CREATE EXTENSION citext;",
     "DROP EXTENSION citext",
     {"object citext extension citext"}},
};

TEST_P(ObjectUpgrade, IsCompared) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query("SET search_path = public");
  connection->query(GetParam().schema);
  const auto before = collect::schema::take_snapshot(*connection);
  connection->query("SET search_path = public");
  if (*GetParam().migration != '\0') connection->query(GetParam().migration);
  const auto after = collect::schema::take_snapshot(*connection);
  std::vector<std::string> lines;
  for (const auto& loss : object_losses(collect::schema::compare(before.objects, after.objects).differences))
    lines.push_back(line_of(loss));
  EXPECT_THAT(lines, ElementsAreArray(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(All, ObjectUpgrade, ::testing::ValuesIn(kObjectCases),
                         [](const auto& each) { return std::string(each.param.name); });

// Tables too large for their rows to be kept: by counts and digests.
class LargeTables : public ::testing::Test {
 protected:
  LargeTables()
      : cluster_(database::find_server_programs()),
        connection_(cluster_.connect("postgres", "postgres", false)) {
    connection_->query(
        "SET search_path = public; CREATE TABLE t (id serial PRIMARY KEY, n int, s text); "
        "INSERT INTO t (n, s) SELECT i, CASE WHEN i % 2 = 0 THEN 'text ' || i END FROM generate_series(1, "
        "50) i");
  }
  std::vector<std::string> lost_by(const std::string& migration) {
    const Contents before = read_contents(*connection_, {.rows = 10});
    connection_->query("SET search_path = public");
    connection_->query(migration);
    std::vector<std::string> lines;
    for (const auto& loss : losses(before, read_contents(*connection_, {.rows = 10})))
      lines.push_back(line_of(loss));
    return lines;
  }

 private:
  database::Cluster cluster_;
  std::unique_ptr<database::Connection> connection_;
};

using Lines = std::vector<std::string>;

TEST_F(LargeTables, LoseNothingByNothing) {
  EXPECT_EQ(lost_by("SELECT 1"), Lines{});
  EXPECT_EQ(lost_by("ALTER TABLE t ALTER n TYPE bigint, ADD x int DEFAULT 1"), Lines{});
}

TEST_F(LargeTables, LoseRows) {
  EXPECT_EQ(lost_by("DELETE FROM t WHERE id > 40"), Lines{"rows public.t 10/50"});
}

TEST_F(LargeTables, LoseValues) {
  EXPECT_EQ(lost_by("UPDATE t SET s = NULL WHERE id < 11"),
            Lines{"values public.t s 5/25 (by the number of values that are not NULL)"});
  EXPECT_EQ(lost_by("UPDATE t SET n = n + 1"),
            Lines{"values public.t n ?/50 (by a digest of all values: how many are others is not known)"});
}

TEST_F(LargeTables, LoseColumnsUnlessTheyWereCopied) {
  EXPECT_EQ(lost_by("ALTER TABLE t ADD m int; UPDATE t SET m = n; ALTER TABLE t DROP n"),
            Lines{"column public.t n 50/50 (integer) => public.t.m"});
  EXPECT_EQ(lost_by("ALTER TABLE t DROP s"), Lines{"column public.t s 25/25 (text)"});
}

TEST_F(LargeTables, AreFoundAgainAsACopy) {
  EXPECT_EQ(lost_by("CREATE TABLE u AS SELECT * FROM t; DROP TABLE t"),
            Lines{"table public.t 50/50 => public.u"});
}

// Settings of a database that change how values are written are no change of the values.
TEST(Contents, DoNotDependOnSettings) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query(
      "SET search_path = public; CREATE TABLE t (a timestamptz, b bytea, c interval, d float8, e date); "
      "INSERT INTO t VALUES ('2024-01-01 10:00+02', 'x', '1 day 2 hours', 0.1, '2024-02-01')");
  const Contents before = read_contents(*connection);
  connection->query(
      "SET TimeZone = 'Asia/Tokyo'; SET bytea_output = escape; SET IntervalStyle = iso_8601; SET "
      "extra_float_digits = -3; "
      "SET DateStyle = 'SQL, DMY'");
  EXPECT_TRUE(losses(before, read_contents(*connection)).empty());
}

}  // namespace
}  // namespace exitgate::rows
