#include "harness/collect/code/function_roles.h"

#include "harness/collect/code/extract.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

bool is_fixture(const Names& names, Id function) {
  for (const auto& path : names.paths(function)) {
    if (path == "pytest.fixture" || path == "pytest_asyncio.fixture" || path == "pytest.yield_fixture")
      return true;
  }
  return false;
}

Role role_of_fixture(const Tree& tree, const Names& names, Id call) {
  for (const Id argument : tree.children(tree.child(call, Field::arguments))) {
    if (!tree.is(argument, Kind::keyword_argument)) continue;
    const std::string_view name = tree.text(tree.child(argument, Field::name));
    const Id value = inner(tree, tree.child(argument, Field::value));
    if (name == "autouse" && tree.is(value, Kind::true_)) return Role::session;
    if (name != "scope") continue;
    const auto scope = names.constant(value);
    if (!scope || *scope == "session" || *scope == "package") return Role::session;
  }
  return Role::test;
}

Role role_of_function(const Tree& tree, const Names& names, Id function) {
  const Id decorated = tree.parent(function);
  if (tree.is(decorated, Kind::decorated_definition)) {
    for (const Id decorator : tree.children(decorated)) {
      if (!tree.is(decorator, Kind::decorator)) continue;
      for (const Id made : tree.children(decorator)) {
        const bool call = tree.is(made, Kind::call);
        if (is_fixture(names, call ? tree.child(made, Field::function) : made))
          return call ? role_of_fixture(tree, names, made) : Role::test;
      }
    }
  }
  const Id name = tree.child(function, Field::name);
  return name != kNoNode && is_pytest_hook(tree.text(name)) ? Role::session : Role::unknown;
}

}  // namespace

Role role_of(const Tree& tree, const Names& names, Id node) {
  bool inside = false;
  for (Id at = tree.parent(node); at != kNoNode; at = tree.parent(at)) {
    tree.spend(1);
    Id function = kNoNode;
    if (tree.is(at, Kind::lambda)) inside = true;
    if (tree.is(at, Kind::function_definition)) function = at;
    // What a decorator does lasts while its function runs.
    if (tree.is(at, Kind::decorator)) function = tree.child(tree.parent(at), Kind::function_definition);
    if (function == kNoNode) continue;
    inside = true;
    const Role role = role_of_function(tree, names, function);
    if (role != Role::unknown) return role;
    if (tree.is(at, Kind::decorator)) at = tree.parent(at);
  }
  return inside ? Role::unknown : Role::module;
}

}  // namespace exitgate::collect::code
