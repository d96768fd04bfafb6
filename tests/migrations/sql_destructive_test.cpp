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
