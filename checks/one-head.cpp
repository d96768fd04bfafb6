#include <fmt/format.h>

#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

void report_problems(const Facts& facts, Report& report) {
  for (const Row& row :
       facts.query("SELECT coalesce(environment, ''), coalesce(file, ''), coalesce(line, 0), reason "
                   "FROM migrations.problem ORDER BY 2, 3")) {
    report.undecided({fmt::format("{}:{}:{}", row.text(0), row.text(1), row.text(3)), row.text(1),
                      row.integer(2), fmt::format("the migration graph cannot be told: {}", row.text(3)),
                      "mend the revision; until then nobody can say what `upgrade head` does"});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto most = with.integer("heads");
  report_problems(facts, report);
  for (const Row& row :
       facts.query("SELECT e.id, e.tool, coalesce(e.config, ''), "
                   "  (SELECT count(*) FROM migrations.revision r WHERE r.environment = e.id), "
                   "  EXISTS (SELECT 1 FROM migrations.problem p WHERE p.environment = e.id) "
                   "FROM migrations.environment e ORDER BY e.id")) {
    const auto environment = row.text(0);
    report.examined();
    std::vector<std::string> heads;
    std::string file = row.text(2);
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
    if (count == 0 && row.boolean(4)) continue;
    if (row.integer(3) == 0) {
      report.fail(
          {environment, row.text(2), 0,
           fmt::format("{} has no revision: there is nothing to provision a database with", environment),
           "write the first one: `alembic revision -m \"...\"`"});
    } else if (count == 0) {
      report.fail({environment, row.text(2), 0,
                   fmt::format("{} has {} revisions and no head: they stand on each other in a circle",
                               environment, row.integer(3)),
                   "let one of them name the revision that it really follows"});
    } else {
      report.fail(
          {environment, file, line,
           fmt::format(
               "{} has {} heads, {}: `upgrade head` does not know which is meant, and two databases can "
               "both be up to date and differ",
               environment, count, shortened_list(heads)),
           row.text(1) == "alembic" ? "join them: `alembic merge heads -m \"merge\"`"
                                    : "renumber the later one so that it follows the other"});
    }
  }
  if (report.examined_count() == 0 && report.undecided_findings().empty())
    report.skip("no migration history");
}

const Check check{
    .name = "one-head",
    .title = "Each migration history has one head",
    .why =
        "With two heads the schema depends on which branch was deployed first; `alembic upgrade head` "
        "refuses.",
    .domains = {"migrations"},
    .parameters = {{"heads", Parameter::integer, "1",
                    "how many heads a history may have, where branches are kept apart on purpose"}},
    .run = run};
const Registered registered(check);

}  // namespace
