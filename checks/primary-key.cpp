#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/check/migration_tools.h"

namespace exitgate::check {
namespace {

constexpr std::string_view kTables = R"sql(
SELECT t.identity AS identity, EXISTS (
         SELECT 1 FROM schema.object c WHERE c.snapshot = t.snapshot AND c.kind = 'constraint' AND
           c.parent = 'table ' || t.identity AND c.definition LIKE 'PRIMARY KEY%') AS has_key
  FROM schema.object t WHERE t.snapshot = ? AND t.kind = 'table' ORDER BY 1
)sql";

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  const auto snapshots = snapshots_to_judge(facts, report);
  const ToolTables tool_tables(facts);
  for (const auto& snapshot : snapshots) {
    for (const Row& row : facts.query(kTables, {snapshot})) {
      const auto table = row.text("identity");
      if (std::any_of(except.begin(), except.end(),
                      [&](const auto& glob) { return glob_match(glob, table); }))
        continue;
      if (tool_tables.has(table)) {
        report.note(fmt::format("left out: {} is the migration tool's own", table));
        continue;
      }
      report.examined();
      if (row.boolean("has_key")) continue;
      report.fail(
          {fmt::format("{}:{}", snapshot, table), "", 0,
           fmt::format(
               "table {} has no primary key{}: its rows cannot be told apart, and logical replication "
               "refuses to update them",
               table, in_snapshot(snapshot)),
           fmt::format("`ALTER TABLE {} ADD PRIMARY KEY (...);` in a migration", table)});
    }
  }
  if (report.examined_count() == 0 && !snapshots.empty() && report.undecided_findings().empty())
    report.skip("the schema has no table");
}

const Check check{
    .name = "primary-key",
    .title = "Every table has a primary key",
    .why = "Without one a row that was written twice cannot be found again, let alone deleted once.",
    .domains = {"schema", "migrations"},
    .parts = Parts{"migrated", "live"},
    .parameters = {{"except", Parameter::strings, "[]", "globs of tables (schema.table) that need none"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
