// Statement by statement, whether it is destructive: PostgreSQL's DROP, ALTER, DELETE, UPDATE and MERGE.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_file.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {
namespace {

// "kind object" of each that is not harmless; "(object: reason)" of each that is.
std::string shown(const char* sql) {
  Statements statements;
  add_upgrade(sql, statements);
  std::vector<std::string> lines;
  for (const auto& one : statements.take()) {
    if (is_index_change(one)) continue;
    lines.push_back(one.harmless ? fmt::format("({}: {})", one.object, one.reason)
                                 : fmt::format("{} {}", one.kind, one.object));
  }
  return join(lines, "; ");
}

struct Case {
  const char* sql;
  const char* expected;
  const char* why;
};

const Case kCases[] = {
    {"DELETE FROM t", "delete-all t", "no condition"},
    {"DELETE FROM t WHERE true", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE 1 = 1", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE 'a' = 'a' AND NOT false", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE 't'::boolean", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE 1::bool IS TRUE", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE a = 7 OR 1 <> 2", "delete-all t", "one side always holds"},
    {"DELETE FROM t WHERE id = id", "delete-all t", "a column with itself"},
    {"DELETE FROM t WHERE a IS NULL OR a IS NOT NULL", "delete-all t", "one or the other"},
    {"DELETE FROM t WHERE ctid IS NOT NULL", "delete-all t", "no row is without it"},
    {"DELETE FROM t WHERE name LIKE '%'", "delete-all t", "everything matches"},
    {"DELETE FROM t WHERE 1 IN (1, 2)", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE 2 BETWEEN 1 AND 3", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE coalesce(NULL, true)", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE EXISTS (SELECT 1)", "delete-all t", "always holds"},
    {"DELETE FROM t WHERE EXISTS (SELECT FROM t)", "delete-all t", "holds as soon as there is a row"},
    {"DELETE FROM t WHERE id IN (SELECT id FROM t)", "delete-all t", "each row is among them"},
    {"WITH gone AS (DELETE FROM t RETURNING id) SELECT count(*) FROM gone", "delete-all t", "WITH runs"},
    {"CREATE TABLE kept AS WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone", "delete-all t",
     "WITH runs here as well"},
    {"EXPLAIN ANALYZE DELETE FROM t WHERE true", "delete-all t", "ANALYZE carries it out"},
    {"DELETE FROM t WHERE id = 7", "", "by a condition"},
    {"DELETE FROM sessions WHERE expires_at < now()", "", "by a condition"},
    {"DELETE FROM t WHERE false", "", "deletes nothing"},
    {"DELETE FROM t WHERE NULL", "", "deletes nothing"},
    {"DELETE FROM t WHERE a AND true", "", "the column decides"},
    {"DELETE FROM t WHERE a = b", "", "two columns"},
    {"DELETE FROM t WHERE t.id = u.id", "", "two columns of one name"},
    {"DELETE FROM t WHERE id IN (SELECT id FROM u)", "", "another table decides"},
    {"DELETE FROM t WHERE id IN (SELECT min(id) FROM t GROUP BY a)", "", "duplicates"},
    {"DELETE FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.id = t.id)", "", "orphans"},
    {"DELETE FROM t WHERE name LIKE 'a%'", "", "a pattern"},
    {"UPDATE t SET a = 0", "update-all t", "no condition"},
    {"UPDATE t SET a = 0 WHERE true", "update-all t", "always holds"},
    {"UPDATE t SET a = 0 WHERE a IS NULL", "", "by a condition"},
    {"UPDATE t SET a = u.a FROM u WHERE u.id = t.id", "", "by a condition"},
    {"MERGE INTO t USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE", "delete-all t", "all match"},
    {"MERGE INTO t USING u ON 1 = 1 WHEN MATCHED THEN UPDATE SET a = u.a", "update-all t", "all match"},
    {"MERGE INTO t USING u ON true WHEN MATCHED AND t.a > 1 THEN DELETE", "", "by a condition"},
    {"MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE", "", "by a condition, as DELETE USING"},
    {"MERGE INTO t USING u ON true WHEN MATCHED AND t.a > 1 THEN DO NOTHING WHEN MATCHED THEN DELETE", "",
     "some are left alone"},
    {"MERGE INTO t USING u ON t.id = u.id WHEN NOT MATCHED THEN INSERT VALUES (1)", "", "it inserts"},
    {"DROP COLLATION c CASCADE", "drop-cascade c", "columns use it"},
    {"DROP SERVER s CASCADE", "drop-cascade s", "foreign tables are on it"},
    {"DROP FOREIGN DATA WRAPPER w CASCADE", "drop-cascade w", "servers and their tables"},
    {"DROP ACCESS METHOD m CASCADE", "drop-cascade m", "tables are kept by it"},
    {"DROP OPERATOR + (a, b) CASCADE", "drop-cascade +", "views and constraints use it"},
    {"DROP OPERATOR CLASS o USING btree CASCADE", "drop-cascade btree.o", "indexes use it"},
    {"DROP LANGUAGE plpgsql CASCADE", "drop-cascade plpgsql", "functions are written in it"},
    {"DROP CAST (a AS b) CASCADE", "drop-cascade a AS b", "views use it"},
    {"DROP TEXT SEARCH CONFIGURATION c CASCADE", "drop-cascade c", "generated columns use it"},
    {"DROP INDEX i CASCADE", "drop-cascade i", "foreign keys that stand on it"},
    {"DROP COLLATION c", "", "it fails where something uses it"},
    {"DROP INDEX CONCURRENTLY s.i", "drop-unique-index s.i", "unless the history says that it is not unique"},
    {"DROP STATISTICS s CASCADE", "", "nothing depends on it"},
    {"DROP PUBLICATION p CASCADE", "", "nothing depends on it"},
    {"DROP ROLE r", "", "it fails where the role owns something"},
    {"DROP SCHEMA s CASCADE", "drop-schema s", "all that is in it"},
    {"DROP TYPE m CASCADE", "drop-type m", "columns are of it"},
    {"ALTER TYPE addr DROP ATTRIBUTE zip CASCADE", "drop-column addr.zip", "values in each column of it"},
    {"DROP TRIGGER g ON s.t", "drop-trigger s.t.g", "what it checked"},
    {"DROP EVENT TRIGGER g", "drop-trigger g", "what it checked"},
    {"DROP TRIGGER IF EXISTS g ON t; CREATE TRIGGER g BEFORE INSERT ON public.t EXECUTE FUNCTION f()",
     "(t.g: the same migration makes it again)", "replaced"},
    {"DROP TRIGGER g ON t; CREATE TRIGGER g BEFORE INSERT ON u EXECUTE FUNCTION f()", "drop-trigger t.g",
     "replaced on another table"},
    {"DROP POLICY p ON t", "drop-policy t.p", "what it kept out"},
    {"DROP POLICY p ON t; CREATE POLICY p ON t USING (true)", "(t.p: the same migration makes it again)",
     "replaced"},
    {"ALTER POLICY p ON t USING (a > 1)", "", "changed in place"},
    {"DROP RULE r ON t", "drop-rule t.r", "what it rewrote"},
    {"DROP RULE r ON t; CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING",
     "(t.r: the same migration makes it again)", "replaced"},
    {"ALTER TABLE u DISABLE TRIGGER ALL", "disable-trigger u", "foreign keys are triggers"},
    {"ALTER TABLE u DISABLE TRIGGER USER", "disable-trigger u", "what they checked"},
    {"ALTER TABLE u DISABLE TRIGGER g", "disable-trigger u.g", "what it checked"},
    {"ALTER TABLE u ENABLE REPLICA TRIGGER g", "disable-trigger u.g",
     "it no longer fires in ordinary sessions"},
    {"ALTER EVENT TRIGGER g DISABLE", "disable-trigger g", "what it checked"},
    {"ALTER TABLE u DISABLE RULE r", "disable-rule u.r", "what it rewrote"},
    {"ALTER TABLE u DISABLE TRIGGER ALL; UPDATE u SET a = 1 WHERE b; ALTER TABLE u ENABLE TRIGGER ALL",
     "(u: the same migration enables it again)", "for the time of the change"},
    {"ALTER TABLE u DISABLE TRIGGER g; ALTER TABLE u ENABLE TRIGGER USER",
     "(u.g: the same migration enables it again)", "among all of the user's"},
    {"ALTER TABLE u DISABLE TRIGGER ALL; ALTER TABLE u ENABLE TRIGGER g", "disable-trigger u",
     "one of them only"},
    {"ALTER TABLE u ENABLE TRIGGER ALL; ALTER TABLE u DISABLE TRIGGER ALL", "disable-trigger u",
     "the last one counts"},
    {"CREATE TABLE u (a int); ALTER TABLE u DISABLE TRIGGER ALL",
     "(u: the same migration has made its table)", "a new table"},
    {"ALTER TABLE c NO INHERIT p", "detach-partition c", "queries of the parent no longer find its rows"},
    {"ALTER TABLE t ALTER a DROP NOT NULL", "", "it lets more in and takes nothing away"},
    {"ALTER TABLE t ALTER a DROP DEFAULT", "", "the values stay"},
    {"ALTER TABLE t ALTER a DROP EXPRESSION", "", "the values stay"},
    {"ALTER TABLE t ALTER a DROP IDENTITY", "", "the values stay"},
    {"TRUNCATE t CASCADE", "truncate t", "its rows, and those of tables that refer to it"},
    {"TRUNCATE t RESTART IDENTITY", "truncate t", "its rows"},
    {"ALTER TABLE t ALTER a TYPE varchar(10)", "alter-column-type t.a", "longer values"},
    {"ALTER TABLE t ALTER a TYPE numeric(10,2)", "alter-column-type t.a", "digits"},
    {"ALTER TABLE t ALTER a TYPE date USING a::date", "alter-column-type t.a", "the time of the day"},
    {"ALTER TABLE t ALTER a TYPE int USING a::int", "alter-column-type t.a", "what is not a number"},
    {"ALTER TABLE t DROP CONSTRAINT t_pkey", "drop-constraint t.t_pkey", "duplicates come in"},
    {"ALTER TABLE t DROP CONSTRAINT IF EXISTS t_fk CASCADE", "drop-constraint t.t_fk", "orphans come in"},
    {"ALTER TABLE t DROP CONSTRAINT t_check; ALTER TABLE t ADD CHECK (a > 0 OR b > 0)",
     "(t.t_check: the same migration makes it again)", "by the name that PostgreSQL gives it"},
    {"ALTER TABLE t DROP CONSTRAINT t_a_check, ADD CHECK (a > 0 AND a < 9)",
     "(t.t_a_check: the same migration makes it again)", "of one column"},
    {"ALTER TABLE s.t DROP CONSTRAINT t_a_b_key; ALTER TABLE s.t ADD UNIQUE (a, b)",
     "(s.t.t_a_b_key: the same migration makes it again)", "of several columns"},
    {"ALTER TABLE t DROP CONSTRAINT t_a_fkey; ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u",
     "(t.t_a_fkey: the same migration makes it again)", "a foreign key"},
    {"ALTER TABLE t DROP CONSTRAINT t_a_check; ALTER TABLE t ADD CHECK (a > b)",
     "drop-constraint t.t_a_check", "another one"},
    {"ALTER TABLE t VALIDATE CONSTRAINT c", "", "it keeps more out"},
    {"ALTER TABLE t SET UNLOGGED", "set-unlogged t", "truncated after a crash"},
    {"ALTER TABLE t SET LOGGED", "", "it is safer than before"},
    {"CREATE TABLE t (a int); ALTER TABLE t SET UNLOGGED", "(t: the same migration has made its table)",
     "a new table"},
    {"ALTER TABLE t DISABLE ROW LEVEL SECURITY", "disable-row-security t", "its policies bind nobody"},
    {"REVOKE ALL ON t FROM app", "", "a right, and neither rows nor a rule on them"},
    {"DROP DATABASE shop", "drop-database shop", "everything"},
    {"DROP OWNED BY app CASCADE", "drop-owned app", "everything of a role"},
    {"REASSIGN OWNED BY app TO other", "", "it changes the owner"},
    {"DROP EXTENSION hstore CASCADE", "drop-extension hstore", "columns of its types"},
    {"ALTER EXTENSION hstore UPDATE", "", "the extension's own script"},
    {"ALTER TYPE mood RENAME VALUE 'sad' TO 'low'", "rename mood.sad", "what still writes the old one fails"},
    {"ALTER TYPE mood ADD VALUE 'glad'", "", "it adds"},
    {"ALTER SEQUENCE s RESTART", "restart-sequence s", "numbers come again"},
    {"ALTER SEQUENCE s RESTART WITH 7", "restart-sequence s", "numbers may come again"},
    {"ALTER SEQUENCE s INCREMENT BY 2", "", "it goes on"},
    {"ALTER TABLE t ALTER id RESTART WITH 1", "restart-sequence t.id", "the same of an identity column"},
    {"CREATE SEQUENCE s; ALTER SEQUENCE s RESTART WITH 7", "(s: the same migration has made it)",
     "a new one"},
    {"CREATE TABLE t (id serial); ALTER SEQUENCE t_id_seq RESTART WITH 7",
     "(t_id_seq: the same migration has made it)", "a new one"},
    {"SELECT setval('s', 7)", "", "most often it follows the rows"},
    {"INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = excluded.a", "",
     "by the key, as UPDATE by one"},
    {"INSERT INTO t SELECT * FROM u ON CONFLICT DO NOTHING", "", "it inserts"},
    {"UPDATE t SET a = 0 WHERE id > 0 OR true", "update-all t", "always holds"},
    {"DELETE FROM t USING u", "delete-all t", "no condition"},
    {"EXPLAIN ANALYZE DELETE FROM t", "delete-all t", "it runs"},
    {"PREPARE p AS DELETE FROM t", "delete-all t", "it is there to run"},
    {"SET session_replication_role = replica", "disable-trigger session_replication_role",
     "no trigger fires"},
    {"SET session_replication_role TO 'replica'; DELETE FROM t WHERE a; RESET session_replication_role",
     "(session_replication_role: the same migration enables it again)", "for the time of the change"},
    {"SET session_replication_role = replica; SET session_replication_role = origin",
     "(session_replication_role: the same migration enables it again)", "for the time of the change"},
    {"SET LOCAL session_replication_role = replica", "", "it ends with the transaction"},
    {"SELECT drop_chunks('t', interval '1 year')", "undecided ", "its name says that it drops"},
    {"SELECT lo_unlink(oid) FROM t", "undecided ", "a large object"},
    {"SELECT DropGeometryColumn('t', 'g')", "undecided ", "its name says that it drops"},
    {"SELECT jsonb_delete(a, 'b') FROM t", "", "it only gives a value"},
    {"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM t $$", "", "nobody calls it here"},
    {"CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM t $$; SELECT f()", "delete-all t",
     "it is called"},
    {"CREATE FUNCTION f(a int) RETURNS int AS $$ BEGIN DROP TABLE u; RETURN a; END $$ LANGUAGE plpgsql;\n"
     "SELECT 1; SELECT public.f(1); DROP FUNCTION f(int)",
     "drop-table u; (f: the same migration has made it)", "it is called"},
    {"CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN TRUNCATE u; END $$; CALL p()", "truncate u",
     "it is called"},
    {"CREATE FUNCTION f() RETURNS void AS $$ BEGIN DELETE FROM t; PERFORM f(); END $$ LANGUAGE plpgsql;\n"
     "DO $$ BEGIN PERFORM f(); END $$",
     "delete-all t", "by a block, and by itself"},
    {"CREATE FUNCTION f() RETURNS void LANGUAGE plpython3u AS $$ plpy.execute('DROP TABLE a') $$; SELECT f()",
     "undecided ", "in another language"},
    {"CREATE FUNCTION drop_old() RETURNS trigger AS $$ BEGIN DELETE FROM t; RETURN NULL; END $$ LANGUAGE "
     "plpgsql;\n"
     "CREATE TRIGGER g AFTER INSERT ON u EXECUTE FUNCTION drop_old()",
     "", "it is only there for later"},
    {"CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM t; END; SELECT f()", "undecided ",
     "not read"},
    {"EXECUTE p", "", "what is prepared is read where it is prepared"},
    {"ALTER TABLE public.t DROP CONSTRAINT c; ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
     "(public.t.c: the same migration makes it again)", "one table, written with and without its schema"},
};

TEST(DestructiveSql, StatementByStatement) {
  for (const auto& one : kCases) EXPECT_EQ(shown(one.sql), one.expected) << one.sql << "\n" << one.why;
}

TEST(DestructiveSql, VariablesThatAreFilledInAreNotOneColumn) {
  Statements statements;
  statements.sql(without_variables("DELETE FROM t WHERE :a = :b", Variables::python));
  EXPECT_TRUE(statements.take().empty());
}

TEST(DestructiveSql, DeeplyNestedConditions) {
  constexpr int kLevels = 1500;
  std::string condition;
  for (int i = 0; i < kLevels; ++i) condition += "NOT (a OR ";
  condition += "true" + std::string(kLevels, ')');
  Statements statements;
  statements.sql("DELETE FROM t WHERE " + condition);
  for (const auto& one : statements.take()) EXPECT_TRUE(one.undecided());
}

}  // namespace
}  // namespace exitgate::collect
