// The histories of every tool but Alembic: what is found, in which order, and what is wrong with it.
#include <gmock/gmock.h>

#include "harness/collect/migrations/chain.h"
#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

CollectedMigrations collect(const std::vector<std::pair<std::string, std::string>>& files) {
  const test::ScratchRepository scratch;
  for (const auto& [path, content] : files) scratch.write(path, content);
  scratch.commit();
  return CollectedMigrations(scratch.root());
}

std::string django(const std::string& dependencies, const std::string& more = "") {
  return "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    "
         "dependencies = " +
         dependencies + "\n" + more + "    operations = []\n";
}

TEST(Django, OneHistoryForEachApplication) {
  const auto found = collect({
      {"shop/migrations/__init__.py", ""},
      {"shop/migrations/0001_initial.py",
       django("[migrations.swappable_dependency(settings.AUTH_USER_MODEL), ('auth', '0001_initial')]")},
      {"shop/migrations/0002_price.py",
       django("[\n        ('shop', '0001_initial'),\n        ('base', '0001_initial'),\n    ]")},
      {"shop/migrations/0003_a.py", django("[('shop', '0002_price')]")},
      {"shop/migrations/0003_b.py", django("[('shop', '0002_price'), ('base', '__first__')]")},
      {"shop/migrations/helpers.py", "x = 'django'\n"},
      {"core/apps.py", "class CoreConfig(AppConfig):\n    name = 'project.core'\n    label = 'base'\n"},
      {"core/migrations/0001_initial.py", django("[]")},
  });
  EXPECT_THAT(found.environments(), ElementsAre("core/migrations|django|core/apps.py|core/migrations",
                                                "shop/migrations|django|NULL|shop/migrations"));
  EXPECT_THAT(
      found.rows("SELECT environment, id FROM migrations.head ORDER BY 1, 2"),
      ElementsAre("core/migrations|0001_initial", "shop/migrations|0003_a", "shop/migrations|0003_b"));
  EXPECT_THAT(found.edges(),
              ElementsAre("0001_initial|auth.0001_initial|depends", "0002_price|0001_initial|down",
                          "0002_price|base.0001_initial|depends", "0003_a|0002_price|down",
                          "0003_b|0002_price|down", "0003_b|base.__first__|depends"));
  EXPECT_THAT(found.rows("SELECT line, title FROM migrations.revision WHERE id = '0002_price'"),
              ElementsAre("4|price"));
  EXPECT_THAT(found.problems(), IsEmpty());
}

TEST(Django, ASquashedMigrationStandsForThoseItReplaces) {
  const auto found = collect({
      {"shop/migrations/0001_initial.py", django("[]")},
      {"shop/migrations/0002_two.py", django("[('shop', '0001_initial')]")},
      {"shop/migrations/0001_squashed_0002.py",
       django("[]", "    replaces = [('shop', '0001_initial'), ('shop', '0002_two')]\n")},
      {"shop/migrations/0003_three.py", django("[('shop', '0002_two')]")},
      {"other/migrations/0001_initial.py", django("[('shop', '0002_two')]")},
  });
  EXPECT_THAT(
      found.rows("SELECT id FROM migrations.revision WHERE environment = 'shop/migrations' ORDER BY 1"),
      ElementsAre("0001_squashed_0002", "0003_three"));
  EXPECT_THAT(found.rows("SELECT id, parent FROM migrations.edge WHERE environment = 'shop/migrations'"),
              ElementsAre("0003_three|0001_squashed_0002"));
  EXPECT_THAT(found.problems(), IsEmpty());
}

TEST(Django, WhatCannotBeToldIsAProblem) {
  const auto found = collect({
      {"shop/migrations/0001_initial.py", django("[('base', '0009_lost')]")},
      {"shop/migrations/0002_two.py", django("[('shop', '0001_gone')]")},
      {"shop/migrations/0003_three.py", django("[('shop', '0002_two')] + MORE")},
      {"base/migrations/0001_initial.py", django("[]")},
  });
  EXPECT_THAT(
      found.problems(),
      ElementsAre("shop/migrations/0001_initial.py|4|migration '0001_initial' depends on 'base.0009_lost', "
                  "which is not "
                  "there",
                  "shop/migrations/0002_two.py|4|revision '0002_two' follows '0001_gone', which is not there",
                  "shop/migrations/0003_three.py|5|the value of 'dependencies' cannot be read: it is not a "
                  "plain list of "
                  "pairs of strings"));
  EXPECT_THAT(found.rows("SELECT environment FROM migrations.head"), ElementsAre("base/migrations"));
}

TEST(Flyway, VersionsInTheirOwnOrder) {
  const auto found = collect({
      {"src/main/resources/db/migration/V1__init.sql", ""},
      {"src/main/resources/db/migration/V2_1__second.sql", ""},
      {"src/main/resources/db/migration/v2/V2.1.1__third.sql", ""},
      {"src/main/resources/db/migration/V10__last_one.sql", ""},
      {"src/main/resources/db/migration/U10__last_one.sql", ""},
      {"src/main/resources/db/migration/R__views.sql", ""},
      {"src/main/resources/db/migration/Version.sql", ""},
  });
  EXPECT_THAT(found.environments(),
              ElementsAre("src/main/resources/db/migration|flyway|NULL|src/main/resources/db/migration"));
  EXPECT_THAT(found.edges(), ElementsAre("10|2.1.1|down", "2.1|1|down", "2.1.1|2.1|down"));
  EXPECT_THAT(found.heads(), ElementsAre("10"));
  EXPECT_THAT(found.bases(), ElementsAre("1"));
  EXPECT_THAT(found.rows("SELECT title FROM migrations.revision WHERE id = '10'"), ElementsAre("last one"));
}

TEST(Flyway, AVersionTakenTwiceIsAProblemAndLeavesNoHead) {
  const auto found = collect({{"db/migration/V1__a.sql", ""}, {"db/migration/V1_0__b.sql", ""}});
  EXPECT_THAT(
      found.problems(),
      ElementsAre("db/migration/V1__a.sql|1|version '1' is taken twice: also by db/migration/V1_0__b.sql"));
  EXPECT_THAT(found.heads(), IsEmpty());
}

TEST(GolangMigrate, UpAndDown) {
  const auto found = collect({
      {"db/000001_init.up.sql", ""},
      {"db/000001_init.down.sql", ""},
      {"db/000002_more.up.sql", ""},
      {"db/000010_ten.up.sql", ""},
      {"db/000009_nine.down.sql", ""},
  });
  EXPECT_THAT(found.environments(), ElementsAre("db|golang-migrate|NULL|db"));
  EXPECT_THAT(found.edges(), ElementsAre("000002|000001|down", "000010|000002|down"));
  EXPECT_THAT(found.heads(), ElementsAre("000010"));
  EXPECT_THAT(found.problems(),
              ElementsAre("db/000009_nine.down.sql|NULL|version '000009' goes down, but not up"));
}

TEST(Dbmate, IsToldByItsMarker) {
  const auto found = collect({
      {"db/migrations/20240101000000_init.sql",
       "-- migrate:up\nCREATE TABLE a();\n-- migrate:down\nDROP TABLE a;\n"},
      {"db/migrations/20240201000000_more.sql", "-- migrate:up transaction:false\n"},
  });
  EXPECT_THAT(found.environments(), ElementsAre("db/migrations|dbmate|NULL|db/migrations"));
  EXPECT_THAT(found.heads(), ElementsAre("20240201000000"));
}

TEST(Sql, NumberedFilesInAFolderOfMigrations) {
  const auto found = collect({
      {"migrations/1_a.sql", ""},
      {"migrations/2-b.sql", ""},
      {"migrations/10_c.sql", ""},
      {"migrations/10_c_down.sql", ""},
      {"migrations/2fa.sql", ""},
      {"migrations/readme.sql", ""},
      {"queries/1_report.sql", ""},
  });
  EXPECT_THAT(found.environments(), ElementsAre("migrations|sql|NULL|migrations"));
  EXPECT_THAT(found.edges(), ElementsAre("10|2|down", "2|1|down"));
  EXPECT_THAT(found.heads(), ElementsAre("10"));
}

TEST(Prisma, FoldersInTheOrderOfTheirNames) {
  const auto found = collect({
      {"prisma/schema.prisma", ""},
      {"prisma/migrations/migration_lock.toml", ""},
      {"prisma/migrations/20240101000000_init/migration.sql", ""},
      {"prisma/migrations/20240201000000_add_users/migration.sql", ""},
  });
  EXPECT_THAT(found.environments(),
              ElementsAre("prisma/migrations|prisma|prisma/schema.prisma|prisma/migrations"));
  EXPECT_THAT(found.edges(), ElementsAre("20240201000000_add_users|20240101000000_init|down"));
  EXPECT_THAT(found.heads(), ElementsAre("20240201000000_add_users"));
}

TEST(Rails, AMigrationThatTheStructureDoesNotHoldIsAProblem) {
  const std::string structure =
      "CREATE TABLE schema_migrations (version varchar);\nINSERT INTO settings VALUES ('20240301000000');\n"
      "INSERT INTO \"schema_migrations\" (version) VALUES\n('20240201000000'),\n('20240101000000');\n";
  const auto found = collect({
      {"db/structure.sql", structure},
      {"db/migrate/20240101000000_init.rb", ""},
      {"db/migrate/20240201000000_more.rb", ""},
      {"db/migrate/20240301000000_late.rb", ""},
  });
  EXPECT_THAT(found.environments(), ElementsAre("db/migrate|rails|db/structure.sql|db/migrate"));
  EXPECT_THAT(found.heads(), ElementsAre("20240301000000"));
  EXPECT_THAT(
      found.problems(),
      ElementsAre("db/migrate/20240301000000_late.rb|1|version '20240301000000' is not in db/structure.sql"));
}

TEST(Sqitch, ChangesInTheOrderOfThePlan) {
  const auto found = collect({
      {"sqitch.conf", "[core]\n\tengine = pg\n\ttop_dir = sql\n\tplan_file = sql/sqitch.plan\n"},
      {"sql/sqitch.plan",
       "%syntax-version=1.0.0\n%project=shop\n\n"
       "appschema 2024-01-01T00:00:00Z A <a@example.org> # Adds the schema.\n"
       "users [appschema !old] 2024-01-02T00:00:00Z A <a@example.org> # Adds users.\n"
       "@v1 2024-01-03T00:00:00Z A <a@example.org> # Tag.\n\n"
       "users [users@v1 other:thing] 2024-01-04T00:00:00Z A <a@example.org> # Changes users.\n"
       "late [users @v1 lost] 2024-01-05T00:00:00Z A <a@example.org>\n"},
      {"sql/deploy/appschema.sql", ""},
      {"sql/deploy/users.sql", ""},
      {"sql/deploy/users@v1.sql", ""},
  });
  EXPECT_THAT(found.environments(), ElementsAre("sql/sqitch.plan|sqitch|sqitch.conf|sql"));
  EXPECT_THAT(
      found.rows("SELECT id, file, line, title FROM migrations.revision ORDER BY line"),
      ElementsAre("appschema|sql/sqitch.plan|4|Adds the schema.", "users@v1|sql/sqitch.plan|5|Adds users.",
                  "users|sql/sqitch.plan|8|Changes users.", "late|sql/sqitch.plan|9|NULL"));
  EXPECT_THAT(found.edges(), ElementsAre("late|users|depends", "late|users|down", "late|users@v1|depends",
                                         "users|users@v1|depends", "users|users@v1|down",
                                         "users@v1|appschema|depends", "users@v1|appschema|down"));
  EXPECT_THAT(found.heads(), ElementsAre("late"));
  EXPECT_THAT(found.problems(),
              ElementsAre("sql/sqitch.plan|9|change 'late' has no sql/deploy/late.sql",
                          "sql/sqitch.plan|9|change 'late' requires 'lost', which does not come before it"));
}

TEST(Pyproject, HoldsAlembicsEnvironmentAsWell) {
  const auto found = collect({
      {"pyproject.toml",
       "[project]\nname = \"x\"\n[[tool.alembic.post_write_hooks]]\nscript_location = \"wrong\"\n\n"
       "[tool.alembic]  # where\nscript_location = \"%(here)s/db\"\n"
       "version_locations = [\n  \"%(here)s/a\",  # first\n  'b',\n]\n[tool.other]\nscript_location = "
       "\"wrong\"\n"},
      {"db/env.py", ""},
      {"a/1.py", "revision = 'a'\n"},
      {"b/2.py", "revision = 'b'\ndown_revision = 'a'\n"},
  });
  EXPECT_THAT(found.environments(), ElementsAre("pyproject.toml|alembic|pyproject.toml|db"));
  EXPECT_THAT(found.heads(), ElementsAre("b"));
  EXPECT_THAT(found.problems(), IsEmpty());
}

TEST(Pyproject, CompletesAnIniThatNamesNoFolder) {
  const auto found = collect({
      {"pyproject.toml", "[tool.alembic]\nscript_location = \"db\"\n"},
      {"alembic.ini", "[alembic]\nsqlalchemy.url = x\n"},
      {"db/env.py", ""},
      {"db/versions/1.py", "revision = 'a'\n"},
  });
  EXPECT_THAT(found.environments(), ElementsAre("alembic.ini|alembic|alembic.ini|db"));
  EXPECT_THAT(found.heads(), ElementsAre("a"));
}

TEST(Pyproject, ThatIsNotTomlIsAProblem) {
  const test::ScratchRepository scratch;
  scratch.write("pyproject.toml", "[project]\nname = x\n[tool.alembic]\nscript_location = \"db\"\n");
  scratch.write("db/env.py", "");
  scratch.write("other/pyproject.toml", "[project]\nname = x\n");
  scratch.commit();
  const CollectedMigrations found(scratch.root());
  EXPECT_THAT(found.problems(), ElementsAre(testing::StartsWith("pyproject.toml|2|not valid TOML: ")));
  EXPECT_THAT(found.environments(), ElementsAre("pyproject.toml|alembic|pyproject.toml|"));
}

TEST(Alembic, VersionFilesBelowTheUsualFolderThatNothingNamesAreAProblem) {
  const auto found = collect({
      {"alembic.ini", "[alembic]\nscript_location = db\n"},
      {"db/env.py", ""},
      {"db/versions/postgresql/1.py", "revision = 'a'\ndown_revision = None\n"},
  });
  EXPECT_THAT(
      found.problems(),
      ElementsAre(
          "db/versions/postgresql/1.py|NULL|1 version file below db/versions, which no version_locations "
          "name: which of them count cannot be told"));
  EXPECT_THAT(found.heads(), IsEmpty());
}

TEST(Alembic, ATemplateOfAConfigurationIsNone) {
  const auto found = collect({
      {"app/alembic.ini", "[alembic]\nscript_location = {alembic_dir}\n"},
      {"app/alembic/env.py", ""},
      {"app/alembic/script.py.mako", ""},
      {"app/alembic/versions/1.py", "revision = 'a'\n"},
  });
  EXPECT_THAT(found.environments(), ElementsAre("app/alembic|alembic|NULL|app/alembic"));
  EXPECT_THAT(found.problems(), IsEmpty());
}

TEST(TwoTools, InOneFolderAreTwoEnvironments) {
  const auto found = collect({
      {"db/migrations/1_a.sql", ""},
      {"db/migrations/1_b.up.sql", ""},
  });
  EXPECT_THAT(found.environments(), ElementsAre("db/migrations|golang-migrate|NULL|db/migrations",
                                                "db/migrations#sql|sql|NULL|db/migrations"));
}

TEST(VersionOrder, IsByTheNumbers) {
  const std::vector<std::string> sorted = {
      "0", "1", "1.1", "1.2", "1.10", "2", "10", "20240101120000", "123456789012345678901"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(Version(sorted[i]) < Version(sorted[j]), i < j) << sorted[i] << " " << sorted[j];
    }
  }
  EXPECT_EQ(Version("01.0"), Version("1"));
  EXPECT_EQ(Version("1_2"), Version("1.2"));
}

TEST(Diesel, OrderedByVersionsWithoutHyphens) {
  const auto found = collect({
      {"diesel.toml", ""},
      {"migrations/00000000000000_diesel_initial_setup/up.sql", "SELECT 1;"},
      {"migrations/00000000000000_diesel_initial_setup/down.sql", "SELECT 1;"},
      {"migrations/2024-02-24-034523_b/up.sql", "DROP TABLE b;"},
      {"migrations/2019-02-26-002946_a/up.sql", "SELECT 1;"},
      {"docs/up.sql", "SELECT 1;"},
  });
  EXPECT_THAT(found.environments(), ElementsAre("migrations|diesel|diesel.toml|migrations"));
  EXPECT_THAT(found.edges(),
              ElementsAre("20190226002946|00000000000000|down", "20240224034523|20190226002946|down"));
  EXPECT_THAT(found.heads(), ElementsAre("20240224034523"));
  EXPECT_THAT(found.rows("SELECT file, object FROM migrations.statement"),
              ElementsAre("migrations/2024-02-24-034523_b/up.sql|b"));
}

TEST(Goose, SqlAndGoInOneOrder) {
  const auto found = collect({
      {"schema/00001_init.sql", "-- +goose Up\nCREATE TABLE a (x int);\n-- +goose Down\nDROP TABLE a;\n"},
      {"schema/00002_fill.go", "package schema\n"},
      {"schema/00003_more.sql", "-- +goose Up\nDROP TABLE b;\n"},
      {"schema/00003_more_test.go", "package schema\n"},
      {"migrations/1_x.sql", "-- +goose Up\n"},
  });
  EXPECT_THAT(found.environments(),
              ElementsAre("migrations|goose|NULL|migrations", "schema|goose|NULL|schema"));
  EXPECT_THAT(found.edges(), ElementsAre("00002|00001|down", "00003|00002|down"));
  EXPECT_THAT(found.rows("SELECT file, kind, coalesce(object, reason) FROM migrations.statement"),
              ElementsAre("schema/00003_more.sql|drop-table|b"));
}

TEST(Sqitch, AReworkedChangeHasTheFileOfATagBetween) {
  const auto found = collect({
      {"sqitch.conf", "[core]\n\tengine = pg\n"},
      {"sqitch.plan",
       "%syntax-version=1.0.0\n%project=x\n\na 2024-01-01T00:00:00Z A <a@b.c>\n@v1 2024-01-01T00:00:00Z A "
       "<a@b.c>\nb 2024-01-01T00:00:00Z A <a@b.c>\n@v2 2024-01-01T00:00:00Z A <a@b.c>\na [a@v2] "
       "2024-01-02T00:00:00Z A <a@b.c>\n"},
      {"deploy/a.sql", "SELECT 1;"},
      {"deploy/a@v2.sql", "DROP TABLE x;"},
      {"deploy/b.sql", "SELECT 1;"},
  });
  EXPECT_THAT(found.problems(), IsEmpty());
  EXPECT_THAT(found.rows("SELECT revision, file FROM migrations.statement"),
              ElementsAre("a@v1|deploy/a@v2.sql"));
}

}  // namespace
}  // namespace exitgate::collect
