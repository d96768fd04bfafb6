// What became of migrations that the base branch has, in real repositories: a base on main, and a commit on a branch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

using Files = std::map<std::string, std::string>;

struct Case {
  const char* name;
  Files base;
  Files commit;                       // over the base's; an empty text removes the file
  std::vector<std::string> expected;  // "kind revision file:line: before -> after (harmless)"
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class MergedChanges : public ::testing::TestWithParam<Case> {};

std::vector<std::string> changes(const std::filesystem::path& root) {
  const CollectedMigrations found(root);
  return found.rows(
      "SELECT kind || ' ' || revision || ' ' || file || ':' || line || ': ' || coalesce(before, '-') || ' -> "
      "' || "
      "coalesce(after, '-') || CASE WHEN harmless THEN ' (harmless)' ELSE '' END FROM "
      "migrations.merged_change "
      "ORDER BY rowid");
}

TEST_P(MergedChanges, AreTold) {
  const test::ScratchRepository scratch;
  for (const auto& [path, text] : GetParam().base) scratch.write(path, text);
  scratch.commit();
  scratch.git({"checkout", "--quiet", "-b", "work"});
  for (const auto& [path, text] : GetParam().commit) {
    if (text.empty()) {
      std::filesystem::remove(scratch.root() / path);
    } else {
      scratch.write(path, text);
    }
  }
  scratch.commit();
  EXPECT_THAT(changes(scratch.root()), testing::ElementsAreArray(GetParam().expected));
}

std::string alembic(const std::string& id, const std::string& parent, const std::string& up,
                    const std::string& down = "pass") {
  return "\"\"\"" + id + "\"\"\"\nfrom alembic import op\nrevision = '" + id +
         "'\ndown_revision = " + parent + "\n\n\ndef upgrade():\n    " + up + "\n\n\ndef downgrade():\n    " +
         down + "\n";
}

const Files kAlembic = {{"alembic.ini", "[alembic]\nscript_location = m\n"},
                        {"m/versions/a.py", alembic("a", "None", "op.execute('CREATE TABLE t (id int)')")},
                        {"m/versions/b.py", alembic("b", "'a'", "op.drop_table('t')", "op.execute('x')")}};
const Files kGoMigrate = {
    {"migrations/1_a.up.sql", "CREATE TABLE a (id int);\n"},
    {"migrations/1_a.down.sql", "DROP TABLE a;\n"},
    {"migrations/3_c.up.sql", "CREATE TABLE c (id int);\nCREATE INDEX c_id ON c (id);\n"}};
const Files kFlyway = {{"db/migration/V1__a.sql", "CREATE TABLE a (id int);\n"},
                       {"db/migration/V2__b.sql", "CREATE TABLE b (id int);\n"},
                       {"db/migration/R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 1;\n"}};
const Files kGoose = {
    {"migrations/1_a.sql", "-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n"}};
const Files kPrisma = {
    {"prisma/schema.prisma", "datasource db {\n  provider = \"postgresql\"\n}\n"},
    {"prisma/migrations/20240101000000_a/migration.sql", "CREATE TABLE \"A\" (id int);\n"},
    {"prisma/migrations/20240103000000_c/migration.sql", "CREATE TABLE \"C\" (id int);\n"}};

std::string rails(const std::string& name, const std::string& body) {
  return "class " + name + " < ActiveRecord::Migration[7.1]\n  def change\n    " + body + "\n  end\nend\n";
}
const Files kRails = {
    {"Gemfile", "gem 'rails'\n"},
    {"db/migrate/20240101000000_a.rb", rails("A", "add_column :t, :c, :string, :null => false")},
    {"db/migrate/20240103000000_c.rb", rails("C", "add_index :t, :c")}};

std::string django(const std::string& dependencies, const std::string& operations) {
  return "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    "
         "dependencies = [" +
         dependencies + "]\n    operations = [" + operations + "]\n";
}
const std::string kAddField = "migrations.AddField('t', 'c', models.CharField(max_length=10, help_text='x'))";
const Files kDjango = {{"manage.py", "import django\n"},
                       {"shop/migrations/__init__.py", "\n"},
                       {"shop/migrations/0001_initial.py", django("", "migrations.CreateModel('t', [])")},
                       {"shop/migrations/0002_c.py", django("('shop', '0001_initial')", kAddField)}};

const Files kLiquibase = {
    {"liquibase.properties", "x\n"},
    {"db/changelog.xml",
     "<databaseChangeLog>\n<changeSet id=\"1\" author=\"a\">\n<dropTable tableName=\"t\"/>\n</changeSet>\n"
     "</databaseChangeLog>\n"}};

const std::vector<Case> kCases = {
    {"NothingOld", kAlembic, {{"m/versions/c.py", alembic("c", "'b'", "pass")}}, {}},
    {"CommentsImportsTypesQuotes",
     kAlembic,
     {{"m/versions/a.py",
       "# why\n\"\"\"another text\"\"\"\nfrom typing import Union\nfrom alembic import op\nimport sqlalchemy "
       "as sa\n\n"
       "revision: str = \"a\"\ndown_revision: Union[str, None] = None\n\ndef upgrade() -> None:\n"
       "    # step\n    op.execute(\n        \"CREATE TABLE t (id int)\",\n    )\n\ndef downgrade() -> "
       "None:\n    pass\n"}},
     {}},
    {"AlembicChanged",
     kAlembic,
     {{"m/versions/a.py", alembic("a", "None", "op.execute('CREATE TABLE t (id bigint)')")}},
     {"changed a m/versions/a.py:8: op.execute('CREATE TABLE t (id int)') -> op.execute('CREATE TABLE t (id "
      "bigint)')"}},
    {"AlembicWayBackAlone",
     kAlembic,
     {{"m/versions/b.py", alembic("b", "'a'", "op.drop_table('t')", "op.execute('y')")}},
     {"changed b m/versions/b.py:12: op.execute('x') -> op.execute('y') (harmless)"}},
    {"AlembicRemoved", kAlembic, {{"m/versions/b.py", ""}}, {"removed b m/versions/b.py:3: - -> -"}},
    {"AlembicSlippedIn",
     kAlembic,
     {{"m/versions/b.py", alembic("b", "'n'", "op.drop_table('t')", "op.execute('x')")},
      {"m/versions/n.py", alembic("n", "'a'", "pass")}},
     {"overtaken b m/versions/n.py:3: - -> n"}},
    {"AlembicReordered",
     kAlembic,
     {{"m/versions/a.py", alembic("a", "'b'", "op.execute('CREATE TABLE t (id int)')")},
      {"m/versions/b.py", alembic("b", "None", "op.drop_table('t')", "op.execute('x')")}},
     {"changed a m/versions/a.py:3: follows nothing -> follows b"}},
    {"AlembicFileRenamed",
     kAlembic,
     {{"m/versions/a.py", ""},
      {"m/versions/first.py", alembic("a", "None", "op.execute('CREATE TABLE t (id int)')")}},
     {}},
    {"SqlCommentsAndBlanks",
     kGoMigrate,
     {{"migrations/3_c.up.sql",
       "-- of c\ncreate table c\n  (id int /* key */);\nCREATE INDEX c_id\n  ON c (id);\n"}},
     {}},
    {"SqlChanged",
     kGoMigrate,
     {{"migrations/3_c.up.sql", "CREATE TABLE c (id int);\n\nCREATE UNIQUE INDEX c_id ON c (id);\n"}},
     {"changed 3 migrations/3_c.up.sql:3: CREATE INDEX c_id ON c (id) -> CREATE UNIQUE INDEX c_id ON c "
      "(id)"}},
    {"SqlStatementAdded",
     kGoMigrate,
     {{"migrations/1_a.up.sql", "CREATE TABLE a (id int);\nALTER TABLE a ADD b int;\n"}},
     {"changed 1 migrations/1_a.up.sql:2: - -> ALTER TABLE a ADD b int"}},
    {"SqlStatementGone",
     kGoMigrate,
     {{"migrations/3_c.up.sql", "CREATE TABLE c (id int);\n"}},
     {"changed 3 migrations/3_c.up.sql:1: CREATE INDEX c_id ON c (id) -> -"}},
    {"SqlOvertaken",
     kGoMigrate,
     {{"migrations/2_b.up.sql", "CREATE TABLE b (id int);\n"}},
     {"overtaken 3 migrations/2_b.up.sql:1: - -> 2"}},
    {"SqlRenumbered",
     kGoMigrate,
     {{"migrations/3_c.up.sql", ""},
      {"migrations/4_c.up.sql", "CREATE TABLE c (id int);\nCREATE INDEX c_id ON c (id);\n"}},
     {"removed 3 migrations/3_c.up.sql:1: - -> 4"}},
    {"FolderMoved",
     kGoMigrate,
     {{"migrations/1_a.up.sql", ""},
      {"migrations/1_a.down.sql", ""},
      {"migrations/3_c.up.sql", ""},
      {"db/migrations/1_a.up.sql", "CREATE TABLE a (id int);\n"},
      {"db/migrations/1_a.down.sql", "DROP TABLE a;\n"},
      {"db/migrations/3_c.up.sql", "CREATE TABLE c (id int);\nCREATE INDEX c_id ON c (id);\n"}},
     {}},
    {"BodyOfAFunction",
     {{"migrations/1_a.up.sql",
       "CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; -- one\n$$ LANGUAGE sql;\n"}},
     {{"migrations/1_a.up.sql", "CREATE FUNCTION f() RETURNS int AS $x$\n  SELECT 1;\n$x$ LANGUAGE sql;\n"}},
     {}},
    {"Flyway",
     kFlyway,
     {{"db/migration/V2__b.sql", "CREATE TABLE b (id bigint);\n"},
      {"db/migration/R__v.sql", "CREATE OR REPLACE VIEW v AS SELECT 2;\n"},
      {"db/migration/V1_5__n.sql", "SELECT 1;\n"}},
     {"changed 2 db/migration/V2__b.sql:1: CREATE TABLE b (id int) -> CREATE TABLE b (id bigint)",
      "overtaken 2 db/migration/V1_5__n.sql:1: - -> 1.5"}},
    {"FlywayCountsComments",
     kFlyway,
     {{"db/migration/V2__b.sql", "-- b\nCREATE TABLE b (id int);\n"}},
     {"changed 2 db/migration/V2__b.sql:1: - -> - (harmless)"}},
    {"FlywayTitleAlone",
     kFlyway,
     {{"db/migration/V2__b.sql", ""}, {"db/migration/V2__the_b.sql", "CREATE TABLE b (id int);\n"}},
     {}},
    {"GooseWayBackAlone",
     kGoose,
     {{"migrations/1_a.sql",
       "-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE IF EXISTS a;\n"}},
     {"changed 1 migrations/1_a.sql:4: DROP TABLE a -> DROP TABLE IF EXISTS a (harmless)"}},
    {"PrismaOvertakenIsApplied",
     kPrisma,
     {{"prisma/migrations/20240102000000_b/migration.sql", "SELECT 1;\n"}},
     {"overtaken 20240103000000_c prisma/migrations/20240102000000_b/migration.sql:1: - -> 20240102000000_b "
      "(harmless)"}},
    {"RailsStyle",
     kRails,
     {{"db/migrate/20240101000000_a.rb",
       "# frozen_string_literal: true\n\nclass A < ActiveRecord::Migration[7.1]\n  def change\n    "
       "add_column(:t, :c, "
       ":string, null: false)\n  end\nend\n"}},
     {}},
    {"RailsListsOfWords",
     {{"Gemfile", "gem 'rails'\n"},
      {"db/migrate/20240101000000_a.rb", rails("A", "add_index :t, [:a, :b], x: [\"a\", 'b']")}},
     {{"db/migrate/20240101000000_a.rb", rails("A", "add_index :t, %i[a b], x: %w[a b]")}},
     {}},
    {"RailsChanged",
     kRails,
     {{"db/migrate/20240101000000_a.rb", rails("A", "add_column :t, :c, :text, :null => false")}},
     {"changed 20240101000000 db/migrate/20240101000000_a.rb:3: add_column :t, :c, :string, :null => false "
      "-> "
      "add_column :t, :c, :text, :null => false"}},
    {"DjangoStateAlone",
     kDjango,
     {{"shop/migrations/0002_c.py",
       django("('shop', '0001_initial')",
              "\n        migrations.AddField('t', 'c', models.CharField(max_length=10, help_text='y', "
              "blank=True)),\n"
              "        migrations.AlterModelOptions('t', {'ordering': ['c']})")}},
     {}},
    {"DjangoChanged",
     kDjango,
     {{"shop/migrations/0002_c.py",
       django("('shop', '0001_initial')", "migrations.AddField('t', 'c', models.CharField(max_length=20))")}},
     {"changed 0002_c shop/migrations/0002_c.py:6: operations = [migrations.AddField('t', 'c', "
      "models.CharField(max_length=10, help_text='x'))] -> operations = [migrations.AddField('t', 'c', "
      "models.CharField(max_length=20))]"}},
    {"DjangoSquashed",
     kDjango,
     {{"shop/migrations/0001_initial.py", ""},
      {"shop/migrations/0002_c.py", ""},
      {"shop/migrations/0001_squashed.py",
       "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    replaces = "
       "[('shop', "
       "'0001_initial'), ('shop', '0002_c')]\n    dependencies = []\n    operations = []\n"}},
     {}},
    {"Liquibase",
     kLiquibase,
     {{"db/changelog.xml",
       "<databaseChangeLog>\n<!-- one -->\n<changeSet id=\"1\" author=\"a\">\n<!-- two -->\n  <dropTable "
       "tableName=\"u\"/>\n</changeSet>\n<changeSet id=\"2\" author=\"a\"/>\n</databaseChangeLog>\n"}},
     {"changed db/changelog.xml::1::a db/changelog.xml:5: <dropTable tableName=\"t\"/> -> <dropTable "
      "tableName=\"u\"/>"}},
    {"LiquibaseCommentsAlone",
     kLiquibase,
     {{"db/changelog.xml",
       "<databaseChangeLog>\n<changeSet id=\"1\" author=\"a\">\n  <!-- of old -->\n  <dropTable "
       "tableName=\"t\"/>\n</changeSet>\n</databaseChangeLog>\n"}},
     {}},
    {"GoIsNotRead",
     {{"migrations/1_a.go",
       "package m\n\nimport \"github.com/pressly/goose/v3\"\n\nfunc init() {\n\tgoose.AddMigration(up, "
       "down)\n}\n"}},
     {{"migrations/1_a.go",
       "package m\n\nimport \"github.com/pressly/goose/v3\"\n\nfunc init() {\n\tgoose.AddMigration(up2, "
       "down)\n}\n"}},
     {"undecided 1 migrations/1_a.go:6: goose.AddMigration(up, down) -> goose.AddMigration(up2, down)"}},
    {"TheWholeHistoryIsGone",
     kGoose,
     {{"migrations/1_a.sql", ""}, {"README.md", "x\n"}},
     {"removed 1 migrations/1_a.sql:1: - -> -"}},
};

INSTANTIATE_TEST_SUITE_P(SinceTheBase, MergedChanges, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(MergedChangesReason, IsWhatTheToolDoes) {
  const test::ScratchRepository scratch;
  for (const auto& [path, text] : kFlyway) scratch.write(path, text);
  scratch.commit();
  scratch.git({"checkout", "--quiet", "-b", "work"});
  scratch.write("db/migration/V1__a.sql", "CREATE TABLE a (id text);\n");
  scratch.commit();
  const CollectedMigrations found(scratch.root());
  EXPECT_THAT(found.rows("SELECT reason FROM migrations.merged_change"),
              testing::ElementsAre("Flyway refuses to migrate: the checksum is another"));
}

}  // namespace
}  // namespace exitgate::collect
