// What PostgreSQL's parser says of migrations in SQL: which statements take something away, and where.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_file.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {
namespace {

// Each statement as "line kind object", with "(reason)" where there is one.
std::string shown(Statements& statements) {
  std::vector<std::string> lines;
  for (const auto& one : statements.take()) {
    if (is_index_change(one)) continue;
    std::string line = fmt::format("{} {} {}", one.line, one.kind, one.undecided() ? one.text : one.object);
    if (!one.reason.empty()) line += fmt::format(" ({})", one.reason);
    lines.push_back(line);
  }
  return join(lines, "\n");
}

std::string of_file(const std::string& text) {
  Statements statements;
  add_upgrade(text, statements);
  return shown(statements);
}

struct SqlCase {
  const char* name;
  const char* sql;
  const char* expected;
};

void PrintTo(const SqlCase& one, std::ostream* out) {
  *out << one.name;
}

class SqlFiles : public ::testing::TestWithParam<SqlCase> {};

TEST_P(SqlFiles, TakeAway) {
  EXPECT_EQ(of_file(GetParam().sql), GetParam().expected);
}

const SqlCase kSql[] = {
    {"Tables", "DROP TABLE a.b, \"C d\" CASCADE;\nDROP FOREIGN TABLE IF EXISTS f;",
     "1 drop-table a.b\n1 drop-table C d\n2 drop-table f"},
    {"OtherObjects",
     "DROP SCHEMA s CASCADE;\nDROP TYPE m;\nDROP DOMAIN d;\nDROP SEQUENCE q;\nDROP EXTENSION hstore;\n"
     "DROP VIEW v;\nDROP MATERIALIZED VIEW mv;\nDROP FUNCTION s.f(int);\nDROP PROCEDURE p;\n"
     "DROP DATABASE shop;\nDROP OWNED BY app;",
     "1 drop-schema s\n2 drop-type m\n3 drop-type d\n4 drop-sequence q\n5 drop-extension hstore\n"
     "6 drop-view v\n7 drop-view mv\n8 drop-function s.f\n9 drop-function p\n10 drop-database shop\n"
     "11 drop-owned app"},
    {"WhatKeepsOut", "DROP INDEX i; DROP TRIGGER t ON a; DROP POLICY p ON a; DROP RULE r ON s.a;",
     "1 drop-unique-index i\n1 drop-trigger a.t\n1 drop-policy a.p\n1 drop-rule s.a.r"},
    {"PartsOfATable",
     "ALTER TABLE x DROP COLUMN y, ALTER COLUMN z TYPE int USING z::int,\n  ALTER z SET NOT NULL, DROP "
     "CONSTRAINT foo;\nALTER TABLE x DETACH PARTITION x1;\nALTER TABLE x DISABLE ROW LEVEL SECURITY;\n"
     "ALTER TABLE x NO FORCE ROW LEVEL SECURITY;\nALTER TYPE c DROP ATTRIBUTE a;\n"
     "ALTER DOMAIN d DROP CONSTRAINT k;\nALTER DOMAIN d SET NOT NULL;",
     "1 drop-column x.y\n1 alter-column-type x.z\n1 set-not-null x.z\n1 drop-constraint x.foo\n"
     "3 detach-partition x1\n4 disable-row-security x\n5 disable-row-security x\n6 drop-column c.a\n"
     "7 drop-constraint d.k\n8 set-not-null d"},
    {"Names",
     "ALTER TABLE s.x RENAME COLUMN a TO b;\nALTER TABLE x RENAME TO y;\nALTER VIEW v RENAME TO w;\n"
     "ALTER TYPE m RENAME TO n;\nALTER TYPE m RENAME VALUE 'a' TO 'b';\nALTER SCHEMA s RENAME TO t;\n"
     "ALTER FUNCTION f(int) RENAME TO g;\nALTER TABLE x SET SCHEMA s;\nALTER INDEX i RENAME TO j;\n"
     "ALTER TABLE x RENAME CONSTRAINT c TO d;",
     "1 rename s.x.a\n2 rename x\n3 rename v\n4 rename m\n5 rename m.a\n6 rename s\n7 rename f\n8 rename x"},
    {"Rows",
     "TRUNCATE a, b;\nDELETE FROM t;\nDELETE FROM t WHERE id = 1;\nUPDATE t SET a = 1;\n"
     "UPDATE t SET a = 1 WHERE b;\nWITH d AS (DELETE FROM z RETURNING *) SELECT * FROM d;\n"
     "INSERT INTO t (a) VALUES ('DELETE FROM x') ON CONFLICT (a) DO UPDATE SET a = 2;",
     "1 truncate a\n1 truncate b\n2 delete-all t\n4 update-all t\n6 delete-all z"},
    {"WhatIsOnlyWrittenDown",
     "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM t $$;\n"
     "CREATE RULE r AS ON INSERT TO a DO ALSO DELETE FROM b;\n-- DROP TABLE a;\n/* DROP TABLE /* b */; */\n"
     "SELECT 'DROP TABLE a';\nCREATE FUNCTION g() RETURNS int BEGIN ATOMIC DELETE FROM x; SELECT 1; END;",
     ""},
    {"WhatTheMigrationMadeItself",
     "CREATE TABLE tmp (a int);\nUPDATE tmp SET a = 1;\nDROP TABLE tmp;\nALTER TABLE x ADD COLUMN n int;\n"
     "UPDATE x SET n = 0;\nALTER TABLE x ALTER n SET NOT NULL;\nUPDATE x SET n = 0, o = 0;",
     "2 update-all tmp (the same migration has made its table)\n"
     "3 drop-table tmp (the same migration has made its table)\n"
     "5 update-all x (the same migration has made it)\n6 set-not-null x.n (the same migration has made it)\n"
     "7 update-all x"},
    {"WhatTheMigrationMakesAgain",
     "DROP VIEW public.v;\nCREATE VIEW v AS SELECT 1;\nDROP FUNCTION f(int);\nCREATE FUNCTION f() RETURNS "
     "int "
     "LANGUAGE sql AS 'SELECT 1';\nALTER TABLE x DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (a > 0);\n"
     "DROP TABLE t; CREATE TABLE t (a int);",
     "1 drop-view public.v (the same migration makes it again)\n"
     "3 drop-function f (the same migration makes it again)\n"
     "5 drop-constraint x.c (the same migration makes it again)\n6 drop-table t"},
    {"TablesOfOneNameInTwoSchemas", "CREATE TABLE a.t (x int);\nDROP TABLE b.t;\nDROP TABLE t;",
     "2 drop-table b.t\n3 drop-table t (the same migration has made its table)"},
    {"DoBlocks",
     "DO $$\nDECLARE r users%ROWTYPE;\nBEGIN\n  IF EXISTS (SELECT 1) THEN\n    DROP TABLE a;\n  END IF;\n"
     "  EXECUTE 'TRUNCATE ' || 'b';\n  EXECUTE format('DROP TABLE %I.%I', s, r.t);\n"
     "  EXECUTE 'DELETE FROM ' || quote_ident(r.t);\n  EXECUTE statement;\n  PERFORM f();\nEND $$;",
     "5 drop-table a\n7 truncate b\n8 drop-table {...}.{...}\n9 delete-all {...}\n"
     "10 undecided EXECUTE statement (the statement is put together at run time)"},
    {"DoInAnotherLanguage", "DO LANGUAGE plpython3u $$ plpy.execute('DROP TABLE a') $$;",
     "1 undecided DO LANGUAGE plpython3u $$ plpy.execute('DROP TABLE a') $$ (a DO block in plpython3u is not "
     "read)"},
    {"NoSqlThatPostgresqlKnows",
     "CREATE TABLE `a` (id int);\n\nALTER TABLE a MODIFY COLUMN b int;\nDROP TABLE b;",
     "3 undecided ALTER TABLE a MODIFY COLUMN b int (syntax error at or near \"MODIFY\")\n4 drop-table b"},
    {"AnOpenQuote", "DROP TABLE a;\nSELECT 'x",
     "2 undecided 'x (unterminated quoted string at or near \"'x\")"},
    {"PsqlCommands",
     "\\set ON_ERROR_STOP on\n\\ir more.sql\nDROP TABLE :\"old\";\nDELETE FROM t WHERE a = :'it';\nDROP ROLE "
     ":r;\n"
     "SELECT 'DROP TABLE ' || x FROM y\n\\gexec\n",
     "2 undecided \\ir more.sql (the file that it includes is not read)\n"
     "7 undecided \\gexec (the statement is put together at run time)\n3 drop-table old"},
    {"CopiedData", "COPY t (a) FROM stdin;\nDROP TABLE a;\n'unbalanced\n\\.\nDROP TABLE b;",
     "5 drop-table b"},
    {"Dbmate", "-- migrate:up transaction:false\nDROP TABLE a;\n-- migrate:down\nDROP TABLE b;\n",
     "2 drop-table a"},
    {"Goose",
     "-- +goose Up\n-- +goose StatementBegin\nDROP TABLE a;\n-- +goose StatementEnd\n-- +goose Down\n"
     "DROP TABLE b;\n",
     "3 drop-table a"},
    {"DownFirst", "-- +migrate Down\nDROP TABLE b;\n-- +migrate Up\nDROP TABLE a;\n", "4 drop-table a"},
};

INSTANTIATE_TEST_SUITE_P(Sql, SqlFiles, ::testing::ValuesIn(kSql),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(SqlFile, AStatementThatIsTooLongOrHoldsAZero) {
  EXPECT_THAT(of_file("DELETE FROM t WHERE a = '" + std::string(2U << 20U, 'x') + "'"),
              ::testing::AllOf(::testing::StartsWith("1 undecided DELETE FROM t WHERE a = 'xxx"),
                               ::testing::EndsWith("... (it is longer than 1 MiB)")));
  EXPECT_EQ(of_file(std::string("DROP TABLE a;\0DROP", 18)),
            std::string("1 undecided DROP TABLE a;\0DROP (it holds a zero byte)", 53));
}

TEST(SqlFile, HostileNesting) {
  const std::string deep = "DELETE FROM t WHERE a = " + std::string(100'000, '(');
  EXPECT_THAT(of_file(deep), ::testing::HasSubstr("undecided DELETE FROM t"));
  std::string selects = "DELETE FROM t WHERE a = ";
  for (int i = 0; i < 3000; ++i) selects += "(SELECT ";
  selects += "1" + std::string(3000, ')');
  const std::string found = of_file(selects);
  EXPECT_TRUE(found.empty() || found.find("undecided") != std::string::npos) << found;
}

TEST(SqlVariables, StandForValuesAndNames) {
  EXPECT_EQ(without_variables("a = :x AND b::int = %s AND c IN :ids -- :no\n", Variables::python),
            "a = (exitgate_value) AND b::int = (exitgate_value) AND c IN (exitgate_value) -- :no\n");
  EXPECT_EQ(without_variables("'x:y %s' %(name)s \\:z %% a[1:n] $q$ :a $q$", Variables::python),
            "'x:y %s' (exitgate_value) :z % a[1:n] $q$ :a $q$");
  EXPECT_EQ(without_variables(":role :'text' :\"Name\" a::b \"x\":'", Variables::psql),
            "role 'text' \"Name\" a::b \"x\":'");
}

TEST(InOneLine, CutsAtACharacter) {
  EXPECT_EQ(in_one_line(" a \n\t b "), "a b");
  std::string text;
  for (int i = 0; i < 150; ++i) text += "ä";
  const std::string line = in_one_line(text);
  EXPECT_LE(line.size(), 200U);
  EXPECT_EQ(invalid_utf8(line), std::nullopt);
  EXPECT_TRUE(line.ends_with("ä..."));
}

}  // namespace
}  // namespace exitgate::collect
