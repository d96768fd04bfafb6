#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class MergedMigrations : public CheckTable {};
TEST_P(MergedMigrations, SayExactly) {
  holds();
}

const std::string kBase =
    "INSERT INTO migrations.comparison (reference, oid, merge_base) VALUES ('refs/remotes/origin/main', "
    "'f00d', "
    "'f00d'); INSERT INTO migrations.environment (id, tool, location) VALUES ('alembic.ini', 'alembic', "
    "'m'); "
    "INSERT INTO migrations.revision (environment, id, file, line, new) VALUES ('alembic.ini', 'a', "
    "'m/a.py', 4, 0);";

std::string change(const std::string& revision, const std::string& kind, const std::string& before = "NULL",
                   const std::string& after = "NULL", const std::string& reason = "NULL", int harmless = 0,
                   const std::string& environment = "alembic.ini") {
  return fmt::format(
      "INSERT INTO migrations.merged_change (environment, revision, kind, file, line, before, after, reason, "
      "harmless) VALUES ('{6}', '{0}', '{1}', 'm/{0}.py', 12, {2}, {3}, {4}, {5});",
      revision, kind, before, after, reason, harmless, environment);
}

const std::vector<CheckCase> kCases = {
    {"NoBase", "merged-migrations", "{}",
     "INSERT INTO migrations.comparison (problem) VALUES ('this clone has no branch');", R"(0 examined
skip: no base to compare with: this clone has no branch: write `base: origin/main` in exitgate.yaml
)"},
    {"BaseIsMissing", "merged-migrations", "{}",
     "INSERT INTO migrations.comparison (reference, problem) VALUES ('origin/main', 'it is not in this "
     "clone');",
     R"(0 examined
?    cannot tell which migrations are merged: it is not in this clone
  > let the clone have the base branch (fetch-depth: 0)
)"},
    {"BaseHasNone", "merged-migrations", "{}",
     "INSERT INTO migrations.comparison (reference, oid, merge_base) VALUES ('main', 'f00d', 'f00d');",
     R"(0 examined
skip: main has no migration
)"},
    {"TheBaseItself", "merged-migrations", "{}",
     kBase + "INSERT INTO repo.checkout (oid, tree, committed_at, subject, shallow) VALUES ('f00d', 't', "
             "'now', 's', 0);",
     R"(0 examined
skip: the commit is one that origin/main has: there is nothing to compare it with
)"},
    {"AsItWas", "merged-migrations", "{}", kBase, R"(1 examined
)"},
    {"Changed", "merged-migrations", "{}",
     kBase + change("a", "changed", "'op.x(1)'", "'op.x(2)'", "'Alembic never notices'"), R"(2 examined
FAIL m/a.py:12: 'a', which origin/main has, is changed: `op.x(2)` was `op.x(1)`: a database that has applied it does not get this, a new one does; Alembic never notices
  > put it back as it was and write what is to change as a new migration; if no database has it yet, `allow: ["changed a"]`
)"},
    {"ChangedByMore", "merged-migrations", "{}", kBase + change("a", "changed", "NULL", "'op.x(2)'"),
     R"(2 examined
FAIL m/a.py:12: 'a', which origin/main has, is changed: `op.x(2)` is new in it: a database that has applied it does not get this, a new one does
  > put it back as it was and write what is to change as a new migration; if no database has it yet, `allow: ["changed a"]`
)"},
    {"Removed", "merged-migrations", "{}", kBase + change("b", "removed"), R"(2 examined
FAIL m/b.py:12: 'b', which origin/main has, is gone: a database that has applied it keeps what it did, a new one never gets it
  > put it back and take back what it did in a new migration; if no database needs it any more, `allow: ["removed b"]`
)"},
    {"ManyRemoved", "merged-migrations", "{}",
     kBase + change("b", "removed") + change("c", "removed") + change("d", "removed") +
         change("e", "removed") + change("f", "removed"),
     R"(6 examined
FAIL m/b.py:12: 5 migrations of alembic.ini, which origin/main has, are gone: 'b', 'c', 'd', 'e' and 'f'; a database that has applied them keeps what they did, a new one never gets it
  > put them back; if the history begins anew and every database is told so, `allow: [removed]`
)"},
    {"ManyRemovedOnPurpose", "merged-migrations", R"({"allow": ["removed"]})",
     kBase + change("b", "removed") + change("c", "removed") + change("d", "removed") +
         change("e", "removed"),
     R"(5 examined
)"},
    {"Overtaken", "merged-migrations", "{}",
     kBase + change("a", "overtaken", "NULL", "'n'", "'goose refuses it'"), R"(2 examined
FAIL m/a.py:12: 'n' is new and comes before 'a', which origin/main has: a database that is past that one gets them in another order than a new one, or never gets the new one; goose refuses it
  > let it follow the last migration of origin/main; if that is meant, `allow: ["overtaken a"]`
)"},
    {"HarmlessIsANote", "merged-migrations", "{}",
     kBase + change("a", "overtaken", "NULL", "'n'", "'Rails applies it after the others'", 1) +
         change("b", "changed", "'x'", "'y'", "'only its way down is another'", 1),
     R"(3 examined
note: m/a.py: 'n' is new and comes before 'a'; Rails applies it after the others
note: m/b.py:12: 'b' is changed: `y` was `x`; only its way down is another
)"},
    {"HarmlessIsStrict", "merged-migrations", R"({"strict": true})",
     kBase + change("b", "changed", "'x'", "'y'", "'only its way down is another'", 1), R"(2 examined
FAIL m/b.py:12: 'b', which origin/main has, is changed: `y` was `x`: a database that has applied it does not get this, a new one does; only its way down is another
  > put it back as it was and write what is to change as a new migration; if no database has it yet, `allow: ["changed b"]`
)"},
    {"Undecided", "merged-migrations", "{}",
     kBase + change("a", "undecided", "'x'", "'y'", "'code in its language is not read'"), R"(2 examined
?    m/a.py:12: cannot tell whether 'a', which origin/main has, still does the same: `y` was `x`; code in its language is not read
  > put it back as it was; or look at it, and waive this finding
)"},
    {"Allowed", "merged-migrations", R"({"allow": ["changed a"]})",
     kBase + change("a", "changed", "'x'", "'y'"),
     R"(2 examined
)"},
    {"Excepted", "merged-migrations", R"({"except": ["m/b*"]})", kBase + change("b", "changed", "'x'", "'y'"),
     R"(1 examined
)"},
};
INSTANTIATE_TEST_SUITE_P(Migrations, MergedMigrations, ::testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace exitgate::testing
