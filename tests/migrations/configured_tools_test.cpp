// Each tool in its own default layout and in one that its configuration, or nothing but its files, names.
#include <gmock/gmock.h>

#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Files = std::vector<std::pair<std::string, std::string>>;

CollectedMigrations collect(const Files& files) {
  const test::ScratchRepository scratch;
  for (const auto& [path, content] : files) scratch.write(path, content);
  scratch.commit();
  return CollectedMigrations(scratch.root());
}

struct ConfiguredCase {
  std::string name;
  Files files;
  std::vector<std::string> environments;  // id|tool|version table
  std::vector<std::string> heads;         // id|version
};

void PrintTo(const ConfiguredCase& one, std::ostream* out) {
  *out << one.name;
}

class ConfiguredTools : public testing::TestWithParam<ConfiguredCase> {};

TEST_P(ConfiguredTools, AreFoundWhereTheyAre) {
  const auto found = collect(GetParam().files);
  EXPECT_EQ(found.rows("SELECT id, tool, version_table FROM migrations.environment ORDER BY id"),
            GetParam().environments);
  EXPECT_EQ(found.rows(
                "SELECT h.id, r.version FROM migrations.head h JOIN migrations.revision r ON r.environment = "
                "h.environment AND r.id = h.id ORDER BY 1"),
            GetParam().heads);
  EXPECT_THAT(found.problems(), IsEmpty());
}

const std::string kUp = "exports.up = (knex) => {};\n";
const std::string kPy =
    "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = []\n";

const std::vector<ConfiguredCase> kCases = {
    {"AlembicVersionTable",
     {{"alembic.ini", "[alembic]\nscript_location = db\n"},
      {"db/env.py",
       "context.configure(connection=c, version_table=\"history\", version_table_schema='ops')\n"},
      {"db/versions/a.py", "revision = 'a'\ndown_revision = None\n"}},
     {"alembic.ini|alembic|ops.history"},
     {"a|a"}},
    {"AlembicVersionTableByAnExpression",
     {{"alembic.ini", "[alembic]\nscript_location = db\n"},
      {"db/env.py", "context.configure(version_table=settings.table, version_table_schema=None)\n"},
      {"db/versions/a.py", "revision = 'a'\ndown_revision = None\n"}},
     {"alembic.ini|alembic|{settings.table}"},
     {"a|a"}},
    {"DjangoMigrationModules",
     {{"proj/settings/base.py", "MIGRATION_MODULES = {'shop': 'shop.db.changes', 'auth': None}\n"},
      {"shop/db/changes/__init__.py", ""},
      {"shop/db/changes/0001_initial.py", kPy}},
     {"shop/db/changes|django|django_migrations"},
     {"0001_initial|0001_initial"}},
    {"DrizzleJournal",
     {{"drizzle.config.ts",
       "export default { out: './ddl', migrations: { table: 'changes', schema: 'public' } }\n"},
      {"ddl/meta/_journal.json",
       R"({"entries": [{"idx": 0, "when": 1700000000001, "tag": "0000_a"}, {"idx": 1, "when": 1700000000002, "tag": "0001_b"}]})"},
      {"ddl/0000_a.sql", ""},
      {"ddl/0001_b.sql", ""}},
     {"ddl|drizzle|public.changes"},
     {"0001|1700000000002"}},
    {"DrizzleFolders",
     {{"drizzle/20240101000000_a/migration.sql", ""},
      {"drizzle/20240101000000_a/snapshot.json", "{}"},
      {"drizzle/20240102000000_b/migration.sql", ""},
      {"drizzle/20240102000000_b/snapshot.json", "{}"}},
     {"drizzle|drizzle|drizzle.__drizzle_migrations"},
     {"20240102000000|20240102000000_b"}},
    {"KnexDirectory",
     {{"package.json", R"({"dependencies": {"knex": "3"}})"},
      {"knexfile.js",
       "module.exports = { migrations: { directory: './db/changes', tableName: 'knex_changes' } };\n"},
      {"db/changes/20240101000000_a.js", kUp}},
     {"db/changes|knex|knex_changes"},
     {"20240101000000_a.js|20240101000000_a"}},
    {"NodePgMigrateDirectory",
     {{"package.json",
       R"({"dependencies": {"node-pg-migrate": "7"}, "scripts": {"migrate": "node-pg-migrate -m db/ddl -t changes up"}})"},
      {"db/ddl/1700000000001_a.sql", "CREATE TABLE a ();\n"}},
     {"db/ddl|node-pg-migrate|changes"},
     {"1700000000001|1700000000001"}},
    {"TypeormTable",
     {{"package.json", R"({"dependencies": {"typeorm": "0.3"}})"},
      {"src/data-source.ts",
       "new DataSource({ migrations: ['src/changes/*.ts'], migrationsTableName: 'changes' });\n"},
      {"src/changes/1700000000000-A.ts", "class A implements MigrationInterface {}\n"}},
     {"src/changes|typeorm|changes"},
     {"1700000000000|1700000000000"}},
    {"GolangMigrateAnywhere",
     {{"Makefile", "up:\n\tmigrate -path schema -database \"$(DB)?x-migrations-table=app_versions\" up\n"},
      {"schema/0005_a.up.sql", ""}},
     {"schema|golang-migrate|app_versions"},
     {"0005|5"}},
    {"GooseTable",
     {{".env", "GOOSE_DRIVER=postgres\nGOOSE_TABLE=ops.versions\n"}, {"sql/00001_a.sql", "--+goose up\n"}},
     {"sql|goose|ops.versions"},
     {"00001|1"}},
    {"GooseInGoAlone",
     {{"internal/changes/00001_a.go",
       "import \"github.com/pressly/goose/v3\"\nfunc init() { goose.AddMigrationContext(up, down) }\n"}},
     {"internal/changes|goose|goose_db_version"},
     {"00001|1"}},
    {"DbmateAnywhere",
     {{".env", "DBMATE_MIGRATIONS_DIR=./sql\nDBMATE_MIGRATIONS_TABLE=versions\n"},
      {"sql/1_a.sql", "--  MIGRATE:UP\n"}},
     {"sql|dbmate|versions"},
     {"1|1"}},
    {"FlywayConf",
     {{"flyway.conf", "flyway.locations=filesystem:ddl\nflyway.table=versions\n"},
      {"ddl/V1__a.sql", ""},
      {"ddl/sub/V2__b.sql", ""},
      {"ddl/R__views.sql", ""},
      {"ddl/U2__b.sql", ""}},
     {"ddl|flyway|versions"},
     {"2|2"}},
    {"FlywayOfSpringAndVendors",
     {{"svc/src/main/resources/application.yml",
       "spring:\n  flyway:\n    locations: classpath:db/{vendor}\n---\nx: 1\n"},
      {"svc/src/main/resources/db/postgresql/V1__a.sql", ""},
      {"svc/src/main/resources/db/mysql/V1__a.sql", ""},
      {"svc/src/main/java/db/postgresql/V2__b.java", "class V2__b extends BaseJavaMigration {}\n"}},
     {"svc/src/main/resources/db|flyway|flyway_schema_history"},
     {"2|2"}},
    {"FlywayClassesOfTheProjectsOwn",
     {{"src/main/java/app/db/V2__base.java", "class V2__base extends BaseJavaMigration {}\n"},
      {"src/main/java/app/db/postgresql/V2__b.java", "class V2__b extends V2__base {}\n"},
      {"src/main/resources/app/db/postgresql/V1__a.sql", ""}},
     {"src/main/resources/app/db/postgresql|flyway|flyway_schema_history"},
     {"2|2"}},
    {"LiquibaseOfOtherModules",
     {{"app/src/main/resources/db/master.xml",
       "<databaseChangeLog><include file=\"db/module/loan.xml\"/><includeAll path=\"db/custom\"/>"
       "<includeAll path=\"db/none\" errorIfMissingOrEmpty=\"false\"/></databaseChangeLog>\n"},
      {"liquibase.properties", ""},
      {"loan/src/main/resources/db/module/loan.xml",
       "<databaseChangeLog><changeSet id=\"1\" author=\"a\"/></databaseChangeLog>\n"},
      {"one/src/main/resources/db/custom/one.xml",
       "<databaseChangeLog><changeSet id=\"2\" author=\"a\"/></databaseChangeLog>\n"},
      {"two/src/main/resources/db/custom/two.xml",
       "<databaseChangeLog><changeSet id=\"3\" author=\"a\"/></databaseChangeLog>\n"},
      {"two/src/main/resources/db/empty.xml", "<databaseChangeLog></databaseChangeLog>\n"}},
     {"app/src/main/resources/db/master.xml|liquibase|databasechangelog"},
     {"two/src/main/resources/db/custom/two.xml::3::a|3::a::two.xml"}},
    {"RailsSeveralDatabases",
     {{"config/database.yml", "production:\n  animals:\n    migrations_paths: db/zoo # of animals\n"},
      {"db/migrate/20240101000000_a.rb", ""},
      {"db/migrate/2024/20240102000000_b.rb", ""},
      {"db/post_migrate/20240103000000_c.rb", ""},
      {"db/zoo/20240101000000_z.rb", ""},
      {"db/audit_migrate/20240104000000_y.rb", ""}},
     {"db/audit_migrate|rails|schema_migrations", "db/migrate|rails|schema_migrations",
      "db/zoo|rails|schema_migrations"},
     {"20240101000000|20240101000000", "20240103000000|20240103000000", "20240104000000|20240104000000"}},
    {"LiquibaseIncludes",
     {{"src/main/resources/db/changelog/db.changelog-master.yaml",
       "databaseChangeLog:\n- include:\n    file: db/changelog/b.sql\n- includeAll:\n    path: more\n    "
       "relativeToChangelogFile: true\n"},
      {"src/main/resources/db/changelog/b.sql",
       "-- liquibase formatted sql\n-- changeset ada:1\nSELECT 1;\n"},
      {"src/main/resources/db/changelog/more/a.xml",
       "<databaseChangeLog>\n <!-- <changeSet id=\"0\" author=\"x\"/> -->\n <changeSet id=\"2\" "
       "author=\"ada\"><sql>SELECT "
       "1</sql></changeSet>\n</databaseChangeLog>\n"},
      {"src/main/resources/db/changelog/more/b.sql", "CREATE TABLE t ();\n"}},
     {"src/main/resources/db/changelog/db.changelog-master.yaml|liquibase|databasechangelog"},
     {"src/main/resources/db/changelog/more/b.sql::raw::includeAll|raw::includeAll::b.sql"}},
    {"SqlxMacro",
     {{"Cargo.toml", "[dependencies]\nsqlx = \"0.8\"\n"},
      {"src/main.rs", "sqlx::migrate!(\"db/ddl\").run(&pool).await?;\n"},
      {"db/ddl/0001_a.sql", ""}},
     {"db/ddl|sqlx|_sqlx_migrations"},
     {"0001|1"}},
    {"TernAnywhere",
     {{"ops/tern.conf", ""},
      {"ops/ddl/001_a.sql", "SELECT 1;\n---- create above / drop below ----\n"},
      {"ops/ddl/002_b.sql", ""}},
     {"ops/ddl|tern|schema_version"},
     {"002|2"}},
    {"EctoOtherFolder",
     {{"mix.exs", ""}, {"priv/audit/changes/20240101000000_a.exs", "use Ecto.Migration\n"}},
     {"priv/audit/changes|ecto|schema_migrations"},
     {"20240101000000|20240101000000"}},
    {"HasuraSeveralDatabases",
     {{"config.yaml", "version: 3\nmigrations_directory: db\n"}, {"db/main/1700000000000_a/up.sql", ""}},
     {"db/main|hasura|NULL"},
     {"1700000000000|1700000000000"}},
    {"SqitchReworked",
     {{"sqitch.conf", "[core]\n\ttop_dir = db\n\tdeploy_dir = ddl/up\n"},
      {"db/sqitch.plan",
       "%project=it's\n\na 2024-01-01T00:00:00Z A <a@b> # A\n@v1 2024-01-01T00:00:00Z A <a@b> # V\na [a@v1] "
       "2024-01-02T00:00:00Z A <a@b> # A\n"},
      {"ddl/up/a.sql", ""},
      {"ddl/up/a@v1.sql", ""}},
     {"db/sqitch.plan|sqitch|sqitch.changes"},
     {"a|a #2"}},
};
INSTANTIATE_TEST_SUITE_P(Migrations, ConfiguredTools, testing::ValuesIn(kCases),
                         [](const auto& given) { return given.param.name; });

TEST(Unknown, InWhicheverLanguageAndNumbering) {
  for (const std::string name :
       {"0001_init.mts", "v1_init.rs", "Migration1.kt", "m0001-init.dart", "1_init.yaml"}) {
    const test::ScratchRepository scratch;
    scratch.write("package.json", R"({"dependencies": {"pg": "8"}})");
    scratch.write("db/migrations/" + name, "x");
    std::string second = name;
    second[second.find('1')] = '2';
    scratch.write("db/migrations/" + second, "x");
    scratch.commit();
    EXPECT_THAT(CollectedMigrations(scratch.root()).environments(),
                ElementsAre("db/migrations|unknown|NULL|db/migrations"))
        << name;
  }
  const test::ScratchRepository scratch;
  scratch.write("package.json", R"({"dependencies": {"pg": "8"}})");
  scratch.write("db/migrations/sha256.js", "x");
  scratch.write("db/migrations/utf8.js", "x");
  scratch.commit();
  EXPECT_THAT(CollectedMigrations(scratch.root()).environments(), IsEmpty());
}

TEST(Unknown, AFolderThatLooksLikeMigrationsOfNoToolIsNamed) {
  const Files files = {{"db/migrations/001_a.pl", "drop();\n"}, {"db/migrations/002_b.pl", "drop();\n"}};
  EXPECT_THAT(collect(files).environments(), IsEmpty()) << "nothing shows a database";
  auto with_driver = files;
  with_driver.push_back({"requirements.txt", "psycopg2\n"});
  const auto found = collect(with_driver);
  EXPECT_THAT(found.environments(), ElementsAre("db/migrations|unknown|NULL|db/migrations"));
  EXPECT_THAT(found.problems(),
              ElementsAre("db/migrations/001_a.pl|NULL|db/migrations looks like 2 migrations of a tool that "
                          "is not known: their order and what they do are not read"));
  EXPECT_THAT(found.heads(), IsEmpty());
}

TEST(Drizzle, WhatTheJournalDoesNotListIsAProblem) {
  const auto found =
      collect({{"drizzle/meta/_journal.json", R"({"entries": [{"idx": 0, "when": 1, "tag": "0000_a"}]})"},
               {"drizzle/0000_a.sql", ""},
               {"drizzle/0001_b.sql", ""}});
  EXPECT_THAT(
      found.problems(),
      ElementsAre(
          "drizzle/0001_b.sql|NULL|drizzle/meta/_journal.json does not list it: Drizzle does not run it"));
}

TEST(Liquibase, ChangeSetsOfEachFormAreRead) {
  const auto found = collect({
      {"db/changelog.xml",
       "<databaseChangeLog>\n<include file=\"b.yaml\" relativeToChangelogFile=\"true\"/>\n<changeSet "
       "id=\"1\" author=\"a\">\n"
       "<dropColumn tableName=\"t\"><column name=\"c\"/></dropColumn>\n<delete tableName=\"u\"><where>x = "
       "1</where></delete>\n"
       "<sql><![CDATA[DROP TABLE v]]></sql>\n<customChange class=\"X\"/>\n<rollback><dropTable "
       "tableName=\"w\"/></rollback>\n"
       "</changeSet>\n<changeSet id=\"2\" author=\"a\" dbms=\"mysql\"><dropTable "
       "tableName=\"m\"/></changeSet>\n"
       "</databaseChangeLog>\n"},
      {"db/b.yaml",
       "databaseChangeLog:\n- changeSet:\n    id: 1\n    author: b\n    changes:\n    - dropTable:\n        "
       "tableName: y\n"
       "    - createTable:\n        tableName: z\n"},
  });
  EXPECT_EQ(found.statements(),
            "6 drop-table y\n4 drop-column t.c\n6 drop-table v\n7 undecided customChange (what the change "
            "does is not written "
            "here)");
  EXPECT_THAT(found.heads(), ElementsAre("db/changelog.xml::2::a"));
}

TEST(Liquibase, WhatCannotBeReadIsAProblem) {
  const auto found = collect({
      {"liquibase.properties", "changelog-file=db/changelog.yaml\n"},
      {"db/changelog.yaml", "databaseChangeLog:\n  - changeSet: {}\n  - include: {file: db/lost.xml}\n"},
      {"db/other.xml", "<beans/>\n"},
  });
  EXPECT_THAT(found.rows("SELECT id, config FROM migrations.environment"),
              ElementsAre("db/changelog.yaml|liquibase.properties"));
  EXPECT_THAT(found.problems(),
              ElementsAre("db/changelog.yaml|2|a change set has no id or no author",
                          "db/changelog.yaml|3|what it includes is not there: db/lost.xml"));
  EXPECT_THAT(found.heads(), IsEmpty());
}

TEST(Flyway, RepeatableScriptsAreReadAndPlaceholdersFilledIn) {
  const auto found = collect({
      {"flyway.conf", "flyway.placeholders.table=orders\n"},
      {"db/migration/V1__a.sql", "DROP TABLE ${table};\nALTER TABLE ${other}.x DROP COLUMN y;\n"},
      {"db/migration/R__views.sql", "DROP TABLE old;\n"},
      {"db/migration/afterMigrate.sql", "TRUNCATE cache;\n"},
  });
  EXPECT_EQ(found.statements(),
            "1 drop-table orders\n2 drop-column other.x.y\n1 drop-table old\n1 truncate cache");
  EXPECT_THAT(found.heads(), ElementsAre("1"));
  EXPECT_THAT(found.rows("SELECT id FROM migrations.revision WHERE repeatable ORDER BY 1"),
              ElementsAre("R__views", "afterMigrate"));
}

TEST(Flyway, TomlIsReadAsToml) {
  const auto found = collect({
      {"flyway.toml",
       "[flyway]\nlocations = [\n  'filesystem:ddl', # old ones\n]\ntable = 'versions'\nplaceholders.t = "
       "'orders'\n"
       "placeholders.year = 2024\n"},
      {"ddl/V1__a.sql", "DROP TABLE ${t}_${year};\n"},
  });
  EXPECT_EQ(found.statements(), "1 drop-table orders_2024");
  EXPECT_THAT(found.rows("SELECT id, version_table FROM migrations.environment"),
              ElementsAre("ddl|versions"));
}

TEST(Django, RunBeforeIsADependencyOfTheOther) {
  const auto found = collect({{"a/migrations/0001_a.py", kPy + "    run_before = [('b', '0001_b')]\n"},
                              {"b/migrations/0001_b.py", kPy}});
  EXPECT_THAT(found.edges(), ElementsAre("0001_b|a.0001_a|depends"));
}

}  // namespace
}  // namespace exitgate::collect
