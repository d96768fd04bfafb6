// A whole run with each migration tool that people use: the sample service, with its Alembic replaced. Where the tool itself
// cannot be installed everywhere, psql runs its files and keeps its table as the tool would; "AsSql" keeps no table at all.
#include <gmock/gmock.h>

#include "harness/facts/facts.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;

struct ToolCase {
  std::string name;
  std::vector<std::pair<std::string, std::string>> files;
  std::string migrate;  // scripts/migrate.sh
  std::string tool;     // as the facts name it
  std::string current;  // what migrations/current.txt must hold; "" when no table tells
};

void PrintTo(const ToolCase& one, std::ostream* out) {
  *out << one.name;
}

const std::string kItems = "CREATE TABLE items (id bigint PRIMARY KEY, name text NOT NULL);\n";
const std::string kNotes = "ALTER TABLE items ADD COLUMN note text;\n";

// A shell function: SQL from the standard input, or of the files that are named.
const std::string kSql = "sql() { psql -X -q -v ON_ERROR_STOP=1 \"$@\"; }\n";

class EveryTool : public testing::TestWithParam<ToolCase> {
 protected:
  std::filesystem::path repository() const { return folder_.path() / "service"; }
  std::filesystem::path out() const { return folder_.path() / "out"; }

  void make() const {
    make_sample(repository());
    shell(repository(), "git rm -q -r migrations alembic.ini db");
    for (const auto& [path, content] : GetParam().files) {
      std::filesystem::create_directories((repository() / path).parent_path());
      write_file(repository() / path, content);
    }
    std::filesystem::create_directories(repository() / "scripts");
    write_file(repository() / "scripts/migrate.sh", "set -e\n" + kSql + GetParam().migrate);
    write_file(repository() / "exitgate.yaml",
               "database:\n"
               "  roles: [{name: orders, login: true}, {name: orders_app, login: true}]\n"
               "  owner: orders\n"
               "  steps: [sh scripts/migrate.sh]\n"
               "base: v1.0\n"
               "tests: {logs: [evidence/pytest.log]}\n"
               "evidence: {documents: [docs/evidence.md]}\n");
    const auto workflow = repository() / ".github/workflows/ci.yml";
    replace_in(workflow, "alembic upgrade head", "sh scripts/migrate.sh");
    replace_in(workflow, "          alembic current > build/evidence/alembic-current.txt\n", "");
    replace_in(workflow, "app migrations tests", "app tests");
    commit_all(repository(), "Migrate with " + GetParam().tool);
    // It has always been so: that the whole history was replaced is another matter.
    shell(repository(), "git tag -f v1.0");
    write_file(repository() / "docs/tools.md", "We migrate with " + GetParam().tool + ".\n");
    commit_all(repository(), "Say with what");
  }

  TemporaryDirectory folder_{"every-tool"};
};

TEST_P(EveryTool, CanBeGreen) {
  make();
  const auto finished = exitgate({"run", "--repo", repository().string(), "--out", out().string()});
  ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  for (const std::string gate :
       {"EG-CG2.one-head", "EG-CG2.provisions", "EG-CG2.at-head", "EG-CG2.repeatable"})
    EXPECT_EQ(verdict(out(), gate), "pass") << gate;
  const auto heads = read_file(out() / "migrations/heads.txt");
  EXPECT_THAT(heads, HasSubstr("(" + GetParam().tool + ", 2 revisions)"));
  if (GetParam().current.empty()) {
    EXPECT_TRUE(std::filesystem::exists(out() / "logs/replay.log"));
    EXPECT_THAT(read_file(out() / "migrations/current.txt"), HasSubstr("own files, run in their order"));
  } else {
    EXPECT_THAT(read_file(out() / "migrations/current.txt"), HasSubstr(GetParam().current));
  }
}

// One that the database has not seen.
TEST_P(EveryTool, IsRedWhenTheLastOneWasNotRun) {
  make();
  shell(repository(), "sed -i '/LAST/d' scripts/migrate.sh");
  commit_all(repository(), "Forget the last one");
  const auto finished =
      exitgate({"run", "--repo", repository().string(), "--out", out().string(), "--label", "^migrations$"});
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_THAT(verdict(out(), "EG-CG2.at-head"), testing::AnyOf("fail", "error"));
}

// A history of another database, beside the one whose files make this one.
TEST(ReplayedFiles, AHistoryOfAnotherDatabaseIsLeftOutByTheParameter) {
  const TemporaryDirectory folder("replayed-files");
  const auto repository = folder.path() / "service";
  const auto out = folder.path() / "out";
  std::filesystem::create_directories(repository / "migrations");
  std::filesystem::create_directories(repository / "audit/migrations");
  write_file(repository / "migrations/0001_items.sql", kItems);
  write_file(repository / "audit/migrations/0001_events.sql",
             "CREATE TABLE events (id bigint PRIMARY KEY);\n");
  write_file(repository / "exitgate.yaml",
             "database:\n  steps: [psql -q -v ON_ERROR_STOP=1 -f migrations/0001_items.sql]\n"
             "parameters:\n  EG-CG2.at-head: {histories: [migrations]}\n");
  shell(repository, "git init -q -b main");
  commit_all(repository, "Two databases");
  const auto finished =
      exitgate({"run", "--repo", repository.string(), "--out", out.string(), "--label", "^migrations$"});
  EXPECT_EQ(verdict(out, "EG-CG2.at-head"), "pass") << finished.output << finished.error;
}

TEST(ReplayedFiles, DoNotTellWhetherTheLastWasRunThatChangesNoSchema) {
  const TemporaryDirectory folder("replayed-files");
  const auto repository = folder.path() / "service";
  const auto out = folder.path() / "out";
  std::filesystem::create_directories(repository / "migrations");
  write_file(repository / "migrations/0001_items.sql", kItems);
  write_file(repository / "migrations/0002_rows.sql", "INSERT INTO items VALUES (1, 'first');\n");
  write_file(repository / "exitgate.yaml",
             "database:\n  steps: [psql -q -v ON_ERROR_STOP=1 -f migrations/0001_items.sql]\n");
  shell(repository, "git init -q -b main");
  commit_all(repository, "Rows");
  exitgate({"run", "--repo", repository.string(), "--out", out.string(), "--label", "^migrations$"});
  EXPECT_EQ(verdict(out, "EG-CG2.at-head"), "error");
}

// What the configuration asks for counts, also when the answer is that nothing was applied.
TEST(ReplayedFiles, AreNoAnswerWhereTheConfigurationAsks) {
  const TemporaryDirectory folder("replayed-files");
  const auto repository = folder.path() / "service";
  const auto out = folder.path() / "out";
  std::filesystem::create_directories(repository / "migrations");
  write_file(repository / "migrations/0001_items.sql", kItems);
  write_file(repository / "exitgate.yaml",
             "database:\n  steps: [psql -q -v ON_ERROR_STOP=1 -f migrations/0001_items.sql]\n"
             "  state: SELECT name FROM items\n");
  shell(repository, "git init -q -b main");
  commit_all(repository, "Asked");
  exitgate({"run", "--repo", repository.string(), "--out", out.string(), "--label", "^migrations$"});
  EXPECT_EQ(verdict(out, "EG-CG2.at-head"), "error");
}

// Lines with LAST in them run the last migration.
const std::vector<ToolCase> kTools = {
    {"Django",
     {{"shop/__init__.py", ""},
      {"shop/migrations/__init__.py", ""},
      {"shop/migrations/0001_initial.py",
       "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    "
       "dependencies = []\n"
       "    operations = [migrations.CreateModel(name=\"Item\", fields=[(\"id\", "
       "models.BigAutoField(primary_key=True))])]\n"},
      {"shop/migrations/0002_note.py",
       "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
       "    dependencies = [(\"shop\", \"0001_initial\")]\n"
       "    operations = [migrations.AddField(\"Item\", \"note\", models.TextField(null=True))]\n"}},
     "sql -c 'CREATE TABLE django_migrations (id bigint PRIMARY KEY, app text NOT NULL, name text NOT "
     "NULL)'\n"
     "sql -c '" +
         kItems +
         "' -c \"INSERT INTO django_migrations VALUES (1, 'shop', '0001_initial')\"\n"
         "sql -c '" +
         std::string("ALTER TABLE items ADD COLUMN note text") +
         "' -c \"INSERT INTO django_migrations VALUES (2, 'shop', '0002_note')\" # LAST\n",
     "django",
     "0002_note  shop/migrations"},
    {"GolangMigrate",
     {{"db/migrations/000001_items.up.sql", kItems},
      {"db/migrations/000001_items.down.sql", "DROP TABLE items;\n"},
      {"db/migrations/000002_note.up.sql", kNotes},
      {"db/migrations/000002_note.down.sql", "ALTER TABLE items DROP COLUMN note;\n"}},
     "sql -c 'CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)'\n"
     "sql -f db/migrations/000001_items.up.sql -c 'INSERT INTO schema_migrations VALUES (1, false)'\n"
     "sql -f db/migrations/000002_note.up.sql -c 'UPDATE schema_migrations SET version = 2' # LAST\n",
     "golang-migrate",
     "2  db/migrations"},
    {"Goose",
     {{"sql/schema/00001_items.sql", "--+goose up\n" + kItems + "-- +goose Down\nDROP TABLE items;\n"},
      {"sql/schema/00002_note.sql",
       "-- +goose Up\n" + kNotes + "-- +goose Down\nALTER TABLE items DROP COLUMN note;\n"}},
     "sql -c 'CREATE TABLE goose_db_version (id serial PRIMARY KEY, version_id bigint NOT NULL, is_applied "
     "boolean NOT NULL)'\n"
     "up() { sed '/+goose Down/,$d' sql/schema/0000$1_*.sql | sql; sql -c \"INSERT INTO goose_db_version "
     "(version_id, "
     "is_applied) VALUES ($1, true)\"; }\n"
     "up 1\nup 2 # LAST\n",
     "goose",
     "2  sql/schema"},
    {"Dbmate",
     {{"db/migrations/20240101000000_items.sql",
       "-- migrate:up\n" + kItems + "-- migrate:down\nDROP TABLE items;\n"},
      {"db/migrations/20240102000000_note.sql",
       "-- migrate:up\n" + kNotes + "-- migrate:down\nALTER TABLE items DROP COLUMN note;\n"}},
     "sql -c 'CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY)'\n"
     "up() { sed '/migrate:down/,$d' db/migrations/$1_*.sql | sql; sql -c \"INSERT INTO schema_migrations "
     "VALUES ('$1')\"; }\n"
     "up 20240101000000\nup 20240102000000 # LAST\n",
     "dbmate",
     "20240102000000  db/migrations"},
    {"Sqitch",
     {{"sqitch.conf", "[core]\n\tengine = pg\n\ttop_dir = schema\n"},
      {"schema/sqitch.plan",
       "%syntax-version=1.0.0\n%project=orders\n\nitems 2024-01-01T00:00:00Z Ada <ada@sample.invalid> # "
       "Items.\n"
       "note [items] 2024-01-02T00:00:00Z Ada <ada@sample.invalid> # A note.\n"},
      {"schema/deploy/items.sql", kItems},
      {"schema/deploy/note.sql", kNotes}},
     "sql -c 'CREATE SCHEMA sqitch' -c 'CREATE TABLE sqitch.changes (change_id text PRIMARY KEY, change text "
     "NOT NULL, "
     "project text NOT NULL, committed_at timestamptz NOT NULL DEFAULT clock_timestamp())'\n"
     "up() { sql -f schema/deploy/$1.sql -c \"INSERT INTO sqitch.changes VALUES ('$1', '$1', 'orders')\"; }\n"
     "up items\nup note # LAST\n",
     "sqitch",
     "note  schema/sqitch.plan"},
    {"RailsStructureSql",
     {{"db/migrate/20240101000000_items.rb",
       "class Items < ActiveRecord::Migration[7.1]\n  def change\n    create_table :items do |t|\n      "
       "t.text :name, null: false\n    end\n  end\nend\n"},
      {"db/migrate/20240102000000_note.rb",
       "class Note < ActiveRecord::Migration[7.1]\n  def up\n    add_column :items, :note, :text\n  "
       "end\nend\n"},
      {"db/structure.sql",
       kItems + kNotes +
           "CREATE TABLE schema_migrations (version varchar PRIMARY KEY);\n"
           "INSERT INTO \"schema_migrations\" (version) VALUES\n('20240102000000'),\n('20240101000000');\n"}},
     "sql -f db/structure.sql\n: && exit 0 # LAST\nsql -c \"DELETE FROM schema_migrations WHERE version = "
     "'20240102000000'\"\n",
     "rails",
     "20240102000000  db/migrate"},
    {"PrismaAsSql",
     {{"prisma/schema.prisma", "datasource db {\n  provider = \"postgresql\"\n}\n"},
      {"prisma/migrations/20240101000000_items/migration.sql", kItems},
      {"prisma/migrations/20240102000000_note/migration.sql", kNotes}},
     "sql -f prisma/migrations/20240101000000_items/migration.sql\n"
     "sql -f prisma/migrations/20240102000000_note/migration.sql # LAST\n",
     "prisma",
     ""},
    {"FlywayAsSql",
     {{"src/main/resources/db/migration/V1__items.sql", kItems},
      {"src/main/resources/db/migration/V2__note.sql", kNotes}},
     "sql -f src/main/resources/db/migration/V1__items.sql\n"
     "sql -f src/main/resources/db/migration/V2__note.sql # LAST\n",
     "flyway",
     ""},
    {"LiquibaseFormattedSql",
     {{"db/changelog.sql", "--liquibase formatted sql\n\n--changeset ada:items\n" + kItems +
                               "--rollback DROP TABLE items;\n\n"
                               "--changeset ada:note\n" +
                               kNotes + "--rollback ALTER TABLE items DROP COLUMN note;\n"}},
     "sql -f db/changelog.sql\n: && exit 0 # LAST\nsql -c 'ALTER TABLE items DROP COLUMN note'\n",
     "liquibase",
     ""},
    {"PlainSql",
     {{"migrations/0001_items.sql", kItems}, {"migrations/0002_note.sql", kNotes}},
     "sql -f migrations/0001_items.sql\nsql -f migrations/0002_note.sql # LAST\n",
     "sql",
     ""},
};
INSTANTIATE_TEST_SUITE_P(Migrations, EveryTool, testing::ValuesIn(kTools),
                         [](const auto& given) { return given.param.name; });

}  // namespace
}  // namespace exitgate::testing_program
