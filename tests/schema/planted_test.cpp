// A hundred changes planted in a schema of a thousand tables: all found, none invented.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/base/text.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {
namespace {

// {0} stands for the number of a table, which is another one for each change.
struct Planted {
  const char* sql;
  const char* expected;  // all that may differ
};

// clang-format off
const Planted kPlanted[] = {
    // Columns
    {"ALTER TABLE app.t{0} ADD hotfix text", "added column app.t{0}.hotfix"},
    {"ALTER TABLE app.t{0} DROP payload", "removed column app.t{0}.payload"},
    {"ALTER TABLE app.t{0} ALTER created TYPE timestamptz(3)", "changed column app.t{0}.created"},
    {"ALTER TABLE app.t{0} ALTER name DROP NOT NULL", "changed column app.t{0}.name"},
    {"ALTER TABLE app.t{0} ALTER amount SET NOT NULL", "changed column app.t{0}.amount"},
    {"ALTER TABLE app.t{0} ALTER payload TYPE json", "changed column app.t{0}.payload"},
    {"ALTER TABLE app.t{0} ALTER state SET DEFAULT 'none'", "changed column app.t{0}.state"},
    {"ALTER TABLE app.t{0} ALTER state DROP DEFAULT", "changed column app.t{0}.state"},
    {"ALTER TABLE app.t{0} ALTER payload SET STORAGE EXTERNAL", "changed column app.t{0}.payload"},
    {"ALTER TABLE app.t{0} ALTER payload SET STATISTICS 500", "changed column app.t{0}.payload"},
    // Constraints
    {"ALTER TABLE app.t{0} DROP CONSTRAINT known_{0}", "removed constraint app.t{0}.known_{0}"},
    {"ALTER TABLE app.t{0} DROP CONSTRAINT known_{0}, ADD CONSTRAINT known_{0} CHECK (state IN ('new', 'gone'))", "changed constraint app.t{0}.known_{0}"},
    {"ALTER TABLE app.t{0} ADD CONSTRAINT more_{0} CHECK (amount > 0) NOT VALID", "added constraint app.t{0}.more_{0}"},
    {"ALTER TABLE app.t{0} DROP CONSTRAINT refers_{0}", "removed constraint app.t{0}.refers_{0}"},
    {"ALTER TABLE app.t{0} DROP CONSTRAINT refers_{0}, ADD CONSTRAINT refers_{0} FOREIGN KEY (parent) REFERENCES app.t1 (id) ON DELETE CASCADE", "changed constraint app.t{0}.refers_{0}"},
    {"ALTER TABLE app.t{0} ALTER CONSTRAINT refers_{0} DEFERRABLE", "changed constraint app.t{0}.refers_{0}"},
    {"ALTER TABLE app.t{0} DROP CONSTRAINT once_{0}, ADD CONSTRAINT once_{0} UNIQUE (name, state)", "changed constraint app.t{0}.once_{0}"},
    {"ALTER TABLE app.t{0} DROP CONSTRAINT t{0}_pkey, ADD CONSTRAINT t{0}_pkey PRIMARY KEY (id, name)", "changed constraint app.t{0}.t{0}_pkey"},
    // Indexes
    {"DROP INDEX app.by_parent_{0}", "removed index app.by_parent_{0}"},
    {"CREATE INDEX extra_{0} ON app.t{0} (amount)", "added index app.extra_{0}"},
    {"DROP INDEX app.by_parent_{0}; CREATE UNIQUE INDEX by_parent_{0} ON app.t{0} (parent)", "changed index app.by_parent_{0}"},
    {"DROP INDEX app.by_parent_{0}; CREATE INDEX by_parent_{0} ON app.t{0} (parent) WHERE amount > 1", "changed index app.by_parent_{0}"},
    {"DROP INDEX app.by_parent_{0}; CREATE INDEX by_parent_{0} ON app.t{0} (parent DESC)", "changed index app.by_parent_{0}"},
    {"DROP INDEX app.by_parent_{0}; CREATE INDEX by_parent_{0} ON app.t{0} USING hash (parent)", "changed index app.by_parent_{0}"},
    {"ALTER INDEX app.by_parent_{0} SET (fillfactor = 60)", "changed index app.by_parent_{0}"},
    // Tables
    {"CREATE TABLE app.fresh_{0} (id int PRIMARY KEY, note text)", "added table app.fresh_{0}"},
    {"DROP TABLE app.alone_{0}", "removed table app.alone_{0}"},
    {"ALTER TABLE app.t{0} ENABLE ROW LEVEL SECURITY", "changed table app.t{0}"},
    {"ALTER TABLE app.alone_{0} SET UNLOGGED", "changed table app.alone_{0}"},
    {"ALTER TABLE app.t{0} SET (autovacuum_enabled = false)", "changed table app.t{0}"},
    {"ALTER TABLE app.t{0} OWNER TO other", "changed owner table app.t{0}; changed owner sequence app.s{0}"},
    {"GRANT DELETE ON app.t{0} TO other", "added grant table app.t{0} to other"},
    {"REVOKE SELECT ON app.t{0} FROM reader", "removed grant table app.t{0} to reader"},
    {"COMMENT ON TABLE app.t{0} IS 'changed'", "changed comment table app.t{0}"},
    {"COMMENT ON COLUMN app.t{0}.name IS 'fresh'", "added comment column app.t{0}.name"},
    {"ALTER TABLE app.alone_{0} RENAME TO renamed_{0}", "removed table app.alone_{0}; added table app.renamed_{0}"},
    // Views, functions, policies, triggers, sequences, types
    {"CREATE OR REPLACE VIEW app.v{0} AS SELECT id, name FROM app.t{0} WHERE amount > 11", "changed view app.v{0}"},
    {"DROP VIEW app.v{0}", "removed view app.v{0}"},
    {"CREATE OR REPLACE FUNCTION app.f{0}(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1'", "changed function app.f{0}(a integer)"},
    {"ALTER FUNCTION app.f{0}(int) SECURITY DEFINER", "changed function app.f{0}(a integer)"},
    {"CREATE FUNCTION app.f{0}(a text) RETURNS int LANGUAGE sql AS 'SELECT 1'", "added function app.f{0}(a text)"},
    {"ALTER POLICY own_{0} ON app.t{0} USING (true)", "changed policy app.t{0}.own_{0}"},
    {"DROP POLICY own_{0} ON app.t{0}", "removed policy app.t{0}.own_{0}"},
    {"ALTER TABLE app.t{0} DISABLE TRIGGER stamp_{0}", "changed trigger app.t{0}.stamp_{0}"},
    {"DROP TRIGGER stamp_{0} ON app.t{0}", "removed trigger app.t{0}.stamp_{0}"},
    {"ALTER SEQUENCE app.s{0} CYCLE", "changed sequence app.s{0}"},
    {"ALTER SEQUENCE app.s{0} AS bigint", "changed sequence app.s{0}"},
    {"ALTER TYPE app.e{0} ADD VALUE 'late'", "changed enum app.e{0}"},
    {"ALTER DOMAIN app.d{0} SET NOT NULL", "changed domain app.d{0}"},
    {"DROP STATISTICS app.st{0}", "removed statistics app.st{0}"},
};
// clang-format on

constexpr const char* kThousandTables = R"sql(
CREATE SCHEMA app; CREATE ROLE reader; CREATE ROLE other; GRANT CREATE ON SCHEMA app TO other;
CREATE FUNCTION app.stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
DO $do$
BEGIN
  FOR n IN 1..900 LOOP
    EXECUTE format($q$
      CREATE TABLE app.t%1$s (id int CONSTRAINT t%1$s_pkey PRIMARY KEY,
        parent int CONSTRAINT refers_%1$s REFERENCES app.t%2$s (id), name varchar(80) NOT NULL,
        amount numeric(12,2), state text DEFAULT 'new' CONSTRAINT known_%1$s CHECK (state IN ('new', 'done')),
        created timestamptz DEFAULT now(), payload jsonb, CONSTRAINT once_%1$s UNIQUE (name));
      CREATE INDEX by_parent_%1$s ON app.t%1$s (parent)
    $q$, n, CASE WHEN n <= 100 THEN n ELSE (n - 101) % 100 + 1 END);
    -- What the changes are planted in; nothing refers to these.
    IF n > 800 THEN
      EXECUTE format($q$
        CREATE TABLE app.alone_%1$s (id int PRIMARY KEY, note text);
        COMMENT ON TABLE app.t%1$s IS 'as it was';
        GRANT SELECT ON app.t%1$s TO reader;
        CREATE VIEW app.v%1$s AS SELECT id, name FROM app.t%1$s WHERE amount > 10;
        CREATE FUNCTION app.f%1$s(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
        CREATE POLICY own_%1$s ON app.t%1$s TO reader USING (name = current_user);
        CREATE TRIGGER stamp_%1$s BEFORE INSERT ON app.t%1$s FOR EACH ROW EXECUTE FUNCTION app.stamp();
        CREATE SEQUENCE app.s%1$s AS integer OWNED BY app.t%1$s.id;
        CREATE TYPE app.e%1$s AS ENUM ('a', 'b');
        CREATE DOMAIN app.d%1$s AS text;
        CREATE STATISTICS app.st%1$s ON name, state FROM app.t%1$s
      $q$, n);
    END IF;
  END LOOP;
END $do$)sql";

std::string numbered(std::string text, int number) {
  for (std::size_t at = 0; (at = text.find("{0}", at)) != std::string::npos;) {
    text.replace(at, 3, std::to_string(number));
  }
  return text;
}

TEST(PlantedChanges, AHundredInAThousandTables) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query(kThousandTables);
  const auto tables = connection->query(
      "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'app'::regnamespace");
  EXPECT_EQ(tables.text(0, 0), "1000");
  const Snapshot before = take_snapshot(*connection);
  // Each kind of change in two tables; each table has one change.
  std::multiset<std::string> expected;
  std::string sql;
  int number = 801;
  for (int round = 0; round < 2; ++round) {
    for (const auto& planted : kPlanted) {
      sql += numbered(planted.sql, number) + ";";
      for (const auto& one : split(numbered(planted.expected, number), ';')) expected.emplace(trim(one));
      ++number;
    }
  }
  EXPECT_EQ(number, 901);
  connection->query(sql);
  const Snapshot after = take_snapshot(*connection);
  std::multiset<std::string> found;
  for (const auto& difference : compare(before.objects, after.objects).differences) {
    found.insert(fmt::format("{} {} {}", to_text(difference.change), difference.kind, difference.identity));
  }
  for (const auto& one : expected)
    EXPECT_TRUE(found.count(one) == expected.count(one)) << "not found: " << one;
  for (const auto& one : found) EXPECT_TRUE(expected.count(one) == found.count(one)) << "invented: " << one;
}

}  // namespace
}  // namespace exitgate::collect::schema
