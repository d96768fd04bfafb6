// Changes of what came with a major version, and what the comparison names; "" where there is no difference.
#pragma once

namespace exitgate::testing_majors {

struct VersionCase {
  const char* setup;
  const char* change;
  const char* expected;  // "added table shop.x; removed …"
  int since;
  int until = 99;
};

// clang-format off
inline constexpr VersionCase kVersionCases[] = {
    // 13
    {"CREATE TABLE a (x int, y int)", "ALTER TABLE a ALTER x SET STORAGE PLAIN", "", 13},
    {"CREATE COLLATION c (provider = icu, locale = 'de')", "DROP COLLATION c; CREATE COLLATION c (provider = icu, locale = 'de', deterministic = false)", "changed collation public.c", 13},
    {"CREATE COLLATION c (provider = icu, locale = 'de')", "DROP COLLATION c; CREATE COLLATION c (provider = icu, locale = 'sv')", "changed collation public.c", 13},
    {"CREATE COLLATION c (provider = icu, locale = 'de')", "DROP COLLATION c; CREATE COLLATION c (provider = libc, locale = 'C')", "changed collation public.c", 13},
    {"", "CREATE PUBLICATION p FOR TABLE shop.event WITH (publish_via_partition_root = true)", "added publication p", 13},
    {"CREATE TABLE a (x int, y int); CREATE INDEX i ON a (x, y)", "DROP INDEX i; CREATE INDEX i ON a (x, y) WITH (deduplicate_items = off)", "changed index public.i", 13},
    {"SET LOCAL client_min_messages = error; CREATE TYPE t2; CREATE FUNCTION t2_in(cstring) RETURNS t2 LANGUAGE internal STRICT IMMUTABLE AS 'textin'; CREATE FUNCTION t2_out(t2) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout'; CREATE TYPE t2 (input = t2_in, output = t2_out, collatable = true)", "DROP TYPE t2 CASCADE; CREATE TYPE t2; CREATE FUNCTION t2_in(cstring) RETURNS t2 LANGUAGE internal STRICT IMMUTABLE AS 'textin'; CREATE FUNCTION t2_out(t2) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout'; CREATE TYPE t2 (input = t2_in, output = t2_out)", "changed type public.t2", 13},
    {"SET LOCAL client_min_messages = error; CREATE TYPE t2; CREATE FUNCTION t2_in(cstring) RETURNS t2 LANGUAGE internal STRICT IMMUTABLE AS 'textin'; CREATE FUNCTION t2_out(t2) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout'; CREATE TYPE t2 (input = t2_in, output = t2_out)", "DROP TYPE t2 CASCADE; CREATE TYPE t2; CREATE FUNCTION t2_in(cstring) RETURNS t2 LANGUAGE internal STRICT IMMUTABLE AS 'textin'; CREATE FUNCTION t2_out(t2) RETURNS cstring LANGUAGE internal STRICT IMMUTABLE AS 'textout'; CREATE TYPE t2 (input = t2_in, output = t2_out, storage = extended)", "changed type public.t2", 13},
    // 14
    {"CREATE TABLE a (x text)", "ALTER TABLE a ALTER x SET COMPRESSION pglz", "changed column public.a.x", 14},
    {"CREATE TABLE a (x text)", "SET LOCAL default_toast_compression = pglz; DROP TABLE a; CREATE TABLE a (x text)", "", 14},
    {"CREATE TYPE r AS RANGE (subtype = int)", "DROP TYPE r; CREATE TYPE r AS RANGE (subtype = int, multirange_type_name = many)", "changed range public.r", 14},
    {"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END", "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 2; END", "changed function public.f()", 14},
    {"CREATE TABLE a (x int, y int); CREATE STATISTICS s ON (x + y), x FROM a", "DROP STATISTICS s; CREATE STATISTICS s ON (x - y), x FROM a", "changed statistics public.s", 14},
    {"CREATE PROCEDURE p(OUT x int) LANGUAGE plpgsql AS 'BEGIN x := 1; END'", "DROP PROCEDURE p; CREATE PROCEDURE p(INOUT x int) LANGUAGE plpgsql AS 'BEGIN x := 1; END'", "removed procedure public.p(OUT x integer); added procedure public.p(INOUT x integer)", 14},
    {"", "ALTER SUBSCRIPTION feed SET (streaming = true)", "changed subscription feed", 14},
    {"CREATE TABLE a (x text)", "ALTER TABLE a SET (vacuum_index_cleanup = off)", "changed table public.a", 14},
    // 15
    {"CREATE TABLE a (x int CONSTRAINT u UNIQUE)", "ALTER TABLE a DROP CONSTRAINT u, ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (x)", "changed constraint public.a.u", 15},
    {"CREATE TABLE a (x int); CREATE UNIQUE INDEX u ON a (x)", "DROP INDEX u; CREATE UNIQUE INDEX u ON a (x) NULLS NOT DISTINCT", "changed index public.u", 15},
    {"CREATE VIEW v AS SELECT 1 AS one", "ALTER VIEW v SET (security_invoker = true)", "changed view public.v", 15},
    {"CREATE TABLE a (x int, y int); CREATE PUBLICATION p FOR TABLE a", "ALTER PUBLICATION p SET TABLE a (x)", "changed publication p", 15},
    {"CREATE TABLE a (x int, y int); CREATE PUBLICATION p FOR TABLE a", "ALTER PUBLICATION p SET TABLE a WHERE (x > 5)", "changed publication p", 15},
    {"CREATE PUBLICATION p", "ALTER PUBLICATION p ADD TABLES IN SCHEMA shop", "changed publication p", 15},
    {"CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (x int, y int, CONSTRAINT k FOREIGN KEY (x) REFERENCES a ON DELETE SET NULL)", "ALTER TABLE b DROP CONSTRAINT k, ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES a ON DELETE SET NULL (x)", "changed constraint public.b.k", 15},
    {"CREATE SEQUENCE s", "ALTER SEQUENCE s SET UNLOGGED", "changed sequence public.s", 15},
    {"", "ALTER SUBSCRIPTION feed SET (disable_on_error = true)", "changed subscription feed", 15},
    {"DROP SUBSCRIPTION feed; CREATE SUBSCRIPTION feed CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false)", "DROP SUBSCRIPTION feed; CREATE SUBSCRIPTION feed CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false, two_phase = true)", "changed subscription feed", 15},
    {"REVOKE ALL ON SCHEMA public FROM PUBLIC", "GRANT USAGE ON SCHEMA public TO PUBLIC", "removed grant schema public to PUBLIC", 15},
    {"", "GRANT SET ON PARAMETER work_mem TO app_reader", "", 15},
    // 16
    {"CREATE COLLATION c (provider = icu, locale = 'und')", "DROP COLLATION c; CREATE COLLATION c (provider = icu, locale = 'und', rules = '& V << w <<< W')", "changed collation public.c", 16},
    {"CREATE COLLATION c (provider = icu, locale = 'und', rules = '& a < b')", "DROP COLLATION c; CREATE COLLATION c (provider = icu, locale = 'und', rules = '& b < a')", "changed collation public.c", 16},
    {"", "ALTER SUBSCRIPTION feed SET (password_required = false)", "changed subscription feed", 16},
    {"", "ALTER SUBSCRIPTION feed SET (run_as_owner = true)", "changed subscription feed", 16},
    {"", "ALTER SUBSCRIPTION feed SET (origin = none)", "changed subscription feed", 16},
    {"", "ALTER SUBSCRIPTION feed SET (streaming = parallel)", "changed subscription feed", 16, 17},
    {"CREATE TABLE a (x text STORAGE EXTERNAL)", "ALTER TABLE a ALTER x SET STORAGE DEFAULT", "changed column public.a.x", 16},
    // 17
    {"CREATE TABLE a (x int); GRANT SELECT ON a TO app_reader", "GRANT MAINTAIN ON a TO app_reader", "changed grant table public.a to app_reader", 17},
    {"CREATE TABLE a (x int)", "GRANT MAINTAIN ON a TO app_reader", "added grant table public.a to app_reader", 17},
    {"CREATE TABLE a (x int)", "REVOKE MAINTAIN ON a FROM postgres", "added grant table public.a to postgres", 17},
    {"CREATE COLLATION c (provider = builtin, locale = 'C.UTF-8')", "DROP COLLATION c; CREATE COLLATION c (provider = builtin, locale = 'C')", "changed collation public.c", 17},
    {"CREATE COLLATION c (provider = libc, locale = 'C')", "DROP COLLATION c; CREATE COLLATION c (provider = builtin, locale = 'C')", "changed collation public.c", 17},
    {"DROP SUBSCRIPTION feed; CREATE SUBSCRIPTION feed CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false)", "DROP SUBSCRIPTION feed; CREATE SUBSCRIPTION feed CONNECTION 'host=x' PUBLICATION p WITH (connect = false, slot_name = NONE, enabled = false, failover = true)", "changed subscription feed", 17},
    {"CREATE TABLE a (x int, y int GENERATED ALWAYS AS (x * 2) STORED)", "ALTER TABLE a ALTER y SET EXPRESSION AS (x * 3)", "changed column public.a.y", 17},
    {"CREATE TABLE p (x int GENERATED ALWAYS AS IDENTITY, y int) PARTITION BY LIST (y)", "ALTER TABLE p ALTER x SET INCREMENT 5", "changed column public.p.x", 17},
    {"CREATE TABLE p (x int) PARTITION BY LIST (x)", "ALTER TABLE p SET ACCESS METHOD heap", "changed table public.p", 17},
    {"CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'", "CREATE EVENT TRIGGER e ON login EXECUTE FUNCTION f()", "added event trigger e", 17},
    {"CREATE DOMAIN d AS int NOT NULL", "DROP DOMAIN d; CREATE DOMAIN d AS int CONSTRAINT filled NOT NULL", "added constraint public.d.filled", 17},
    {"CREATE DOMAIN d AS int NOT NULL", "ALTER DOMAIN d DROP NOT NULL; ALTER DOMAIN d ADD CONSTRAINT d_not_null NOT NULL", "", 17},
    // 18
    {"CREATE TABLE a (x int, y int GENERATED ALWAYS AS (x * 2) STORED)", "ALTER TABLE a DROP y, ADD y int GENERATED ALWAYS AS (x * 2) VIRTUAL", "changed column public.a.y", 18},
    {"CREATE TABLE a (x int, y int GENERATED ALWAYS AS (x * 2) VIRTUAL)", "ALTER TABLE a ALTER y SET EXPRESSION AS (x * 3)", "changed column public.a.y", 18},
    {"CREATE TABLE a (x int CONSTRAINT c CHECK (x > 0))", "ALTER TABLE a DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (x > 0) NOT ENFORCED", "changed constraint public.a.c", 18},
    {"CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (x int CONSTRAINT k REFERENCES a)", "ALTER TABLE b ALTER CONSTRAINT k NOT ENFORCED", "changed constraint public.b.k", 18},
    {"CREATE TABLE a (x int4range, y tsrange, CONSTRAINT k PRIMARY KEY (x, y))", "ALTER TABLE a DROP CONSTRAINT k, ADD CONSTRAINT k PRIMARY KEY (x, y WITHOUT OVERLAPS)", "changed constraint public.a.k", 18},
    {"CREATE TABLE a (x int4range, y tsrange, CONSTRAINT k PRIMARY KEY (x, y WITHOUT OVERLAPS)); CREATE TABLE b (x int4range, y tsrange)", "ALTER TABLE b ADD CONSTRAINT r FOREIGN KEY (x, PERIOD y) REFERENCES a (x, PERIOD y)", "added constraint public.b.r", 18},
    {"CREATE TABLE a (x int NOT NULL)", "ALTER TABLE a ALTER x DROP NOT NULL, ADD CONSTRAINT filled NOT NULL x", "added constraint public.a.filled", 18},
    {"CREATE TABLE a (x int CONSTRAINT filled NOT NULL)", "ALTER TABLE a RENAME CONSTRAINT filled TO given", "removed constraint public.a.filled; added constraint public.a.given", 18},
    {"CREATE TABLE a (x int NOT NULL)", "ALTER TABLE a ALTER x DROP NOT NULL, ADD CONSTRAINT a_x_not_null NOT NULL x", "", 18},
    {"CREATE TABLE a (x int)", "ALTER TABLE a ADD CONSTRAINT filled NOT NULL x NOT VALID", "changed column public.a.x; added constraint public.a.filled", 18},
    {"CREATE TABLE a (x int NOT NULL)", "ALTER TABLE a ALTER x DROP NOT NULL, ADD NOT NULL x NO INHERIT", "added constraint public.a.a_x_not_null", 18},
    {"CREATE TABLE a (x int PRIMARY KEY)", "ALTER TABLE a RENAME TO b; ALTER TABLE b RENAME CONSTRAINT a_pkey TO b_pkey", "removed table public.a; added table public.b", 18},
    {"CREATE TABLE a (x int, y int GENERATED ALWAYS AS (x) STORED); CREATE PUBLICATION p FOR TABLE a", "ALTER PUBLICATION p SET (publish_generated_columns = stored)", "changed publication p", 18},
    {"", "ALTER SUBSCRIPTION feed SET (streaming = off)", "changed subscription feed", 18},
    {"CREATE TABLE a (x int); CREATE POLICY p ON a USING (x > 0)", "ALTER POLICY p ON a USING (x > 1)", "changed policy public.a.p", 18},
    {"CREATE TABLE a (x int); CREATE INDEX i ON a USING gin ((ARRAY[x]))", "DROP INDEX i; CREATE INDEX i ON a USING gin ((ARRAY[x])) WITH (fastupdate = off)", "changed index public.i", 13},
};
// clang-format on

}  // namespace exitgate::testing_majors
