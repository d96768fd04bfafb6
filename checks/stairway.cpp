#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/check/check.h"
#include "harness/check/migration_tools.h"
#include "harness/check/provisioning.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

// The first few objects that differ, in words.
std::string differences(const Facts& facts, const std::string& revision, schema::StairwayStep step) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> shown;
  std::size_t count = 0;
  for (const schema::StairwayDifference& difference : facts.rows<schema::StairwayDifference>(
           "WHERE revision = ? AND step = ? ORDER BY kind, identity", {revision, to_text(step)})) {
    const bool down = step == schema::StairwayStep::down;
    if (++count > kShown) continue;
    const std::string_view word = difference.change == schema::Change::added ? (down ? "left behind" : "new")
                                  : difference.change == schema::Change::removed
                                      ? (down ? "dropped as well" : "missing")
                                      : "different";
    shown.push_back(fmt::format("{} {} is {}", difference.kind, difference.identity, word));
    const auto before = difference.before.value_or("");
    const auto after = difference.after.value_or("");
    if (before != after && !before.empty() && !after.empty()) {
      shown.back() += fmt::format(" (`{}`, not `{}`)", excerpt(after, before), excerpt(before, after));
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

void judge(const Facts& facts, const schema::Stairway& walked, Report& report) {
  const bool down = walked.step == schema::StairwayStep::down;
  const std::string key = fmt::format("{}:{}", walked.revision, to_text(walked.step));
  const std::string file = walked.file.value_or("");
  const std::int64_t line = walked.line.value_or(0);
  const auto tool = tool_of(facts, walked.revision);
  if (walked.outcome == "different") {
    report.fail(
        {key, file, line,
         fmt::format("{}: {}",
                     down
                         ? fmt::format("the down migration of '{}' does not undo it", walked.revision)
                         : fmt::format("'{}' makes another schema when it is applied again", walked.revision),
                     differences(facts, walked.revision, walked.step)),
         fmt::format("let {} undo all that {} does, and nothing else", tool.down_part, tool.up_part)});
    return;
  }
  report.fail({key, file, line,
               fmt::format("`{}` failed going {} '{}': {}{}", walked.command,
                           down                                      ? "down from"
                           : walked.step == schema::StairwayStep::up ? "up to"
                                                                     : "up again to",
                           walked.revision, walked.outcome, walked.reason ? ": " + *walked.reason : ""),
               down ? fmt::format("fix {}, or leave the stairway out: not every migration can be reversed",
                                  tool.down_part)
                    : fmt::format("fix {}, or what the down migration leaves behind", tool.up_part)});
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  for (const schema::Problem& problem :
       facts.rows<schema::Problem>("WHERE snapshot = 'stairway' ORDER BY reason")) {
    report.undecided({problem.reason, "", 0, problem.reason, problem.hint.value_or("")});
  }
  std::size_t left_out = 0;
  for (const schema::Stairway& walked : facts.rows<schema::Stairway>("ORDER BY position")) {
    if (walked.outcome == "not tried") {
      ++left_out;
      report.note(fmt::format("not taken down: '{}': {}", walked.revision, walked.reason.value_or("")));
      continue;
    }
    report.examined();
    if (walked.outcome != "ok") judge(facts, walked, report);
  }
  if (report.examined_count() > 0 || !report.undecided_findings().empty()) return;
  if (left_out == 0 && facts.integer("SELECT stairway FROM schema.plan").value_or(0) != 0) {
    report.undecided({"walk", "", 0, "the stairway was not walked: the migrations do not reach their head",
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
  } else if (left_out > 0) {
    report.undecided(
        {"nothing", "", 0, "no migration was taken down and up again", "see the table schema.stairway"});
  } else if (has_no_plan(facts)) {
    skip_without_plan(facts, report);
  } else {
    report.skip("no stairway is asked for", "write `database: {stairway: true}` in exitgate.yaml");
  }
}

const Check check{.name = "stairway",
                  .title = "Each migration, run down and up again, gives the same schema",
                  .why =
                      "A deployment is rolled back by one migration, not to the beginning; one that leaves "
                      "something behind shows only when it is applied again.",
                  .domains = {"schema", "migrations"},
                  .parts = Parts{"stairway"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
