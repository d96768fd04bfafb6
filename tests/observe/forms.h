// Safe and unsafe forms of schema changes, and what a server is seen to do with each: locks on tables and views, tables that
// are rewritten or scanned, indexes that are built. Each expectation is what PostgreSQL's documentation says of the command
// (the pages "Explicit Locking", "ALTER TABLE" and those of the other commands), or its source, which is named then.
#pragma once

namespace exitgate::observe {

// Before each: five rows in each of
//   t (id int PRIMARY KEY, a int, b text, v varchar(20), n numeric(10,2), at timestamp)
//   u (id int PRIMARY KEY, t_id int)
struct Form {
  const char* setup;
  const char* statement;
  const char* expected;  // as told(), sorted; the statement's alone
  int since = 13;        // major versions
  int until = 99;
};

// clang-format off
inline constexpr Form kForms[] = {
    // A column is added. Since 11, a default that is the same for all rows is kept in the catalog.
    {"", "ALTER TABLE t ADD x int", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int DEFAULT 7", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int NOT NULL DEFAULT 7", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x timestamptz DEFAULT now()", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x timestamptz DEFAULT clock_timestamp()", "rewrite t (column default); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x uuid DEFAULT gen_random_uuid()", "rewrite t (column default); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int GENERATED ALWAYS AS (a * 2) STORED", "rewrite t (column default); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int GENERATED ALWAYS AS (a * 2) VIRTUAL", "t AccessExclusiveLock", 18},
    {"", "ALTER TABLE t ADD x int GENERATED ALWAYS AS IDENTITY", "rewrite t (column default); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x bigserial", "rewrite t (column default); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int CHECK (x > 0)", "scan t; t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int UNIQUE", "build t (t_x_key); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int REFERENCES u (id)", "t AccessExclusiveLock; u ShareRowExclusiveLock"},
    {"CREATE DOMAIN d AS int", "ALTER TABLE t ADD x d", "t AccessExclusiveLock"},
    {"CREATE DOMAIN d AS int CHECK (VALUE > 0)", "ALTER TABLE t ADD x d", "rewrite t (column default); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD x int, ADD y timestamptz DEFAULT clock_timestamp()", "rewrite t (column default); t AccessExclusiveLock"},
    {"", "ALTER TABLE IF EXISTS missing ADD x int", ""},

    // A column is changed
    {"", "ALTER TABLE t DROP a", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER a SET DEFAULT 7", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER a DROP NOT NULL", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER a SET NOT NULL", "scan t; t AccessExclusiveLock"},
    {"ALTER TABLE t ADD CHECK (a IS NOT NULL)", "ALTER TABLE t ALTER a SET NOT NULL", "t AccessExclusiveLock"},
    {"ALTER TABLE t ADD CHECK (a IS NOT NULL) NOT VALID", "ALTER TABLE t ALTER a SET NOT NULL", "scan t; t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD CONSTRAINT a_is_there NOT NULL a NOT VALID", "t AccessExclusiveLock", 18},
    {"ALTER TABLE t ADD CONSTRAINT a_is_there NOT NULL a NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT a_is_there", "scan t; t ShareUpdateExclusiveLock", 18},
    {"", "ALTER TABLE t ALTER a SET STATISTICS 100", "t ShareUpdateExclusiveLock"},
    {"", "ALTER TABLE t ALTER a SET (n_distinct = 5)", "t ShareUpdateExclusiveLock"},
    {"", "ALTER TABLE t ALTER b SET STORAGE EXTERNAL", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER b SET COMPRESSION pglz", "t AccessExclusiveLock", 14},
    {"", "ALTER TABLE t RENAME a TO x", "t AccessExclusiveLock"},

    // A column's type is changed
    {"", "ALTER TABLE t ALTER a TYPE bigint", "rewrite t (column type); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER b TYPE int USING length(b)", "rewrite t (column type); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER v TYPE varchar(10)", "rewrite t (column type); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER v TYPE varchar(40)", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER v TYPE text", "t AccessExclusiveLock"},
    {"CREATE INDEX by_v ON t (v)", "ALTER TABLE t ALTER v TYPE text", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER b TYPE varchar(40)", "rewrite t (column type); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER n TYPE numeric(12,2)", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER n TYPE numeric", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER n TYPE numeric(12,4)", "rewrite t (column type); t AccessExclusiveLock"},
    {"", "ALTER TABLE t ALTER at TYPE timestamptz", "t AccessExclusiveLock"},
    {"SET timezone = 'Europe/Vienna'", "ALTER TABLE t ALTER at TYPE timestamptz", "rewrite t (column type); t AccessExclusiveLock"},
    {"CREATE INDEX by_b ON t (b)", "ALTER TABLE t ALTER b TYPE text COLLATE \"C\"", "build t (by_b); t AccessExclusiveLock"},

    // Constraints
    {"", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "scan t; t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "t AccessExclusiveLock"},
    {"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID", "ALTER TABLE t VALIDATE CONSTRAINT c", "scan t; t ShareUpdateExclusiveLock"},
    {"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "ALTER TABLE t DROP CONSTRAINT c", "t AccessExclusiveLock"},
    {"ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", "ALTER TABLE t RENAME CONSTRAINT c TO d", "t AccessExclusiveLock"},
    // Both tables are read by one join (RI_Initial_Check in ri_triggers.c), whose plan for five rows is this.
    {"", "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t", "scan t; scan u; t ShareRowExclusiveLock; u ShareRowExclusiveLock"},
    {"", "ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t NOT VALID", "t ShareRowExclusiveLock; u ShareRowExclusiveLock"},
    {"ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (t_id) REFERENCES t NOT VALID", "ALTER TABLE u VALIDATE CONSTRAINT f", "scan t; scan u; t RowShareLock; u ShareUpdateExclusiveLock"},
    {"ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (t_id) REFERENCES t", "ALTER TABLE u DROP CONSTRAINT f", "t AccessExclusiveLock; u AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD UNIQUE (a)", "build t (t_a_key); t AccessExclusiveLock"},
    {"CREATE UNIQUE INDEX i ON t (a)", "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i", "t AccessExclusiveLock"},
    {"ALTER TABLE t DROP CONSTRAINT t_pkey", "ALTER TABLE t ADD PRIMARY KEY (id)", "build t (t_pkey); t AccessExclusiveLock"},
    {"", "ALTER TABLE u DROP CONSTRAINT u_pkey, ADD PRIMARY KEY (t_id)", "build u (u_pkey); scan u; u AccessExclusiveLock"},
    {"ALTER TABLE t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX i ON t (id)", "ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX i", "t AccessExclusiveLock"},
    {"ALTER TABLE t DROP CONSTRAINT t_pkey; CREATE UNIQUE INDEX i ON t (a)", "ALTER TABLE t ADD CONSTRAINT p PRIMARY KEY USING INDEX i", "scan t; t AccessExclusiveLock"},
    {"", "ALTER TABLE t ADD EXCLUDE USING gist (int4range(a, a, '[]') WITH &&)", "build t (t_int4range_excl); scan t; t AccessExclusiveLock"},

    // Indexes
    {"", "CREATE INDEX i ON t (a)", "build t (i); t ShareLock"},
    {"", "CREATE UNIQUE INDEX i ON t (a)", "build t (i); t ShareLock"},
    {"", "CREATE INDEX CONCURRENTLY i ON t (a)", "build t (i); t ShareUpdateExclusiveLock"},
    {"", "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "build t (i); t ShareUpdateExclusiveLock"},
    {"CREATE INDEX i ON t (a)", "CREATE INDEX IF NOT EXISTS i ON t (a)", "t ShareLock"},
    {"CREATE INDEX i ON t (a)", "DROP INDEX i", "t AccessExclusiveLock"},
    {"CREATE INDEX i ON t (a)", "DROP INDEX CONCURRENTLY i", "t ShareUpdateExclusiveLock"},
    {"CREATE INDEX i ON t (a)", "REINDEX INDEX i", "build t (i); t ShareLock"},
    {"CREATE INDEX i ON t (a)", "REINDEX INDEX CONCURRENTLY i", "build t (i); t ShareUpdateExclusiveLock"},
    {"", "REINDEX TABLE t", "build t (t_pkey); t ShareLock"},
    {"", "REINDEX TABLE CONCURRENTLY t", "build t (t_pkey); t ShareUpdateExclusiveLock"},
    {"CREATE INDEX i ON t (a)", "ALTER INDEX i RENAME TO j", ""},
    {"CREATE INDEX i ON t (a)", "ALTER INDEX i SET (fillfactor = 70)", ""},
    {"", "CREATE STATISTICS s ON a, n FROM t", "t ShareUpdateExclusiveLock"},

    // Tables
    {"", "ALTER TABLE t RENAME TO x", "t AccessExclusiveLock"},
    {"CREATE SCHEMA s", "ALTER TABLE t SET SCHEMA s", "t AccessExclusiveLock"},
    {"", "DROP TABLE t", "t AccessExclusiveLock"},
    {"ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t", "DROP TABLE t CASCADE", "t AccessExclusiveLock; u AccessExclusiveLock"},
    {"ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t", "DROP TABLE u", "t AccessExclusiveLock; u AccessExclusiveLock"},
    {"", "TRUNCATE t", "t AccessExclusiveLock"},
    {"ALTER TABLE u ADD FOREIGN KEY (t_id) REFERENCES t", "TRUNCATE t CASCADE", "t AccessExclusiveLock; u AccessExclusiveLock"},
    {"", "ALTER TABLE t SET UNLOGGED", "rewrite t (persistence); t AccessExclusiveLock"},
    {"ALTER TABLE t SET UNLOGGED", "ALTER TABLE t SET LOGGED", "rewrite t (persistence); t AccessExclusiveLock"},
    {"", "ALTER TABLE t SET TABLESPACE elsewhere", "rewrite t (tablespace); t AccessExclusiveLock"},
    {"", "ALTER TABLE t SET (fillfactor = 70)", "t ShareUpdateExclusiveLock"},
    {"", "ALTER TABLE t SET (autovacuum_enabled = false)", "t ShareUpdateExclusiveLock"},
    {"", "ALTER TABLE t CLUSTER ON t_pkey", "t ShareUpdateExclusiveLock"},
    {"", "ALTER TABLE t REPLICA IDENTITY FULL", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t OWNER TO CURRENT_USER", "t AccessExclusiveLock"},
    {"", "CLUSTER t USING t_pkey", "rewrite t (CLUSTER); t AccessExclusiveLock"},
    {"", "VACUUM FULL t", "rewrite t (VACUUM FULL); t AccessExclusiveLock"},
    {"", "VACUUM t", "t ShareUpdateExclusiveLock"},
    {"", "ANALYZE t", "t ShareUpdateExclusiveLock"},
    {"BEGIN", "LOCK TABLE t IN SHARE MODE", "t ShareLock"},
    {"BEGIN", "LOCK TABLE t", "t AccessExclusiveLock"},
    {"", "CREATE TABLE x (t_id int REFERENCES t)", "t ShareRowExclusiveLock"},
    {"", "CREATE TABLE x (LIKE t INCLUDING ALL)", "t AccessShareLock"},
    {"", "CREATE TABLE x AS SELECT * FROM t", "scan t; t AccessShareLock"},
    {"", "CREATE TABLE x () INHERITS (t)", "t ShareUpdateExclusiveLock"},

    // Partitions
    {"CREATE TABLE p (a int) PARTITION BY LIST (a)", "CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "p AccessExclusiveLock"},
    {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 (a int)", "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)", "p ShareUpdateExclusiveLock; p1 AccessExclusiveLock; scan p1"},
    {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 (a int NOT NULL CHECK (a = 1))", "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)", "p ShareUpdateExclusiveLock; p1 AccessExclusiveLock"},
    // Until 13, ATExecDetachPartition (tablecmds.c) took less of the partition.
    {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "ALTER TABLE p DETACH PARTITION p1", "p AccessExclusiveLock; p1 ShareUpdateExclusiveLock", 13, 13},
    {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "ALTER TABLE p DETACH PARTITION p1", "p AccessExclusiveLock; p1 AccessExclusiveLock", 14},
    {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY", "p ShareUpdateExclusiveLock; p1 AccessExclusiveLock", 14},
    {"CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)", "CREATE INDEX i ON p (a)", "build p1 (p1_a_idx); p ShareLock; p1 ShareLock"},

    // Views
    {"", "CREATE VIEW w AS SELECT a FROM t", "t AccessShareLock"},
    {"CREATE VIEW w AS SELECT a FROM t", "CREATE OR REPLACE VIEW w AS SELECT a FROM t WHERE a > 0", "t AccessShareLock; w AccessExclusiveLock"},
    {"CREATE VIEW w AS SELECT a FROM t", "DROP VIEW w", "w AccessExclusiveLock"},
    {"", "CREATE MATERIALIZED VIEW m AS SELECT a FROM t", "scan t; t AccessShareLock"},
    {"CREATE MATERIALIZED VIEW m AS SELECT a FROM t", "REFRESH MATERIALIZED VIEW m", "m AccessExclusiveLock; rewrite m (REFRESH MATERIALIZED VIEW); scan t; t AccessShareLock"},
    {"CREATE MATERIALIZED VIEW m AS SELECT id FROM t; CREATE UNIQUE INDEX i ON m (id)", "REFRESH MATERIALIZED VIEW CONCURRENTLY m", "m ExclusiveLock; scan m; scan t; t AccessShareLock"},

    // What hangs on tables
    {"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "t ShareRowExclusiveLock"},
    {"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "ALTER TABLE t DISABLE TRIGGER g", "t ShareRowExclusiveLock"},
    {"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "DROP TRIGGER g ON t", "t AccessExclusiveLock"},
    {"", "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING", "t AccessExclusiveLock"},
    {"", "ALTER TABLE t ENABLE ROW LEVEL SECURITY", "t AccessExclusiveLock"},
    {"", "CREATE POLICY p ON t USING (true)", "t AccessExclusiveLock"},
    {"CREATE POLICY p ON t USING (true)", "DROP POLICY p ON t", "t AccessExclusiveLock"},
    {"", "COMMENT ON TABLE t IS 'x'", "t ShareUpdateExclusiveLock"},
    {"", "COMMENT ON COLUMN t.a IS 'x'", "t ShareUpdateExclusiveLock"},
    // Since 18, GRANT locks what it is about against being dropped (objectNamesToOids in aclchk.c).
    {"", "GRANT SELECT ON t TO PUBLIC", "", 13, 17},
    {"", "GRANT SELECT ON t TO PUBLIC", "t AccessShareLock", 18},
    {"", "CREATE PUBLICATION p FOR TABLE t", "t ShareUpdateExclusiveLock"},

    // Types and domains
    {"CREATE TYPE e AS ENUM ('x')", "ALTER TYPE e ADD VALUE 'y'", ""},
    {"CREATE TYPE e AS ENUM ('x')", "ALTER TYPE e RENAME VALUE 'x' TO 'y'", ""},
    {"CREATE TYPE e AS ENUM ('x'); ALTER TABLE t ADD x e", "DROP TYPE e CASCADE", "t AccessExclusiveLock"},
    {"CREATE DOMAIN d AS int; ALTER TABLE t ADD x d", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0)", "scan t; t ShareLock"},
    {"CREATE DOMAIN d AS int; ALTER TABLE t ADD x d", "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID", ""},
    {"CREATE DOMAIN d AS int; ALTER TABLE t ADD x d; ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID", "ALTER DOMAIN d VALIDATE CONSTRAINT c", "scan t; t ShareLock"},
    {"", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", ""},
    {"", "CREATE SEQUENCE s", ""},
    {"", "DROP SCHEMA public CASCADE", "t AccessExclusiveLock; u AccessExclusiveLock"},

    // Rows
    {"", "UPDATE t SET a = 1", "scan t; t RowExclusiveLock"},
    {"", "UPDATE t SET a = 1 WHERE id = 1", "t RowExclusiveLock"},
    {"", "DELETE FROM t", "scan t; t RowExclusiveLock"},
    {"", "INSERT INTO t (id) SELECT id + 100 FROM u", "t RowExclusiveLock"},
    {"", "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE", "t RowExclusiveLock", 15},
    {"", "WITH gone AS (DELETE FROM u RETURNING t_id) UPDATE t SET a = 1 WHERE id IN (SELECT t_id FROM gone)", "scan u; t RowExclusiveLock; u RowExclusiveLock"},
    {"", "DO $$ BEGIN ALTER TABLE t ALTER a SET NOT NULL; CREATE INDEX i ON t (a); END $$", "build t (i); scan t; t AccessExclusiveLock"},
};
// clang-format on

}  // namespace exitgate::observe
