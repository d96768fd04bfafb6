#include "harness/collect/migrations/tools/alembic/conditions.h"

#include <string>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::Names;
using syntax::Tree;

namespace {

constexpr int kDeepest = 64;  // methods in a chain

bool selects_nothing(const Tree& tree, const Names& names, Id argument) {
  argument = inner(tree, argument);
  if (tree.is(argument, Kind::true_)) return true;
  if (!tree.is(argument, Kind::call)) return false;
  const Id callee = inner(tree, tree.child(argument, Field::function));
  const auto given = tree.children(tree.child(argument, Field::arguments));
  for (const auto& path : names.paths(callee)) {
    if (!path.starts_with("sqlalchemy.")) continue;
    const std::string name = path.substr(path.rfind('.') + 1);
    if (name == "true") return true;
    if (given.empty()) continue;
    const Id first = inner(tree, given[0]);
    if (name == "literal" && tree.is(first, Kind::true_)) return true;
    const auto text = names.constant(first);
    if (name == "text" && text && holds_always(*text)) return true;
  }
  return false;
}

}  // namespace

bool has_condition(const Tree& tree, const Names& names, Id expression) {
  Id at = inner(tree, expression);
  for (int depth = kDeepest; depth > 0 && tree.is(at, Kind::call); --depth) {
    const Id callee = inner(tree, tree.child(at, Field::function));
    if (!tree.is(callee, Kind::attribute)) return false;
    const std::string method(tree.text(tree.child(callee, Field::attribute)));
    if (method == "where" || method == "filter" || method == "filter_by") {
      for (const Id argument : tree.children(tree.child(at, Field::arguments))) {
        if (!selects_nothing(tree, names, argument)) return true;
      }
    }
    at = inner(tree, tree.child(callee, Field::object));
  }
  return false;
}

}  // namespace exitgate::collect
