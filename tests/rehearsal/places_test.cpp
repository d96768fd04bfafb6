// Whose statement it is, told as each kind of tool runs its migrations.
#include "harness/collect/rehearsal/places.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace exitgate::collect::rehearsal {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> found(const std::vector<Given>& statements, const std::vector<Revision>& revisions,
                               Direction direction = Direction::up) {
  std::vector<std::string> lines;
  for (const auto& place : places_of(statements, revisions, direction)) {
    if (place.own) {
      lines.emplace_back("own");
    } else if (!place.revision) {
      lines.emplace_back("unknown");
    } else {
      lines.push_back(fmt::format("{}:{}", revisions[*place.revision].id, place.line));
    }
  }
  return lines;
}

const char* const kNote = R"(revision = "b1"
def upgrade():
    op.add_column(
        "orders",
        sa.Column("note", sa.Text()),
    )
    op.create_index("ix_note", "orders", ["note"])


def downgrade():
    op.drop_index("ix_note")
    op.drop_column("orders", "note")
)";
const char* const kDrop = R"(revision = "c2"
def upgrade():
    op.drop_table("lines")
)";

TEST(PlacesOf, AlembicWhichWritesItsRowBehindEachRevision) {
  const std::vector<Revision> revisions = {{"b1", "b1", "alembic_version", "v/b1_note.py", kNote},
                                           {"c2", "c2", "alembic_version", "v/c2_drop.py", kDrop}};
  EXPECT_THAT(
      found({{"ALTER TABLE orders ADD COLUMN note TEXT", {}},
             {"CREATE INDEX ix_note ON orders (note)", {}},
             {"UPDATE alembic_version SET version_num='b1' WHERE alembic_version.version_num = 'a0'", {}},
             {"DROP TABLE lines", {}},
             {"UPDATE alembic_version SET version_num='c2' WHERE alembic_version.version_num = 'b1'", {}}},
            revisions),
      ElementsAre("b1:3", "b1:7", "own", "c2:3", "own"));
}

TEST(PlacesOf, TheWayBackBehindTheWayUp) {
  const std::vector<Revision> revisions = {{"b1", "b1", "alembic_version", "v/b1_note.py", kNote}};
  EXPECT_THAT(found({{"DROP INDEX ix_note", {}}, {"ALTER TABLE orders DROP COLUMN note", {}}}, revisions,
                    Direction::down),
              ElementsAre("b1:11", "b1:12"));
}

TEST(PlacesOf, GolangMigrateWhichWritesItsRowBeforeAndBehind) {
  const std::vector<Revision> revisions = {
      {"000005", "5", "schema_migrations", "m/000005_a.up.sql",
       "CREATE TABLE a (id int);\n\nDROP TABLE\n  old;\n"},
      {"000006", "6", "schema_migrations", "m/000006_b.up.sql", "-- b\nCREATE TABLE b (id int);\n"}};
  EXPECT_THAT(
      found({{"CREATE TABLE IF NOT EXISTS \"public\".\"schema_migrations\" (version bigint)", {}},
             {"TRUNCATE \"public\".\"schema_migrations\"", {}},
             {"INSERT INTO \"public\".\"schema_migrations\" (version, dirty) VALUES ($1, $2)", {"5", "t"}},
             {"CREATE TABLE a (id int)", {}},
             {"DROP TABLE old", {}},
             {"INSERT INTO \"public\".\"schema_migrations\" (version, dirty) VALUES ($1, $2)", {"5", "f"}},
             {"INSERT INTO \"public\".\"schema_migrations\" (version, dirty) VALUES ($1, $2)", {"6", "t"}},
             {"CREATE TABLE b (id int);", {}}},
            revisions),
      ElementsAre("own", "own", "own", "000005:1", "000005:3", "own", "own", "000006:2"));
}

TEST(PlacesOf, FlywayByTheNameOfItsFileWhereANumberMeansSomethingElse) {
  const std::vector<Revision> revisions = {{"5", "5", "flyway_schema_history", "db/V5__a.sql", ""},
                                           {"6", "6", "flyway_schema_history", "db/V6__b.sql", ""}};
  const std::string insert = "INSERT INTO \"public\".\"flyway_schema_history\" VALUES ($1, $2, $3)";
  EXPECT_THAT(found({{"CREATE VIEW va AS SELECT 1", {}},
                     {insert, {"4", "5", "V5__a.sql"}},
                     {"CREATE VIEW vb AS SELECT 1", {}},
                     {insert, {"5", "6", "V6__b.sql"}}},
                    revisions),
              ElementsAre("5:0", "own", "6:0", "own"));
}

TEST(PlacesOf, DjangoWhichKeepsApplicationAndNameApart) {
  const std::vector<Revision> revisions = {
      {"orders.0002_note", "orders.0002_note", "django_migrations", "orders/migrations/0002_note.py", ""},
      {"users.0002_mail", "users.0002_mail", "django_migrations", "users/migrations/0002_mail.py", ""}};
  const std::string insert = "INSERT INTO \"django_migrations\" (\"app\", \"name\") VALUES ";
  EXPECT_THAT(found({{"ALTER TABLE \"users_user\" ADD COLUMN \"mail\" text NULL", {}},
                     {insert + "('users', '0002_mail')", {}},
                     {"ALTER TABLE \"orders_order\" ADD COLUMN \"note\" text NULL", {}},
                     {insert + "('orders', '0002_note')", {}}},
                    revisions),
              ElementsAre("users.0002_mail:0", "own", "orders.0002_note:0", "own"));
}

TEST(PlacesOf, AnSqlFileWithoutAToolByItsText) {
  const std::vector<Revision> revisions = {{"1", "1", "", "a.sql", "SELECT 1;\nALTER TABLE t\n  ADD c int;"},
                                           {"2", "2", "", "b.sql", "ALTER TABLE t ADD d int;"}};
  EXPECT_THAT(
      found({{"ALTER TABLE t ADD d int;", {}}, {"ALTER TABLE t ADD c int", {}}, {"VACUUM t", {}}}, revisions),
      ElementsAre("2:1", "1:2", "unknown"));
}

TEST(PlacesOf, AToolThatNobodyKnowsByTheTableThatGetsTheNames) {
  const std::vector<Revision> revisions = {{"2024_a", "2024_a", "", "m/2024_a.py", ""},
                                           {"2024_b", "2024_b", "", "m/2024_b.py", ""}};
  EXPECT_THAT(found({{"CREATE TABLE IF NOT EXISTS done (name text)", {}},
                     {"CREATE TABLE a (id int)", {}},
                     {"INSERT INTO public.done (name) VALUES ('2024_a')", {}},
                     {"CREATE TABLE b (id int)", {}},
                     {"INSERT INTO public.done (name) VALUES ($1)", {"2024_b"}}},
                    revisions),
              ElementsAre("own", "2024_a:0", "own", "2024_b:0", "own"));
}

TEST(PlacesOf, TheOnlyRevisionHasAllThatIsNotTheTools) {
  const std::vector<Revision> revisions = {{"b1", "b1", "alembic_version", "b1.py", kDrop}};
  EXPECT_THAT(found({{"DROP TABLE lines", {}}, {"DROP TYPE state", {}}}, revisions),
              ElementsAre("b1:3", "b1:0"));
}

}  // namespace
}  // namespace exitgate::collect::rehearsal
