#include <fmt/core.h>

#include "harness/check/catalog.h"

namespace exitgate::check {
namespace {

constexpr std::string_view kTables = R"sql(
SELECT t.identity AS identity, count(*) AS policies, min(p.name) AS policy,
       instr(t.definition, char(10) || 'ENABLE ROW LEVEL SECURITY') > 0 AS enabled
  FROM schema.object p JOIN schema.object t
    ON t.snapshot = p.snapshot AND t.kind = 'table' AND p.parent = 'table ' || t.identity
 WHERE p.snapshot = ? AND p.kind = 'policy' GROUP BY t.identity ORDER BY 1
)sql";

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const auto snapshots = snapshots_to_judge(facts, report);
  for (const auto& snapshot : snapshots) {
    for (const Row& row : facts.query(kTables, {snapshot})) {
      report.examined();
      if (row.boolean("enabled")) continue;
      const auto policies = row.integer("policies");
      report.fail(
          {fmt::format("{}:{}", snapshot, row.text("identity")), "", 0,
           fmt::format(
               "table {} has {} and row-level security is off{}: {} nobody", row.text("identity"),
               policies == 1 ? "the policy " + row.text("policy") : fmt::format("{} policies", policies),
               in_snapshot(snapshot), policies == 1 ? "it restricts" : "they restrict"),
           fmt::format("`ALTER TABLE {} ENABLE ROW LEVEL SECURITY;` in a migration", row.text("identity"))});
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
                  .parts = Parts{"migrated", "live"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
