// Tools without a deep reader: found by their own files, their migrations in order, and nothing invented.
#include <gmock/gmock.h>

#include <set>

#include "harness/collect/migrations/tool.h"
#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Files = std::vector<std::pair<std::string, std::string>>;

struct ShallowCase {
  std::string name;
  Files files;
  std::vector<std::string> environments;  // id|tool|config
  std::vector<std::string> edges;         // id|parent
  std::vector<std::string> heads;
};

void PrintTo(const ShallowCase& one, std::ostream* out) {
  *out << one.name;
}

CollectedMigrations collect(const Files& files) {
  const test::ScratchRepository scratch;
  for (const auto& [path, content] : files) scratch.write(path, content);
  scratch.commit();
  return CollectedMigrations(scratch.root());
}

class ShallowTools : public testing::TestWithParam<ShallowCase> {};

TEST_P(ShallowTools, AreFoundByTheirOwnFiles) {
  const auto found = collect(GetParam().files);
  EXPECT_EQ(found.rows("SELECT id, tool, config FROM migrations.environment ORDER BY id"),
            GetParam().environments);
  EXPECT_EQ(found.rows("SELECT id, parent FROM migrations.edge ORDER BY 1, 2"), GetParam().edges);
  EXPECT_EQ(found.heads(), GetParam().heads);
}

// The same files without the first one, which shows what the project uses.
TEST_P(ShallowTools, AreNotInventedWithoutThem) {
  auto files = GetParam().files;
  files.erase(files.begin());
  files.push_back({"readme.md", "nothing"});
  const auto tool = collect(files).rows(
      "SELECT tool FROM migrations.environment WHERE tool NOT IN "
      "('sql', 'golang-migrate', 'flyway', 'diesel')");
  EXPECT_THAT(tool, IsEmpty());
}

const std::vector<ShallowCase> kCases = {
    {"Knex",
     {{"package.json", R"({"dependencies": {"knex": "^3.1.0"}})"},
      {"migrations/20240101000000_create.js", "exports.up = (knex) => knex.schema.createTable('t');\n"},
      {"migrations/20240102000000_drop.js", "exports.up = (knex) => knex.schema.dropTable('t');\n"},
      {"migrations/helpers.js", "exports.knex = 1;\n"},
      {"src/20240103000000_other.js", "knex\n"}},
     {"migrations|knex|package.json"},
     {"20240102000000_drop.js|20240101000000_create.js"},
     {"20240102000000_drop.js"}},
    {"Typeorm",
     {{"api/package.json", R"({"dependencies": {"typeorm": "0.3"}})"},
      {"api/src/migrations/1700000000000-A.ts", "class A implements MigrationInterface {}\n"},
      {"api/src/migrations/1700000000001-B.ts", "class B implements MigrationInterface {}\n"},
      {"web/src/migrations/1700000000002-C.ts", "class C implements MigrationInterface {}\n"}},
     {"api/src/migrations|typeorm|api/package.json"},
     {"1700000000001|1700000000000"},
     {"1700000000001"}},
    {"Sequelize",
     {{".sequelizerc", ""},
      {"db/migrations/20240101-a.js", "module.exports = { up: (queryInterface) => {} };\n"},
      {"db/migrations/20240102-b.js", "module.exports = { up() { execFileSync('node', [script]); } };\n"},
      {"db/migrations/helpers.js", "module.exports = 1;\n"}},
     {"db/migrations|sequelize|.sequelizerc"},
     {"20240102-b.js|20240101-a.js"},
     {"20240102-b.js"}},
    {"MikroOrm",
     {{"package.json", R"({"dependencies": {"@mikro-orm/migrations": "6"}})"},
      {"migrations/Migration20240101000000.ts", "import { Migration } from '@mikro-orm/migrations';\n"},
      {"migrations/Migration20240102000000.ts", "import { Migration } from '@mikro-orm/migrations';\n"}},
     {"migrations|mikro-orm|package.json"},
     {"Migration20240102000000|Migration20240101000000"},
     {"Migration20240102000000"}},
    {"Drizzle",
     {{"src/ddl/meta/_journal.json", "{}"}, {"src/ddl/0000_a.sql", ""}, {"src/ddl/0001_b.sql", ""}},
     {"src/ddl|drizzle|src/ddl/meta/_journal.json"},
     {"0001|0000"},
     {"0001"}},
    {"NodePgMigrate",
     {{"package.json", R"({"dependencies": {"node-pg-migrate": "7"}})"},
      {"migrations/1700000000001_a.sql", "-- Up Migration\n"},
      {"migrations/1700000000002_b.js", "exports.up = (pgm) => {};\n"}},
     {"migrations|node-pg-migrate|package.json"},
     {"1700000000002|1700000000001"},
     {"1700000000002"}},
    {"Kysely",
     {{"package.json", R"({"dependencies": {"kysely": "0.27"}})"},
      {"src/migrations/2024-01-01_a.ts", "export async function up(db: Kysely<any>) {}\n"}},
     {"src/migrations|kysely|package.json"},
     {},
     {"2024-01-01_a"}},
    {"Ecto",
     {{"mix.exs", "defp deps, do: [{:ecto_sql, \"~> 3.10\"}]\n"},
      {"priv/repo/migrations/20240101000000_a.exs", "use Ecto.Migration\n"},
      {"priv/repo/migrations/20240102000000_b.exs", "use Ecto.Migration\n"}},
     {"priv/repo/migrations|ecto|mix.exs"},
     {"20240102000000|20240101000000"},
     {"20240102000000"}},
    {"Laravel",
     {{"artisan", ""},
      {"database/migrations/2024_01_01_000000_a.php", "use Illuminate\\Database\\Migrations\\Migration;\n"},
      {"database/migrations/2024_01_02_000000_b.php", "use Laravel\\Pulse\\Support\\PulseMigration;\n"}},
     {"database/migrations|laravel|artisan"},
     {"2024_01_02_000000_b|2024_01_01_000000_a"},
     {"2024_01_02_000000_b"}},
    {"Doctrine",
     {{"composer.json", R"({"require": {"doctrine/doctrine-migrations-bundle": "^3"}})"},
      {"migrations/Version20240101000000.php", "final class A extends AbstractMigration {}\n"}},
     {"migrations|doctrine|composer.json"},
     {},
     {"Version20240101000000"}},
    {"SeaOrm",
     {{"migration/Cargo.toml", "[dependencies]\nsea-orm-migration = \"1\"\n"},
      {"migration/src/lib.rs", "vec![]\n"},
      {"migration/src/m20240101_000001_a.rs", "impl MigrationTrait for Migration {}\n"},
      {"migration/src/m20240102_000001_b.rs", "impl MigrationTrait for Migration {}\n"}},
     {"migration/src|sea-orm|migration/Cargo.toml"},
     {"m20240102_000001_b|m20240101_000001_a"},
     {"m20240102_000001_b"}},
    {"Sqlx",
     {{"Cargo.toml", "[dependencies]\nsqlx = { version = \"0.7\" }\n"},
      {"migrations/0001_a.up.sql", ""},
      {"migrations/0001_a.down.sql", ""},
      {"migrations/0002_b.up.sql", ""}},
     {"migrations|sqlx|Cargo.toml"},
     {"0002|0001"},
     {"0002"}},
    {"Refinery",
     {{"Cargo.toml", "[dependencies]\nrefinery = \"0.8\"\n"},
      {"migrations/V1__a.sql", ""},
      {"migrations/V2__b.sql", ""}},
     {"migrations|refinery|Cargo.toml"},
     {"2|1"},
     {"2"}},
    {"Tern",
     {{"db/tern.conf", ""}, {"db/migrations/001_a.sql", ""}, {"db/migrations/002_b.sql", ""}},
     {"db/migrations|tern|db/tern.conf"},
     {"002|001"},
     {"002"}},
    {"Atlas",
     {{"db/ddl/atlas.sum", ""}, {"db/ddl/20240101000000_a.sql", ""}},
     {"db/ddl|atlas|db/ddl/atlas.sum"},
     {},
     {"20240101000000"}},
    {"Hasura",
     {{"hasura/config.yaml", "version: 3\n"},
      {"hasura/migrations/default/1700000000000_init/up.sql", ""},
      {"hasura/migrations/default/1700000000001_more/up.sql", ""},
      {"hasura/migrations/default/1700000000001_more/down.sql", ""}},
     {"hasura/migrations/default|hasura|hasura/config.yaml"},
     {"1700000000001|1700000000000"},
     {"1700000000001"}},
    {"Aerich",
     {{"pyproject.toml", "[tool.aerich]\nlocation = \"./migrations\"\n"},
      {"migrations/models/0_20240101000000_init.py", "async def upgrade(db) -> str:\n    return ''\n"},
      {"migrations/models/10_20240103000000_c.py", "async def upgrade(db) -> str:\n    return ''\n"},
      {"migrations/models/2_20240102000000_b.py", "async def upgrade(db) -> str:\n    return ''\n"}},
     {"migrations/models|aerich|pyproject.toml"},
     {"10_20240103000000_c.py|2_20240102000000_b.py", "2_20240102000000_b.py|0_20240101000000_init.py"},
     {"10_20240103000000_c.py"}},
    {"Dbup",
     {{"Db/Db.csproj", "<PackageReference Include=\"dbup-postgresql\" />"},
      {"Db/Scripts/Script0001 - A.sql", ""},
      {"Db/Scripts/Script0002 - B.sql", ""}},
     {"Db/Scripts|dbup|Db/Db.csproj"},
     {"Script0002 - B.sql|Script0001 - A.sql"},
     {"Script0002 - B.sql"}},
    {"Evolve",
     {{"Db/Db.csproj", "<PackageReference Include=\"Evolve\" />"}, {"Db/migrations/V1_1__a.sql", ""}},
     {"Db/migrations|evolve|Db/Db.csproj"},
     {},
     {"1.1"}},
    {"Mybatis",
     {{"environments/development.properties", ""}, {"scripts/20240101000000_a.sql", "-- // a\n"}},
     {"scripts|mybatis-migrations|environments/development.properties"},
     {},
     {"20240101000000"}},
    // Its order is not read, and so there is no head.
    {"Yoyo",
     {{"yoyo.ini", ""}, {"db/0001.a.py", "from yoyo import step\nsteps = [step('')]\n"}},
     {"db|yoyo|yoyo.ini"},
     {},
     {}},
};
INSTANTIATE_TEST_SUITE_P(Migrations, ShallowTools, testing::ValuesIn(kCases),
                         [](const auto& given) { return given.param.name; });

// Told by what stands in the files alone.
TEST(ShallowToolsByContent, EfCoreGraphilePgrollPlaySupabaseAndSqlMigrate) {
  const auto found = collect({
      {"Shop/Migrations/20240101000000_A.cs", "using Microsoft.EntityFrameworkCore.Migrations;\n"},
      {"Shop/Migrations/20240101000000_A.Designer.cs", "using Microsoft.EntityFrameworkCore.Migrations;\n"},
      {"Shop/Migrations/ShopModelSnapshot.cs", "using Microsoft.EntityFrameworkCore.Migrations;\n"},
      {"graphile/migrations/committed/000001.sql", "--! Previous: -\n"},
      {"pg/migrations/01_a.json", R"({"operations": [{"drop_table": {"name": "t"}}]})"},
      {"pg/migrations/02_other.json", R"({"operations": "none"})"},
      {"conf/evolutions/default/1.sql", "# --- !Ups\n"},
      {"supabase/migrations/20240101000000_a.sql", ""},
      {"sql/1_a.sql", "-- +migrate Up\n"},
  });
  EXPECT_THAT(found.rows("SELECT id, tool FROM migrations.environment ORDER BY id"),
              ElementsAre("Shop/Migrations|ef-core", "conf/evolutions/default|play-evolutions",
                          "graphile/migrations/committed|graphile-migrate", "pg/migrations|pgroll",
                          "sql|sql-migrate", "supabase/migrations|supabase"));
  EXPECT_THAT(found.rows("SELECT id FROM migrations.head ORDER BY environment"),
              ElementsAre("20240101000000_A", "1", "000001", "01_a", "1", "20240101000000"));
}

TEST(ShallowLayouts, AnOrderThatIsNotReadIsAProblem) {
  const auto found = collect({{"yoyo.ini", ""}, {"db/a.py", "from yoyo import step\nsteps = [step('')]\n"}});
  EXPECT_THAT(
      found.problems(),
      ElementsAre(
          "yoyo.ini|NULL|the order of yoyo's migrations is not read: which is the last cannot be told"));
  EXPECT_THAT(found.rows("SELECT id FROM migrations.base"), IsEmpty());
}

TEST(ShallowLayouts, AFolderWithAnotherToolsMarksIsThatTools) {
  const auto found = collect({
      {"Cargo.toml", "[dependencies]\nsqlx = \"0.7\"\n"},
      {"migrations/20240101000000_a.sql", "-- migrate:up\n"},
      {"db/atlas.sum", ""},
      {"db/00001_a.sql", "-- +goose Up\n"},
  });
  EXPECT_THAT(found.rows("SELECT id, tool FROM migrations.environment ORDER BY id"),
              ElementsAre("db|goose", "migrations|dbmate"));
}

TEST(ShallowLayouts, DependenciesThatWereCommittedAreNobodys) {
  const auto found = collect({
      {"package.json", R"({"dependencies": {"knex": "3"}})"},
      {"node_modules/x/package.json", R"({"dependencies": {"knex": "3"}})"},
      {"node_modules/x/migrations/1_a.js", "knex\n"},
  });
  EXPECT_THAT(found.environments(), IsEmpty());
}

// What stands below the comment of the way down is not run.
TEST(ShallowLayouts, ReadOneFileOfBothWays) {
  const auto found = collect({
      {"node/package.json", R"({"dependencies": {"node-pg-migrate": "7"}})"},
      {"node/migrations/1_a.sql", "-- Up Migration\nDROP TABLE a;\n-- Down Migration\nDROP TABLE b;\n"},
      {"conf/evolutions/default/1.sql", "# --- !Ups\nDROP TABLE c;\n# --- !Downs\nDROP TABLE d;\n"},
      {"environments/development.properties", ""},
      {"scripts/1_a.sql", "-- // a\nDROP TABLE e;\n-- //@UNDO\nDROP TABLE f;\n"},
      {"db/tern.conf", ""},
      {"db/migrations/1_a.sql", "DROP TABLE g;\n---- create above / drop below ----\nDROP TABLE h;\n"},
      {"plain/migrations/1_a.sql", "-- Down Migration of a table: none\nDROP TABLE i;\n"},
  });
  EXPECT_THAT(found.rows("SELECT object FROM migrations.statement ORDER BY 1"),
              ElementsAre("a", "c", "e", "g", "i"));
}

TEST(ToolRecords, AreWholeAndDistinct) {
  std::set<std::string> names;
  std::set<std::string> tables;
  for (const auto& tool : all_tools()) {
    EXPECT_TRUE(names.insert(tool.name).second) << tool.name;
    EXPECT_TRUE(tool.find) << tool.name;
    EXPECT_EQ(find_tool(tool.name), &tool);
    if (tool.state_is_implicit || tool.state.find("{table}") != std::string::npos) {
      EXPECT_NE(state_table(tool), "") << tool.name;
    }
    if (!tool.default_config.empty()) {
      EXPECT_FALSE(tool.up.empty()) << tool.name;
    }
    if (tool.sections.unmistakable) {
      EXPECT_FALSE(tool.sections.up.empty()) << tool.name;
    }
  }
  EXPECT_EQ(find_tool("no such tool"), nullptr);
  // What no other has taken.
  EXPECT_EQ(all_tools()[all_tools().size() - 2].name, "sql");
  EXPECT_EQ(all_tools().back().name, "unknown");
}

TEST(ToolRecords, AreFacts) {
  const auto found = collect({{"readme.md", ""}});
  EXPECT_THAT(
      found.rows("SELECT name, deep, state, state_is_implicit, up, down_part, join_heads, models FROM "
                 "migrations.tool WHERE name IN ('alembic', 'sql') ORDER BY name"),
      ElementsAre("alembic|1|SELECT version_num FROM alembic_version|1|alembic upgrade head|downgrade()|"
                  "join them: `alembic merge heads -m \"merge\"`|alembic check",
                  "sql|1|NULL|0|NULL|NULL|NULL|NULL"));
  EXPECT_THAT(found.rows("SELECT pattern FROM migrations.tool_command WHERE tool = 'alembic' ORDER BY 1"),
              ElementsAre("alembic upgrade", "flask db upgrade"));
  EXPECT_THAT(found.rows("SELECT tool, kind, name FROM migrations.tool_object WHERE tool IN ('sqitch', "
                         "'sequelize') ORDER BY 1"),
              ElementsAre("sequelize|table|SequelizeMeta", "sqitch|schema|sqitch"));
}

TEST(ToolVersions, AreAsTheDatabaseShowsThem) {
  const auto found = collect({
      {"db/000005_x.up.sql", ""},
      {"schema/00000_x.sql", "-- +goose Up\n"},
      {"prisma/migrations/0001_x/migration.sql", ""},
  });
  EXPECT_THAT(found.rows("SELECT id, version FROM migrations.revision ORDER BY file"),
              ElementsAre("000005|5", "0001_x|0001_x", "00000|0"));
}

}  // namespace
}  // namespace exitgate::collect
