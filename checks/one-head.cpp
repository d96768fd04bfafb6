#include <fmt/core.h>

#include "harness/check/migration_tools.h"
#include "harness/check/workflows.h"
#include "harness/facts/tables/migrations.h"

namespace exitgate::check {
namespace {

void report_problems(const Facts& facts, Report& report) {
  for (const migrations::Problem& problem : facts.rows<migrations::Problem>("ORDER BY file, line")) {
    report.undecided(
        {fmt::format("{}:{}:{}", problem.environment.value_or(""), problem.file.value_or(""), problem.reason),
         problem.file.value_or(""), problem.line.value_or(0),
         fmt::format("the migration graph is not known: {}", problem.reason),
         "fix it: until then the last migration is not known"});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto most = with.integer("heads");
  report_problems(facts, report);
  for (const Row& row : facts.query(
           "SELECT e.id AS id, coalesce(e.config, '') AS config, (SELECT count(*) FROM migrations.revision r "
           "WHERE r.environment = e.id) AS revisions, EXISTS (SELECT 1 FROM migrations.problem p WHERE "
           "p.environment = e.id) AS has_problem FROM migrations.environment e ORDER BY e.id")) {
    const auto environment = row.text("id");
    const auto tool = migration_tool(facts, environment);
    report.examined();
    std::vector<std::string> heads;
    std::string file = row.text("config");
    std::int64_t line = 0;
    for (const Row& head : facts.query("SELECT h.id AS id, r.file AS file, r.line AS line FROM "
                                       "migrations.head h LEFT JOIN migrations.revision r ON r.environment = "
                                       "h.environment AND r.id = h.id WHERE h.environment = ? ORDER BY h.id",
                                       {environment})) {
      heads.push_back(head.text("id"));
      if (head.is_null("file")) continue;
      file = head.text("file");
      line = head.integer("line");
    }
    const auto count = static_cast<std::int64_t>(heads.size());
    if (count == most || (count > 0 && count < most)) continue;
    // Not wholly known, which is said already.
    if (count == 0 && row.boolean("has_problem")) continue;
    if (row.integer("revisions") == 0) {
      report.fail(
          {environment, row.text("config"), 0,
           fmt::format("{} has no revision: there is nothing to provision a database with", environment),
           tool.create.empty() ? "write the first one"
                               : fmt::format("write the first one: `{}`", tool.create)});
    } else if (count == 0) {
      report.fail({environment, row.text("config"), 0,
                   fmt::format("{} has {} revisions and no head: they follow each other in a cycle",
                               environment, row.integer("revisions")),
                   "let one of them name the revision that it really follows"});
    } else {
      report.fail({environment, file, line,
                   fmt::format("{} has {} heads, {}: it is undefined which of them a database should be at, "
                               "so two databases can both be up to date and differ",
                               environment, count, shortened_list(heads)),
                   tool.join.empty() ? "renumber the later one so that it follows the other" : tool.join});
    }
  }
  if (report.examined_count() == 0 && report.undecided_findings().empty())
    report.skip("no migration history");
}

const Check check{
    .name = "one-head",
    .title = "Each migration history has one head",
    .why =
        "With two heads the schema depends on which branch was deployed first; a tool that knows heads "
        "refuses to go on.",
    .domains = {"migrations"},
    .parameters = {{"heads", Parameter::integer, "1",
                    "how many heads a history may have, where branches are kept apart on purpose"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
