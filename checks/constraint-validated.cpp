#include <fmt/format.h>

#include "harness/check/catalog.h"

namespace {

using namespace exitgate;

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const auto snapshots = snapshots_to_judge(facts, report);
  for (const auto& snapshot : snapshots) {
    for (const Row& row : facts.query("SELECT identity, name, definition, coalesce(parent, '') FROM "
                                      "schema.object WHERE snapshot = ? AND kind = 'constraint' ORDER BY 1",
                                      {snapshot})) {
      report.examined();
      if (!row.text(2).ends_with(" NOT VALID")) continue;
      report.fail(
          {fmt::format("{}:{}", snapshot, row.text(0)), "", 0,
           fmt::format(
               "constraint {} was never validated{}: rows from before it may break it, and the planner "
               "cannot rely on it",
               row.text(0), in_snapshot(snapshot)),
           fmt::format("`ALTER TABLE {} VALIDATE CONSTRAINT {};` in a migration after the one that adds it",
                       row.text(3).starts_with("table ") ? row.text(3).substr(6) : row.text(3),
                       row.text(1))});
    }
  }
  if (report.examined_count() == 0 && !snapshots.empty() && report.undecided_findings().empty())
    report.skip("the schema has no constraint");
}

const Check check{.name = "constraint-validated",
                  .title = "Every constraint is validated",
                  .why =
                      "NOT VALID is the first half of adding a constraint without a long lock. Without the "
                      "second half the table "
                      "says something of its rows that nobody has looked at.",
                  .domains = {"schema"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
