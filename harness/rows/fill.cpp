#include "harness/rows/fill.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/rows/table_filler.h"

namespace exitgate::rows {
namespace {

// The tables in an order in which those that are referred to come first, as far as there is one. Cycles are entered where the
// references may be NULL.
std::vector<const Table*> in_order(const std::vector<const Table*>& tables) {
  std::set<Oid> waiting;
  for (const auto* const one : tables) waiting.insert(one->oid);
  // What has to wait for a partitioned table waits for its partitions.
  std::map<Oid, std::set<Oid>> partitions;
  for (const auto* const one : tables) {
    if (one->root != 0) partitions[one->root].insert(one->oid);
  }
  const auto is_waiting = [&](Oid oid) {
    if (waiting.contains(oid)) return true;
    const auto found = partitions.find(oid);
    return found != partitions.end() && std::any_of(found->second.begin(), found->second.end(),
                                                    [&](Oid one) { return waiting.contains(one); });
  };
  const auto must_wait = [&](const Table& table, bool for_all) {
    return std::any_of(table.keys.begin(), table.keys.end(), [&](const ForeignKey& key) {
      if (key.to == table.oid || key.to == table.root || !is_waiting(key.to)) return false;
      return for_all || std::all_of(key.columns.begin(), key.columns.end(), [&](int number) {
               const Column* const column = table.column(number);
               return column == nullptr || column->not_null;
             });
    });
  };
  std::vector<const Table*> order;
  std::vector<const Table*> left = tables;
  while (!left.empty()) {
    bool moved = false;
    std::vector<const Table*> still;
    for (const auto* const one : left) {
      if (must_wait(*one, true)) {
        still.push_back(one);
      } else {
        order.push_back(one);
        waiting.erase(one->oid);
        moved = true;
      }
    }
    left = still;
    if (moved || left.empty()) continue;
    auto next =
        std::find_if(left.begin(), left.end(), [&](const Table* one) { return !must_wait(*one, false); });
    if (next == left.end()) next = left.begin();
    order.push_back(*next);
    waiting.erase((*next)->oid);
    left.erase(next);
  }
  return order;
}

// References that were left NULL, now that there is something to refer to: of one row, the others keep NULL.
void point_open_keys(database::Connection& connection, const std::vector<OpenKey>& open) {
  std::vector<std::string> statements;
  for (const auto& [table, key] : open) {
    std::string set;
    std::string names;
    std::string present;
    for (std::size_t at = 0; at < key->columns.size(); ++at) {
      set += fmt::format("{}{}", at == 0 ? "" : ", ", table->column(key->columns[at])->quoted);
      names += fmt::format("{}{}", at == 0 ? "" : ", ", key->to_quoted[at]);
      present += fmt::format("{}{} IS NOT NULL", at == 0 ? "" : " AND ", key->to_quoted[at]);
    }
    statements.push_back(
        fmt::format("UPDATE {0} SET ({1}) = (SELECT {2} FROM {3} WHERE {4} ORDER BY {2} LIMIT 1) WHERE ctid "
                    "= (SELECT min(ctid) FROM ONLY {0}) "
                    "AND EXISTS (SELECT 1 FROM {3} WHERE {4})",
                    table->name, set, names, key->to_name, present));
  }
  // ( a ) = (SELECT …) is a row of one column before PostgreSQL 10 alone.
  if (!statements.empty()) try_statements(connection, statements);
}

// Rows that were to refer to rows which never came are taken away again.
void verify_open_keys(database::Connection& connection, const Progress& progress,
                      std::map<Oid, Filled*>& filled) {
  for (const auto& [table, key] : progress.to_verify) {
    std::string same;
    for (std::size_t at = 0; at < key->columns.size(); ++at) {
      same += fmt::format("{}p.{} = c.{}", at == 0 ? "" : " AND ", key->to_quoted[at],
                          table->column(key->columns[at])->quoted);
    }
    const auto outcome =
        try_statements(connection,
                       {fmt::format("DELETE FROM ONLY {} c WHERE NOT EXISTS (SELECT 1 FROM {} p WHERE {})",
                                    table->name, key->to_name, same)},
                       true);
    if (outcome.front().ok() && outcome.front().value == "0") continue;
    const auto other = filled.find(key->to);
    filled[table->oid]->reason = fmt::format(
        "each row must refer to one of {}, which has none{}", key->to_name,
        other == filled.end() || other->second->reason.empty() ? "" : ": " + other->second->reason);
  }
}

// Triggers and defaults of the target may lean on the search path that an application has.
void search_as_an_application(database::Connection& connection) {
  const auto own = connection.query(
      "SELECT substr(setting, 13) FROM pg_db_role_setting s, unnest(s.setconfig) setting WHERE s.setrole = 0 "
      "AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) AND setting LIKE "
      "'search\\_path=%'");
  connection.query(fmt::format("SET search_path = {}",
                               own.rows() == 1 ? std::string(own.text(0, 0)) : "\"$user\", public"));
}

constexpr std::size_t kFullPartitions = 4;  // of a table; further ones get one row each

}  // namespace

std::vector<Filled> fill(database::Connection& connection, const Options& options) {
  const Catalog catalog = read_catalog(connection);
  std::map<Oid, std::string> problems;
  const auto found = count_rows(connection, catalog, problems);
  search_as_an_application(connection);
  Progress progress;
  std::vector<Filled> all;
  std::vector<const Table*> to_fill;
  std::map<Oid, std::size_t> places;
  std::map<Oid, std::size_t> leaves;  // of each partitioned table
  for (const auto& [oid, table] : catalog.tables) {
    if (options.leave_alone && options.leave_alone(table.name)) {
      progress.rows[oid] = found.at(oid);
      continue;
    }
    places[oid] = all.size();
    all.push_back({.relation = table.name, .rows = found.at(oid), .found = found.at(oid) > 0});
    if (found.at(oid) > 0) {
      progress.rows[oid] = found.at(oid);
    } else if (const auto problem = problems.find(oid); problem != problems.end()) {
      all.back().reason = problem->second;
    } else if (table.kind == 'r') {
      to_fill.push_back(&table);
    }
    if (table.kind == 'r' && table.root != 0) ++leaves[table.root];
  }
  Candidates candidates(connection, catalog);
  TableFiller filler(connection, catalog, candidates, options, progress);
  std::map<Oid, std::size_t> leaf;
  std::size_t done = 0;
  for (const Table* const table : in_order(to_fill)) {
    Filled& filled = all[places.at(table->oid)];
    int wanted = std::max(options.rows_per_table, 1);
    if (table->root != 0 && ++leaf[table->root] > kFullPartitions) wanted = 1;
    try {
      filler.fill(*table, wanted, filled);
    } catch (const Undecided& error) {
      filled.reason = error.what();
    }
    progress.rows[table->oid] = filled.rows;
    if (table->root != 0) progress.rows[table->root] += filled.rows;
    if (options.progress) options.progress(++done, to_fill.size());
  }
  std::map<Oid, Filled*> by_table;
  for (const auto& [oid, place] : places) by_table[oid] = &all[place];
  point_open_keys(connection, progress.to_point);
  verify_open_keys(connection, progress, by_table);
  // Triggers put rows into other tables: what counts is what is there in the end.
  for (const auto& [oid, count] : count_rows(connection, catalog, problems)) {
    const auto place = places.find(oid);
    if (place == places.end()) continue;
    Filled& one = all[place->second];
    one.rows = count;
    if (count > 0) one.reason.clear();
    if (count == 0 && one.reason.empty() && catalog.tables.at(oid).kind == 'p')
      one.reason = leaves[oid] == 0 ? "it has no partitions" : "none of its partitions took a row";
    if (count == 0 && one.reason.empty())
      one.reason = "its rows were gone again at the end: a trigger or a rule took them";
  }
  connection.query("RESET search_path");
  std::sort(all.begin(), all.end(),
            [](const Filled& one, const Filled& other) { return one.relation < other.relation; });
  return all;
}

}  // namespace exitgate::rows
