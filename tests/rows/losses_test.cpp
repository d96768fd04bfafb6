#include "harness/rows/losses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/database/cluster.h"
#include "harness/rows/fill.h"
#include "tests/rows/loss_lines.h"

namespace exitgate::rows {
namespace {

using ::testing::ElementsAreArray;

class Upgrade : public ::testing::TestWithParam<Case> {};

constexpr const char* kPerson =
    "CREATE TABLE person (id serial PRIMARY KEY, name varchar(20) NOT NULL, mail text, born date, score "
    "numeric(10,4));"
    "INSERT INTO person (name, mail, born, score) VALUES ('Anna Berg', 'anna@example.org', '1990-01-02', "
    "1.2345),"
    "('Bo', 'bo@example.org', NULL, 2.5), ('Carla Diaz', NULL, '1970-12-31', NULL);";

const std::vector<Case> kCases = {
    // What loses nothing.
    {"NoMigration", kPerson, "", {}},
    {"NewColumnWithDefault", kPerson, "ALTER TABLE person ADD active boolean NOT NULL DEFAULT true", {}},
    {"NewTable", kPerson, "CREATE TABLE other (id int); INSERT INTO other VALUES (1)", {}},
    {"NewRows", kPerson, "INSERT INTO person (name) VALUES ('Dora')", {}},
    {"IndexAndConstraint",
     kPerson,
     "CREATE INDEX ON person (mail); ALTER TABLE person ADD CHECK (score < 100)",
     {}},
    {"WiderText", kPerson, "ALTER TABLE person ALTER name TYPE varchar(40)", {}},
    {"TextWithoutLength", kPerson, "ALTER TABLE person ALTER name TYPE text", {}},
    {"IntegerToBigint", kPerson, "ALTER TABLE person ALTER id TYPE bigint", {}},
    {"MoreScale", kPerson, "ALTER TABLE person ALTER score TYPE numeric(12,6)", {}},
    {"NumericWithoutBounds", kPerson, "ALTER TABLE person ALTER score TYPE numeric", {}},
    {"DateToTimestamp", kPerson, "ALTER TABLE person ALTER born TYPE timestamptz", {}},
    {"JsonToJsonb",
     "CREATE TABLE t (id int PRIMARY KEY, d json); INSERT INTO t VALUES (1, '{\"b\": 1,  \"a\": [1, 2]}');",
     "ALTER TABLE t ALTER d TYPE jsonb",
     {}},
    {"EnumToText",
     "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (id int PRIMARY KEY, m mood); INSERT INTO t "
     "VALUES (1, 'bad');",
     "ALTER TABLE t ALTER m TYPE text",
     {}},
    {"EnumWithMoreLabels",
     "CREATE TYPE mood AS ENUM ('good'); CREATE TABLE t (id int PRIMARY KEY, m mood); INSERT INTO t VALUES "
     "(1, 'good');",
     "ALTER TYPE mood ADD VALUE 'bad'",
     {}},
    {"BooleanToInteger",
     "CREATE TABLE t (id int PRIMARY KEY, b boolean); INSERT INTO t VALUES (1, true), (2, false);",
     "ALTER TABLE t ALTER b TYPE integer USING b::integer",
     {}},
    {"UuidToText", "CREATE TABLE t (id uuid PRIMARY KEY, n int);", "ALTER TABLE t ALTER id TYPE text", {}},
    {"CharToText",
     "CREATE TABLE t (id int PRIMARY KEY, c char(9)); INSERT INTO t VALUES (1, 'abc');",
     "ALTER TABLE t ALTER c TYPE text",
     {}},
    {"CidrToInet",
     "CREATE TABLE t (id int PRIMARY KEY, c cidr); INSERT INTO t VALUES (1, '10.1.2.3/32');",
     "ALTER TABLE t ALTER c TYPE inet",
     {}},
    {"NullsAreFilled",
     kPerson,
     "UPDATE person SET born = '2000-01-01' WHERE born IS NULL; ALTER TABLE person ALTER born SET NOT NULL",
     {}},
    {"KeyIsReplacedByAWiderOne",
     kPerson,
     "ALTER TABLE person ADD key bigint GENERATED ALWAYS AS IDENTITY; ALTER TABLE person DROP CONSTRAINT "
     "person_pkey; "
     "ALTER TABLE person ADD PRIMARY KEY (key)",
     {}},
    {"ArraysOfWiderElements",
     "CREATE TABLE t (id int PRIMARY KEY, a int[]); INSERT INTO t VALUES (1, '{1,2}');",
     "ALTER TABLE t ALTER a TYPE bigint[]",
     {}},
    {"NoKeyAndNewColumn",
     "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (1, 'x'), (NULL, NULL);",
     "ALTER TABLE t ADD c int DEFAULT 5",
     {}},
    // Names.
    {"TableRenamed",
     kPerson,
     "ALTER TABLE person RENAME TO people",
     {"renamed public.person (public.people)"}},
    {"TableMoved",
     kPerson,
     "CREATE SCHEMA app; ALTER TABLE person SET SCHEMA app",
     {"renamed public.person (app.person)"}},
    {"ColumnRenamed",
     kPerson,
     "ALTER TABLE person RENAME mail TO email",
     {"renamed public.person mail (email)"}},
    {"LabelRenamed",
     "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (id int PRIMARY KEY, m mood); INSERT INTO t "
     "VALUES (1, 'bad');",
     "ALTER TYPE mood RENAME VALUE 'bad' TO 'sad'",
     {"renamed public.t m ('bad' -> 'sad')"}},
    // Tables.
    {"TableDropped", kPerson, "DROP TABLE person", {"table public.person 3/3"}},
    {"EmptyTableDropped",
     "CREATE TABLE t (id int) PARTITION BY LIST (id);",
     "DROP TABLE t",
     {"table public.t 0/0"}},
    {"CopiedUnderItsName",
     kPerson,
     "CREATE TABLE copy (LIKE person INCLUDING ALL); INSERT INTO copy SELECT * FROM person; DROP TABLE "
     "person CASCADE; "
     "ALTER TABLE copy RENAME TO person; CREATE SEQUENCE person_id_seq OWNED BY person.id; SELECT "
     "setval('person_id_seq', 3);"
     "ALTER TABLE person ALTER id SET DEFAULT nextval('person_id_seq')",
     {"table public.person 3/3 (made anew) => public.person"}},
    {"CopiedUnderAnotherName",
     kPerson,
     "CREATE TABLE people AS SELECT * FROM person; DROP TABLE person",
     {"table public.person 3/3 => public.people"}},
    {"CopiedInPart",
     kPerson,
     "CREATE TABLE people AS SELECT id, name, mail FROM person; DROP TABLE person; ALTER TABLE people RENAME "
     "TO person",
     {"table public.person 3/3 (made anew) => public.person", "column public.person born 2/2 (date)",
      "column public.person score 2/2 (numeric(10,4))"}},
    {"MadeAnewWithoutRows",
     kPerson,
     "DROP TABLE person; CREATE TABLE person (id int, name text)",
     {"table public.person 3/3 (made anew without its rows)"}},
    {"CopyCountsFromTheStart",
     kPerson,
     "CREATE TABLE fresh (id serial PRIMARY KEY, name varchar(20) NOT NULL, mail text, born date, score "
     "numeric(10,4)); "
     "INSERT INTO fresh SELECT * FROM person; DROP TABLE person; ALTER TABLE fresh RENAME TO person",
     {"table public.person 3/3 (made anew) => public.person",
      "values public.person sequence public.fresh_id_seq (next is 1, and there are rows up to 3)"}},
    {"SplitInTwo",
     kPerson,
     "CREATE TABLE names AS SELECT id, name FROM person; CREATE TABLE details AS SELECT id AS person, mail, "
     "born, score FROM person; "
     "DROP TABLE person",
     {"table public.person 3/3 => public.names.id, public.names.name, public.details.mail, "
      "public.details.born, public.details.score"}},
    // Columns.
    {"ColumnDropped", kPerson, "ALTER TABLE person DROP mail", {"column public.person mail 2/2 (text)"}},
    {"EmptyColumnDropped",
     "CREATE TABLE t (id int PRIMARY KEY, c text); INSERT INTO t VALUES (1, NULL);",
     "ALTER TABLE t DROP c",
     {"column public.t c 0/0 (text)"}},
    {"ColumnCopied",
     kPerson,
     "ALTER TABLE person ADD email text; UPDATE person SET email = mail; ALTER TABLE person DROP mail",
     {"column public.person mail 2/2 (text) => public.person.email"}},
    {"ColumnCopiedAsAnotherType",
     "CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 5), (2, 7);",
     "ALTER TABLE t ADD m numeric(9,2); UPDATE t SET m = n; ALTER TABLE t DROP n",
     {"column public.t n 2/2 (integer) => public.t.m"}},
    {"ColumnsMerged",
     "CREATE TABLE t (id int PRIMARY KEY, first text, last text); INSERT INTO t VALUES (1, 'Anna', 'Berg'), "
     "(2, 'Carla', 'Diaz');",
     "ALTER TABLE t ADD full_name text; UPDATE t SET full_name = first || ' ' || last; ALTER TABLE t DROP "
     "first, DROP last",
     {"column public.t first 2/2 (text) => public.t.full_name",
      "column public.t last 2/2 (text) => public.t.full_name"}},
    {"ColumnIntoADocument",
     kPerson,
     "ALTER TABLE person ADD data jsonb; UPDATE person SET data = jsonb_build_object('mail', mail); ALTER "
     "TABLE person DROP mail",
     {"column public.person mail 2/2 (text) => public.person.data"}},
    {"ColumnIntoATableOfItsOwn",
     kPerson,
     "CREATE TABLE address (person int REFERENCES person, mail text); INSERT INTO address SELECT id, mail "
     "FROM person WHERE mail IS NOT NULL; "
     "ALTER TABLE person DROP mail",
     {"column public.person mail 2/2 (text) => public.address.mail"}},
    {"ColumnReplacedByAnotherType",
     "CREATE TABLE t (id int PRIMARY KEY, n text); INSERT INTO t VALUES (1, 'long text'), (2, 'other text');",
     "ALTER TABLE t DROP n; ALTER TABLE t ADD n text",
     {"column public.t n 2/2 (text)"}},
    {"CopyThatMissesOne",
     kPerson,
     "ALTER TABLE person ADD email text; UPDATE person SET email = mail WHERE id < 2; ALTER TABLE person "
     "DROP mail",
     {"column public.person mail 2/2 (text)"}},
    {"BooleanIsNotFoundByChance",
     "CREATE TABLE t (id int PRIMARY KEY, b boolean, c boolean); INSERT INTO t VALUES (1, true, true), (2, "
     "false, false);",
     "ALTER TABLE t DROP b",
     {"column public.t b 2/2 (boolean)"}},
    {"DefaultIsNoCopy",
     "CREATE TABLE t (id int PRIMARY KEY, b boolean); INSERT INTO t VALUES (1, true), (2, true);",
     "ALTER TABLE t DROP b; ALTER TABLE t ADD active boolean NOT NULL DEFAULT true",
     {"column public.t b 2/2 (boolean)"}},
    {"SmallNumbersAreNotFoundByChance",
     "CREATE TABLE t (id int PRIMARY KEY, place int); INSERT INTO t VALUES (1, 1), (2, 2);",
     "CREATE TABLE u (id serial PRIMARY KEY); INSERT INTO u SELECT FROM t; ALTER TABLE t DROP place",
     {"column public.t place 2/2 (integer)"}},
    {"SmallNumbersMoved",
     "CREATE TABLE t (id int PRIMARY KEY, place int); INSERT INTO t VALUES (1, 7), (2, 8);",
     "CREATE TABLE u AS SELECT id AS t, place FROM t; ALTER TABLE t DROP place",
     {"column public.t place 2/2 (integer) => public.u.place"}},
    // Rows.
    {"RowsDeleted", kPerson, "DELETE FROM person WHERE id > 1", {"rows public.person 2/3"}},
    {"AllRowsTruncated", kPerson, "TRUNCATE person", {"rows public.person 3/3"}},
    {"RowsArchived",
     kPerson,
     "CREATE TABLE old AS SELECT * FROM person WHERE id = 1; DELETE FROM person WHERE id = 1",
     {"rows public.person 1/3 => public.old"}},
    {"DoubleRowsRemoved",
     "CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (1, 'x'), (2, 'y');",
     "DELETE FROM t WHERE ctid NOT IN (SELECT min(ctid) FROM t GROUP BY a, b)",
     {"rows public.t 1/3"}},
    {"KeysNumberedAnew",
     kPerson,
     "UPDATE person SET id = id + 100",
     {"values public.person id 3/3 ('1' -> '101')"}},
    // Values.
    {"ValuesNulled",
     kPerson,
     "UPDATE person SET mail = NULL",
     {"values public.person mail 2/2 ('anna@example.org' -> NULL)"}},
    {"ValuesOverwritten",
     kPerson,
     "UPDATE person SET name = upper(name)",
     {"values public.person name 3/3 ('Anna Berg' -> 'ANNA BERG')"}},
    {"ValuesKeptElsewhere",
     kPerson,
     "ALTER TABLE person ADD old_name text; UPDATE person SET old_name = name, name = 'x'",
     {"values public.person name 3/3 ('Anna Berg' -> 'x') => public.person.old_name"}},
    {"ScaleRounded",
     kPerson,
     "ALTER TABLE person ALTER score TYPE numeric(10,2)",
     {"values public.person score 1/2 (numeric(10,4) -> numeric(10,2): '1.2345' -> '1.23')"}},
    {"TimesCutToDates",
     "CREATE TABLE t (id int PRIMARY KEY, at timestamptz); INSERT INTO t VALUES (1, '2024-01-01 "
     "10:00:00+00');",
     "ALTER TABLE t ALTER at TYPE date",
     {"values public.t at 1/1 (timestamp with time zone -> date: '2024-01-01 10:00:00+00' -> '2024-01-01')"}},
    {"TextCut",
     kPerson,
     "ALTER TABLE person ALTER name TYPE varchar(5) USING left(name, 5)",
     {"values public.person name 2/3 (character varying(20) -> character varying(5): 'Anna Berg' -> 'Anna "
      "')"}},
    {"SequenceSetBack",
     kPerson,
     "ALTER SEQUENCE person_id_seq RESTART",
     {"values public.person sequence public.person_id_seq (next 4 -> 1)"}},
    // Types that hold less, where these values survived.
    {"TextNarrowed",
     kPerson,
     "ALTER TABLE person ALTER name TYPE varchar(10)",
     {"narrowed public.person name 0/3 (character varying(20) -> character varying(10))"}},
    {"TextGetsALength",
     kPerson,
     "ALTER TABLE person ALTER mail TYPE varchar(255)",
     {"narrowed public.person mail 0/2 (text -> character varying(255))"}},
    {"BigintToInteger",
     "CREATE TABLE t (id bigint PRIMARY KEY); INSERT INTO t VALUES (1);",
     "ALTER TABLE t ALTER id TYPE int",
     {"narrowed public.t id 0/1 (bigint -> integer)"}},
    {"TextToEnum",
     "CREATE TABLE t (id int PRIMARY KEY, m text); INSERT INTO t VALUES (1, 'good');",
     "CREATE TYPE mood AS ENUM ('good', 'bad'); ALTER TABLE t ALTER m TYPE mood USING m::mood",
     {"narrowed public.t m 0/1 (text -> public.mood)"}},
    {"LabelTaken",
     "CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (id int PRIMARY KEY, m mood); INSERT INTO t "
     "VALUES (1, 'good');",
     "ALTER TYPE mood RENAME TO mood_old; CREATE TYPE mood AS ENUM ('good'); ALTER TABLE t ALTER m TYPE mood "
     "USING m::text::mood; "
     "DROP TYPE mood_old",
     {"narrowed public.t m 0/1 (public.mood without 'bad')"}},
    {"IntegerScale",
     "CREATE TABLE t (id int PRIMARY KEY, n numeric(10,2)); INSERT INTO t VALUES (1, 5);",
     "ALTER TABLE t ALTER n TYPE numeric(6,2)",
     {"narrowed public.t n 0/1 (numeric(10,2) -> numeric(6,2))"}},
    {"DoubleToReal",
     "CREATE TABLE t (id int PRIMARY KEY, n double precision); INSERT INTO t VALUES (1, 0.5);",
     "ALTER TABLE t ALTER n TYPE real",
     {"narrowed public.t n 0/1 (double precision -> real)"}},
    // Partitions.
    {"PartitionDropped",
     "CREATE TABLE t (id int, d text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES "
     "FROM (0) TO (10); "
     "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20); INSERT INTO t VALUES (1, 'aa'), (2, "
     "'bb'), (11, 'cc');",
     "DROP TABLE t1",
     {"table public.t1 2/2 (partition of public.t)"}},
    {"PartitionDetached",
     "CREATE TABLE t (id int, d text) PARTITION BY RANGE (id); CREATE TABLE t1 PARTITION OF t FOR VALUES "
     "FROM (0) TO (10); "
     "CREATE TABLE t2 PARTITION OF t FOR VALUES FROM (10) TO (20); INSERT INTO t VALUES (1, 'aa'), (2, "
     "'bb'), (11, 'cc');",
     "ALTER TABLE t DETACH PARTITION t1",
     {}},
    {"BecomesPartitioned",
     kPerson,
     "ALTER TABLE person RENAME TO person_old; CREATE TABLE person (LIKE person_old) PARTITION BY RANGE "
     "(id); "
     "CREATE TABLE person_1 PARTITION OF person DEFAULT; INSERT INTO person SELECT * FROM person_old; DROP "
     "TABLE person_old CASCADE",
     {"table public.person 3/3 (made anew) => public.person"}},
};

TEST_P(Upgrade, IsCompared) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query("SET search_path = public");
  connection->query(GetParam().schema);
  fill(*connection);
  connection->query("SET search_path = public");
  const Contents before = read_contents(*connection);
  if (*GetParam().migration != '\0') connection->query(GetParam().migration);
  std::vector<std::string> lines;
  for (const auto& loss : losses(before, read_contents(*connection))) lines.push_back(line_of(loss));
  EXPECT_THAT(lines, ElementsAreArray(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(All, Upgrade, ::testing::ValuesIn(kCases),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace exitgate::rows
