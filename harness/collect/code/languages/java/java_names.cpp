#include "harness/collect/code/languages/java/java_names.h"

#include <algorithm>

namespace exitgate::collect::code::java {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

bool is_function(const Tree& tree, Id id) {
  return tree.is(id, Kind::method_declaration) || tree.is(id, Kind::constructor_declaration) ||
         tree.is(id, Kind::lambda_expression) || tree.is(id, Kind::static_initializer);
}

}  // namespace

Id inner(const Tree& tree, Id expression) {
  while (tree.is(expression, Kind::parenthesized_expression)) {
    const auto inside = tree.children(expression);
    if (inside.size() != 1) break;
    expression = inside[0];
  }
  return expression;
}

std::optional<std::string> literal(const Tree& tree, Id expression) {
  expression = inner(tree, expression);
  if (!tree.is(expression, Kind::string_literal)) return std::nullopt;
  std::string text;
  for (const Id part : tree.children(expression)) {
    if (!tree.is(part, Kind::string_fragment)) return std::nullopt;
    text += tree.text(part);
  }
  return text;
}

std::vector<Id> arguments(const Tree& tree, Id call) {
  return tree.children(tree.child(call, Field::arguments));
}

std::string_view method_of(const Tree& tree, Id call) {
  const Id name = tree.is(call, Kind::method_invocation) ? tree.child(call, Field::name) : kNoNode;
  return name == kNoNode ? "" : tree.text(name);
}

std::string_view object_of(const Tree& tree, Id call) {
  const Id object = tree.is(call, Kind::method_invocation) ? tree.child(call, Field::object) : kNoNode;
  return object == kNoNode ? "" : tree.text(object);
}

JavaNames::JavaNames(const Tree& tree) : tree_(tree), scopes_(tree.size(), tree.root()) {
  // A parent stands before its children, so one pass tells all scopes.
  for (Id id = 1; id < tree.size(); ++id) {
    const Id parent = tree.parent(id);
    scopes_[id] = is_function(tree, parent) ? parent : scopes_[parent];
  }
  for (Id id = 0; id < tree.size(); ++id) {
    switch (tree.kind(id)) {
      case Kind::import_declaration: {
        const auto text = tree.flat_text(id);
        std::string path;
        for (const Id part : tree.children(id)) {
          if (tree.is(part, Kind::asterisk)) {
            path += ".*";
          } else {
            path += tree.text(part);
          }
        }
        (text.starts_with("import static ") ? static_imports_ : imports_).push_back(path);
        break;
      }
      case Kind::variable_declarator: {
        const Id name = tree.child(id, Field::name);
        if (!tree.is(name, Kind::identifier)) break;
        const bool field = tree.is(tree.parent(id), Kind::field_declaration);
        bind(field ? tree.root() : scopes_[id], name, {name, tree.child(id, Field::value), {}});
        break;
      }
      case Kind::formal_parameters: {
        std::size_t position = 0;
        for (const Id parameter : tree.children(id)) {
          const Id name = tree.child(parameter, Field::name);
          if (name != kNoNode) bind(scopes_[id], name, {name, kNoNode, position});
          ++position;
        }
        break;
      }
      case Kind::assignment_expression: {
        const Id left = tree.child(id, Field::left);
        if (!tree.is(left, Kind::identifier)) break;
        const bool own = bindings_.contains({scopes_[left], tree.text(left)});
        bind(own ? scopes_[left] : tree.root(), left, {left, tree.child(id, Field::right), {}});
        break;
      }
      default:
        break;
    }
  }
}

void JavaNames::bind(Id scope, Id name, const Binding& binding) {
  constexpr std::size_t kEnough = 64;
  auto& known = bindings_[{scope, tree_.text(name)}];
  if (known.size() < kEnough) known.push_back(binding);
}

bool JavaNames::is(std::string_view written, std::string_view full) const {
  if (written == full) return true;
  const std::size_t dot = full.rfind('.');
  if (written != full.substr(dot + 1)) return false;
  const std::string all = std::string(full.substr(0, dot)) + ".*";
  bool named = false;  // by an import of another type of this name
  for (const auto& import : imports_) {
    if (import == full) return true;
    named = named || import.substr(import.rfind('.') + 1) == written;
  }
  return !named && std::find(imports_.begin(), imports_.end(), all) != imports_.end();
}

bool JavaNames::imports(std::string_view package) const {
  return std::any_of(imports_.begin(), imports_.end(),
                     [&](const auto& one) { return one.starts_with(package); });
}

bool JavaNames::imports_static(std::string_view full) const {
  const std::string all = std::string(full.substr(0, full.rfind('.'))) + ".*";
  return std::any_of(static_imports_.begin(), static_imports_.end(),
                     [&](const auto& one) { return one == full || one == all; });
}

const std::vector<Binding>& JavaNames::bindings_of(Id scope, std::string_view name) const {
  static const std::vector<Binding> kNone;
  for (;; scope = scopes_[scope]) {
    tree_.spend(1);
    const auto known = bindings_.find({scope, name});
    if (known != bindings_.end()) return known->second;
    if (scope == tree_.root()) return kNone;
  }
}

const std::vector<Binding>& JavaNames::bindings(Id identifier) const {
  return bindings_of(scopes_[identifier], tree_.text(identifier));
}

std::optional<std::string> JavaNames::constant(Id expression, int depth) const {
  expression = inner(tree_, expression);
  if (expression == kNoNode || depth == 0) return std::nullopt;
  // A constant of this file's own class: `Names.URL`, `this.url`.
  if (tree_.is(expression, Kind::field_access)) {
    const Id object = tree_.child(expression, Field::object);
    const Id field = tree_.child(expression, Field::field);
    if (object == kNoNode || field == kNoNode) return std::nullopt;
    const std::string declared = "class " + std::string(tree_.text(object));
    if (tree_.text(object) != "this" && tree_.source().find(declared) == std::string_view::npos)
      return std::nullopt;
    const auto& known = bindings_of(tree_.root(), tree_.text(field));
    if (known.size() != 1) return std::nullopt;
    return constant(known[0].value, depth - 1);
  }
  if (tree_.is(expression, Kind::identifier)) {
    const auto& known = bindings(expression);
    if (known.size() != 1 || known[0].value == kNoNode || known[0].value == expression) return std::nullopt;
    return constant(known[0].value, depth - 1);
  }
  if (tree_.is(expression, Kind::binary_expression)) {
    const Id sign = tree_.child(expression, Field::operator_);
    if (sign == kNoNode || tree_.text(sign) != "+") return std::nullopt;
    auto left = constant(tree_.child(expression, Field::left), depth - 1);
    const auto right = constant(tree_.child(expression, Field::right), depth - 1);
    if (!left || !right) return std::nullopt;
    *left += *right;
    return left;
  }
  return literal(tree_, expression);
}

}  // namespace exitgate::collect::code::java
