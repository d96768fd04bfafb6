// What a migration's Python does at a place, as a row of migrations.statement.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/collect/migrations/statement.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

inline Statement statement_at(const syntax::Tree& tree, syntax::Id place, std::string kind,
                              std::string object, std::string relation, std::vector<std::string> columns) {
  Statement statement;
  statement.line = tree.line(place);
  statement.kind = std::move(kind);
  statement.object = std::move(object);
  statement.relation = std::move(relation);
  statement.columns = std::move(columns);
  statement.text = in_one_line(tree.text(place));
  return statement;
}

inline Statement undecided_at(const syntax::Tree& tree, syntax::Id place, std::string reason) {
  Statement statement = statement_at(tree, place, "undecided", "", "", {});
  statement.reason = std::move(reason);
  return statement;
}

}  // namespace exitgate::collect
