#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/migration_tools.h"
#include "harness/check/provisioning.h"
#include "harness/check/workflows.h"
#include "harness/facts/tables/migrations.h"
#include "harness/facts/tables/schema.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

// What the database says of a history: rows of its own table, or rows that may be of any.
constexpr std::string_view kSays = R"sql(
SELECT r.environment AS environment, r.id AS id FROM migrations.revision r JOIN schema.migration_state s
ON s.snapshot = ?1 AND (s.environment = r.environment AND s.revision = coalesce(r.version, r.id)
                        OR s.environment IS NULL AND s.revision IN (r.id, r.version))
)sql";

// Revisions that the database is at, or that those stand on.
std::string applied() {
  return fmt::format(R"sql(
WITH RECURSIVE said(environment, id) AS ({}),
applied(environment, id) AS (
  SELECT environment, id FROM said
  UNION
  SELECT edge.environment, edge.parent FROM applied JOIN migrations.edge
  ON edge.environment = applied.environment AND edge.id = applied.id
)
)sql",
                     kSays);
}

// The revisions that the snapshot's database says it is at, in their order.
std::vector<std::string> state_of(const Facts& facts, const std::string& snapshot,
                                  const std::string& condition, const std::string& history = "") {
  std::vector<std::string> revisions;
  for (const Row& row : facts.query(
           "SELECT DISTINCT revision FROM schema.migration_state WHERE snapshot = ?1 AND ?2 = ?2 AND " +
               condition + " ORDER BY revision",
           {snapshot, history})) {
    revisions.push_back(row.text("revision"));
  }
  return revisions;
}

bool any_matches(const std::vector<std::string>& globs, const std::string& text) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, text); });
}

// Whether the database says anything of the history. Of some tools the lack of their table says it: nothing was applied.
bool says_of(const Facts& facts, const std::string& snapshot, const std::string& history) {
  return facts.integer(
                  "SELECT count(*) FROM schema.migration_state WHERE snapshot = ? AND (environment IS NULL "
                  "OR "
                  "environment = ?)",
                  {snapshot, history})
                 .value_or(0) > 0 ||
         facts.integer(
                  "SELECT count(*) FROM migrations.environment e JOIN migrations.tool t ON t.name = e.tool "
                  "WHERE "
                  "e.id = ? AND t.state_is_implicit AND coalesce(e.version_table, '') NOT LIKE '%{%'",
                  {history})
                 .value_or(0) > 0;
}

// Whether the history's own files make the schema of the migrated database, where its tables do not say what was applied.
bool was_replayed(const Facts& facts, const std::string& snapshot, const std::string& history,
                  Report& report) {
  std::optional<schema::ReplayedHistory> found;
  for (const schema::ReplayedHistory& row :
       facts.rows<schema::ReplayedHistory>("WHERE environment = ?", {history}))
    found = row;
  if (!found) return false;
  const auto& one = *found;
  const auto same_as_migrated = [&] {
    return facts
               .integer(
                   "SELECT count(*) FROM schema.snapshot a JOIN schema.snapshot b ON a.structure = "
                   "b.structure WHERE "
                   "a.name = 'migrated' AND b.name = ?",
                   {snapshot})
               .value_or(0) > 0;
  };
  if (one.outcome == schema::ReplayedHistoryOutcome::same && same_as_migrated()) {
    report.note(fmt::format(
        "{}: no table of '{}' tells what was applied; it has the schema that the history's {}, run "
        "in their order, make",
        history, snapshot, count_of(static_cast<std::size_t>(one.files), "SQL file")));
    return true;
  }
  report.undecided(
      {fmt::format("{}:{}:state", snapshot, history), "", 0,
       fmt::format("the database '{}' does not say which revisions of {} it is at, and {}", snapshot, history,
                   one.outcome == schema::ReplayedHistoryOutcome::same
                       ? "its schema is another than that of 'migrated'"
                       : one.reason.value_or("its files do not tell it")),
       "let the steps run all of its files in their order, or write how to ask the database: `database: "
       "{state: SELECT "
       "...}`; see logs/replay.log"});
  return true;
}

void report_silence(const Facts& facts, const std::string& snapshot, const std::string& history,
                    Report& report) {
  const auto query = facts
                         .text(
                             "SELECT coalesce(e.state, t.state) FROM migrations.environment e LEFT JOIN "
                             "migrations.tool t ON t.name = e.tool WHERE e.id = ?",
                             {history})
                         .value_or("");
  report.undecided(
      {fmt::format("{}:{}:state", snapshot, history), "", 0,
       fmt::format("the database '{}' does not say which revisions of {} it is at", snapshot, history),
       query.empty()
           ? "write a query for them as `database: {state: SELECT ...}`"
           : fmt::format("let a step run the tool, or write how to ask the database: `database: {{state: "
                         "{}}}`; a history of another database is left out by the parameter `histories`",
                         query)});
}

std::string remedy(const Facts& facts, const std::string& history) {
  const auto up = migration_tool(facts, history).up;
  return up.empty() ? "the provisioning steps must apply all migrations"
                    : fmt::format("the provisioning steps must end with `{}`", up);
}

// The number that a revision's id begins with, without zeros before it; of a squashed one of Django's the last that it
// stands for: "0010" of "0001_squashed_0010_note".
std::string number_of(std::string_view id) {
  constexpr std::string_view kSquashed = "_squashed_";
  if (const std::size_t at = id.find(kSquashed); at != std::string_view::npos)
    id.remove_prefix(at + kSquashed.size());
  id = id.substr(0, std::min(id.find_first_not_of("0123456789"), id.size()));
  if (id.empty()) return "";
  id.remove_prefix(std::min(id.find_first_not_of('0'), id.size() - 1));
  return std::string(id);
}

bool is_not_after(const std::string& one, const std::string& other) {
  return one.size() != other.size() ? one.size() < other.size() : one <= other;
}

// A table that lists each revision keeps those whose files were taken away once all databases had them: what comes before
// the first of the commit is no other branch's.
std::vector<std::string> without_squashed(const Facts& facts, const std::string& snapshot,
                                          std::vector<std::string> unknown, Report& report) {
  std::vector<std::string> left;
  std::vector<std::string> old;
  for (auto& revision : unknown) {
    const auto number = number_of(revision);
    bool before = false;
    for (const Row& row : facts.query(
             "SELECT b.id AS id FROM schema.migration_state s JOIN migrations.environment e ON e.id = "
             "s.environment "
             "JOIN migrations.tool t ON t.name = e.tool JOIN migrations.base b ON b.environment = e.id WHERE "
             "s.snapshot = ? AND s.revision = ? AND t.state_lists_all",
             {snapshot, revision})) {
      before = before || (!number.empty() && is_not_after(number, number_of(row.text("id"))));
    }
    (before ? old : left).push_back(std::move(revision));
  }
  if (!old.empty()) {
    report.note(
        fmt::format("{}: {} come before the first revision of the commit, which has no files of theirs",
                    snapshot, shortened_list(old)));
  }
  return left;
}

// The heads of one history, and with a tool that records each revision those before them.
void look_at(const Facts& facts, const std::string& snapshot, const std::string& history, Report& report) {
  const auto hint = [&] {
    return snapshot == "live" ? "deploy the missing revisions, then run again" : remedy(facts, history);
  };
  const auto state = state_of(facts, snapshot, "(environment IS NULL OR environment = ?2)", history);
  for (const Row& row : facts.query(
           applied() + "SELECT h.id AS id, r.file AS file, r.line AS line FROM migrations.head h LEFT JOIN "
                       "migrations.revision r ON r.environment = h.environment AND r.id = h.id WHERE "
                       "h.environment = ?2 AND NOT EXISTS (SELECT 1 FROM applied a WHERE a.environment = "
                       "h.environment AND a.id = h.id) ORDER BY h.id",
           {snapshot, history})) {
    report.fail({fmt::format("{}:{}", snapshot, row.text("id")), row.text("file"), row.integer("line"),
                 fmt::format("the database '{}' is {}, not at the head '{}'", snapshot,
                             state.empty() ? std::string("at no revision") : "at " + shortened_list(state),
                             row.text("id")),
                 hint()});
  }
  for (const Row& row : facts.query(
           applied() +
               "SELECT r.id AS id, r.file AS file, r.line AS line FROM migrations.revision r JOIN applied a "
               "ON "
               "a.environment = r.environment AND a.id = r.id JOIN migrations.environment e ON e.id = "
               "r.environment JOIN migrations.tool t ON t.name = e.tool WHERE r.environment = ?2 AND "
               "t.state_lists_all AND NOT EXISTS (SELECT 1 FROM said s WHERE s.environment = r.environment "
               "AND s.id = r.id) AND EXISTS (SELECT 1 FROM schema.migration_state s WHERE s.snapshot = ?1 "
               "AND "
               "s.environment = r.environment) ORDER BY r.id",
           {snapshot, history})) {
    report.fail(
        {fmt::format("{}:{}", snapshot, row.text("id")), row.text("file"), row.integer("line"),
         fmt::format("the database '{}' is at revisions that follow '{}', which was not applied to it",
                     snapshot, row.text("id")),
         hint()});
  }
}

// Another history, by whose revisions all that the database says of this one may be meant as well: both keep what they
// applied in one table, and call their revisions the same. "" when there is none.
std::string not_told_from(const Facts& facts, const std::string& snapshot, const std::string& history,
                          const std::vector<std::string>& histories) {
  std::string other;
  for (const Row& row : facts.query(
           "SELECT s.revision AS revision, (SELECT min(o.environment) FROM migrations.revision o WHERE "
           "o.environment <> ?2 AND s.revision IN (o.id, o.version) AND o.environment IN (SELECT environment "
           "FROM "
           "migrations.head) AND o.environment IN (SELECT value FROM json_each(?3))) AS other FROM "
           "schema.migration_state s JOIN migrations.revision r ON r.environment = ?2 AND s.revision IN "
           "(r.id, "
           "r.version) WHERE s.snapshot = ?1 AND s.environment IS NULL",
           {snapshot, history, Json(histories).dump()})) {
    if (row.is_null("other")) return "";
    other = row.text("other");
  }
  return other;
}

void look(const Facts& facts, const std::string& snapshot, const std::vector<std::string>& histories,
          Report& report) {
  report.examined();
  auto unknown = state_of(
      facts, snapshot,
      "NOT EXISTS (SELECT 1 FROM migrations.revision r WHERE migration_state.environment = r.environment AND "
      "migration_state.revision = coalesce(r.version, r.id) OR migration_state.environment IS NULL AND "
      "migration_state.revision IN (r.id, r.version))");
  unknown = without_squashed(facts, snapshot, std::move(unknown), report);
  if (!unknown.empty()) {
    report.fail({snapshot + ":unknown", "", 0,
                 fmt::format("the database '{}' is at {}, which the commit does not have", snapshot,
                             shortened_list(unknown)),
                 "another branch was deployed there, or a revision was deleted or renamed after it had been "
                 "applied"});
    return;
  }
  std::vector<std::string> asked;
  for (const Row& row : facts.query("SELECT DISTINCT environment AS id FROM migrations.head ORDER BY 1")) {
    if (any_matches(histories, row.text("id"))) asked.push_back(row.text("id"));
  }
  for (const auto& history : asked) {
    const auto other = not_told_from(facts, snapshot, history, asked);
    if (!other.empty()) {
      report.undecided(
          {fmt::format("{}:{}:shared", snapshot, history), "", 0,
           fmt::format("the database '{}' says that it is at {}, which may be a revision of {} or of {}",
                       snapshot, shortened_list(state_of(facts, snapshot, "environment IS NULL")), history,
                       other),
           "name the history that makes this database under `histories`, or give each a table of its own"});
    } else if (says_of(facts, snapshot, history)) {
      look_at(facts, snapshot, history, report);
    } else if (!was_replayed(facts, snapshot, history, report)) {
      report_silence(facts, snapshot, history, report);
    }
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
    .parts = Parts{"migrated", "live"},
    .parameters = {{"histories", Parameter::strings, "[\"*\"]",
                    "globs of the migration histories (migrations.environment.id) that make this database"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
