#include <fmt/format.h>

#include "harness/check/check.h"
#include "harness/check/migration_tools.h"
#include "harness/facts/tables/schema.h"

namespace {

using namespace exitgate;

void report_steps(const Facts& facts, const MigrationTool& tool, Report& report) {
  for (const schema::RoundTrip& step : facts.rows<schema::RoundTrip>("ORDER BY direction = 'up', position")) {
    report.examined();
    if (step.outcome == "ok") continue;
    const bool down = step.direction == schema::Direction::down;
    report.fail(
        {fmt::format("{}:{}:{}", to_text(step.direction), step.command, step.revision.value_or("")),
         step.file.value_or(""), step.line.value_or(0),
         fmt::format(
             "`{}` does not come {}{}: {}{}", step.command, down ? "down" : "up again",
             step.revision.value_or("").empty() ? "" : fmt::format(" past {}", step.revision.value_or("")),
             step.outcome, step.reason.value_or("").empty() ? "" : ": " + step.reason.value_or("")),
         down ? fmt::format("fix {}, or let it fail with the reason why there is no way back", tool.way_down)
              : fmt::format("the way down leaves something behind that the way up trips over: drop it in {}",
                            tool.way_down)});
  }
}

void report_differences(const Facts& facts, const MigrationTool& tool, std::int64_t most, Report& report) {
  const auto hint = fmt::format("let {} undo all that {} does, and nothing else", tool.way_down, tool.way_up);
  std::int64_t count = 0;
  for (const schema::RoundTripDifference& difference :
       facts.rows<schema::RoundTripDifference>("ORDER BY direction, kind, identity")) {
    if (++count > most) continue;
    const bool down = difference.direction == schema::Direction::down;
    const auto subject = fmt::format("{} {}", difference.kind, difference.identity);
    std::string message;
    if (down) {
      message =
          difference.change == schema::Change::added
              ? fmt::format("the way down leaves {} behind", subject)
              : fmt::format("the way down takes {}, which was there before the first migration", subject);
    } else {
      message = fmt::format("after the way down and up again {} is {}", subject,
                            difference.change == schema::Change::added     ? "new"
                            : difference.change == schema::Change::removed ? "gone"
                                                                           : "another");
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
    report.undecided({"trip", "", 0, "the way down was not tried: there is no schema to take back",
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
    return;
  }
  report.skip(fmt::format("no way down is declared: write `database: {{down: [{}]}}` in exitgate.yaml",
                          tool.down.empty() ? "..." : tool.down));
}

const Check check{.name = "round-trip",
                  .title = "The migrations go down to nothing and up again to the same schema",
                  .why = "A way back that was never walked fails on the day it is needed, half way.",
                  .domains = {"schema", "migrations"},
                  .parameters = {{"most", Parameter::integer, "50", "how many differing objects are shown"}},
                  .run = run};
const Registered registered(check);

}  // namespace
