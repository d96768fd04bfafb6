#include <fmt/core.h>

#include "harness/check/catalog.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const auto snapshots = snapshots_to_judge(facts, report);
  for (const auto& snapshot : snapshots) {
    for (const schema::Object& object : facts.rows<schema::Object>(
             "WHERE snapshot = ? AND kind = 'constraint' ORDER BY identity", {snapshot})) {
      report.examined();
      if (!object.definition.ends_with(" NOT VALID")) continue;
      const auto parent = object.parent.value_or("");
      report.fail(
          {fmt::format("{}:{}", snapshot, object.identity), "", 0,
           fmt::format(
               "constraint {} was never validated{}: rows from before it may break it, and the planner "
               "cannot rely on it",
               object.identity, in_snapshot(snapshot)),
           fmt::format("`ALTER TABLE {} VALIDATE CONSTRAINT {};` in a migration after the one that adds it",
                       parent.starts_with("table ") ? parent.substr(6) : parent, object.name)});
    }
  }
  if (report.examined_count() == 0 && !snapshots.empty() && report.undecided_findings().empty())
    report.skip("the schema has no constraint");
}

const Check check{.name = "constraint-validated",
                  .title = "Every constraint is validated",
                  .why =
                      "NOT VALID is the first half of adding a constraint without a long lock. Without the "
                      "second half the table says something of its rows that nobody has looked at.",
                  .domains = {"schema"},
                  .parts = Parts{"migrated", "live"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
