#include "harness/collect/code/languages/go/go_names.h"

#include <algorithm>

namespace exitgate::collect::code::go {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

bool is_function(const Tree& tree, Id id) {
  return tree.is(id, Kind::function_declaration) || tree.is(id, Kind::method_declaration) ||
         tree.is(id, Kind::func_literal);
}

// "v2", "v11"
bool is_major_version(std::string_view part) {
  return part.size() > 1 && part[0] == 'v' &&
         part.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

bool is_package(std::string_view imported, std::string_view path) {
  if (path.ends_with('/')) return imported.starts_with(path) || imported == path.substr(0, path.size() - 1);
  if (!imported.starts_with(path)) return false;
  const std::string_view rest = imported.substr(path.size());
  return rest.empty() || ((rest[0] == '/' || rest[0] == '.') && is_major_version(rest.substr(1)));
}

// The names of `a, b`, or the name alone.
std::vector<Id> listed(const Tree& tree, Id list) {
  if (tree.is(list, Kind::expression_list)) return tree.children(list);
  if (list == kNoNode) return {};
  return {list};
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
  const bool raw = tree.is(expression, Kind::raw_string_literal);
  if (!raw && !tree.is(expression, Kind::interpreted_string_literal)) return std::nullopt;
  const std::string_view text = tree.text(expression);
  if (text.size() < 2 || (!raw && text.find('\\') != std::string_view::npos)) return std::nullopt;
  return std::string(text.substr(1, text.size() - 2));
}

std::vector<Id> arguments(const Tree& tree, Id call) {
  return tree.children(tree.child(call, Field::arguments));
}

std::string_view last_name(const Tree& tree, Id function) {
  function = inner(tree, function);
  if (tree.is(function, Kind::selector_expression)) {
    const Id field = tree.child(function, Field::field);
    return field == kNoNode ? "" : tree.text(field);
  }
  return tree.is(function, Kind::identifier) ? tree.text(function) : "";
}

GoNames::GoNames(const Tree& tree) : tree_(tree), scopes_(tree.size(), tree.root()) {
  // A parent stands before its children, so one pass tells all scopes.
  for (Id id = 1; id < tree.size(); ++id) {
    const Id parent = tree.parent(id);
    scopes_[id] = is_function(tree, parent) && tree[id].field != Field::name ? parent : scopes_[parent];
  }
  for (Id id = 0; id < tree.size(); ++id) {
    switch (tree.kind(id)) {
      case Kind::import_spec:
        bind_import(id);
        break;
      case Kind::short_var_declaration:
        bind_all(tree.child(id, Field::left), tree.child(id, Field::right), true);
        break;
      case Kind::assignment_statement: {
        const Id sign = tree.child(id, Field::operator_);
        const bool plain = sign != kNoNode && tree.text(sign) == "=";
        bind_all(tree.child(id, Field::left), plain ? tree.child(id, Field::right) : kNoNode, false);
        break;
      }
      case Kind::range_clause:
        bind_all(tree.child(id, Field::left), kNoNode, true);
        break;
      case Kind::var_spec:
      case Kind::const_spec: {
        const auto values = listed(tree, tree.child(id, Field::value));
        std::size_t at = 0;
        for (const Id name : tree.children(id, Field::name)) {
          if (!tree.is(name, Kind::identifier)) continue;
          const bool each = at < values.size();
          bind(name, {name,
                      each                 ? values[at]
                      : values.size() == 1 ? values[0]
                                           : kNoNode,
                      each ? 0 : at, true});
          ++at;
        }
        break;
      }
      case Kind::parameter_list:
        bind_parameters(id);
        break;
      default:
        break;
    }
  }
}

void GoNames::bind(Id name, const Binding& binding) {
  constexpr std::size_t kEnough = 64;
  auto& known = bindings_[{scopes_[name], tree_.text(name)}];
  if (known.size() < kEnough) known.push_back(binding);
}

void GoNames::bind_all(Id names, Id values, bool declared) {
  const auto left = listed(tree_, names);
  const auto right = listed(tree_, values);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (!tree_.is(left[i], Kind::identifier)) continue;
    Binding binding{left[i], kNoNode, 0, declared};
    if (right.size() == left.size()) {
      binding.value = right[i];
    } else if (right.size() == 1) {
      binding.value = right[0];
      binding.index = i;
    }
    // `x = v` in a function that declares no x is the package's, or that of a function around it.
    if (declared || bindings_.contains({scopes_[left[i]], tree_.text(left[i])})) {
      bind(left[i], binding);
      continue;
    }
    Id scope = scopes_[left[i]];
    while (scope != tree_.root() && !bindings_.contains({scope, tree_.text(left[i])})) scope = scopes_[scope];
    bindings_[{scope, tree_.text(left[i])}].push_back(binding);
  }
}

void GoNames::bind_import(Id spec) {
  const auto path = literal(tree_, tree_.child(spec, Field::path));
  if (!path) return;
  const Id alias = tree_.child(spec, Field::name);
  imports_.push_back({*path, alias == kNoNode ? "" : std::string(tree_.text(alias))});
}

void GoNames::bind_parameters(Id list) {
  const Id function = tree_.parent(list);
  if (!is_function(tree_, function) || tree_[list].field == Field::result) return;
  const bool receiver = tree_[list].field == Field::receiver;
  std::size_t position = 0;
  for (const Id declaration : tree_.children(list)) {
    const auto names = tree_.children(declaration, Field::name);
    for (const Id name : names) {
      if (!tree_.is(name, Kind::identifier)) continue;
      Binding binding{name, kNoNode, 0, true, {}};
      if (!receiver) binding.parameter = position;
      bindings_[{function, tree_.text(name)}].push_back(binding);
      ++position;
    }
    if (names.empty()) ++position;
  }
}

bool GoNames::imports(std::string_view path) const {
  return std::any_of(imports_.begin(), imports_.end(),
                     [&](const Import& import) { return is_package(import.path, path); });
}

std::string GoNames::name_of(std::string_view path, std::string_view usual) const {
  for (const auto& import : imports_) {
    if (import.alias != "_" && is_package(import.path, path))
      return import.alias.empty() ? std::string(usual) : import.alias;
  }
  return "";
}

std::string_view GoNames::member(Id expression, std::string_view path, std::string_view usual) const {
  expression = inner(tree_, expression);
  const std::string package = name_of(path, usual);
  if (package.empty()) return "";
  if (tree_.is(expression, Kind::selector_expression)) {
    const Id operand = tree_.child(expression, Field::operand);
    const Id field = tree_.child(expression, Field::field);
    if (field == kNoNode || !tree_.is(operand, Kind::identifier) || tree_.text(operand) != package) return "";
    return bindings(operand).empty() ? tree_.text(field) : "";
  }
  if (package != "." || !tree_.is(expression, Kind::identifier)) return "";
  return bindings(expression).empty() ? tree_.text(expression) : "";
}

bool GoNames::is(Id function, std::string_view path, std::string_view usual, std::string_view name) const {
  return member(function, path, usual) == name;
}

const std::vector<Binding>& GoNames::bindings(Id identifier) const {
  static const std::vector<Binding> kNone;
  if (identifier == kNoNode) return kNone;
  for (Id scope = scopes_[identifier];; scope = scopes_[scope]) {
    tree_.spend(1);
    const auto known = bindings_.find({scope, tree_.text(identifier)});
    if (known != bindings_.end()) return known->second;
    if (scope == tree_.root()) return kNone;
  }
}

std::optional<std::string> GoNames::constant(Id expression, int depth) const {
  expression = inner(tree_, expression);
  if (expression == kNoNode || depth == 0) return std::nullopt;
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

}  // namespace exitgate::collect::code::go
