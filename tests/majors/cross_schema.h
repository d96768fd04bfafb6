// A schema that each version from PostgreSQL 13 on takes, of what versions write differently.
#pragma once

namespace exitgate::testing_majors {

inline constexpr const char* kCrossSchema = R"sql(
SET search_path = public;
GRANT USAGE, CREATE ON SCHEMA public TO app_owner;
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, b int, k varchar(9) NOT NULL CHECK (k IN ('x', 'y')),
  at timestamptz DEFAULT now() NOT NULL, note text DEFAULT 'none', CHECK (a BETWEEN 0 AND 9 AND b > 0));
CREATE TABLE other (id serial PRIMARY KEY, t bigint NOT NULL REFERENCES t ON DELETE CASCADE, part text GENERATED ALWAYS AS ('x' || 'y') STORED);
CREATE INDEX by_note ON t (lower(note)) WHERE a BETWEEN 0 AND 3 AND b > 1;
CREATE VIEW simple AS SELECT id, a FROM t WHERE a BETWEEN 0 AND 9 AND b > 0;
CREATE TABLE in_sql (at timestamptz DEFAULT (now() AT TIME ZONE 'UTC') NOT NULL, note text CHECK (position('x' IN note) > 0));
CREATE INDEX by_year ON in_sql ((extract(year FROM at AT TIME ZONE 'UTC')));
CREATE VIEW told_in_sql AS SELECT extract(year FROM at) AS year, position('x' IN note) AS place, substring(note FROM 2 FOR 3) AS piece,
  trim(BOTH 'x' FROM note) AS trimmed, overlay(note PLACING 'y' FROM 2 FOR 1) AS laid, at AT TIME ZONE 'Europe/Vienna' AS local FROM in_sql;
CREATE VIEW joined AS SELECT t.id, o.part FROM t JOIN other o ON o.t = t.id;
CREATE MATERIALIZED VIEW counted AS SELECT a, count(*) AS n FROM t GROUP BY a;
CREATE DOMAIN code AS text NOT NULL CHECK (VALUE ~ '^[0-9]+$');
CREATE TYPE span AS RANGE (subtype = int);
CREATE TYPE number_range AS RANGE (subtype = bigint);
CREATE TYPE pair AS (x int, y text);
CREATE COLLATION german (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION german_too (provider = icu, locale = 'de@collation=phonebook');
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE FUNCTION f(i int, j text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT i';
CREATE PROCEDURE p(a int, INOUT b text) LANGUAGE plpgsql AS 'BEGIN b := b; END';
CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int, initcond = '0');
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER stamp BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION stamp();
CREATE RULE quiet AS ON DELETE TO other DO INSTEAD NOTHING;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON t USING (k = CURRENT_USER);
CREATE TABLE parts (id int NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX by_day ON parts (day);
CREATE TRIGGER on_part AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION stamp();
ALTER TABLE parts_1 DISABLE TRIGGER on_part;
CREATE STATISTICS s (dependencies) ON a, b FROM t;
ALTER TABLE t ALTER a SET STATISTICS 100;
CREATE EXTENSION pg_trgm;
CREATE EXTENSION pgcrypto;
CREATE PUBLICATION pub FOR TABLE t;
CREATE SUBSCRIPTION sub CONNECTION 'host=x' PUBLICATION y WITH (connect = false, enabled = false, slot_name = NONE);
GRANT ALL ON t TO app_reader;
GRANT ALL ON other TO app_reader WITH GRANT OPTION;
REVOKE ALL ON other FROM app_owner;
REVOKE ALL ON counted FROM postgres;
ALTER DEFAULT PRIVILEGES FOR ROLE app_owner GRANT ALL ON TABLES TO app_reader;
ALTER TABLE t OWNER TO app_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
ALTER DATABASE exitgate SET timezone = 'UTC';
COMMENT ON TABLE t IS 'x';
)sql";

// On the live server: what is done, how it is undone, what is named.
struct CrossChange {
  const char* change;
  const char* back;
  const char* expected;
};

inline constexpr CrossChange kCrossChanges[] = {
    {"ALTER TABLE public.t ADD extra int", "ALTER TABLE public.t DROP extra", "column public.t.extra"},
    {"ALTER TABLE public.t ALTER k DROP NOT NULL", "ALTER TABLE public.t ALTER k SET NOT NULL",
     "column public.t.k"},
    {"ALTER TABLE public.t ALTER at SET DEFAULT clock_timestamp()",
     "ALTER TABLE public.t ALTER at SET DEFAULT now()", "column public.t.at"},
    {"ALTER TABLE public.parts_1 ENABLE TRIGGER on_part",
     "ALTER TABLE public.parts_1 DISABLE TRIGGER on_part", "trigger state public.parts_1.on_part"},
    {"REVOKE INSERT ON public.t FROM app_reader", "GRANT ALL ON public.t TO app_reader",
     "grant table public.t to app_reader"},
    {"ALTER SCHEMA public OWNER TO app_reader", "ALTER SCHEMA public OWNER TO postgres",
     "owner schema public"},
};

}  // namespace exitgate::testing_majors
