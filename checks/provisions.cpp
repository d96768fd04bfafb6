#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/provisioning.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

// The line that names the error: the last that looks like one, else the last that says something. Some tools end
// with the statement and a link, psql and shells with the error itself.
std::string telling_line(const std::string& tail) {
  std::string last;
  std::string error;
  for (const auto& line : split(tail, '\n')) {
    const auto text = std::string(trim(line));
    if (text.empty()) continue;
    last = text;
    for (const std::string_view mark : {"Error:", "ERROR:", "error:", "FATAL:", "Exception:"}) {
      if (text.find(mark) != std::string::npos) error = text;
    }
  }
  return error.empty() ? last : error;
}

void report_snapshots(const Facts& facts, Report& report) {
  for (const std::string name : {"migrated", "migrated-again"}) {
    const auto fingerprint = facts.text("SELECT fingerprint FROM schema.snapshot WHERE name = ?", {name});
    const auto objects =
        facts.integer("SELECT count(*) FROM schema.object WHERE snapshot = ?", {name}).value_or(0);
    if (fingerprint && objects > 0) {
      report.note(fmt::format("{}: {}, fingerprint {}", name,
                              count_of(static_cast<std::size_t>(objects), "object"), *fingerprint));
    } else if (fingerprint) {
      report.fail({name + ":empty", "", 0,
                   fmt::format("the database '{}' has no object after its provisioning", name),
                   "see the migration log, logs/migration.log"});
    } else {
      report.fail({name + ":snapshot", "", 0, fmt::format("there is no snapshot of the database '{}'", name),
                   "see the log of the test exitgate.database"});
    }
  }
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const auto source = facts.text("SELECT source FROM schema.plan");
  if (has_no_plan(facts)) return skip_without_plan(facts, report);
  for (const schema::Problem& problem :
       facts.rows<schema::Problem>("WHERE snapshot IS NULL OR snapshot IN ('migrated', 'migrated-again')")) {
    report.undecided({fmt::format("{}:{}", problem.snapshot.value_or(""), problem.reason), "", 0,
                      problem.reason, problem.hint.value_or("")});
  }
  const std::string file = source && (source->ends_with(".yaml") || source->ends_with(".ini")) ? *source : "";
  bool failed = false;
  for (const schema::Provisioning& step : facts.rows<schema::Provisioning>("ORDER BY snapshot, position")) {
    report.examined();
    if (step.outcome == "ok") continue;
    failed = true;
    const auto said = telling_line(step.tail.value_or(""));
    report.fail({fmt::format("{}:{}", step.snapshot, step.command), step.file.value_or(file),
                 step.line.value_or(0),
                 fmt::format("an empty database does not become the schema: step {}, `{}`: {}{}",
                             step.position + 1, step.command, step.outcome, said.empty() ? "" : ": " + said),
                 fmt::format("run it against an empty database; what it said is in the migration log ({})",
                             step.snapshot)});
  }
  if (failed || !report.undecided_findings().empty()) return;
  report_snapshots(facts, report);
}

const Check check{.name = "provisions",
                  .title = "The target's own commands turn an empty database into the schema",
                  .why =
                      "If the migrations do not run from nothing, nobody can make the database that the "
                      "evidence speaks of.",
                  .domains = {"schema"},
                  .parts = Parts{"migrated", "migrated-again"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
