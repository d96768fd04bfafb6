#include "harness/collect/code/script_names.h"

#include <algorithm>

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

ScriptNames::ScriptNames(const syntax::Tree& tree) : tree_(tree) {
  for (Id id = 0; id < tree.size(); ++id) {
    if (tree.is(id, Kind::import_statement)) bind_import(id);
    if (tree.is(id, Kind::variable_declarator)) bind_variable(id);
    if (tree.is(id, Kind::assignment_expression)) {
      const Id left = tree.child(id, Field::left);
      if (tree.is(left, Kind::identifier)) values_[tree.text(left)].push_back(tree.child(id, Field::right));
    }
    // `await import("typeorm")`, and a `require` that is no variable's.
    if (tree.is(id, Kind::call_expression)) {
      const Id function = tree.child(id, Field::function);
      const bool loads = tree.is(function, Kind::import) ||
                         (tree.is(function, Kind::identifier) && tree.text(function) == "require");
      const auto arguments = tree.children(tree.child(id, Field::arguments));
      if (loads && !arguments.empty() && !literal(arguments[0]).empty())
        all_modules_.push_back(literal(arguments[0]));
    }
  }
}

void ScriptNames::bind_import(Id statement) {
  const auto module = literal(tree_.child(statement, Field::source));
  all_modules_.push_back(module);
  for (Id below = statement + 1; below < tree_[statement].after; ++below) {
    if (!tree_.is(below, Kind::identifier)) continue;
    const bool renamed =
        tree_[below].field == Field::name && tree_.child(tree_.parent(below), Field::alias) != kNoNode;
    if (!renamed) modules_[tree_.text(below)] = module;
  }
}

void ScriptNames::bind_variable(Id declarator) {
  const Id name = tree_.child(declarator, Field::name);
  const Id value = inner(tree_.child(declarator, Field::value));
  if (name == kNoNode || value == kNoNode) return;
  Id loaded = value;
  // `require("sequelize").Sequelize`
  while (tree_.is(loaded, Kind::member_expression)) loaded = inner(tree_.child(loaded, Field::object));
  if (tree_.is(loaded, Kind::call_expression)) {
    const Id function = tree_.child(loaded, Field::function);
    const auto arguments = tree_.children(tree_.child(loaded, Field::arguments));
    const bool loads = tree_.is(function, Kind::import) ||
                       (tree_.is(function, Kind::identifier) && tree_.text(function) == "require");
    if (loads && !arguments.empty()) {
      bind_pattern(name, literal(arguments[0]));
      return;
    }
  }
  if (tree_.is(name, Kind::identifier)) values_[tree_.text(name)].push_back(value);
}

void ScriptNames::bind_pattern(Id pattern, std::string_view module) {
  if (module.empty()) return;
  if (tree_.is(pattern, Kind::identifier)) modules_[tree_.text(pattern)] = module;
  for (Id below = pattern + 1; below < tree_[pattern].after; ++below) {
    if (tree_.is(below, Kind::shorthand_property_identifier_pattern) ||
        (tree_.is(below, Kind::identifier) && tree_[below].field == Field::value))
      modules_[tree_.text(below)] = module;
  }
}

std::string_view ScriptNames::module_of(std::string_view name) const {
  const auto found = modules_.find(name);
  return found == modules_.end() ? std::string_view() : found->second;
}

bool ScriptNames::imports(std::string_view module) const {
  return std::any_of(all_modules_.begin(), all_modules_.end(), [&](std::string_view one) {
    return one == module || (module.ends_with("/") && one.starts_with(module));
  });
}

std::vector<Id> ScriptNames::values(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<Id>() : found->second;
}

std::string_view ScriptNames::literal(Id expression) const {
  if (expression == kNoNode) return "";
  const bool text = tree_.is(expression, Kind::string) || tree_.is(expression, Kind::template_string);
  if (!text || tree_.child(expression, Kind::template_substitution) != kNoNode) return "";
  const std::string_view written = tree_.text(expression);
  return written.size() < 2 ? "" : written.substr(1, written.size() - 2);
}

Id ScriptNames::inner(Id expression) const {
  for (int depth = 0; depth < 50; ++depth) {
    switch (tree_.kind(expression)) {
      case Kind::parenthesized_expression:
      case Kind::as_expression:
      case Kind::satisfies_expression:
      case Kind::non_null_expression:
      case Kind::await_expression: {
        const auto inside = tree_.children(expression);
        if (inside.empty()) return expression;
        expression = inside[0];
        break;
      }
      default:
        return expression;
    }
  }
  return expression;
}

}  // namespace exitgate::collect::code
