#include "harness/rows/fill.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/database/cluster.h"
#include "harness/rows/contents.h"

namespace exitgate::rows {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Fill : public ::testing::Test {
 protected:
  Fill()
      : cluster_(database::find_server_programs()),
        connection_(cluster_.connect("postgres", "postgres", false)) {
    connection_->query("SET search_path = public");
  }

  // The tables by name, once their schema is there and they are filled.
  std::map<std::string, Filled> filled(const std::string& schema, const Options& options = {}) {
    connection_->query("SET search_path = public");
    connection_->query(schema);
    std::map<std::string, Filled> tables;
    for (auto& one : fill(*connection_, options))
      tables.emplace(one.relation.substr(one.relation.find('.') + 1), std::move(one));
    connection_->query("SET search_path = public");
    return tables;
  }
  std::string one(const std::string& sql) { return std::string(connection_->query(sql).text(0, 0)); }
  database::Connection& connection() { return *connection_; }

 private:
  database::Cluster cluster_;
  std::unique_ptr<database::Connection> connection_;
};

// What is empty says why; here nothing may be empty.
void expect_rows(const std::map<std::string, Filled>& tables, std::int64_t least = 3) {
  for (const auto& [name, table] : tables) {
    EXPECT_GE(table.rows, least) << name << ": " << table.reason;
    EXPECT_EQ(table.reason, "") << name;
  }
}

class FillsType : public Fill, public ::testing::WithParamInterface<const char*> {};

TEST_P(FillsType, WithDifferingValuesAndANull) {
  std::string type = GetParam();
  std::string before;
  if (const auto at = type.rfind("; "); at != std::string::npos) {
    before = type.substr(0, at + 2);
    type = type.substr(at + 2);
  }
  const auto tables = filled(fmt::format("{}CREATE TABLE t (a {} NOT NULL, b {})", before, type, type));
  expect_rows(tables);
  EXPECT_EQ(one("SELECT count(*) FROM t WHERE b IS NULL"), "1");
  EXPECT_NE(one("SELECT count(DISTINCT a::text) FROM t"), "1");
}

INSTANTIATE_TEST_SUITE_P(
    All, FillsType,
    ::testing::Values(
        "smallint", "integer", "bigint", "numeric", "numeric(10,2)", "numeric(3,3)", "numeric(1)",
        "numeric(38,10)", "real", "double precision", "money", "boolean", "text", "varchar(1)", "varchar(20)",
        "varchar(5000)", "varchar", "char(1)", "char(3)", "char(40)", "\"char\"", "name", "bytea", "date",
        "timestamp", "timestamp(0)", "timestamptz", "time", "timetz", "interval", "interval day to second",
        "uuid", "json", "jsonb", "xml", "inet", "cidr", "macaddr", "macaddr8", "bit", "bit(8)", "varbit",
        "varbit(5)", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsvector", "tsquery",
        "pg_lsn", "txid_snapshot", "oid", "int[]", "text[]", "varchar(5)[]", "timestamptz[]", "box[]",
        "jsonb[]", "uuid[][]", "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange",
        "int4multirange", "tstzmultirange", "CREATE TYPE mood AS ENUM ('good', 'bad'); mood",
        "CREATE TYPE mood AS ENUM ('good', 'bad'); mood[]",
        "CREATE TYPE pair AS (a int, b text, c date[]); pair",
        "CREATE TYPE span AS RANGE (subtype = text); span",
        "CREATE DOMAIN mail AS text CHECK (VALUE ~ '^[^@]+@[a-z]+\\.[a-z]{2,}$'); mail",
        "CREATE DOMAIN code AS varchar(12) CHECK (VALUE ~ '^[A-Z]{2}-[0-9]{4}$'); code",
        "CREATE DOMAIN part AS numeric(5,4) CHECK (VALUE BETWEEN 0 AND 1); part",
        "CREATE DOMAIN year AS integer CHECK (VALUE >= 1901 AND VALUE <= 2155); year",
        "CREATE DOMAIN low AS int CHECK (VALUE < 10); CREATE DOMAIN lower_still AS low CHECK (VALUE > 5); "
        "lower_still",
        "CREATE EXTENSION citext; citext", "CREATE EXTENSION hstore; hstore", "CREATE EXTENSION ltree; ltree",
        "CREATE EXTENSION cube; cube", "CREATE EXTENSION seg; seg", "CREATE EXTENSION isn; issn"));

struct Shape {
  const char* name;
  const char* schema;
  std::int64_t rows = 3;
};

class FillsShape : public Fill, public ::testing::WithParamInterface<Shape> {};

TEST_P(FillsShape, Whole) {
  expect_rows(filled(GetParam().schema), GetParam().rows);
}

const std::vector<Shape> kShapes = {
    {"Serial", "CREATE TABLE t (id serial PRIMARY KEY, n int)"},
    {"IdentityAlways", "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int)"},
    {"IdentityAlone", "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)"},
    {"NoColumns", "CREATE TABLE t ()"},
    {"Generated",
     "CREATE TABLE t (a int NOT NULL, b int GENERATED ALWAYS AS (a * 2) STORED, CHECK (b > 10))"},
    {"KeyWords",
     "CREATE TABLE \"Select\" (\"from\" int CHECK (\"from\" > 5), \"Odd \"\"name\" text NOT NULL)"},
    {"In", "CREATE TABLE t (s varchar(20) NOT NULL CHECK (s IN ('new', 'paid', 'sent')))"},
    {"Between",
     "CREATE TABLE t (n int NOT NULL CHECK (n BETWEEN 3 AND 5), p numeric NOT NULL CHECK (p > 0 AND p < "
     "0.1))"},
    {"Negative",
     "CREATE TABLE t (n int NOT NULL CHECK (n < -5), m smallint NOT NULL CHECK (m <= '-7'::integer))"},
    {"Order", "CREATE TABLE t (a date NOT NULL, b date NOT NULL, CHECK (a < b))"},
    {"OrderOfThree",
     "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int NOT NULL, CHECK (a < b), CHECK (b < c))"},
    {"Equal", "CREATE TABLE t (a text NOT NULL, b text NOT NULL, CHECK (a = b))"},
    {"Length",
     "CREATE TABLE t (c text NOT NULL CHECK (length(c) = 7), d varchar(40) NOT NULL CHECK (char_length(d) > "
     "30))"},
    {"Like",
     "CREATE TABLE t (u text NOT NULL CHECK (u LIKE 'https://%'), v text NOT NULL CHECK (v LIKE '_-%-end'))"},
    {"Regex",
     "CREATE TABLE t (h text NOT NULL CHECK (h ~ '^[0-9a-f]{64}$'), c text NOT NULL CHECK (c ~* "
     "'^#([a-f0-9]{3}){1,2}$'))"},
    {"Lower",
     "CREATE TABLE t (c text NOT NULL CHECK (c = lower(c)), d text NOT NULL CHECK (d = upper(d) AND d <> "
     "''))"},
    {"Implication",
     "CREATE TABLE t (k text NOT NULL CHECK (k IN ('a', 'b')), x int, y int, CHECK ((k = 'a' AND x IS NOT "
     "NULL AND y IS NULL) OR "
     "(k = 'b' AND x IS NULL AND y IS NOT NULL)))"},
    {"OneOfThree", "CREATE TABLE t (a int, b text, c date, CHECK (num_nonnulls(a, b, c) = 1))"},
    {"Documents",
     "CREATE TABLE t (a jsonb NOT NULL CHECK (jsonb_typeof(a) = 'array'), b jsonb NOT NULL CHECK (b ? "
     "'name'), "
     "c jsonb NOT NULL CHECK (jsonb_typeof(c -> 'x') = 'object'))"},
    {"Arrays",
     "CREATE TABLE t (a text[] NOT NULL CHECK (cardinality(a) = 3), b text[] NOT NULL CHECK (b <@ ARRAY['p', "
     "'q']))"},
    {"Bytes", "CREATE TABLE t (b bytea NOT NULL UNIQUE CHECK (octet_length(b) = 32))"},
    {"FirstOfMonth", "CREATE TABLE t (d date NOT NULL CHECK (date_trunc('month', d) = d))"},
    {"Monday", "CREATE TABLE t (d date NOT NULL CHECK (extract(dow FROM d) = 1))", 1},
    {"Function",
     "CREATE FUNCTION fine(n int) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$BEGIN RETURN n % 2 = 0; "
     "END$$; "
     "CREATE TABLE t (n int NOT NULL CHECK (fine(n)))"},
    {"Unique",
     "CREATE TABLE t (a int UNIQUE, b text NOT NULL UNIQUE, c char(2) NOT NULL UNIQUE, d date NOT NULL "
     "UNIQUE)"},
    {"UniqueFew", "CREATE TABLE t (b boolean NOT NULL UNIQUE)", 2},
    {"UniqueTogether",
     "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (m mood NOT NULL, b boolean NOT NULL, UNIQUE "
     "(m, b))"},
    {"UniqueExpression",
     "CREATE TABLE t (m text NOT NULL); CREATE UNIQUE INDEX ON t (lower(m)); CREATE UNIQUE INDEX ON t "
     "(left(m, 40))"},
    {"UniquePartial",
     "CREATE TABLE t (a int NOT NULL, b boolean NOT NULL); CREATE UNIQUE INDEX ON t (b) WHERE b"},
    {"OneRowOnly", "CREATE TABLE t (id int PRIMARY KEY DEFAULT 1 CHECK (id = 1), n int)", 1},
    {"Exclusion",
     "CREATE EXTENSION btree_gist; CREATE TABLE t (room int NOT NULL, during tstzrange NOT NULL, "
     "EXCLUDE USING gist (room WITH =, during WITH &&))"},
    {"ForeignKey",
     "CREATE TABLE p (id serial PRIMARY KEY); CREATE TABLE c (p int NOT NULL REFERENCES p, o int REFERENCES "
     "p)"},
    {"ForeignKeyToAName",
     "CREATE TABLE p (code varchar(3) PRIMARY KEY); CREATE TABLE c (p varchar(3) NOT NULL REFERENCES p)"},
    {"OneToOne",
     "CREATE TABLE p (id bigint PRIMARY KEY); CREATE TABLE c (id bigint PRIMARY KEY REFERENCES p, n text)"},
    {"CompositeKey",
     "CREATE TABLE p (a int, b text, PRIMARY KEY (a, b)); CREATE TABLE c (b text NOT NULL, a int NOT NULL, "
     "FOREIGN KEY (a, b) REFERENCES p)"},
    {"SharedColumn",
     "CREATE TABLE tenant (id uuid PRIMARY KEY DEFAULT gen_random_uuid()); CREATE TABLE person (tenant uuid "
     "REFERENCES tenant, id int, "
     "PRIMARY KEY (tenant, id)); CREATE TABLE task (tenant uuid NOT NULL REFERENCES tenant, owner int NOT "
     "NULL, id int, "
     "PRIMARY KEY (tenant, id), FOREIGN KEY (tenant, owner) REFERENCES person (tenant, id))"},
    {"PairsOfKeys",
     "CREATE TABLE a (id serial PRIMARY KEY); CREATE TABLE b (id serial PRIMARY KEY); "
     "CREATE TABLE ab (a int REFERENCES a, b int REFERENCES b, PRIMARY KEY (a, b))"},
    {"KeyUnderACheck",
     "CREATE TABLE p (id serial PRIMARY KEY); CREATE TABLE c (x int REFERENCES p, y int REFERENCES p, CHECK "
     "(x IS NULL <> (y IS NULL)))"},
    {"NotItself",
     "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (x int NOT NULL REFERENCES p, y int NOT NULL "
     "REFERENCES p, CHECK (x <> y))"},
    {"ItselfOrNull", "CREATE TABLE t (id serial PRIMARY KEY, parent int REFERENCES t)"},
    {"ItselfAlways", "CREATE TABLE t (id serial PRIMARY KEY, parent int NOT NULL REFERENCES t)"},
    {"ItselfByIdentity",
     "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent int NOT NULL REFERENCES t)"},
    {"CycleWithNull",
     "CREATE TABLE a (id serial PRIMARY KEY, b int); CREATE TABLE b (id serial PRIMARY KEY, a int NOT NULL "
     "REFERENCES a); "
     "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b"},
    {"CycleDeferred",
     "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id serial PRIMARY KEY, a int NOT "
     "NULL REFERENCES a); "
     "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE INITIALLY DEFERRED",
     1},
    {"CycleOfThree",
     "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id int PRIMARY KEY, c int NOT "
     "NULL); "
     "CREATE TABLE c (id int PRIMARY KEY, a int NOT NULL REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) "
     "REFERENCES b; "
     "ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES c",
     1},
    {"PartitionsByRange",
     "CREATE TABLE t (at timestamptz NOT NULL, n int) PARTITION BY RANGE (at); "
     "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2031-01-01') TO ('2031-02-01'); "
     "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM ('2031-02-01') TO (MAXVALUE); CREATE TABLE t3 PARTITION "
     "OF t DEFAULT"},
    {"PartitionsByList",
     "CREATE TABLE t (k text, n int) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN "
     "('a', 'b'); "
     "CREATE TABLE t2 PARTITION OF t FOR VALUES IN (NULL); CREATE TABLE t3 PARTITION OF t DEFAULT"},
    {"PartitionsByHash",
     "CREATE TABLE t (id bigserial, n int, PRIMARY KEY (id)) PARTITION BY HASH (id); "
     "CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 0); CREATE TABLE t2 PARTITION OF "
     "t FOR VALUES WITH (MODULUS 3, "
     "REMAINDER 1); CREATE TABLE t3 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 2)",
     1},
    {"PartitionsOfPartitions",
     "CREATE TABLE t (k int, d date) PARTITION BY LIST (k); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (7) "
     "PARTITION BY RANGE (d); "
     "CREATE TABLE t1a PARTITION OF t1 FOR VALUES FROM ('2030-01-01') TO ('2030-12-31'); "
     "CREATE TABLE c (k int, d date)"},
    {"KeyToAPartitionedTable",
     "CREATE TABLE t (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES "
     "FROM (0) TO (100); "
     "CREATE TABLE c (t int NOT NULL REFERENCES t)"},
    {"KeyUnderBounds",
     "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (p int NOT NULL REFERENCES p, n int) PARTITION BY "
     "LIST (p); "
     "CREATE TABLE t1 PARTITION OF t FOR VALUES IN (70); CREATE TABLE t2 PARTITION OF t FOR VALUES IN (71, "
     "72)",
     2},
    {"KeyOfOneKind",
     "CREATE TABLE account (id serial PRIMARY KEY, kind text NOT NULL CHECK (kind ~ '^[a-z]{4}$'), UNIQUE "
     "(id, kind)); "
     "CREATE TABLE cash (account int NOT NULL, kind text NOT NULL CHECK (kind = 'cash'), FOREIGN KEY "
     "(account, kind) "
     "REFERENCES account (id, kind))",
     1},
    {"OneOfManyByHash",
     "CREATE TABLE t (a int NOT NULL) PARTITION BY HASH (a); CREATE TABLE t1 PARTITION OF t FOR VALUES WITH "
     "(MODULUS 50, REMAINDER 1)"},
    {"Inheritance", "CREATE TABLE a (n int NOT NULL); CREATE TABLE b (m text NOT NULL) INHERITS (a)"},
    {"Defaults",
     "CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), at timestamptz NOT NULL DEFAULT now(), "
     "s text NOT NULL DEFAULT 'x')"},
    {"RowSecurity",
     "CREATE TABLE t (n int NOT NULL); ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"},
    {"WorkingTrigger",
     "CREATE TABLE t (n int NOT NULL, m int NOT NULL); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql "
     "AS $$BEGIN NEW.m := 5; RETURN NEW; "
     "END$$; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()"},
    {"TriggerByTheSearchPath",
     "CREATE TABLE log (n int); CREATE TABLE t (n int NOT NULL); CREATE FUNCTION f() RETURNS trigger "
     "LANGUAGE plpgsql AS $$BEGIN "
     "INSERT INTO log VALUES (NEW.n); RETURN NEW; END$$; CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW "
     "EXECUTE FUNCTION f()"},
};

INSTANTIATE_TEST_SUITE_P(All, FillsShape, ::testing::ValuesIn(kShapes),
                         [](const auto& each) { return std::string(each.param.name); });

TEST_F(Fill, KeepsAndCountsRowsThatAreThere) {
  const auto tables =
      filled("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2), (3), (4), (5); CREATE TABLE u (n int)");
  EXPECT_EQ(tables.at("t").rows, 5);
  EXPECT_TRUE(tables.at("t").found);
  EXPECT_EQ(tables.at("u").rows, 3);
  EXPECT_FALSE(tables.at("u").found);
}

TEST_F(Fill, LeavesAloneWhatItIsTold) {
  const auto tables =
      filled("CREATE TABLE t (n int); CREATE TABLE alembic_version (n int)",
             {.leave_alone = [](const std::string& name) { return name == "public.alembic_version"; }});
  EXPECT_EQ(tables.size(), 1U);
  EXPECT_EQ(one("SELECT count(*) FROM alembic_version"), "0");
}

TEST_F(Fill, LeavesTheTablesOfExtensionsAlone) {
  const auto tables =
      filled("CREATE TABLE t (n int); CREATE EXTENSION cube; ALTER EXTENSION cube ADD TABLE t");
  EXPECT_THAT(tables, IsEmpty());
}

TEST_F(Fill, SaysWhyThereAreNone) {
  const auto tables = filled(
      "CREATE TABLE t (n int NOT NULL CHECK (n > 5 AND n < 3)); CREATE TABLE c (n int); CREATE TABLE p (n "
      "int) PARTITION BY LIST (n); "
      "CREATE TABLE u (id int PRIMARY KEY CHECK (id > id)); CREATE TABLE v (u int NOT NULL REFERENCES u); "
      "CREATE RULE r AS ON INSERT TO c DO INSTEAD NOTHING");
  EXPECT_EQ(tables.at("t").reason, "no values were found that fulfil ((n > 5) AND (n < 3))");
  EXPECT_EQ(tables.at("c").reason, "an INSERT left no row: a trigger or a rule took it");
  EXPECT_EQ(tables.at("p").reason, "it has no partitions");
  EXPECT_EQ(tables.at("u").reason, "no values were found that fulfil (id > id)");
  EXPECT_EQ(tables.at("v").reason, "each row must refer to one of public.u, which has none");
  for (const auto& [name, table] : tables) EXPECT_EQ(table.rows, 0) << name;
}

TEST_F(Fill, GoesPastATriggerThatRefusesAndSaysSo) {
  const auto tables = filled(
      "CREATE TABLE t (n int NOT NULL); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
      "RAISE EXCEPTION 'not today'; END$$; "
      "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f(); "
      "CREATE TABLE u (n int NOT NULL); CREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
      "RETURN NULL; END$$; "
      "CREATE TRIGGER i BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION h()");
  expect_rows(tables);
  EXPECT_EQ(tables.at("t").note, "without its triggers: not today");
  EXPECT_EQ(tables.at("u").note, "without its triggers: an INSERT left no row: a trigger or a rule took it");
  EXPECT_EQ(one("SHOW session_replication_role"), "origin");
}

TEST_F(Fill, LeavesAllConstraintsFulfilled) {
  filled(
      "CREATE TABLE a (id int PRIMARY KEY, b int NOT NULL); CREATE TABLE b (id serial PRIMARY KEY, a int NOT "
      "NULL REFERENCES a); "
      "ALTER TABLE a ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES b; "
      "CREATE TABLE x (id int PRIMARY KEY CHECK (id > id)); CREATE TABLE y (id int PRIMARY KEY, x int NOT "
      "NULL); "
      "ALTER TABLE x ADD y int NOT NULL REFERENCES y; ALTER TABLE y ADD FOREIGN KEY (x) REFERENCES x");
  EXPECT_EQ(one("SELECT count(*) FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.id = a.b)"), "0");
  EXPECT_EQ(one("SELECT count(*) FROM a"), "1");
  EXPECT_EQ(one("SELECT count(*) FROM y"), "0");
}

TEST_F(Fill, PointsAReferenceToItselfAtARow) {
  filled("CREATE TABLE t (id serial PRIMARY KEY, parent int REFERENCES t)");
  EXPECT_EQ(one("SELECT count(parent) FROM t"), "1");
}

// A migration that multiplies by 100, or takes the largest id, does not fail by our rows alone.
TEST_F(Fill, LeavesRoomForArithmetic) {
  filled(
      "CREATE TABLE t (id serial PRIMARY KEY, s smallint NOT NULL, i int NOT NULL, b bigint NOT NULL, n "
      "numeric(10,2) NOT NULL)");
  connection().query("UPDATE t SET s = s * 100, i = i * 100, b = b * 100, n = n * 10");
  EXPECT_EQ(one("SELECT max(id) FROM t"), "3");
}

// So that a narrower type shows.
TEST_F(Fill, PutsInValuesThatDoNotFitANarrowerType) {
  filled(
      "CREATE TABLE t (i int NOT NULL, b bigint NOT NULL, f double precision NOT NULL, v varchar(40) NOT "
      "NULL, x text NOT NULL, "
      "n numeric(8,3) NOT NULL, d timestamptz NOT NULL)");
  EXPECT_EQ(one("SELECT count(*) FROM t WHERE i > 32767 AND b > 2147483647 AND f::real::float8 <> f AND "
                "length(v) = 40 AND length(x) > 255 "
                "AND n <> round(n, 2) AND d <> date_trunc('second', d) AND x ~ '[^[:ascii:]]'"),
            "1");
}

TEST_F(Fill, MakesTheSameRowsForTheSameSchema) {
  const std::string schema =
      "CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), a text, at timestamptz DEFAULT now(), "
      "r float8 DEFAULT random(), "
      "k text NOT NULL CHECK (k IN ('a', 'b')), p uuid REFERENCES t)";
  filled(schema);
  const std::string first = one("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM t");
  connection().query("DROP TABLE t");
  filled(schema);
  EXPECT_EQ(one("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM t"), first);
}

TEST_F(Fill, UsesTheDefaultInOneRow) {
  filled("CREATE TABLE t (n int NOT NULL, s text NOT NULL DEFAULT 'the default', o text DEFAULT 'other')");
  EXPECT_EQ(one("SELECT count(*) FROM t WHERE s = 'the default' AND o = 'other'"), "1");
  EXPECT_EQ(one("SELECT count(*) FROM t WHERE o IS NULL"), "1");
}

TEST_F(Fill, TellsItsProgress) {
  std::vector<std::size_t> done;
  filled("CREATE TABLE a (n int); CREATE TABLE b (n int)",
         {.progress = [&](std::size_t one, std::size_t all) {
           EXPECT_EQ(all, 2U);
           done.push_back(one);
         }});
  EXPECT_EQ(done, (std::vector<std::size_t>{1, 2}));
}

TEST_F(Fill, FillsHundredsOfTablesInAboutASecond) {
  std::string schema;
  for (int table = 0; table < 300; ++table) {
    schema += fmt::format(
        "CREATE TABLE t{0} (id serial PRIMARY KEY, name varchar(80) NOT NULL UNIQUE, state text NOT NULL "
        "CHECK (state IN ('a', 'b')), "
        "at timestamptz, data jsonb{1});",
        table, table > 0 ? fmt::format(", other int NOT NULL REFERENCES t{}", table - 1) : "");
  }
  const auto start = database::Clock::now();
  const auto tables = filled(schema);
  EXPECT_EQ(tables.size(), 300U);
  expect_rows(tables);
  // Ten times as long on a machine that is busy.
  EXPECT_LT(database::Clock::now() - start, std::chrono::seconds(30));
}

}  // namespace
}  // namespace exitgate::rows
