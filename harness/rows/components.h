// Columns that constraints tie together, and the combinations of values that fulfil them. Inside this library only.
//
// The server itself says which combinations do: the candidates of each column and the keys of the tables that are referred
// to are joined, and the constraints are the WHERE clause.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/database/connection.h"
#include "harness/rows/candidates.h"
#include "harness/rows/catalog.h"

namespace exitgate::rows {

using Literal = std::optional<std::string>;  // nullopt for NULL

struct Condition {
  std::vector<int> columns;
  std::string expression;
};

struct Component {
  std::vector<int> columns;  // numbers
  std::vector<const ForeignKey*> keys = {};
  std::vector<Condition> conditions = {};
  // Values of `columns`, in order of preference.
  std::vector<std::vector<Literal>> combinations = {};
  std::string problem = {};  // why there are none
};

struct Solving {
  database::Connection& connection;
  Candidates& candidates;
  const Table& table;
  std::vector<const ForeignKey*> keys;  // whose tables have rows
  std::map<int, std::string> forced;    // values that a row must have
  std::vector<int> free;                // columns that get no value from us
};

// Combinations of the component's values that fulfil its conditions, whatever the tables have that it refers to.
std::vector<std::vector<Literal>> without_keys(const Solving& solving, Component component);

// Those of the columns that a constraint or a foreign key is about, solved.
std::vector<Component> solve(const Solving& solving);

}  // namespace exitgate::rows
