#include <fmt/format.h>

#include "harness/check/catalog.h"

namespace {

using namespace exitgate;

constexpr std::string_view kTables = R"sql(
SELECT t.identity, count(*), min(p.name), instr(t.definition, char(10) || 'ENABLE ROW LEVEL SECURITY') > 0
  FROM schema.object p JOIN schema.object t
    ON t.snapshot = p.snapshot AND t.kind = 'table' AND p.parent = 'table ' || t.identity
 WHERE p.snapshot = ? AND p.kind = 'policy' GROUP BY t.identity ORDER BY 1
)sql";

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const auto snapshots = snapshots_to_judge(facts, report);
  for (const auto& snapshot : snapshots) {
    for (const Row& row : facts.query(kTables, {snapshot})) {
      report.examined();
      if (row.boolean(3)) continue;
      const auto policies = row.integer(1);
      report.fail(
          {fmt::format("{}:{}", snapshot, row.text(0)), "", 0,
           fmt::format("table {} has {} and row-level security is off{}: {} nobody", row.text(0),
                       policies == 1 ? "the policy " + row.text(2) : fmt::format("{} policies", policies),
                       in_snapshot(snapshot), policies == 1 ? "it restricts" : "they restrict"),
           fmt::format("`ALTER TABLE {} ENABLE ROW LEVEL SECURITY;` in a migration", row.text(0))});
    }
  }
  if (report.examined_count() == 0 && !snapshots.empty() && report.undecided_findings().empty())
    report.skip("no table has a policy");
}

const Check check{.name = "row-security",
                  .title = "Tables with policies have row-level security switched on",
                  .why =
                      "CREATE POLICY alone changes nothing: until row-level security is enabled on the table "
                      "everybody sees every "
                      "row, and the schema looks as if they did not.",
                  .domains = {"schema"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
