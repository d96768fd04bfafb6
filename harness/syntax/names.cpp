#include "harness/syntax/names.h"

#include <fmt/core.h>

#include <algorithm>

namespace exitgate::syntax {

namespace {

constexpr int kDepth = 24;           // of aliases of aliases
constexpr std::size_t kEnough = 16;  // candidates of one name
constexpr int kSteps = 1000;         // of one question

std::string joined(const Tree& tree, Id dotted) {
  std::string path;
  for (const Id part : tree.children(dotted)) {
    if (!path.empty()) path += '.';
    path += tree.text(part);
  }
  return path.empty() ? std::string(tree.text(dotted)) : path;
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
  if (tree.is(expression, Kind::concatenated_string)) {
    std::string whole;
    for (const Id part : tree.children(expression)) {
      const auto text = literal(tree, part);
      if (!text) return std::nullopt;
      whole += *text;
    }
    return whole;
  }
  if (!tree.is(expression, Kind::string)) return std::nullopt;
  const std::string_view text = tree.text(expression);
  const std::size_t quote = text.find_first_of("'\"");
  if (quote == std::string_view::npos) return std::nullopt;
  const bool raw = text.substr(0, quote).find_first_of("rR") != std::string_view::npos;
  const std::size_t length =
      text.substr(quote).size() >= 6 && text[quote + 1] == text[quote] && text[quote + 2] == text[quote] ? 3
                                                                                                         : 1;
  if (text.size() < quote + 2 * length) return std::nullopt;
  if (tree.child(expression, Kind::interpolation) != kNoNode) return std::nullopt;
  const std::string_view content = text.substr(quote + length, text.size() - quote - 2 * length);
  if (raw || content.find('\\') == std::string_view::npos) return std::string(content);
  return std::nullopt;
}

Names::Names(const Tree& tree) : tree_(tree), scopes_(tree.size(), tree.root()) {
  // A parent stands before its children, so one pass tells all scopes. Decorators, defaults, annotations and
  // base classes are evaluated outside of what they belong to.
  for (Id id = 1; id < tree.size(); ++id) {
    const Id parent = tree.parent(id);
    const Kind kind = tree.kind(parent);
    const bool opens =
        kind == Kind::function_definition || kind == Kind::class_definition || kind == Kind::lambda;
    scopes_[id] = opens && tree[id].field == Field::body ? parent : scopes_[parent];
  }
  for (Id id = 0; id < tree.size(); ++id) {
    switch (tree.kind(id)) {
      case Kind::import_statement:
      case Kind::import_from_statement:
        bind_import(id);
        break;
      case Kind::assignment: {
        const Id left = tree.child(id, Field::left);
        Id right = tree.child(id, Field::right);
        while (tree.is(right, Kind::assignment)) right = tree.child(right, Field::right);  // a = b = value
        if (right == kNoNode) break;  // `name: type` alone binds nothing
        if (tree.is(left, Kind::identifier)) {
          bind(id, tree.text(left), {"", right});
        } else {
          bind_targets(left);
        }
        break;
      }
      case Kind::named_expression:
        bind(id, tree.text(tree.child(id, Field::name)), {"", tree.child(id, Field::value)});
        break;
      case Kind::augmented_assignment:
      case Kind::for_statement:
      case Kind::for_in_clause:
        bind_targets(tree.child(id, Field::left));
        break;
      case Kind::as_pattern_target:
        for (const Id target : tree.children(id)) bind_targets(target);
        break;
      case Kind::function_definition:
      case Kind::class_definition: {
        const Id name = tree.child(id, Field::name);
        if (name != kNoNode) bind(tree.parent(id), tree.text(name), {});
        break;
      }
      case Kind::parameters:
      case Kind::lambda_parameters:
        for (Id below = id + 1; below < tree[id].after; ++below) {
          const Id parent = tree.parent(below);
          const bool plain = parent == id || tree.is(parent, Kind::typed_parameter) ||
                             tree.is(parent, Kind::list_splat_pattern) ||
                             tree.is(parent, Kind::dictionary_splat_pattern) ||
                             tree[below].field == Field::name;
          if (tree.is(below, Kind::identifier) && plain) {
            bindings_[{tree.parent(id), tree.text(below)}] = {Binding{}};
          }
        }
        break;
      default:
        break;
    }
  }
}

void Names::bind(Id at, std::string_view name, Binding binding) {
  auto& known = bindings_[{scope_of(at), name}];
  if (known.size() < kEnough) known.push_back(std::move(binding));
}

void Names::bind_targets(Id target) {
  if (target == kNoNode) return;
  if (tree_.is(target, Kind::attribute) || tree_.is(target, Kind::subscript)) return;
  if (tree_.is(target, Kind::identifier)) {
    bind(target, tree_.text(target), {});
    return;
  }
  for (Id below = target + 1; below < tree_[target].after; ++below) {
    if (tree_.is(below, Kind::attribute) || tree_.is(below, Kind::subscript)) {
      below = tree_[below].after - 1;
    } else if (tree_.is(below, Kind::identifier)) {
      bind(below, tree_.text(below), {});
    }
  }
}

void Names::bind_import(Id statement) {
  std::string module;
  const bool from = tree_.is(statement, Kind::import_from_statement);
  if (from) {
    const Id name = tree_.child(statement, Field::module_name);
    if (name == kNoNode) return;
    module = tree_.is(name, Kind::relative_import) ? std::string(tree_.text(name)) : joined(tree_, name);
    if (tree_.child(statement, Kind::wildcard_import) != kNoNode) stars_.push_back(module);
    module += module.empty() || module.back() == '.' ? "" : ".";
  }
  for (const Id name : tree_.children(statement, Field::name)) {
    if (tree_.is(name, Kind::aliased_import)) {
      const Id alias = tree_.child(name, Field::alias);
      const Id path = tree_.child(name, Field::name);
      if (alias != kNoNode && path != kNoNode)
        bind(statement, tree_.text(alias), {module + joined(tree_, path), kNoNode});
    } else if (from) {
      bind(statement, tree_.text(name), {module + joined(tree_, name), kNoNode});
    } else {
      // `import a.b` binds `a`.
      const std::string path = joined(tree_, name);
      const Id first = tree_[name].first;
      const std::string_view top = first == kNoNode ? tree_.text(name) : tree_.text(first);
      bind(statement, top, {path.substr(0, path.find('.')), kNoNode});
    }
  }
}

const std::vector<Names::Binding>* Names::lookup(Id identifier, bool& unbound) const {
  unbound = false;
  const std::string_view name = tree_.text(identifier);
  bool first = true;
  for (Id scope = scopes_[identifier];; scope = scopes_[scope]) {
    tree_.spend(1);
    // A class's names are seen in its body alone, not in its functions.
    if (first || !tree_.is(scope, Kind::class_definition)) {
      const auto known = bindings_.find({scope, name});
      if (known != bindings_.end()) return &known->second;
    }
    first = false;
    if (scope == tree_.root()) break;
  }
  unbound = true;
  return nullptr;
}

std::vector<Id> Names::values(Id identifier) const {
  std::vector<Id> all;
  bool unbound = false;
  if (const auto* known = lookup(identifier, unbound)) {
    for (const auto& binding : *known) {
      if (binding.value != kNoNode) all.push_back(binding.value);
    }
  }
  return all;
}

std::optional<std::string> Names::constant(Id expression) const {
  expression = inner(tree_, expression);
  if (!tree_.is(expression, Kind::identifier)) return literal(tree_, expression);
  bool unbound = false;
  const auto* known = lookup(expression, unbound);
  if (known == nullptr || known->size() != 1 || known->front().value == kNoNode) return std::nullopt;
  return literal(tree_, known->front().value);
}

void Names::collect_paths(Id expression, int depth, int& steps, std::vector<std::string>& found) const {
  expression = inner(tree_, expression);
  if (expression == kNoNode || depth <= 0 || found.size() >= kEnough || --steps <= 0) return;
  switch (tree_.kind(expression)) {
    case Kind::identifier: {
      bool unbound = false;
      const auto* known = lookup(expression, unbound);
      if (known != nullptr) {
        for (const auto& binding : *known) {
          if (!binding.path.empty()) found.push_back(binding.path);
          // `fixture = fixture` and its like end here by depth.
          if (binding.value != kNoNode) collect_paths(binding.value, depth - 8, steps, found);
        }
      } else {
        const std::string name(tree_.text(expression));
        found.push_back(name);
        for (const auto& module : stars_) found.push_back(fmt::format("{}.{}", module, name));
      }
      break;
    }
    case Kind::attribute: {
      const Id attribute = tree_.child(expression, Field::attribute);
      if (attribute == kNoNode) break;
      std::vector<std::string> objects;
      collect_paths(tree_.child(expression, Field::object), depth - 1, steps, objects);
      for (const auto& object : objects) found.push_back(fmt::format("{}.{}", object, tree_.text(attribute)));
      break;
    }
    case Kind::conditional_expression: {
      const auto parts = tree_.children(expression);  // value, condition, otherwise
      if (parts.size() != 3) break;
      collect_paths(parts[0], depth - 1, steps, found);
      collect_paths(parts[2], depth - 1, steps, found);
      break;
    }
    case Kind::boolean_operator:
      collect_paths(tree_.child(expression, Field::left), depth - 1, steps, found);
      collect_paths(tree_.child(expression, Field::right), depth - 1, steps, found);
      break;
    case Kind::call: {
      // The ways to get a module or an attribute by its name.
      const Id function = tree_.child(expression, Field::function);
      const auto arguments = tree_.children(tree_.child(expression, Field::arguments));
      if (arguments.empty()) break;
      std::vector<std::string> functions;
      collect_paths(function, depth - 1, steps, functions);
      for (const auto& path : functions) {
        if (path == "importlib.import_module" || path == "pytest.importorskip" || path == "__import__") {
          if (auto module = literal(tree_, arguments[0])) found.push_back(*module);
        } else if (path == "getattr" && arguments.size() >= 2) {
          const auto attribute = literal(tree_, arguments[1]);
          if (!attribute) continue;
          std::vector<std::string> objects;
          collect_paths(arguments[0], depth - 1, steps, objects);
          for (const auto& object : objects) found.push_back(fmt::format("{}.{}", object, *attribute));
        }
      }
      break;
    }
    default:
      break;
  }
}

std::vector<std::string> Names::paths(Id expression) const {
  std::vector<std::string> found;
  int steps = kSteps;
  collect_paths(expression, kDepth, steps, found);
  // In the order of the bindings: the first of two imports is the one that is wanted.
  std::vector<std::string> once;
  for (auto& path : found) {
    if (std::find(once.begin(), once.end(), path) == once.end()) once.push_back(std::move(path));
  }
  return once;
}

std::vector<std::string> Names::imported(Id expression) const {
  std::string rest;
  for (int depth = 0; depth < kDepth; ++depth) {
    expression = inner(tree_, expression);
    if (tree_.is(expression, Kind::attribute)) {
      const Id attribute = tree_.child(expression, Field::attribute);
      if (attribute == kNoNode) return {};
      rest = fmt::format(".{}{}", tree_.text(attribute), rest);
      expression = tree_.child(expression, Field::object);
      continue;
    }
    bool unbound = false;
    const auto* const known = tree_.is(expression, Kind::identifier) ? lookup(expression, unbound) : nullptr;
    // More bindings than that are not kept.
    if (known == nullptr || known->size() >= kEnough) return {};
    std::vector<std::string> found;
    for (const auto& binding : *known) {
      if (binding.path.empty()) return {};
      found.push_back(binding.path + rest);
    }
    return found;
  }
  return {};
}

bool Names::stands_for(Id expression, std::string_view path) const {
  const auto all = paths(expression);
  return std::find(all.begin(), all.end(), path) != all.end();
}

}  // namespace exitgate::syntax
