#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/migration_tools.h"
#include "harness/check/provisioning.h"
#include "harness/check/workflows.h"
#include "harness/facts/tables/migrations.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

// Revisions of the histories that the database is at, or that those stand on.
constexpr std::string_view kApplied = R"sql(
WITH RECURSIVE applied(id) AS (
  SELECT r.id FROM schema.migration_state s JOIN migrations.revision r ON s.revision IN (r.id, r.version)
  WHERE s.snapshot = ?
  UNION
  SELECT edge.parent FROM applied JOIN migrations.edge ON edge.id = applied.id
)
)sql";

// The revisions that the snapshot's database says it is at, in their order.
std::vector<std::string> state_of(const Facts& facts, const std::string& snapshot,
                                  const std::string& condition) {
  std::vector<std::string> revisions;
  for (const schema::MigrationState& state : facts.rows<schema::MigrationState>(
           "WHERE snapshot = ? AND " + condition + " ORDER BY revision", {snapshot})) {
    revisions.push_back(state.revision);
  }
  return revisions;
}

bool any_matches(const std::vector<std::string>& globs, const std::string& text) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, text); });
}

// The first history whose tool must be asked for the state of a database; nullopt when all of them say it
// unasked, be it by the lack of their table.
std::optional<std::string> history_to_ask_for(const Facts& facts, const std::vector<std::string>& histories) {
  for (const Row& row :
       facts.query("SELECT e.id AS id FROM migrations.environment e LEFT JOIN migrations.tool t ON t.name = "
                   "e.tool WHERE NOT coalesce(t.state_is_implicit, 0) ORDER BY e.id")) {
    if (any_matches(histories, row.text("id"))) return row.text("id");
  }
  return std::nullopt;
}

std::string remedy(const Facts& facts, const std::string& history) {
  const auto up = migration_tool(facts, history).up;
  return up.empty() ? "the provisioning steps must apply all migrations"
                    : fmt::format("the provisioning steps must end with `{}`", up);
}

void look(const Facts& facts, const std::string& snapshot, const std::vector<std::string>& histories,
          Report& report) {
  report.examined();
  const auto state = state_of(facts, snapshot, "TRUE");
  const auto unknown = state_of(facts, snapshot,
                                "revision NOT IN (SELECT id FROM migrations.revision UNION SELECT version "
                                "FROM migrations.revision WHERE version IS NOT NULL)");
  if (!unknown.empty()) {
    report.fail({snapshot + ":unknown", "", 0,
                 fmt::format("the database '{}' is at {}, which the commit does not have", snapshot,
                             shortened_list(unknown)),
                 "another branch was deployed there, or a revision was deleted or renamed after it had been "
                 "applied"});
    return;
  }
  const auto to_ask = state.empty() ? history_to_ask_for(facts, histories) : std::nullopt;
  if (to_ask) {
    const auto query = migration_tool(facts, *to_ask).state;
    report.undecided({snapshot + ":state", "", 0,
                      fmt::format("the database '{}' does not say which revisions it is at", snapshot),
                      query.empty() ? "write a query for them as `database: {state: SELECT ...}`"
                                    : fmt::format("write how to ask it: `database: {{state: {}}}`", query)});
    return;
  }
  for (const Row& row :
       facts.query(std::string(kApplied) +
                       "SELECT h.id AS id, r.file AS file, r.line AS line, h.environment AS history FROM "
                       "migrations.head h "
                       "LEFT JOIN migrations.revision r ON r.environment = h.environment AND r.id = h.id "
                       "WHERE h.id NOT IN (SELECT id FROM applied) ORDER BY h.id",
                   {snapshot})) {
    if (!any_matches(histories, row.text("history"))) continue;
    report.fail({fmt::format("{}:{}", snapshot, row.text("id")), row.text("file"), row.integer("line"),
                 fmt::format("the database '{}' is {}, not at the head '{}'", snapshot,
                             state.empty() ? std::string("at no revision") : "at " + shortened_list(state),
                             row.text("id")),
                 snapshot == "live" ? "deploy the missing revisions, then run again"
                                    : remedy(facts, row.text("history"))});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  for (const migrations::Problem& problem : facts.rows<migrations::Problem>("ORDER BY file, line")) {
    report.undecided({fmt::format("{}:{}", problem.file.value_or(""), problem.reason),
                      problem.file.value_or(""), problem.line.value_or(0),
                      fmt::format("the head is unknown: {}", problem.reason), "fix the revision"});
  }
  const auto histories = with.strings("histories");
  const auto heads = facts.integer("SELECT count(*) FROM migrations.head").value_or(0);
  if (heads == 0) {
    if (report.undecided_findings().empty()) report.skip("no migration history has a head");
    return;
  }
  std::vector<std::string> snapshots;
  for (const schema::Snapshot& snapshot :
       facts.rows<schema::Snapshot>("WHERE name IN ('migrated', 'live') ORDER BY name DESC")) {
    snapshots.push_back(snapshot.name);
  }
  for (const auto& snapshot : snapshots) look(facts, snapshot, histories, report);
  if (snapshots.empty() && has_no_plan(facts) && report.undecided_findings().empty()) {
    skip_without_plan(facts, report);
  } else if (snapshots.empty()) {
    report.undecided({"snapshot", "", 0, "there is no snapshot of a database to compare with the head",
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
  }
}

const Check check{
    .name = "at-head",
    .title = "The database is at the head of its migrations",
    .why = "Tests and evidence on an older revision are about a schema that the commit no longer has.",
    .domains = {"schema", "migrations"},
    .parameters = {{"histories", Parameter::strings, "[\"*\"]",
                    "globs of the migration histories (migrations.environment.id) that make this database"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
