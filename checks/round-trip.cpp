#include <fmt/core.h>

#include "harness/check/check.h"
#include "harness/check/migration_tools.h"
#include "harness/check/provisioning.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

void report_steps(const Facts& facts, const MigrationTool& tool, Report& report) {
  for (const schema::RoundTrip& step : facts.rows<schema::RoundTrip>("ORDER BY direction = 'up', position")) {
    report.examined();
    if (step.outcome == "ok") continue;
    const bool down = step.direction == schema::Direction::down;
    report.fail(
        {fmt::format("{}:{}:{}", to_text(step.direction), step.command, step.revision.value_or("")),
         step.file.value_or(""), step.line.value_or(0),
         fmt::format(
             "`{}` failed going {}{}: {}{}", step.command, down ? "down" : "up again",
             step.revision.value_or("").empty() ? "" : fmt::format(", at {}", step.revision.value_or("")),
             step.outcome, step.reason.value_or("").empty() ? "" : ": " + step.reason.value_or("")),
         down ? fmt::format("fix {}, or let it fail and say that the migration cannot be reversed",
                            tool.down_part)
              : fmt::format("something that the down migrations leave behind is in the way: drop it in {}",
                            tool.down_part)});
  }
}

void report_differences(const Facts& facts, const MigrationTool& tool, std::int64_t most, Report& report) {
  const auto hint =
      fmt::format("let {} undo all that {} does, and nothing else", tool.down_part, tool.up_part);
  std::int64_t count = 0;
  for (const schema::RoundTripDifference& difference :
       facts.rows<schema::RoundTripDifference>("ORDER BY direction, kind, identity")) {
    if (++count > most) continue;
    const bool down = difference.direction == schema::Direction::down;
    const auto subject = fmt::format("{} {}", difference.kind, difference.identity);
    std::string message;
    if (down) {
      message = difference.change == schema::Change::added
                    ? fmt::format("the down migrations leave {} behind", subject)
                    : fmt::format("the down migrations drop {}, which was there before the first migration",
                                  subject);
    } else {
      message = fmt::format("after going down and up again, {} is {}", subject,
                            difference.change == schema::Change::added     ? "new"
                            : difference.change == schema::Change::removed ? "missing"
                                                                           : "different");
    }
    report.fail({fmt::format("{}:{}:{}", to_text(difference.direction), difference.kind, difference.identity),
                 "", 0, message, hint});
  }
  if (count > most) {
    report.fail({"more", "", 0, fmt::format("and {} more objects", count - most), hint});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto tool = migration_tool(facts);
  report_steps(facts, tool, report);
  report_differences(facts, tool, with.integer("most"), report);
  if (report.examined_count() > 0 || !report.findings().empty()) return;
  if (facts.integer("SELECT down FROM schema.plan").value_or(0) != 0) {
    report.undecided({"trip", "", 0, "the down migrations were not run: there is no schema to take down",
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
    return;
  }
  if (has_no_plan(facts)) return skip_without_plan(facts, report);
  report.skip("no commands that go down are declared",
              fmt::format("write `database: {{down: [{}]}}` in exitgate.yaml",
                          tool.down.empty() ? "..." : tool.down));
}

const Check check{.name = "round-trip",
                  .title = "Migrating down to empty and up again gives the same schema",
                  .why = "A rollback that was never tried fails half way, on the day it is needed.",
                  .domains = {"schema", "migrations"},
                  .parts = Parts{"migrated-again", "round-trip"},
                  .parameters = {{"most", Parameter::integer, "50", "how many differing objects are shown"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
