// A run takes only the stages that its selection needs, and a gate whose facts were not collected is an error.

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "harness/check/database_parts.h"
#include "harness/facts/facts.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class PartsTest : public testing::Test {
 protected:
  PartsTest() { make_sample(repository()); }
  fs::path repository() const { return folder_.path() / "service"; }
  fs::path out() const { return folder_.path() / "out"; }
  ProcessResult evaluate(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"run", "--repo", repository().string(), "--out", out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(arguments);
  }
  ProcessResult ctest(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"ctest", "--test-dir", (out() / ".ctest").string(), "-j", "2"});
    return run({.arguments = arguments, .limit = std::chrono::seconds(200)});
  }
  // The parts that the run did, of those that are asked for.
  std::vector<std::string> done() const {
    std::vector<std::string> parts;
    const facts::Facts facts(out() / "facts", {"schema"});
    for (const facts::Row& row : facts.query(
             "SELECT part FROM schema.work WHERE not_run IS NULL AND part NOT IN ('live', 'test-logs') "
             "ORDER BY rowid"))
      parts.push_back(row.text("part"));
    return parts;
  }
  bool provisioned() const { return fs::exists(out() / "logs" / "migration.log"); }

  TemporaryDirectory folder_{"parts-test"};
};

TEST_F(PartsTest, ALabelTakesTheStagesThatItsGatesNeed) {
  const auto finished = evaluate({"--label", "drift"});
  ASSERT_EQ(finished.exit_code, 0) << finished.output << finished.error;
  EXPECT_EQ(verdict(out(), "EG-CG2.schema-file"), "pass");
  EXPECT_THAT(done(), ElementsAre("migrated", "committed"));
  EXPECT_FALSE(fs::exists(out() / "logs" / "stairway.log"));
  EXPECT_FALSE(fs::exists(out() / "logs" / "migration-again.log"));
  EXPECT_THAT(
      read_file(out() / "EVIDENCE.md"),
      HasSubstr(
          "migrated-again, round-trip, stairway, documents, rehearsal, models, tests, queries | no gate of "
          "this run needs it"));

  // The same through CTest's own selections; each is a run of its own.
  ASSERT_EQ(ctest({"-R", "EG-CG2.stairway"}).exit_code, 0);
  EXPECT_EQ(verdict(out(), "EG-CG2.stairway"), "pass");
  EXPECT_THAT(done(), ElementsAre("migrated", "stairway"));

  ASSERT_EQ(ctest({"-R", "EG-CG2.round-trip"}).exit_code, 0);
  EXPECT_EQ(verdict(out(), "EG-CG2.round-trip"), "pass");
  EXPECT_THAT(done(), ElementsAre("migrated", "migrated-again", "round-trip"));

  ASSERT_EQ(ctest({"-R", "EG-CG4.test-logs"}).exit_code, 0);
  EXPECT_EQ(verdict(out(), "EG-CG4.test-logs"), "pass");
  // None are declared, so that nothing is provisioned for them.
  EXPECT_THAT(done(), ElementsAre("tests"));
  EXPECT_FALSE(provisioned());

  ASSERT_EQ(ctest({"-L", "EG-CG1"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(out() / "facts" / "schema.db"));
}

TEST_F(PartsTest, ARerunOfWhatFailedTakesTheStagesOfThat) {
  shell(repository(), "echo 'CREATE TABLE public.extra (id integer PRIMARY KEY);' >> db/schema.sql");
  commit_all(repository(), "Drift");
  evaluate({"--label", "database"});
  ASSERT_EQ(verdict(out(), "EG-CG2.schema-file"), "fail");
  ASSERT_THAT(done(), testing::Contains("stairway"));
  EXPECT_NE(ctest({"--rerun-failed"}).exit_code, 0);
  EXPECT_EQ(verdict(out(), "EG-CG2.schema-file"), "fail");
  EXPECT_THAT(done(), Not(testing::Contains("stairway")));
}

TEST_F(PartsTest, AGateThatLacksItsFactsIsAnError) {
  ASSERT_EQ(evaluate({"--label", "drift"}).exit_code, 0);
  // What says that the stairway is needed is left out: nothing else does.
  const auto finished = ctest({"-R", "EG-CG2.stairway", "-FS", "^exitgate.needs.stairway$"});
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_EQ(verdict(out(), "EG-CG2.stairway"), "error");
  EXPECT_THAT(finished.output, HasSubstr("exitgate.needs.stairway did not run"));
}

// What each check declares is all that it reads: without the rows of all other parts its verdict is the same.
TEST_F(PartsTest, NoGateReadsWhatItsCheckDoesNotDeclare) {
  ASSERT_EQ(evaluate().exit_code, 0);
  const std::vector<std::string> by_snapshot = {
      "snapshot",        "object", "hidden",     "server_object", "sequence", "sequence_use",
      "migration_state", "role",   "membership", "provisioning",  "restored"};
  int judged = 0;
  for (const auto& entry : fs::directory_iterator(out() / "suite" / "gates")) {
    const auto gate = verdict::gate_from_json(Json::parse(read_file(entry.path())));
    if (gate.parts.empty()) continue;
    const auto less = folder_.path() / "facts";
    fs::remove_all(less);
    fs::copy(out() / "facts", less);
    std::string sql;
    for (const auto& part : check::all_database_parts()) {
      if (std::find(gate.parts.begin(), gate.parts.end(), part) != gate.parts.end()) continue;
      sql += fmt::format("UPDATE work SET not_run = 'test' WHERE part = '{}';", part);
      if (part == "round-trip" || part == "stairway") {
        std::string table = part;
        std::replace(table.begin(), table.end(), '-', '_');
        sql += fmt::format(
            "DELETE FROM {0}; DELETE FROM {0}_difference; DELETE FROM tally WHERE fact = 'schema.{0}';",
            table);
      } else if (part == "models" || part == "tests") {
        sql +=
            part == "models" ? "DELETE FROM model_check;" : "DELETE FROM test_run; DELETE FROM test_change;";
      } else if (part == "documents" || part == "test-logs") {
        sql += fmt::format("DELETE FROM part WHERE (name = 'test-log') = {};", part == "test-logs" ? 1 : 0);
      } else {
        for (const auto& table : by_snapshot)
          sql += fmt::format("DELETE FROM {} WHERE {} = '{}';", table,
                             table == "snapshot" ? "name" : "snapshot", part);
        sql += fmt::format("DELETE FROM tally WHERE condition LIKE '%\"{}\"%';", part);
      }
    }
    shell(less, "sqlite3 schema.db <<'END'\n" + sql + "\nEND");
    const auto before =
        verdict::verdict_from_json(Json::parse(read_file(out() / "verdicts" / (gate.name + ".json"))));
    const auto* check = check::find_check(gate.check);
    ASSERT_NE(check, nullptr) << gate.check;
    const auto after = verdict::evaluate(gate, *check, {less, "2026-11-27"});
    EXPECT_EQ(after.status, before.status) << gate.name << ": " << after.reason;
    EXPECT_EQ(after.reason, before.reason) << gate.name;
    EXPECT_EQ(after.notes, before.notes) << gate.name;
    if (gate.check != "bundle-checksums") {
      EXPECT_EQ(after.examined, before.examined) << gate.name;
    }
    ++judged;
  }
  EXPECT_EQ(judged, 33);
}

}  // namespace
}  // namespace exitgate::testing_program
