// Each change that a user would call a change: the fingerprint differs, and the comparison names the object
// that was changed and nothing else.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "tests/schema/base_schema.h"

namespace exitgate::collect::schema {
namespace {

struct Case {
  const char* sql;
  const char* expected;  // "added table shop.x; removed …"
};

// clang-format off
const Case kCases[] = {
    // Schemas
    {"CREATE SCHEMA fresh", "added schema fresh"},
    {"DROP SCHEMA \"Back Office\" CASCADE", "removed schema \"Back Office\"; removed table \"Back Office\".\"Odd \"\"Table\"\"\""},
    {"COMMENT ON SCHEMA shop IS 'something else'", "changed comment schema shop"},
    {"COMMENT ON SCHEMA shop IS NULL", "removed comment schema shop"},
    {"COMMENT ON SCHEMA public IS 'ours'", "added comment schema public"},
    {"ALTER SCHEMA shop OWNER TO app_owner", "changed owner schema shop"},
    {"GRANT CREATE ON SCHEMA public TO PUBLIC", "added grant schema public to PUBLIC"},
    {"REVOKE ALL ON SCHEMA public FROM PUBLIC", "added grant schema public to PUBLIC"},
    // Tables
    {"CREATE TABLE shop.fresh (id int PRIMARY KEY, note text)", "added table shop.fresh"},
    {"DROP TABLE shop.cache", "removed table shop.cache"},
    {"ALTER TABLE shop.cache SET LOGGED", "changed table shop.cache"},
    {"ALTER TABLE shop.cache SET (fillfactor = 80)", "changed table shop.cache"},
    {"ALTER TABLE shop.cache RESET (fillfactor)", "changed table shop.cache"},
    {"ALTER TABLE shop.cache SET (toast.autovacuum_enabled = false)", "changed table shop.cache"},
    {"ALTER TABLE shop.customer REPLICA IDENTITY FULL", "changed table shop.customer"},
    {"ALTER TABLE shop.customer REPLICA IDENTITY NOTHING", "changed table shop.customer"},
    {"ALTER TABLE shop.customer REPLICA IDENTITY USING INDEX mail_once", "changed constraint shop.customer.mail_once"},
    {"ALTER TABLE shop.orders DISABLE ROW LEVEL SECURITY", "changed table shop.orders"},
    {"ALTER TABLE shop.orders FORCE ROW LEVEL SECURITY", "changed table shop.orders"},
    {"ALTER TABLE shop.customer ENABLE ROW LEVEL SECURITY", "changed table shop.customer"},
    {"ALTER TABLE shop.cache OWNER TO app_owner", "changed owner table shop.cache"},
    {"COMMENT ON TABLE shop.customer IS 'who pays'", "changed comment table shop.customer"},
    {"COMMENT ON TABLE shop.orders IS 'what they buy'", "added comment table shop.orders"},
    {"ALTER TABLE shop.vip NO INHERIT shop.customer", "changed table shop.vip; added column shop.vip.id; added column shop.vip.kind; added column shop.vip.mail; added column shop.vip.name; added column shop.vip.nick; added column shop.vip.note; added column shop.vip.upper_name; added constraint shop.vip.kind_known"},
    {"ALTER TABLE shop.event DETACH PARTITION shop.event_rest", "changed table shop.event_rest; added column shop.event_rest.at; added column shop.event_rest.what; added index shop.event_rest_at_idx"},
    {"CREATE TABLE shop.event_2027 PARTITION OF shop.event FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')", "added table shop.event_2027"},
    {"ALTER TABLE shop.orders SET SCHEMA public", "removed table shop.orders; added table public.orders; changed materialized view shop.totals; changed publication changes; changed statistics shop.order_stats; changed view shop.open_orders"},
    {"ALTER TABLE shop.orders CLUSTER ON orders_placed", "changed index shop.orders_placed"},
    {"ALTER TABLE shop.orders CLUSTER ON orders_pkey", "changed constraint shop.orders.orders_pkey"},
    // Columns
    {"ALTER TABLE shop.cache ADD created date", "added column shop.cache.created"},
    {"ALTER TABLE shop.cache DROP value", "removed column shop.cache.value"},
    {"ALTER TABLE shop.cache DROP value, ADD value bytea", ""},
    {"ALTER TABLE shop.orders DROP tags, ADD tags text[]", "changed column order shop.orders"},
    {"ALTER TABLE shop.cache ALTER key TYPE varchar(10)", "changed column shop.cache.key"},
    {"ALTER TABLE shop.customer ALTER name SET DEFAULT 'nobody'", "changed column shop.customer.name"},
    {"ALTER TABLE ONLY shop.customer ALTER name SET DEFAULT 'nobody'", "changed column shop.customer.name; added column shop.vip.name"},
    {"ALTER TABLE shop.cache ALTER key SET DEFAULT 'k'", "changed column shop.cache.key"},
    {"ALTER TABLE shop.orders ALTER state DROP DEFAULT", "changed column shop.orders.state"},
    {"ALTER TABLE shop.cache ALTER key SET NOT NULL", "changed column shop.cache.key"},
    {"ALTER TABLE shop.orders ALTER customer_id DROP NOT NULL", "changed column shop.orders.customer_id"},
    {"ALTER TABLE shop.cache ALTER key SET STORAGE EXTERNAL", "changed column shop.cache.key"},
    {"ALTER TABLE shop.cache ALTER key SET COMPRESSION pglz", "changed column shop.cache.key"},
    {"ALTER TABLE shop.cache ALTER key SET STATISTICS 500", "changed column shop.cache.key"},
    {"ALTER TABLE shop.cache ALTER key SET (n_distinct = 5)", "changed column shop.cache.key"},
    {"ALTER TABLE shop.cache ALTER key TYPE text COLLATE \"C\"", "changed column shop.cache.key"},
    {"ALTER TABLE shop.cache RENAME key TO name", "removed column shop.cache.key; added column shop.cache.name"},
    {"ALTER TABLE shop.customer ALTER id SET GENERATED BY DEFAULT", "changed column shop.customer.id"},
    {"ALTER TABLE shop.customer ALTER id DROP IDENTITY", "changed column shop.customer.id"},
    {"ALTER TABLE shop.customer ALTER id SET START 1000", "changed column shop.customer.id"},
    {"ALTER TABLE shop.customer ALTER upper_name DROP EXPRESSION", "changed column shop.customer.upper_name"},
    {"ALTER TABLE shop.event ADD who text", "added column shop.event.who"},
    {"ALTER TABLE shop.event_2026 ALTER what SET DEFAULT 'nothing'", "added column shop.event_2026.what"},
    {"COMMENT ON COLUMN shop.customer.mail IS 'x'", "changed comment column shop.customer.mail"},
    {"COMMENT ON COLUMN shop.open_orders.id IS 'x'", "added comment column shop.open_orders.id"},
    {"COMMENT ON COLUMN shop.event_2026.what IS 'x'", "added comment column shop.event_2026.what"},
    {"ALTER VIEW shop.open_orders ALTER customer_id SET DEFAULT 7", "added column shop.open_orders.customer_id"},
    // Constraints
    {"ALTER TABLE shop.orders DROP CONSTRAINT total_sane", "removed constraint shop.orders.total_sane"},
    {"ALTER TABLE shop.orders ADD CHECK (id > 0)", "added constraint shop.orders.orders_id_check"},
    {"ALTER TABLE shop.orders ADD CONSTRAINT later CHECK (id > 0) NOT VALID", "added constraint shop.orders.later"},
    {"ALTER TABLE shop.orders DROP CONSTRAINT total_sane, ADD CONSTRAINT total_sane CHECK (total < 1000000) NOT VALID", "changed constraint shop.orders.total_sane"},
    {"ALTER TABLE shop.orders DROP CONSTRAINT total_sane, ADD CONSTRAINT total_sane CHECK (total < 1000001)", "changed constraint shop.orders.total_sane"},
    {"ALTER TABLE shop.orders RENAME CONSTRAINT total_sane TO total_small", "removed constraint shop.orders.total_sane; added constraint shop.orders.total_small"},
    {"ALTER TABLE shop.orders ALTER CONSTRAINT orders_customer DEFERRABLE INITIALLY DEFERRED", "changed constraint shop.orders.orders_customer"},
    {"ALTER TABLE shop.orders DROP CONSTRAINT orders_customer, ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES shop.customer (id) ON DELETE SET NULL", "changed constraint shop.orders.orders_customer"},
    {"ALTER TABLE shop.orders DROP CONSTRAINT no_overlap", "removed constraint shop.orders.no_overlap"},
    {"ALTER TABLE shop.customer DROP CONSTRAINT mail_once, ADD CONSTRAINT mail_once UNIQUE (mail, name)", "changed constraint shop.customer.mail_once"},
    {"ALTER TABLE shop.customer DROP CONSTRAINT mail_once, ADD CONSTRAINT mail_once UNIQUE (mail) WITH (fillfactor = 50)", "changed constraint shop.customer.mail_once"},
    {"ALTER TABLE shop.customer DROP CONSTRAINT mail_once, ADD CONSTRAINT mail_once UNIQUE NULLS NOT DISTINCT (mail)", "changed constraint shop.customer.mail_once"},
    {"ALTER TABLE shop.customer DROP CONSTRAINT mail_once, ADD CONSTRAINT mail_once UNIQUE (mail) DEFERRABLE", "changed constraint shop.customer.mail_once"},
    {"ALTER TABLE ONLY shop.customer ADD CONSTRAINT not_x CHECK (name <> 'x') NO INHERIT", "added constraint shop.customer.not_x"},
    {"ALTER TABLE shop.customer ADD CONSTRAINT not_x CHECK (name <> 'x')", "added constraint shop.customer.not_x"},
    {"ALTER TABLE shop.cache ADD PRIMARY KEY (key)", "changed column shop.cache.key; added constraint shop.cache.cache_pkey"},
    {"COMMENT ON CONSTRAINT total_sane ON shop.orders IS 'sane'", "added comment constraint shop.orders.total_sane"},
    // Indexes
    {"CREATE INDEX extra ON shop.orders (total)", "added index shop.extra"},
    {"CREATE INDEX extra ON shop.event_2026 (what)", "added index shop.extra"},
    {"DROP INDEX shop.orders_placed", "removed index shop.orders_placed"},
    {"DROP INDEX shop.orders_placed; CREATE INDEX orders_placed ON shop.orders (placed DESC)", "changed index shop.orders_placed"},
    {"DROP INDEX shop.orders_placed; CREATE INDEX orders_placed ON shop.orders (placed NULLS FIRST)", "changed index shop.orders_placed"},
    {"DROP INDEX shop.orders_placed; CREATE INDEX orders_placed ON shop.orders USING brin (placed)", "changed index shop.orders_placed"},
    {"DROP INDEX shop.orders_placed; CREATE INDEX orders_placed ON shop.orders (placed) INCLUDE (total)", "changed index shop.orders_placed"},
    {"DROP INDEX shop.orders_placed; CREATE UNIQUE INDEX orders_placed ON shop.orders (placed)", "changed index shop.orders_placed"},
    {"DROP INDEX shop.orders_placed; CREATE INDEX orders_placed ON shop.orders (placed) WHERE total > 0", "changed index shop.orders_placed"},
    {"ALTER INDEX shop.orders_placed SET (fillfactor = 60)", "changed index shop.orders_placed"},
    {"ALTER INDEX shop.orders_placed RENAME TO orders_when", "removed index shop.orders_placed; added index shop.orders_when"},
    {"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'shop.orders_placed'::regclass", "changed index shop.orders_placed"},
    {"COMMENT ON INDEX shop.orders_placed IS 'x'", "added comment index shop.orders_placed"},
    {"COMMENT ON INDEX shop.orders_pkey IS 'x'", "added comment index shop.orders_pkey"},
    // Sequences
    {"CREATE SEQUENCE shop.other_seq", "added sequence shop.other_seq"},
    {"DROP SEQUENCE shop.number_seq", "removed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.number_seq INCREMENT 7", "changed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.number_seq START 7", "changed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.number_seq MAXVALUE 7000", "changed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.number_seq CACHE 20", "changed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.number_seq CYCLE", "changed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.number_seq AS smallint", "changed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.number_seq OWNED BY shop.orders.total", "changed sequence shop.number_seq"},
    {"ALTER SEQUENCE shop.orders_id_seq OWNED BY NONE", "changed sequence shop.orders_id_seq"},
    {"ALTER SEQUENCE shop.number_seq SET UNLOGGED", "changed sequence shop.number_seq"},
    {"GRANT USAGE ON SEQUENCE shop.number_seq TO app_writer", "added grant sequence shop.number_seq to app_writer"},
    {"ALTER SEQUENCE shop.number_seq OWNER TO app_owner", "changed owner sequence shop.number_seq"},
    // Views
    {"CREATE VIEW shop.fresh AS SELECT 1 AS one", "added view shop.fresh"},
    {"DROP VIEW shop.open_orders", "removed view shop.open_orders"},
    {"CREATE OR REPLACE VIEW shop.open_orders AS SELECT id, customer_id FROM shop.orders WHERE state = 'new'", "changed view shop.open_orders"},
    {"CREATE OR REPLACE VIEW shop.open_orders AS SELECT id, customer_id, total FROM shop.orders WHERE state <> 'sent'", "changed view shop.open_orders"},
    {"ALTER VIEW shop.open_orders RENAME COLUMN id TO number", "changed view shop.open_orders"},
    {"ALTER VIEW shop.cautious SET (security_barrier = false)", "changed view shop.cautious"},
    {"ALTER VIEW shop.cautious SET (security_invoker = true)", "changed view shop.cautious"},
    {"ALTER VIEW shop.cautious RESET (check_option)", "changed view shop.cautious"},
    {"DROP MATERIALIZED VIEW shop.totals", "removed materialized view shop.totals"},
    {"ALTER MATERIALIZED VIEW shop.totals SET (fillfactor = 50)", "changed materialized view shop.totals"},
    {"DROP INDEX shop.totals_customer", "removed index shop.totals_customer"},
    {"ALTER VIEW shop.cautious OWNER TO app_owner", "changed owner view shop.cautious"},
    // Rules, triggers, policies
    {"DROP RULE no_delete ON shop.cache", "removed rule shop.cache.no_delete"},
    {"CREATE OR REPLACE RULE no_delete AS ON DELETE TO shop.cache WHERE OLD.key = 'x' DO INSTEAD NOTHING", "changed rule shop.cache.no_delete"},
    {"ALTER TABLE shop.cache DISABLE RULE no_delete", "changed rule shop.cache.no_delete"},
    {"DROP TRIGGER stamp_orders ON shop.orders", "removed trigger shop.orders.stamp_orders"},
    {"ALTER TABLE shop.orders DISABLE TRIGGER stamp_orders", "changed trigger shop.orders.stamp_orders"},
    {"ALTER TABLE shop.orders ENABLE ALWAYS TRIGGER stamp_orders", "changed trigger shop.orders.stamp_orders"},
    {"ALTER TABLE shop.orders ENABLE REPLICA TRIGGER stamp_orders", "changed trigger shop.orders.stamp_orders"},
    {"CREATE OR REPLACE TRIGGER stamp_orders BEFORE INSERT OR UPDATE ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.stamp()", "changed trigger shop.orders.stamp_orders"},
    {"CREATE OR REPLACE TRIGGER stamp_orders BEFORE INSERT ON shop.orders FOR EACH ROW WHEN (NEW.total > 1) EXECUTE FUNCTION shop.stamp()", "changed trigger shop.orders.stamp_orders"},
    {"CREATE TRIGGER on_event BEFORE INSERT ON shop.event FOR EACH ROW EXECUTE FUNCTION shop.stamp()", "added trigger shop.event.on_event"},
    {"DROP POLICY own_orders ON shop.orders", "removed policy shop.orders.own_orders"},
    {"ALTER POLICY own_orders ON shop.orders USING (customer_id = 2)", "changed policy shop.orders.own_orders"},
    {"ALTER POLICY own_orders ON shop.orders TO app_reader, app_writer", "changed policy shop.orders.own_orders"},
    {"ALTER POLICY own_orders ON shop.orders TO PUBLIC", "changed policy shop.orders.own_orders"},
    {"CREATE POLICY strict ON shop.orders AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK (total > 0)", "added policy shop.orders.strict"},
    {"DROP POLICY own_orders ON shop.orders; CREATE POLICY own_orders ON shop.orders FOR DELETE TO app_reader USING (customer_id = 1)", "changed policy shop.orders.own_orders"},
    {"ALTER EVENT TRIGGER watch_ddl DISABLE", "changed event trigger watch_ddl"},
    {"DROP EVENT TRIGGER watch_ddl", "removed event trigger watch_ddl"},
    {"DROP EVENT TRIGGER watch_ddl; CREATE EVENT TRIGGER watch_ddl ON ddl_command_start WHEN TAG IN ('DROP TABLE', 'DROP VIEW') EXECUTE FUNCTION shop.watch()", "changed event trigger watch_ddl"},
    // Types
    {"ALTER TYPE shop.state ADD VALUE 'lost'", "changed enum shop.state"},
    {"ALTER TYPE shop.state ADD VALUE 'draft' BEFORE 'new'", "changed enum shop.state"},
    {"ALTER TYPE shop.state RENAME VALUE 'sent' TO 'gone'", "changed enum shop.state; changed view shop.open_orders"},
    {"ALTER TYPE shop.address ADD ATTRIBUTE zip text", "changed type shop.address"},
    {"ALTER TYPE shop.address DROP ATTRIBUTE city", "changed type shop.address"},
    {"ALTER TYPE shop.address ALTER ATTRIBUTE city TYPE varchar(41)", "changed type shop.address"},
    {"ALTER TYPE shop.address RENAME ATTRIBUTE city TO town", "changed type shop.address"},
    {"ALTER DOMAIN shop.amount DROP NOT NULL", "changed domain shop.amount"},
    {"ALTER DOMAIN shop.amount SET DEFAULT 1", "changed domain shop.amount"},
    {"ALTER DOMAIN shop.amount DROP CONSTRAINT positive", "removed constraint shop.amount.positive"},
    {"ALTER DOMAIN shop.email ADD CONSTRAINT short CHECK (length(VALUE) < 100)", "added constraint shop.email.short"},
    {"ALTER DOMAIN shop.email ADD CONSTRAINT short CHECK (length(VALUE) < 100) NOT VALID", "added constraint shop.email.short"},
    {"DROP TYPE shop.span; CREATE TYPE shop.span AS RANGE (subtype = bigint)", "changed range shop.span"},
    {"DROP TYPE shop.span", "removed range shop.span"},
    {"CREATE TYPE shop.mood AS ENUM ()", "added enum shop.mood"},
    {"ALTER TYPE shop.address OWNER TO app_owner", "changed owner type shop.address"},
    {"REVOKE USAGE ON TYPE shop.state FROM PUBLIC", "added grant enum shop.state to PUBLIC"},
    {"COMMENT ON TYPE shop.state IS 'x'", "added comment enum shop.state"},
    {"COMMENT ON COLUMN shop.address.city IS 'x'", "added comment attribute shop.address.city"},
    {"COMMENT ON CONSTRAINT positive ON DOMAIN shop.amount IS 'x'", "added comment constraint shop.amount.positive"},
    // Routines
    {"CREATE OR REPLACE FUNCTION shop.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT n + n'", "changed function shop.twice(n integer)"},
    {"ALTER FUNCTION shop.twice(integer) STABLE", "changed function shop.twice(n integer)"},
    {"ALTER FUNCTION shop.twice(integer) STRICT", "changed function shop.twice(n integer)"},
    {"ALTER FUNCTION shop.twice(integer) SECURITY DEFINER", "changed function shop.twice(n integer)"},
    {"ALTER FUNCTION shop.twice(integer) COST 500", "changed function shop.twice(n integer)"},
    {"ALTER FUNCTION shop.twice(integer) PARALLEL SAFE", "changed function shop.twice(n integer)"},
    {"ALTER FUNCTION shop.twice(integer) LEAKPROOF", "changed function shop.twice(n integer)"},
    {"ALTER FUNCTION shop.twice(integer) SET search_path = shop", "changed function shop.twice(n integer)"},
    {"CREATE FUNCTION shop.twice(n bigint) RETURNS bigint LANGUAGE sql AS 'SELECT 2 * n'", "added function shop.twice(n bigint)"},
    {"DROP FUNCTION shop.twice(integer)", "removed function shop.twice(n integer)"},
    {"GRANT EXECUTE ON FUNCTION shop.twice(integer) TO app_writer", "added grant function shop.twice(n integer) to app_writer"},
    {"GRANT EXECUTE ON FUNCTION shop.twice(integer) TO PUBLIC", "removed grant function shop.twice(n integer) to PUBLIC"},
    {"ALTER FUNCTION shop.near(integer, integer) OWNER TO app_owner", "changed owner function shop.near(a integer, b integer)"},
    {"COMMENT ON FUNCTION shop.twice(integer) IS 'x'", "added comment function shop.twice(n integer)"},
    {"CREATE OR REPLACE PROCEDURE shop.tidy() LANGUAGE sql AS 'DELETE FROM shop.event WHERE true'", "changed procedure shop.tidy()"},
    {"DROP PROCEDURE shop.tidy()", "removed procedure shop.tidy()"},
    {"CREATE OR REPLACE AGGREGATE shop.total_of(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '1')", "changed aggregate shop.total_of(integer)"},
    {"ALTER AGGREGATE shop.total_of(integer) OWNER TO app_owner", "changed owner aggregate shop.total_of(integer)"},
    {"DROP AGGREGATE shop.total_of(integer)", "removed aggregate shop.total_of(integer)"},
    {"DROP OPERATOR shop.=~= (integer, integer)", "removed operator shop.=~=(integer, integer)"},
    {"ALTER OPERATOR shop.=~= (integer, integer) SET (RESTRICT = eqsel)", "changed operator shop.=~=(integer, integer)"},
    {"DROP CAST (integer AS shop.state)", "removed cast (integer AS shop.state)"},
    {"DROP CAST (integer AS shop.state); CREATE CAST (integer AS shop.state) WITH FUNCTION shop.to_state(integer) AS IMPLICIT", "changed cast (integer AS shop.state)"},
    {"DROP OPERATOR CLASS shop.number_ops USING btree", "changed operator family shop.numbers USING btree; removed operator class shop.number_ops USING btree"},
    {"ALTER OPERATOR FAMILY shop.numbers USING btree ADD FUNCTION 1 (integer, bigint) btint48cmp(integer, bigint)", "changed operator family shop.numbers USING btree"},
    // Extensions, languages, text search, collations, conversions, statistics
    {"CREATE EXTENSION pg_trgm SCHEMA public", "added extension pg_trgm"},
    {"ALTER EXTENSION citext SET SCHEMA public", ""},
    {"CREATE EXTENSION hstore SCHEMA shop", "added extension hstore"},
    {"DROP STATISTICS shop.order_stats", "removed statistics shop.order_stats"},
    {"ALTER STATISTICS shop.order_stats SET STATISTICS 50", "changed statistics shop.order_stats"},
    {"ALTER TEXT SEARCH DICTIONARY shop.words (stopwords = german)", "changed text search dictionary shop.words"},
    {"ALTER TEXT SEARCH CONFIGURATION shop.english ALTER MAPPING FOR word WITH simple", "changed text search configuration shop.english"},
    {"DROP TEXT SEARCH CONFIGURATION shop.english", "removed text search configuration shop.english"},
    {"CREATE COLLATION shop.other (provider = icu, locale = 'de', deterministic = false)", "added collation shop.other"},
    {"DROP CONVERSION shop.conv", "removed conversion shop.conv"},
    // Foreign data
    {"ALTER FOREIGN DATA WRAPPER remote OPTIONS (SET debug 'false')", "changed foreign data wrapper remote"},
    {"ALTER SERVER warehouse OPTIONS (SET host 'elsewhere')", "changed foreign server warehouse"},
    {"ALTER SERVER warehouse VERSION '2'", "changed foreign server warehouse"},
    {"GRANT USAGE ON FOREIGN SERVER warehouse TO app_writer", "added grant foreign server warehouse to app_writer"},
    {"CREATE USER MAPPING FOR PUBLIC SERVER warehouse", "added user mapping PUBLIC on warehouse"},
    {"ALTER USER MAPPING FOR app_reader SERVER warehouse OPTIONS (DROP password)", "changed user mapping app_reader on warehouse"},
    {"ALTER FOREIGN TABLE shop.stock OPTIONS (SET table_name 'other')", "changed foreign table shop.stock"},
    {"ALTER FOREIGN TABLE shop.stock ALTER sku OPTIONS (ADD column_name 's')", "changed column shop.stock.sku"},
    // Replication
    {"ALTER PUBLICATION changes ADD TABLE shop.event", "changed publication changes"},
    {"ALTER PUBLICATION changes SET TABLE shop.orders (id, total) WHERE (id > 5)", "changed publication changes"},
    {"ALTER PUBLICATION changes SET (publish = 'insert')", "changed publication changes"},
    // What is no object of its own, and is dumped all the same
    {"ALTER TABLE shop.customer DISABLE TRIGGER ALL", "changed constraint shop.orders.orders_customer"},
    {"ALTER TABLE shop.orders DISABLE TRIGGER ALL", "changed constraint shop.orders.orders_customer; changed trigger shop.orders.stamp_orders"},
    {"ALTER INDEX shop.orders_paid ALTER COLUMN 2 SET STATISTICS 900", "changed index shop.orders_paid"},
    {"ALTER INDEX shop.event_2026_at_idx SET (fillfactor = 50)", "added index shop.event_2026_at_idx"},
    {"GRANT EXECUTE ON FUNCTION public.citext_eq(public.citext, public.citext) TO app_reader", "added grant function public.citext_eq(public.citext, public.citext) to app_reader"},
    {"REVOKE EXECUTE ON FUNCTION public.citext_eq(public.citext, public.citext) FROM PUBLIC", "added grant function public.citext_eq(public.citext, public.citext) to PUBLIC"},
    {"REVOKE EXECUTE ON FUNCTION pg_catalog.pg_sleep(double precision) FROM PUBLIC", "added grant function pg_catalog.pg_sleep(double precision) to PUBLIC"},
    {"GRANT SELECT ON pg_catalog.pg_authid TO app_reader", "added grant table pg_catalog.pg_authid to app_reader"},
    {"GRANT SELECT (rolname) ON pg_catalog.pg_authid TO app_reader", "added grant column pg_catalog.pg_authid.rolname to app_reader"},
    {"GRANT SELECT ON pg_catalog.pg_class TO PUBLIC", ""},
    {"ALTER DATABASE postgres SET search_path = shop, public", "added database setting search_path"},
    {"ALTER ROLE app_reader IN DATABASE postgres SET statement_timeout = '5s'", "added role setting app_reader.statement_timeout"},
    {"ALTER ROLE app_reader SET statement_timeout = '5s'", ""},
    {"GRANT CREATE ON DATABASE postgres TO app_writer", "added grant database to app_writer"},
    {"REVOKE CONNECT ON DATABASE postgres FROM PUBLIC", "added grant database to PUBLIC"},
    {"ALTER DATABASE postgres CONNECTION LIMIT 5", "added database property connection limit"},
    {"COMMENT ON DATABASE postgres IS 'ours'", "added comment database"},
    {"ALTER DATABASE postgres OWNER TO app_owner", "changed owner database"},
    {"ALTER FUNCTION shop.twice(integer) DEPENDS ON EXTENSION citext", "added extension dependency function shop.twice(integer) on citext"},
    {"SET LOCAL allow_system_table_mods = on; INSERT INTO pg_catalog.pg_seclabel VALUES ('shop.orders'::regclass, 'pg_class'::regclass, 0, 'dummy', 'secret')", "added security label table shop.orders (dummy)"},
    {"ALTER SUBSCRIPTION feed SET (binary = true)", "changed subscription feed"},
    {"ALTER SUBSCRIPTION feed SET (streaming = true)", "changed subscription feed"},
    {"ALTER SUBSCRIPTION feed SET (disable_on_error = true)", "changed subscription feed"},
    {"ALTER USER MAPPING FOR app_reader SERVER warehouse OPTIONS (SET \"user\" 'another')", "changed user mapping app_reader on warehouse"},
    {"ALTER PUBLICATION changes SET (publish_via_partition_root = true)", "changed publication changes"},
    {"CREATE PUBLICATION everything FOR ALL TABLES", "added publication everything"},
    {"CREATE PUBLICATION of_shop FOR TABLES IN SCHEMA shop", "added publication of_shop"},
    {"ALTER SUBSCRIPTION feed SET (synchronous_commit = 'on')", "changed subscription feed"},
    // Grants, defaults
    {"GRANT INSERT ON shop.orders TO app_reader", "changed grant table shop.orders to app_reader"},
    {"GRANT SELECT ON shop.orders TO app_reader WITH GRANT OPTION", "changed grant table shop.orders to app_reader"},
    {"REVOKE SELECT ON shop.orders FROM app_reader", "removed grant table shop.orders to app_reader"},
    {"GRANT SELECT ON shop.customer TO PUBLIC", "added grant table shop.customer to PUBLIC"},
    {"REVOKE UPDATE ON shop.customer FROM postgres", "added grant table shop.customer to postgres"},
    {"REVOKE UPDATE (total) ON shop.orders FROM app_writer", "removed grant column shop.orders.total to app_writer"},
    {"GRANT SELECT (id) ON shop.customer TO app_reader", "added grant column shop.customer.id to app_reader"},
    {"ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT INSERT ON TABLES TO app_reader", "changed default privilege for postgres in schema shop on tables to app_reader"},
    {"ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", "added default privilege for postgres on functions to PUBLIC"},
};
// clang-format on

std::string summary(const std::vector<Difference>& differences) {
  std::vector<std::string> words;
  for (const auto& difference : differences) {
    words.push_back(
        fmt::format("{} {} {}", to_text(difference.change), difference.kind, difference.identity));
  }
  return join(words, "; ");
}

class Changes : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = new database::Cluster(database::find_server_programs());
    connection_ = cluster_->connect("postgres", "postgres", false).release();
    connection_->query(kBaseRoles);
    connection_->query(kBaseSchema);
    connection_->query("SET search_path = ''");
  }
  static void TearDownTestSuite() {
    delete connection_;
    delete cluster_;
  }
  static database::Cluster* cluster_;
  static database::Connection* connection_;
};
database::Cluster* Changes::cluster_ = nullptr;
database::Connection* Changes::connection_ = nullptr;

TEST_F(Changes, AreNamedAndNothingElseIs) {
  const Snapshot before = take_snapshot(*connection_);
  std::size_t changes = 0;
  for (const auto& [sql, expected] : kCases) {
    SCOPED_TRACE(sql);
    connection_->query("BEGIN");
    try {
      connection_->query(sql);
      connection_->query("SET LOCAL search_path = ''");
      const Snapshot after = read_snapshot(*connection_);
      auto wanted = split(expected, ';');
      auto found = split(summary(compare(before.objects, after.objects).differences), ';');
      for (auto* const list : {&wanted, &found}) {
        for (auto& word : *list) word = std::string(trim(word));
        std::sort(list->begin(), list->end());
      }
      EXPECT_EQ(join(found, "\n"), join(wanted, "\n"));
      EXPECT_EQ(after.fingerprint != before.fingerprint, *expected != '\0');
      changes += *expected != '\0' ? 1 : 0;
    } catch (const Undecided& problem) {
      ADD_FAILURE() << problem.what();
    }
    connection_->query("ROLLBACK");
  }
  EXPECT_GE(changes, 150U);
  EXPECT_EQ(take_snapshot(*connection_).fingerprint, before.fingerprint);
}

TEST_F(Changes, NoSecretIsInASnapshot) {
  for (const auto& object : take_snapshot(*connection_).objects) {
    EXPECT_THAT(object.definition, ::testing::Not(::testing::HasSubstr("geheim-4711"))) << object.identity;
  }
}

TEST_F(Changes, IdentitiesAreUnique) {
  const Snapshot snapshot = take_snapshot(*connection_);
  for (std::size_t at = 1; at < snapshot.objects.size(); ++at) {
    const auto& one = snapshot.objects[at - 1];
    const auto& other = snapshot.objects[at];
    EXPECT_FALSE(one.kind == other.kind && one.identity == other.identity) << one.kind << " " << one.identity;
  }
}

}  // namespace
}  // namespace exitgate::collect::schema
