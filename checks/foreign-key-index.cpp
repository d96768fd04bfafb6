#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/check/migration_tools.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

// What a search by columns can use of each table: the items of its whole, valid B-tree and hash indexes and keys.
std::map<std::string, std::vector<std::vector<std::string>>> indexes(const Facts& facts,
                                                                     const std::string& snapshot) {
  std::map<std::string, std::vector<std::vector<std::string>>> found;
  for (const schema::Object& object :
       facts.rows<schema::Object>("WHERE snapshot = ? AND (kind = 'index' OR (kind = 'constraint' AND "
                                  "(definition LIKE 'PRIMARY KEY%' OR definition LIKE 'UNIQUE%')))",
                                  {snapshot})) {
    const auto& definition = object.definition;
    std::size_t from = 0;
    if (object.kind == "index") {
      const auto btree = definition.find(" USING btree (");
      const auto hash = definition.find(" USING hash (");
      from = std::min(btree, hash);
      // A partial index knows only some of the rows.
      if (from == std::string::npos || definition.find(" WHERE (", from) != std::string::npos ||
          definition.ends_with(" INVALID"))
        continue;
    }
    found[object.parent.value_or("")].push_back(listed(definition, from));
  }
  return found;
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  const auto snapshots = snapshots_to_judge(facts, report);
  const ToolTables tool_tables(facts);
  for (const auto& snapshot : snapshots) {
    const auto usable = indexes(facts, snapshot);
    for (const schema::Object& object :
         facts.rows<schema::Object>("WHERE snapshot = ? AND kind = 'constraint' AND definition LIKE 'FOREIGN "
                                    "KEY%' ORDER BY identity",
                                    {snapshot})) {
      const auto& key = object.identity;
      if (std::any_of(except.begin(), except.end(), [&](const auto& glob) { return glob_match(glob, key); }))
        continue;
      const auto parent = object.parent.value_or("");
      const auto table = parent.starts_with("table ") ? parent.substr(6) : parent;
      if (tool_tables.has(table)) {
        report.note(fmt::format("left out: {} is the migration tool's own", table));
        continue;
      }
      report.examined();
      const auto columns = listed(object.definition);
      const auto found = usable.find(parent);
      const bool served =
          found != usable.end() && std::any_of(found->second.begin(), found->second.end(),
                                               [&](const auto& items) { return leads_with(items, columns); });
      if (served) continue;
      report.fail(
          {fmt::format("{}:{}", snapshot, key), "", 0,
           fmt::format(
               "foreign key {} has no index on ({}){}: each delete or key change in the table that it "
               "refers to reads all of {}",
               key, join(columns, ", "), in_snapshot(snapshot), table),
           fmt::format("`CREATE INDEX ON {} ({});` in a migration", table, join(columns, ", "))});
    }
  }
  if (report.examined_count() == 0 && !snapshots.empty() && report.undecided_findings().empty())
    report.skip("the schema has no foreign key");
}

const Check check{.name = "foreign-key-index",
                  .title = "Every foreign key has an index on its columns",
                  .why =
                      "PostgreSQL makes an index for the key that is referred to, not for the one that "
                      "refers: a delete there locks and reads the whole table here.",
                  .domains = {"schema", "migrations"},
                  .parts = Parts{"migrated", "live"},
                  .parameters = {{"except", Parameter::strings, "[]",
                                  "globs of foreign keys (schema.table.name) that need none"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
