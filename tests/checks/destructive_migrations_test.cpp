#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class DestructiveMigrations : public CheckTable {};
TEST_P(DestructiveMigrations, SayExactly) {
  holds();
}

const std::string kEnvironment =
    "INSERT INTO migrations.environment (id, tool, location) VALUES ('alembic.ini', 'alembic', 'm');";
const std::string kBase =
    "INSERT INTO migrations.comparison (reference, oid, merge_base, problem) VALUES "
    "('refs/remotes/origin/main', 'f00d', 'f00d', NULL);";
const std::string kNoBase =
    "INSERT INTO migrations.comparison (problem) VALUES ('this clone has no branch');";

std::string revision(const std::string& id, const std::string& is_new) {
  return fmt::format(
      "INSERT INTO migrations.revision (environment, id, file, line, new) VALUES ('alembic.ini', '{0}', "
      "'m/{0}.py', 4, {1});",
      id, is_new);
}
std::string statement(const std::string& kind, const std::string& object, const std::string& is_new = "1",
                      int harmless = 0, const std::string& reason = "NULL") {
  return fmt::format(
      "INSERT INTO migrations.statement (environment, revision, file, line, kind, object, text, harmless, "
      "new, "
      "reason) VALUES ('alembic.ini', 'b', 'm/b.py', 12, '{}', {}, 'op.x(1)', {}, {}, {});",
      kind, object, harmless, is_new, reason);
}
const std::string kNew = kEnvironment + kBase + revision("a", "0") + revision("b", "1");

const std::vector<CheckCase> kCases = {
    {"NoMigrations", "destructive-migrations", "{}", "", R"(0 examined
skip: no migrations
)"},
    {"NothingNew", "destructive-migrations", "{}",
     kEnvironment + kBase + revision("a", "0") + statement("drop-table", "'t'", "0"), R"(0 examined
skip: no migration is new since origin/main
)"},
    {"NewAndHarmless", "destructive-migrations", "{}",
     kNew + statement("drop-table", "'t'", "1", 1, "'made here'"),
     R"(1 examined
)"},
    {"Drops", "destructive-migrations", "{}", kNew + statement("drop-table", "'t'"), R"(1 examined
FAIL m/b.py:12: 'b', new since origin/main, drops table t: its rows are gone for good
  > stop using it in one release and drop it in a later one; if it is intended, `allow: ["drop-table t"]`
)"},
    {"SetsNotNull", "destructive-migrations", "{}", kNew + statement("set-not-null", "'t.c'"), R"(1 examined
FAIL m/b.py:12: 'b', new since origin/main, forbids NULL in column t.c: it fails on rows that have it, and nobody can write while all are looked at
  > fill the rows, add `CHECK (... IS NOT NULL) NOT VALID`, validate it, then set NOT NULL; if it is intended, `allow: ["set-not-null t.c"]`
)"},
    {"Allowed", "destructive-migrations", R"({"allow": ["rename", "drop-table tmp_*"]})",
     kNew + statement("rename", "'t'") + statement("drop-table", "'tmp_a'"), R"(1 examined
)"},
    {"Excepted", "destructive-migrations", R"({"except": ["m/*"]})", kNew + statement("drop-table", "'t'"),
     R"(0 examined
skip: no migration is new since origin/main
)"},
    {"Undecided", "destructive-migrations", "{}",
     kNew + statement("undecided", "NULL", "1", 0, "'the statement is put together at run time'"),
     R"(1 examined
?    m/b.py:12: cannot tell whether 'b', new since origin/main, is destructive: the statement is put together at run time: `op.x(1)`
  > write the statement out; or look at it, and waive this finding
)"},
    {"NoBase", "destructive-migrations", "{}",
     kEnvironment + kNoBase + revision("b", "NULL") + statement("drop-table", "'t'", "NULL"), R"(1 examined
?    cannot tell which migrations are new: this clone has no branch
  > write `base: origin/main` in exitgate.yaml, and let the clone have it (fetch-depth: 0)
)"},
    {"NoBaseAndNothingToAsk", "destructive-migrations", "{}", kEnvironment + kNoBase + revision("b", "NULL"),
     R"(1 examined
)"},
    {"AFileThatCannotBeRead", "destructive-migrations", "{}",
     kNew +
         "INSERT INTO migrations.problem (environment, file, line, reason, unread) VALUES "
         "('alembic.ini', 'm/c.py', 1, 'no revision is assigned in it', 1), "
         "('alembic.ini', 'm/b.py', 5, 'known otherwise', 0), ('alembic.ini', 'm/b.py', 6, 'of old', NULL);",
     R"(1 examined
?    m/c.py:1: cannot tell whether it is destructive: no revision is assigned in it
  > fix the file, or name it under `except:`
)"},
};
INSTANTIATE_TEST_SUITE_P(Migrations, DestructiveMigrations, ::testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace exitgate::testing
