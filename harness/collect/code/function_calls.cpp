#include "harness/collect/code/function_calls.h"

#include <set>
#include <string_view>

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

// Of the module's own statements, decorated or not.
std::set<std::string_view> own_functions(const Tree& tree) {
  std::set<std::string_view> names;
  for (Id statement : tree.children(tree.root())) {
    if (tree.is(statement, Kind::decorated_definition))
      statement = tree.child(statement, Kind::function_definition);
    if (tree.is(statement, Kind::function_definition))
      names.insert(tree.text(tree.child(statement, Field::name)));
  }
  return names;
}

}  // namespace

std::string function_around(const Tree& tree, Id node) {
  Id function = kNoNode;
  for (Id at = tree.parent(node); at != kNoNode; at = tree.parent(at)) {
    tree.spend(1);
    if (tree.is(at, Kind::function_definition)) function = at;
    if (tree.is(at, Kind::class_definition)) function = kNoNode;  // of a method
  }
  return function == kNoNode ? "" : std::string(tree.text(tree.child(function, Field::name)));
}

std::vector<FunctionCall> find_calls(const Tree& tree, const Names& names) {
  std::vector<FunctionCall> calls;
  const auto own = own_functions(tree);
  for (Id id = 0; id < tree.size(); ++id) {
    if (!tree.is(id, Kind::call)) continue;
    const Id function = inner(tree, tree.child(id, Field::function));
    FunctionCall call;
    call.line = tree.line(id);
    if (tree.is(function, Kind::identifier) && own.contains(tree.text(function))) {
      call.function = tree.text(function);
      call.within = function_around(tree, id);
      calls.push_back(std::move(call));
      continue;
    }
    const auto paths = names.imported(function);
    if (paths.empty()) continue;
    call.within = function_around(tree, id);
    for (const auto& path : paths) {
      const std::size_t dot = path.rfind('.');
      if (dot == std::string::npos || dot + 1 == path.size()) continue;
      call.function = path.substr(dot + 1);
      // "..settings.get" and ".get" keep their dots.
      call.module = path.substr(0, path.find_first_not_of('.') > dot ? dot + 1 : dot);
      calls.push_back(call);
    }
  }
  return calls;
}

}  // namespace exitgate::collect::code
