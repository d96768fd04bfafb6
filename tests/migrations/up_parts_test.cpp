// Of formats that hold both directions, only the way up counts: in one file, or in a pair of files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

struct Case {
  const char* name;
  std::map<std::string, std::string> files;
  std::string tool;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class UpParts : public ::testing::TestWithParam<Case> {};

TEST_P(UpParts, AreAllThatCounts) {
  const test::ScratchRepository scratch;
  for (const auto& [path, text] : GetParam().files) scratch.write(path, text);
  scratch.commit();
  const CollectedMigrations found(scratch.root());
  EXPECT_THAT(found.rows("SELECT DISTINCT tool FROM migrations.environment"),
              testing::ElementsAre(GetParam().tool));
  EXPECT_THAT(found.rows("SELECT kind, object FROM migrations.statement ORDER BY 2"),
              testing::ElementsAre("drop-table|gone"));
}

constexpr const char* kGone = "DROP TABLE gone;\n";
constexpr const char* kDown = "DROP TABLE of_the_way_down;\nDELETE FROM x;\n";

std::string both(const std::string& up, const std::string& down) {
  return up + "\n" + kGone + down + "\n" + kDown;
}

const Case kCases[] = {
    {"Goose", {{"migrations/00001_a.sql", both("-- +goose Up", "-- +goose Down")}}, "goose"},
    {"GooseBlocks",
     {{"migrations/00001_a.sql",
       both("-- +goose Up\n-- +goose StatementBegin", "-- +goose StatementEnd\n-- +goose Down")}},
     "goose"},
    {"Dbmate", {{"db/migrations/1_a.sql", both("-- migrate:up", "-- migrate:down")}}, "dbmate"},
    {"DbmateWithOptions",
     {{"db/migrations/1_a.sql",
       both("-- migrate:up transaction:false", "-- migrate:down transaction:false")}},
     "dbmate"},
    {"SqlMigrate", {{"migrations/1_a.sql", both("-- +migrate Up", "-- +migrate Down")}}, "sql-migrate"},
    {"SqlxReversible",
     {{"Cargo.toml", "[dependencies]\nsqlx = \"0.8\"\n"},
      {"migrations/1_a.up.sql", kGone},
      {"migrations/1_a.down.sql", kDown}},
     "sqlx"},
    {"NodePgMigrate",
     {{"package.json", R"({"dependencies": {"node-pg-migrate": "7"}})"},
      {"migrations/1_a.sql", both("-- Up Migration", "-- Down Migration")}},
     "node-pg-migrate"},
    {"Tern",
     {{"migrations/tern.conf", "[database]\n"},
      {"migrations/001_a.sql", std::string(kGone) + "---- create above / drop below ----\n" + kDown}},
     "tern"},
    {"GolangMigrate",
     {{"migrations/1_a.up.sql", kGone}, {"migrations/1_a.down.sql", kDown}},
     "golang-migrate"},
    {"Diesel",
     {{"diesel.toml", ""},
      {"migrations/2024-01-01-000000_a/up.sql", kGone},
      {"migrations/2024-01-01-000000_a/down.sql", kDown}},
     "diesel"},
    {"LiquibaseSql",
     {{"liquibase.properties", ""},
      {"db/changelog.sql",
       "--liquibase formatted sql\n--changeset ada:1\nDROP TABLE gone;\n--rollback DROP TABLE "
       "of_the_way_down;\n"
       "/* liquibase rollback\nDELETE FROM x;\n*/\n"}},
     "liquibase"},
    {"LiquibaseXml",
     {{"liquibase.properties", ""},
      {"db/changelog.xml",
       "<databaseChangeLog><changeSet id=\"1\" author=\"a\"><dropTable "
       "tableName=\"gone\"/><rollback><dropTable "
       "tableName=\"of_the_way_down\"/><sql>DELETE FROM "
       "x</sql></rollback></changeSet></databaseChangeLog>\n"}},
     "liquibase"},
    {"Play", {{"conf/evolutions/default/1.sql", both("# --- !Ups", "# --- !Downs")}}, "play-evolutions"},
    {"MyBatis",
     {{"migrations/scripts/20240101000000_a.sql", std::string("-- // a\n") + kGone + "-- //@UNDO\n" + kDown},
      {"migrations/environments/development.properties", "driver=org.postgresql.Driver\n"}},
     "mybatis-migrations"},
    {"Sqitch",
     {{"sqitch.conf", "[core]\n\tengine = pg\n"},
      {"sqitch.plan", "%syntax-version=1.0.0\n%project=p\n\na 2024-01-01T00:00:00Z x <x@x> # a\n"},
      {"deploy/a.sql", kGone},
      {"revert/a.sql", kDown}},
     "sqitch"},
    {"Flyway", {{"db/migration/V1__a.sql", kGone}, {"db/migration/U1__a.sql", kDown}}, "flyway"},
};

INSTANTIATE_TEST_SUITE_P(ByTool, UpParts, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace exitgate::collect
