// Which changes to its facts a run's gates notice.
#include "harness/sensitivity/measure.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/ci.h"
#include "harness/record/run_record.h"
#include "harness/sensitivity/map.h"
#include "harness/verdict/verdict.h"

namespace exitgate::sensitivity {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// Looks at every workflow and says nothing of what it saw.
void listen_not(const facts::Facts& facts, const check::Parameters& /*with*/, check::Report& report) {
  std::size_t seen = 0;
  for (const auto& row : facts.query("SELECT file FROM ci.workflow")) seen += row.text("file").size();
  report.examined(seen > 1000000 ? 2 : 1);
}

void look(const facts::Facts& facts, const check::Parameters& /*with*/, check::Report& report) {
  for (const auto& row : facts.query("SELECT file, line, retention_days FROM ci.artifact ORDER BY line")) {
    report.examined();
    if (row.integer("retention_days") < 30)
      report.fail({"", row.text("file"), row.integer("line"), "short", ""});
  }
  if (report.examined_count() == 0) report.skip("no artifact");
}

const check::Check kDeaf{
    .name = "deaf", .title = "", .why = "", .domains = {"ci"}, .parameters = {}, .run = listen_not};
const check::Check kLooks{
    .name = "looks", .title = "", .why = "", .domains = {"ci"}, .parameters = {}, .run = look};

void look_at_both(const facts::Facts& facts, const check::Parameters& /*with*/, check::Report& report) {
  for (const char* const query : {"SELECT job FROM ci.need", "SELECT job FROM ci.artifact"}) {
    for (const auto& row : facts.query(query)) report.examined(row.text("job").empty() ? 0 : 1);
  }
}
const check::Check kBoth{
    .name = "both", .title = "", .why = "", .domains = {"ci"}, .parameters = {}, .run = look_at_both};

const check::Check* find(std::string_view name) {
  if (name == "both") return &kBoth;
  return name == "deaf" ? &kDeaf : name == "looks" ? &kLooks : nullptr;
}

// A run with facts of one workflow, its need and two uploads, and one gate for each of `checks`.
class MeasureTest : public ::testing::Test {
 protected:
  void write(const std::vector<std::string>& checks, std::size_t uploads = 2) {
    record::RunRecord record;
    record.id = "r-1";
    record.repository = "r";
    record.commit = "d1b778853611875b3dd20fd0ddd6a2432d65d321";
    record.started_at = "2026-11-23T15:03:44Z";
    for (const auto& name : checks) {
      verdict::Gate gate;
      gate.name = "EG-X." + name;
      gate.check = name;
      gate.with = "{}";
      gate.labels = {"EG-X"};
      record.gates.push_back(gate.name);
      write_file(run().gate(gate.name), to_json(gate).dump() + "\n");
      write_file(run().verdict(gate.name), to_json(verdict::undecided_verdict(gate)).dump() + "\n");
    }
    record::write_record(run(), record);
    namespace rows = facts::ci;
    facts::Store store(run().facts(), "ci");
    store.insert(rows::Workflow{.file = "ci.yml", .name = "CI", .provider = "github"});
    store.insert(rows::Need{.file = "ci.yml", .job = "b", .needs = "a"});
    for (std::size_t i = 0; i < uploads; ++i) {
      store.insert(rows::Artifact{.file = "ci.yml",
                                  .line = 10 + static_cast<std::int64_t>(i),
                                  .job = "a",
                                  .position = 1,
                                  .direction = rows::Direction::upload,
                                  .action = "actions/upload-artifact",
                                  .pin = rows::Pin::ref,
                                  .retention_days = 90,
                                  .on_pull_request = rows::OnPullRequest::yes,
                                  .other_run = false});
    }
    store.close();
  }
  record::RunDirectory run() const { return {folder_.path()}; }
  Sensitivity measured(std::size_t changes = 60) const {
    return measure(run(), find, {changes, std::chrono::minutes(1)});
  }

  TemporaryDirectory folder_{"sensitivity"};
};

TEST_F(MeasureTest, AGateNoticesWhatItJudges) {
  write({"looks"});
  const auto result = measured();
  ASSERT_EQ(result.gates.size(), 1U);
  EXPECT_THAT(result.gates[0].tables, ElementsAre("ci.artifact"));
  EXPECT_TRUE(result.gates[0].judged);
  EXPECT_GT(result.gates[0].noticed, 10U);
  EXPECT_FALSE(result.gates[0].is_broken());
  EXPECT_THAT(broken_gates(result), IsEmpty());
}

TEST_F(MeasureTest, AGateThatWouldSayTheSameWithoutItsFactsIsBroken) {
  write({"deaf", "looks"});
  const auto result = measured();
  ASSERT_EQ(result.gates.size(), 2U);
  EXPECT_TRUE(result.gates[0].is_broken());
  EXPECT_EQ(result.gates[0].noticed, 0U);
  const auto lines = broken_gates(result);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0],
            fmt::format("EG-X.deaf is broken: it noticed none of {} changes to what it reads (ci.workflow)",
                        result.gates[0].tried));
  EXPECT_THAT(render(result), HasSubstr("ci.workflow  BROKEN: it would say the same without them\n"));
}

TEST_F(MeasureTest, AGateThatHasNothingToJudgeIsNotBroken) {
  write({"looks"}, 0);
  const auto result = measured();
  ASSERT_EQ(result.gates.size(), 1U);
  EXPECT_FALSE(result.gates[0].judged);
  EXPECT_FALSE(result.gates[0].is_broken());
  EXPECT_THAT(result.changes, IsEmpty());
}

TEST_F(MeasureTest, TablesAndColumnsThatNoGateReadsAreNamed) {
  write({"looks"});
  const auto unread = measured().unread;
  EXPECT_THAT(unread, Contains("ci.workflow"));
  EXPECT_THAT(unread, Contains("ci.need"));
  EXPECT_THAT(unread, Contains("ci.artifact.job"));
  EXPECT_THAT(unread, Not(Contains("ci.artifact.retention_days")));
  EXPECT_THAT(unread, Not(Contains("ci.service"))) << "it has no rows";
}

TEST_F(MeasureTest, TheSameCommitGivesTheSameChangesAndFewerAreTheFirstOfMore) {
  write({"deaf", "looks"});
  const auto statements = [&](std::size_t most) {
    std::vector<std::string> all;
    for (const auto& one : measured(most).changes) all.push_back(one.change.statement);
    return all;
  };
  const auto many = statements(60);
  EXPECT_EQ(many, statements(60));
  const auto few = statements(20);
  ASSERT_LT(few.size(), many.size());
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST_F(MeasureTest, EachTableIsEmptiedWhateverTheBudget) {
  write({"deaf", "looks"});
  const auto result = measure(run(), find, {0, std::chrono::milliseconds(0)});
  ASSERT_EQ(result.changes.size(), 2U);
  EXPECT_EQ(result.changes[0].change.statement, "DELETE FROM ci.workflow");
  EXPECT_THAT(result.changes[0].noticed_by, IsEmpty());
  EXPECT_EQ(result.changes[1].change.statement, "DELETE FROM ci.artifact");
  EXPECT_THAT(result.changes[1].noticed_by, ElementsAre("EG-X.looks"));
}

TEST_F(MeasureTest, OnceTheTimeIsUpOnlyGatesThatNoticedNothingAreTriedFurther) {
  write({"both", "deaf", "looks"});
  const auto zero = std::chrono::milliseconds(0);
  const auto result = measure(run(), find, {0, zero, zero});
  EXPECT_TRUE(result.out_of_time);
  ASSERT_EQ(result.gates.size(), 3U);
  EXPECT_EQ(result.gates[0].tried, 1U) << "it has noticed that the needs were gone";
  EXPECT_EQ(result.gates[0].noticed, 1U);
  EXPECT_THAT(result.gates[0].tables, ElementsAre("ci.need", "ci.artifact"));
  EXPECT_TRUE(result.gates[1].is_broken());
  EXPECT_EQ(result.gates[2].noticed, 1U);
  EXPECT_FALSE(measure(run(), find, {0, zero, std::chrono::minutes(1)}).out_of_time);
}

TEST_F(MeasureTest, TheFactsOfTheRunStayAsTheyAre) {
  write({"deaf", "looks"});
  const auto before = read_file(run().facts() / "ci.db");
  measured();
  EXPECT_EQ(read_file(run().facts() / "ci.db"), before);
}

TEST_F(MeasureTest, TheMapSaysWhatNobodyNoticedAndWhere) {
  write({"deaf", "looks"});
  const auto result = measured();
  const auto map = render(result);
  EXPECT_THAT(map, HasSubstr("\nNo gate noticed:\n  a row of ci.workflow "));
  EXPECT_THAT(map, HasSubstr(": ci.yml\n"));
  EXPECT_THAT(map, HasSubstr("\nTables that no gate reads: ci.need\n"));
  const auto json = to_json(result);
  EXPECT_EQ(json.at("seed").text(), "d1b778853611875b3dd20fd0ddd6a2432d65d321");
  EXPECT_EQ(json.at("noticed").integer() + static_cast<std::int64_t>(json.at("unnoticed").size()),
            json.at("tried").integer());
}

}  // namespace
}  // namespace exitgate::sensitivity
