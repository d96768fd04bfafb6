// Rows are put in, and their loss is seen, on each major version.
#include "harness/rows/fill.h"
#include "harness/rows/losses.h"
#include "tests/majors/each_major.h"

namespace exitgate::testing_majors {
namespace {

class Rows : public EachMajor {};

constexpr const char* kSchema = R"sql(
SET search_path = public;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN mail AS text CHECK (VALUE ~ '^[^@]+@[a-z]+\.[a-z]{2,}$');
CREATE TABLE customer (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail mail NOT NULL UNIQUE, mood mood, name varchar(40) NOT NULL,
                       parent int REFERENCES customer, tags text[], data jsonb, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE orders (id bigserial, customer int NOT NULL REFERENCES customer, state text NOT NULL CHECK (state IN ('new', 'paid')),
                     day date NOT NULL, total numeric(10,2) CHECK (total >= 0), during tstzrange, twice numeric GENERATED ALWAYS AS (total * 2) STORED,
                     PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE orders_1 PARTITION OF orders FOR VALUES FROM ('2030-01-01') TO ('2030-07-01');
CREATE TABLE orders_2 PARTITION OF orders DEFAULT;
CREATE TABLE hashed (id int PRIMARY KEY) PARTITION BY HASH (id);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
)sql";

TEST_P(Rows, ArePutIntoEachTable) {
  const database::Cluster cluster(programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query(kSchema);
  for (const auto& table : rows::fill(*connection)) {
    EXPECT_GE(table.rows, 3) << table.relation << ": " << table.reason;
    EXPECT_EQ(table.note, "") << table.relation;
  }
}

TEST_P(Rows, AreSeenToBeLost) {
  const database::Cluster cluster(programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query(kSchema);
  rows::fill(*connection);
  const auto before = rows::read_contents(*connection);
  EXPECT_TRUE(rows::losses(before, rows::read_contents(*connection)).empty());
  connection->query(
      "SET search_path = public; ALTER TABLE customer DROP data; ALTER TABLE customer RENAME COLUMN name TO "
      "called; "
      "ALTER TABLE customer ALTER called TYPE varchar(50); ALTER TABLE orders DROP CONSTRAINT "
      "orders_total_check; "
      "ALTER TABLE customer ADD labels text[]; UPDATE customer SET labels = tags; ALTER TABLE customer DROP "
      "tags; DROP TABLE hashed_1");
  std::vector<std::string> lines;
  for (const auto& loss : rows::losses(before, rows::read_contents(*connection))) {
    lines.push_back(fmt::format("{} {} {} {}", to_text(loss.kind), loss.relation, loss.name.value_or("-"),
                                loss.kept_in.value_or("-")));
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"column public.customer data -",
                                             "column public.customer tags public.customer.labels",
                                             "renamed public.customer name -", "table public.hashed_1 - -"}));
}

INSTANTIATE_TEST_SUITE_P(All, Rows, ::testing::ValuesIn(kMajors), name_of_major);

}  // namespace
}  // namespace exitgate::testing_majors
