// What a DROP INDEX takes away, by the whole history: a unique index keeps rows out, another holds nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/collect/migrations/sql_indexes.h"
#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

constexpr const char* kAgain = " (the same migration makes it again)";
constexpr const char* kUnknown = " (no migration creates the index, so whether it is unique is not known)";

struct Case {
  const char* name;
  std::map<std::string, std::string> files;
  std::string expected;  // "line kind object (reason)"
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class DroppedIndexes : public ::testing::TestWithParam<Case> {};

TEST_P(DroppedIndexes, AreDecidedByWhatCreatedThem) {
  const test::ScratchRepository scratch;
  for (const auto& [path, text] : GetParam().files) scratch.write(path, text);
  scratch.commit();
  EXPECT_EQ(CollectedMigrations(scratch.root()).statements(), GetParam().expected);
}

// One migration of golang-migrate's after another.
std::map<std::string, std::string> sql(std::initializer_list<const char*> texts) {
  std::map<std::string, std::string> files;
  for (const char* const text : texts)
    files["migrations/00000" + std::to_string(files.size() + 1) + "_m.up.sql"] = text;
  return files;
}

std::map<std::string, std::string> alembic(const std::string& first, const std::string& second) {
  const auto file = [](const char* id, const char* parent, const std::string& upgrade) {
    return std::string("import sqlalchemy as sa\nfrom alembic import op\nrevision = '") + id +
           "'\ndown_revision = " + parent + "\ndef upgrade():\n    " + upgrade + "\n";
  };
  return {{"alembic.ini", "[alembic]\nscript_location = migrations\n"},
          {"migrations/versions/a.py", file("a", "None", first)},
          {"migrations/versions/b.py", file("b", "'a'", second)}};
}

std::map<std::string, std::string> rails(const std::string& first, const std::string& second) {
  const auto file = [](const char* name, const std::string& body) {
    return std::string("class ") + name + " < ActiveRecord::Migration[7.1]\n  def change\n    " + body +
           "\n  end\nend\n";
  };
  return {{"Gemfile", "gem 'rails'\n"},
          {"db/migrate/20240101000000_first.rb", file("First", first)},
          {"db/migrate/20240102000000_second.rb", file("Second", second)}};
}

std::map<std::string, std::string> django(const std::string& first, const std::string& second) {
  const auto file = [](const std::string& depends, const std::string& operations) {
    return "from django.db import migrations, models\nclass Migration(migrations.Migration):\n    "
           "dependencies = [" +
           depends + "]\n    operations = [" + operations + "]\n";
  };
  return {{"manage.py", "import django\n"},
          {"shop/migrations/__init__.py", ""},
          {"shop/migrations/0001_initial.py", file("", first)},
          {"shop/migrations/0002_second.py", file("('shop', '0001_initial')", second)}};
}

std::map<std::string, std::string> liquibase(const std::string& changes) {
  return {{"db/changelog.xml",
           "<databaseChangeLog xmlns=\"http://www.liquibase.org/xml/ns/dbchangelog\">\n"
           "<changeSet id=\"1\" author=\"a\">\n" +
               changes + "\n</changeSet>\n</databaseChangeLog>\n"}};
}

const Case kCases[] = {
    {"NotUnique", sql({"CREATE INDEX i ON t (a);", "DROP INDEX i;"}), ""},
    {"Unique", sql({"CREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i;"}), "1 drop-unique-index i"},
    {"UniqueInCapitalsAndQuotes",
     sql({"create unique index concurrently if not exists \"Big I\" on only s.t using btree (a);",
          "DROP INDEX CONCURRENTLY s.\"Big I\";"}),
     "1 drop-unique-index s.Big I"},
    {"BesideStatementsThatTakeAway", sql({"DROP TABLE x; CREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i;"}),
     "1 drop-table x\n1 drop-unique-index i"},
    {"InADoBlock", sql({"DO $$ BEGIN CREATE UNIQUE INDEX i ON t (a); END $$;", "DROP INDEX i;"}),
     "1 drop-unique-index i"},
    {"InAStringThatIsRun",
     sql({"DO $$ BEGIN EXECUTE 'CREATE UNIQUE INDEX i ON t (a)'; DELETE FROM t; END $$;", "DROP INDEX i;"}),
     "1 delete-all t\n1 drop-unique-index i"},
    {"InACommentIsNone",
     sql({"-- CREATE UNIQUE INDEX i ON t (a)\nCREATE INDEX i ON t (a);", "DROP INDEX i;"}), ""},
    {"ByItsDefaultName",
     sql({"CREATE UNIQUE INDEX ON t (a, lower(b), (c || d)); CREATE INDEX ON t (a);",
          "DROP INDEX t_a_lower_expr_idx;\nDROP INDEX t_a_idx;"}),
     "1 drop-unique-index t_a_lower_expr_idx"},
    {"ByItsNewName", sql({"CREATE UNIQUE INDEX i ON t (a);", "ALTER INDEX i RENAME TO j;", "DROP INDEX j;"}),
     "1 drop-unique-index j"},
    {"TheLastOneCounts",
     sql({"CREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i;\nCREATE INDEX i ON t (a);", "DROP INDEX i;"}),
     "1 drop-unique-index i"},
    {"TheLastOneCountsTheOtherWayRound",
     sql({"CREATE INDEX i ON t (a);", "DROP INDEX i;\nCREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i;"}),
     "1 drop-unique-index i"},
    {"OfTheSameMigration", sql({"CREATE UNIQUE INDEX i ON t (a); DROP INDEX i;"}), ""},
    {"MadeAgainUnderItsName",
     sql({"CREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i; CREATE UNIQUE INDEX i ON t (a) WHERE b;"}),
     std::string("1 drop-unique-index i") + kAgain},
    {"MadeAgainUnderAnotherName",
     sql({"CREATE UNIQUE INDEX i ON t (a);", "CREATE UNIQUE INDEX j ON t (A);\nDROP INDEX i;"}),
     std::string("2 drop-unique-index i") + kAgain},
    {"MadeAgainAsAConstraint",
     sql({"CREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i; ALTER TABLE t ADD CONSTRAINT c UNIQUE (a);"}),
     std::string("1 drop-unique-index i") + kAgain},
    {"MadeAgainAndRenamed",
     sql({"CREATE UNIQUE INDEX i ON t (a);",
          "CREATE UNIQUE INDEX n ON t (a, b); DROP INDEX i; ALTER INDEX n RENAME TO i;"}),
     std::string("1 drop-unique-index i") + kAgain},
    {"MadeAgainButNotUnique",
     sql({"CREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i; CREATE INDEX i ON t (a);"}),
     "1 drop-unique-index i"},
    {"OfOtherColumns",
     sql({"CREATE UNIQUE INDEX i ON t (a);", "DROP INDEX i; CREATE UNIQUE INDEX j ON t (a, b);"}),
     "1 drop-unique-index i"},
    {"OfNoMigration", sql({"CREATE TABLE t (a int);", "DROP INDEX i;"}),
     std::string("1 undecided DROP INDEX i") + kUnknown},
    {"OfNoMigrationAndMadeAgain", sql({"DROP INDEX IF EXISTS i; CREATE INDEX i ON t (a);"}), ""},
    {"OfNoMigrationAndMadeAgainThatWasThere", sql({"DROP INDEX i; CREATE INDEX i ON t (a);"}),
     std::string("1 undecided DROP INDEX i") + kUnknown},
    {"AlembicNotUnique",
     alembic("op.create_index(op.f('ix_t_a'), 't', ['a'], unique=False)",
             "op.drop_index(op.f('ix_t_a'), table_name='t')"),
     ""},
    {"AlembicUnique",
     alembic("op.create_index('i', 't', ['a'], unique=True)", "op.drop_index('i', table_name='t')"),
     "6 drop-unique-index i"},
    {"AlembicInABatch",
     alembic("with op.batch_alter_table('t') as b: b.create_index('i', ['a'], unique=True)",
             "with op.batch_alter_table('t') as b: b.drop_index('i')"),
     "6 drop-unique-index i"},
    {"AlembicByTheNameOfABatch",
     alembic("with op.batch_alter_table('t') as b: b.create_index(b.f('ix_t_a'), ['a'])",
             "with op.batch_alter_table('t') as b: b.drop_index(b.f('ix_t_a'))"),
     ""},
    {"AlembicOfAColumn",
     alembic(
         "op.create_table('t', sa.Column('a', sa.Text, index=True, unique=True), sa.Column('b', index=True), "
         "sa.Index('j', 'a', 'b', unique=True))",
         "[op.drop_index('ix_t_a'), op.drop_index('ix_t_b'), op.drop_index('j')]"),
     "6 drop-unique-index ix_t_a\n6 drop-unique-index j"},
    {"AlembicBySql", alembic("op.execute('CREATE UNIQUE INDEX i ON t (a)')", "op.execute('DROP INDEX i')"),
     "6 drop-unique-index i"},
    {"AlembicMadeAgain",
     alembic("op.create_index('i', 't', ['a'], unique=True)",
             "[op.drop_index('i'), op.create_index('j', 't', ['a'], unique=True)]"),
     std::string("6 drop-unique-index i") + kAgain},
    {"AlembicWhatIsNotWritten",
     alembic("op.create_index('i', 't', ['a'], unique=x())", "[op.drop_index('i'), op.drop_index(name())]"),
     std::string("6 undecided op.drop_index('i')") + kUnknown +
         "\n6 undecided op.drop_index(name()) (which index it drops is not written here)"},
    {"RailsByColumns",
     rails("add_index :t, [:a, :b], unique: true\n    add_index :t, %i[c], name: 'own', unique: true\n"
           "    add_index 't', 'd'",
           "remove_index :t, [:a, :b]\n    remove_index :t, column: :c\n    remove_index :t, :d"),
     "3 drop-unique-index index_t_on_a_and_b\n4 drop-unique-index index_t_on_c"},
    {"RailsByName",
     rails("create_table :t do |t|\n      t.string :a, index: { unique: true }\n      t.references :u\n"
           "      t.index [:b], name: 'own', unique: true\n    end",
           "remove_index :t, name: :own\n    remove_index :t, :u_id\n    change_table :t do |t|\n"
           "      t.remove_index :a\n    end"),
     "3 drop-unique-index own\n6 drop-unique-index index_t_on_a"},
    {"RailsWhatIsNotWritten", rails("add_index :t, :a", "remove_index table, :a"),
     "3 undecided remove_index table, :a (which index it removes is not written here)"},
    {"DjangoBySql",
     django("migrations.AddIndex('t', models.Index(fields=['a'], name='i')), migrations.AddConstraint('t', "
            "models.UniqueConstraint(fields=['a'], condition=models.Q(b=1), name='u'))",
            "migrations.RunSQL('DROP INDEX i; DROP INDEX u')"),
     "4 drop-unique-index u"},
    {"DjangoByTheNameThatItGives",
     django("",
            "migrations.RunSQL('DROP INDEX t_a_1a2b3c4d_like; DROP INDEX t_a_1a2b3c4d; DROP INDEX "
            "t_a_1a2b3c_idx')"),
     ""},
    {"DjangoByAnotherName", django("", "migrations.RunSQL('DROP INDEX t_a_1a2b3c4d_uniq')"),
     std::string("4 undecided DROP INDEX t_a_1a2b3c4d_uniq") + kUnknown},
    {"DjangoRemovesNoUniqueOnes",
     django("migrations.AddIndex('t', models.Index(fields=['a'], name='i'))",
            "migrations.RemoveIndex('t', 'i')"),
     ""},
    {"Liquibase",
     liquibase(
         "<createIndex indexName=\"i\" tableName=\"t\" unique=\"true\"><column name=\"a\"/></createIndex>\n"
         "<createIndex indexName=\"j\" tableName=\"t\"><column name=\"a\"/></createIndex>\n</changeSet>\n"
         "<changeSet id=\"2\" author=\"a\">\n<dropIndex indexName=\"i\"/>\n<dropIndex indexName=\"j\"/>"),
     "7 drop-unique-index i"},
};

INSTANTIATE_TEST_SUITE_P(ByTool, DroppedIndexes, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(IndexChanges, AreFoundInHostileText) {
  EXPECT_TRUE(index_changes("create unique index i on t (" + std::string(100'000, '(')).size() == 1);
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "create index on t (;";
  EXPECT_EQ(index_changes(many).size(), 20'000U);
  EXPECT_TRUE(index_changes("create index \"i on t (a").empty());
  EXPECT_TRUE(index_changes("create unique index /* i on t (a)").empty());
  EXPECT_TRUE(index_changes(std::string("create index i\0on t (a)", 23)).empty());
}

}  // namespace
}  // namespace exitgate::collect
