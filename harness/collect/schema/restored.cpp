#include "harness/collect/schema/restored.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/restorations.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {

namespace {

using database::Connection;

// Nothing of the target's runs but functions that an expression of constants calls: triggers and event triggers are
// off, bodies are not checked.
constexpr const char* kBegin =
    "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL check_function_bodies = off; "
    "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '20s'";

Restored restore(Connection& connection, const std::string& snapshot, const Object& object,
                 const Restoration& way) {
  Restored restored{snapshot, object.kind, object.identity, std::nullopt, ""};
  try {
    connection.query(kBegin);
    for (const auto& statement : way.statements) connection.query_single(statement);
    const auto rows = connection.query_single(way.query);
    if (rows.rows() == 1) {
      std::vector<std::optional<std::string>> columns;
      for (int column = 0; column < rows.columns(); ++column) {
        columns.push_back(rows.is_null(0, column) ? std::nullopt
                                                  : std::optional<std::string>(rows.text(0, column)));
      }
      restored.definition = way.definition(columns);
    } else {
      restored.problem = fmt::format("it was made {} times", rows.rows());
    }
  } catch (const Undecided& problem) {
    restored.problem = problem.what();
  }
  connection.query("ROLLBACK");
  return restored;
}

}  // namespace

std::vector<Restored> restore_differences(const database::Cluster& cluster, const NamedSnapshot& migrated,
                                          const NamedSnapshot& other) {
  std::vector<Restored> result;
  std::unique_ptr<Connection> connection;
  const auto key = [](const Object& object) { return std::tie(object.kind, object.identity); };
  auto second = other.snapshot.objects.begin();
  for (const Object& first : migrated.snapshot.objects) {
    while (second != other.snapshot.objects.end() && key(*second) < key(first)) ++second;
    if (second == other.snapshot.objects.end()) break;
    if (key(*second) != key(first) || second->sha256 == first.sha256) continue;
    const auto ways = std::pair(restoration_of(first), restoration_of(*second));
    if (!ways.first || !ways.second) continue;
    if (!connection) {
      connection = cluster.connect(database::kDatabaseName, database::Cluster::administrator(), false);
    }
    result.push_back(restore(*connection, migrated.name, first, *ways.first));
    // Mostly the other one was restored once, and is what this one becomes.
    if (result.back().definition == second->definition) continue;
    result.push_back(restore(*connection, other.name, *second, *ways.second));
  }
  return result;
}

}  // namespace exitgate::collect::schema
