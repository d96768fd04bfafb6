// A schema with an object of every kind that a snapshot reads.
#pragma once

namespace exitgate::collect::schema {

inline constexpr const char* kBaseRoles = R"sql(
CREATE ROLE app_owner; CREATE ROLE app_reader; CREATE ROLE app_writer;
)sql";

inline constexpr const char* kBaseSchema = R"sql(
SET search_path = public;
CREATE EXTENSION citext;
CREATE SCHEMA shop;
CREATE SCHEMA "Back Office";
COMMENT ON SCHEMA shop IS 'what is sold';

CREATE TYPE shop.state AS ENUM ('new', 'paid', 'sent');
CREATE DOMAIN shop.email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN shop.amount AS numeric(12,2) DEFAULT 0 NOT NULL CONSTRAINT positive CHECK (VALUE >= 0);
CREATE TYPE shop.address AS (street text, city varchar(40));
CREATE TYPE shop.span AS RANGE (subtype = integer);
CREATE COLLATION shop.german FROM "C";

CREATE SEQUENCE shop.number_seq START 100 INCREMENT 5;
CREATE TABLE shop.customer (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  mail shop.email NOT NULL,
  name varchar(80) DEFAULT 'unknown' NOT NULL,
  nick citext,
  note text COLLATE shop.german,
  upper_name text GENERATED ALWAYS AS (upper(name)) STORED,
  kind varchar(10) CONSTRAINT kind_known CHECK (kind IN ('person', 'company')),
  CONSTRAINT mail_once UNIQUE (mail)
);
COMMENT ON TABLE shop.customer IS 'who buys';
COMMENT ON COLUMN shop.customer.mail IS 'where to write to';
CREATE TABLE shop.orders (
  id bigserial PRIMARY KEY,
  customer_id integer NOT NULL CONSTRAINT orders_customer REFERENCES shop.customer (id) ON DELETE CASCADE,
  state shop.state DEFAULT 'new' NOT NULL,
  total shop.amount,
  tags text[],
  placed timestamptz DEFAULT now(),
  period tsrange,
  CONSTRAINT total_sane CHECK (total < 1000000),
  CONSTRAINT no_overlap EXCLUDE USING gist (period WITH &&)
);
CREATE INDEX orders_placed ON shop.orders (placed);
CREATE UNIQUE INDEX orders_paid ON shop.orders (customer_id, (customer_id % 10)) WHERE state = 'paid';
ALTER TABLE shop.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_orders ON shop.orders FOR SELECT TO app_reader USING (customer_id = 1);
CREATE UNLOGGED TABLE shop.cache (key text, value bytea) WITH (fillfactor = 70);
CREATE TABLE shop.event (at timestamptz NOT NULL, what text) PARTITION BY RANGE (at);
CREATE TABLE shop.event_2026 PARTITION OF shop.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE shop.event_rest PARTITION OF shop.event DEFAULT;
CREATE INDEX event_at ON shop.event (at);
CREATE TABLE shop.vip (discount integer) INHERITS (shop.customer);
CREATE TABLE "Back Office"."Odd ""Table""" ("A column" int, "select" int, "ü" int);

CREATE VIEW shop.open_orders AS SELECT id, customer_id FROM shop.orders WHERE state <> 'sent';
CREATE VIEW shop.cautious WITH (security_barrier = true) AS SELECT id FROM shop.customer WITH LOCAL CHECK OPTION;
CREATE MATERIALIZED VIEW shop.totals AS SELECT customer_id, sum(total) AS total FROM shop.orders GROUP BY customer_id;
CREATE INDEX totals_customer ON shop.totals (customer_id);
CREATE RULE no_delete AS ON DELETE TO shop.cache DO INSTEAD NOTHING;

CREATE FUNCTION shop.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 2 * n';
CREATE FUNCTION shop.stamp() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN NEW.placed := now(); RETURN NEW; END $body$;
CREATE PROCEDURE shop.tidy() LANGUAGE sql AS 'DELETE FROM shop.event WHERE false';
CREATE AGGREGATE shop.total_of(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE TRIGGER stamp_orders BEFORE INSERT ON shop.orders FOR EACH ROW EXECUTE FUNCTION shop.stamp();
CREATE FUNCTION shop.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER watch_ddl ON ddl_command_start WHEN TAG IN ('DROP TABLE') EXECUTE FUNCTION shop.watch();
CREATE FUNCTION shop.near(a integer, b integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs(a - b) < 2';
CREATE OPERATOR shop.=~= (LEFTARG = integer, RIGHTARG = integer, FUNCTION = shop.near);
CREATE FUNCTION shop.to_state(integer) RETURNS shop.state LANGUAGE sql IMMUTABLE AS $$SELECT 'new'::shop.state$$;
CREATE CAST (integer AS shop.state) WITH FUNCTION shop.to_state(integer) AS ASSIGNMENT;
CREATE OPERATOR FAMILY shop.numbers USING btree;
CREATE OPERATOR CLASS shop.number_ops FOR TYPE integer USING btree FAMILY shop.numbers AS
  OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 btint4cmp(integer, integer);
CREATE STATISTICS shop.order_stats (dependencies) ON customer_id, state FROM shop.orders;

CREATE TEXT SEARCH DICTIONARY shop.words (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH CONFIGURATION shop.english (COPY = pg_catalog.english);
CREATE CONVERSION shop.conv FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE FOREIGN DATA WRAPPER remote OPTIONS (debug 'true');
CREATE SERVER warehouse TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER remote OPTIONS (host 'wh', dbname 'stock');
CREATE USER MAPPING FOR app_reader SERVER warehouse OPTIONS (user 'reader', password 'geheim-4711');
CREATE FOREIGN TABLE shop.stock (sku text, n integer) SERVER warehouse OPTIONS (table_name 'stock');
CREATE PUBLICATION changes FOR TABLE shop.orders, shop.customer WITH (publish = 'insert, update');
CREATE SUBSCRIPTION feed CONNECTION 'host=far password=geheim-4711' PUBLICATION far_changes
  WITH (connect = false, enabled = false, slot_name = NONE);

GRANT USAGE ON SCHEMA shop TO app_reader;
GRANT SELECT ON shop.orders TO app_reader;
GRANT UPDATE (total) ON shop.orders TO app_writer;
GRANT ALL ON shop.cache TO app_writer WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION shop.twice(integer) FROM PUBLIC;
ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT SELECT ON TABLES TO app_reader;
)sql";

}  // namespace exitgate::collect::schema
