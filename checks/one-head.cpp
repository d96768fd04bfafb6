#include <fmt/format.h>

#include "harness/check/migration_tools.h"
#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

void report_problems(const Facts& facts, Report& report) {
  for (const Row& row :
       facts.query("SELECT coalesce(environment, ''), coalesce(file, ''), coalesce(line, 0), reason "
                   "FROM migrations.problem ORDER BY 2, 3")) {
    report.undecided({fmt::format("{}:{}:{}", row.text(0), row.text(1), row.text(3)), row.text(1),
                      row.integer(2), fmt::format("the migration graph cannot be told: {}", row.text(3)),
                      "fix it; until then nobody can say which migrations come last"});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto most = with.integer("heads");
  report_problems(facts, report);
  for (const Row& row :
       facts.query("SELECT e.id, coalesce(e.config, ''), "
                   "  (SELECT count(*) FROM migrations.revision r WHERE r.environment = e.id), "
                   "  EXISTS (SELECT 1 FROM migrations.problem p WHERE p.environment = e.id) "
                   "FROM migrations.environment e ORDER BY e.id")) {
    const auto environment = row.text(0);
    const auto tool = migration_tool(facts, environment);
    report.examined();
    std::vector<std::string> heads;
    std::string file = row.text(1);
    std::int64_t line = 0;
    for (const Row& head :
         facts.query("SELECT h.id, r.file, r.line FROM migrations.head h LEFT JOIN "
                     "migrations.revision r ON r.environment = h.environment AND r.id = h.id "
                     "WHERE h.environment = ? ORDER BY h.id",
                     {environment})) {
      heads.push_back(head.text(0));
      if (head.is_null(1)) continue;
      file = head.text(1);
      line = head.integer(2);
    }
    const auto count = static_cast<std::int64_t>(heads.size());
    if (count == most || (count > 0 && count < most)) continue;
    // Not wholly known, which is said already.
    if (count == 0 && row.boolean(3)) continue;
    if (row.integer(2) == 0) {
      report.fail(
          {environment, row.text(1), 0,
           fmt::format("{} has no revision: there is nothing to provision a database with", environment),
           tool.create.empty() ? "write the first one"
                               : fmt::format("write the first one: `{}`", tool.create)});
    } else if (count == 0) {
      report.fail({environment, row.text(1), 0,
                   fmt::format("{} has {} revisions and no head: they stand on each other in a circle",
                               environment, row.integer(2)),
                   "let one of them name the revision that it really follows"});
    } else {
      report.fail({environment, file, line,
                   fmt::format("{} has {} heads, {}: which of them is meant is not said, and two databases "
                               "can both be up to date "
                               "and differ",
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
        "refuses "
        "to go on.",
    .domains = {"migrations"},
    .parameters = {{"heads", Parameter::integer, "1",
                    "how many heads a history may have, where branches are kept apart on purpose"}},
    .run = run};
const Registered registered(check);

}  // namespace
