#include <fmt/core.h>

#include "harness/check/catalog.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const auto snapshots = snapshots_to_judge(facts, report);
  for (const auto& snapshot : snapshots) {
    for (const schema::Object& object :
         facts.rows<schema::Object>("WHERE snapshot = ? AND kind = 'index' ORDER BY identity", {snapshot})) {
      report.examined();
      const auto& definition = object.definition;
      // What the catalogs say of an index stands behind its own definition.
      const bool invalid = definition.find(" INVALID") != std::string::npos &&
                           definition.rfind(" INVALID") > definition.rfind(')');
      if (!invalid) continue;
      report.fail(
          {fmt::format("{}:{}", snapshot, object.identity), "", 0,
           fmt::format(
               "index {} is invalid{}: a CREATE INDEX CONCURRENTLY or REINDEX broke off, and it costs "
               "every write without serving any query",
               object.identity, in_snapshot(snapshot)),
           fmt::format("`REINDEX INDEX CONCURRENTLY {0};`, or drop it and let the migration make it again",
                       object.identity)});
    }
  }
  if (report.examined_count() == 0 && !snapshots.empty() && report.undecided_findings().empty())
    report.skip("the schema has no index");
}

const Check check{.name = "index-valid",
                  .title = "Every index is valid",
                  .why =
                      "An index whose concurrent build broke off is kept up to date and never used; a unique "
                      "one does not even hold its promise.",
                  .domains = {"schema"},
                  .parts = Parts{"migrated", "live"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
