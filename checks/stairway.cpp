#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/check/check.h"
#include "harness/check/migration_tools.h"

namespace {

using namespace exitgate;

// The first few objects that differ, in words.
std::string differences(const Facts& facts, const std::string& revision, const std::string& step) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  std::size_t count = 0;
  for (const Row& row :
       facts.query("SELECT change, kind, identity, coalesce(before, ''), coalesce(after, '') FROM "
                   "schema.stairway_difference WHERE revision = ? AND step = ? ORDER BY kind, identity",
                   {revision, step})) {
    const bool down = step == "down";
    if (++count > kShown) continue;
    const std::string_view word = row.text(0) == "added"     ? (down ? "left behind" : "new")
                                  : row.text(0) == "removed" ? (down ? "taken as well" : "gone")
                                                             : "another";
    shown.push_back(fmt::format("{} {} is {}", row.text(1), row.text(2), word));
    if (row.text(3) != row.text(4) && !row.text(3).empty() && !row.text(4).empty()) {
      shown.back() += fmt::format(" (`{}`, not `{}`)", excerpt(row.text(4), row.text(3)),
                                  excerpt(row.text(3), row.text(4)));
    }
  }
  std::string text = join(shown, ", ");
  if (count > kShown) text += fmt::format(" and {} more differ", count - kShown);
  return text;
}

// The words of the tool whose revision it is.
MigrationTool tool_of(const Facts& facts, const std::string& revision) {
  const auto environment =
      facts.text("SELECT environment FROM migrations.revision WHERE id = ? ORDER BY 1", {revision});
  return migration_tool(facts, environment.value_or(""));
}

void judge(const Facts& facts, const Row& row, Report& report) {
  const auto revision = row.text(0);
  const auto step = row.text(3);
  const auto outcome = row.text(5);
  const std::string key = fmt::format("{}:{}", revision, step);
  const auto tool = tool_of(facts, revision);
  if (outcome == "different") {
    const bool down = step == "down";
    report.fail({key, row.text(1), row.integer(2),
                 fmt::format("{} '{}': {}",
                             down ? "the way down does not undo" : "the second way up is not as the first of",
                             revision, differences(facts, revision, step)),
                 fmt::format("let {} undo all that {} does, and nothing else", tool.way_down, tool.way_up)});
    return;
  }
  report.fail(
      {key, row.text(1), row.integer(2),
       fmt::format("`{}` does not come {} '{}': {}{}", row.text(4),
                   step == "down" ? "down from"
                   : step == "up" ? "up to"
                                  : "up again to",
                   revision, outcome, row.text(6).empty() ? "" : ": " + row.text(6)),
       step == "down"
           ? fmt::format("fix {}, or leave the stairway out: not every step can be taken back", tool.way_down)
           : fmt::format("fix {}, or what the way down leaves behind", tool.way_up)});
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  for (const Row& row : facts.query(
           "SELECT reason, coalesce(hint, '') FROM schema.problem WHERE snapshot = 'stairway' ORDER BY 1")) {
    report.undecided({row.text(0), "", 0, row.text(0), row.text(1)});
  }
  std::size_t left_out = 0;
  for (const Row& row : facts.query("SELECT revision, coalesce(file, ''), coalesce(line, 0), step, command, "
                                    "outcome, coalesce(reason, '') FROM schema.stairway ORDER BY position")) {
    if (row.text(5) == "not tried") {
      ++left_out;
      report.note(fmt::format("not taken down: '{}': {}", row.text(0), row.text(6)));
      continue;
    }
    report.examined();
    if (row.text(5) != "ok") judge(facts, row, report);
  }
  if (report.examined_count() > 0 || !report.undecided_findings().empty()) return;
  if (left_out == 0 && facts.integer("SELECT stairway FROM schema.plan").value_or(0) != 0) {
    report.undecided({"walk", "", 0, "the stairway was not walked: the migrations do not come to their head",
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
  } else if (left_out > 0) {
    report.undecided({"nothing", "", 0, "no revision was taken down", "see the table schema.stairway"});
  } else {
    report.skip("no stairway is asked for: write `database: {stairway: true}` in exitgate.yaml");
  }
}

const Check check{.name = "stairway",
                  .title = "Each migration goes down and up again to the same schema",
                  .why =
                      "A deployment is taken back by one step, not to the beginning; a step that leaves "
                      "something behind shows only when the next one is tried on it.",
                  .domains = {"schema", "migrations"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
