// Tables made or dropped by the object-relational mapper: every `.create_all` and `.drop_all` that is read in
// code, called at once, handed on (`run_sync(Base.metadata.create_all)`) or kept under another name; by
// attribute or by getattr.
#include <algorithm>
#include <utility>

#include "harness/collect/code/extract.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

using syntax::inner;
using syntax::Names;

namespace {

bool is_kind(std::string_view name) {
  return name == "create_all" || name == "drop_all";
}

// Of a name that is_kind.
facts::code::SchemaCallKind kind_of(std::string_view name) {
  return *facts::code::schema_call_kind_from(name);
}

// Assigned to or deleted, not read.
bool is_target(const Tree& tree, Id node) {
  for (Id below = node, at = tree.parent(node); at != kNoNode; below = at, at = tree.parent(at)) {
    switch (tree.kind(at)) {
      case Kind::assignment:
        return tree[below].field == Field::left;
      case Kind::delete_statement:
        return true;
      case Kind::pattern_list:
      case Kind::tuple_pattern:
      case Kind::list_pattern:
        continue;
      default:
        return false;
    }
  }
  return false;
}

// `self.create_all` in a class that defines create_all is that method; what it does shows where it does it.
bool is_own_method(const Tree& tree, Id attribute, std::string_view name) {
  const Id object = inner(tree, tree.child(attribute, Field::object));
  if (!tree.is(object, Kind::identifier)) return false;
  const std::string_view receiver = tree.text(object);
  if (receiver != "self" && receiver != "cls") return false;
  const Id body = tree.child(tree.enclosing(attribute, Kind::class_definition), Field::body);
  for (const Id statement : tree.children(body)) {
    const Id definition =
        tree.is(statement, Kind::decorated_definition) ? tree.child(statement, Field::definition) : statement;
    if (tree.is(definition, Kind::function_definition) &&
        tree.text(tree.child(definition, Field::name)) == name) {
      return true;
    }
  }
  return false;
}

// unittest.mock.MagicMock and its kin.
bool makes_mock(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  const std::string_view name = dot == std::string_view::npos ? path : path.substr(dot + 1);
  const bool mock = name == "Mock" || name == "MagicMock" || name == "AsyncMock" ||
                    name == "NonCallableMock" || name == "NonCallableMagicMock" ||
                    name == "create_autospec" || name == "patch" || path.ends_with("patch.object");
  return mock && (path.starts_with("unittest.mock") || path.starts_with("mock."));
}

bool is_made_by_mock(const Names& names, const Tree& tree, Id value) {
  value = inner(tree, value);
  if (!tree.is(value, Kind::call)) return false;
  const Id function = tree.child(value, Field::function);
  // pytest-mock's fixture, a parameter.
  if (function != kNoNode && tree.text(function).starts_with("mocker.")) return true;
  const auto paths = names.paths(function);
  return !paths.empty() && std::all_of(paths.begin(), paths.end(), makes_mock);
}

// Whether a function is decorated with `@patch(…)`, which hands it mocks.
bool is_patched(const Tree& tree, const Names& names, Id definition) {
  if (!tree.is(tree.parent(definition), Kind::decorated_definition)) return false;
  for (const Id decorator : tree.children(tree.parent(definition))) {
    if (!tree.is(decorator, Kind::decorator)) continue;
    for (const Id expression : tree.children(decorator)) {
      if (is_made_by_mock(names, tree, expression)) return true;
    }
  }
  return false;
}

// `MagicMock().metadata.create_all`, `mocked.create_all.assert_called_once()`: no table comes of a mock.
bool is_mock(const Tree& tree, const Names& names, Id attribute) {
  const Id parent = tree.parent(attribute);
  if (tree.is(parent, Kind::attribute) && tree[attribute].field == Field::object) {
    const std::string_view read = tree.text(tree.child(parent, Field::attribute));
    for (const std::string_view own : {"assert_", "called", "call_count", "call_args", "return_value",
                                       "side_effect", "mock_calls", "method_calls", "await"}) {
      if (read.starts_with(own)) return true;
    }
  }
  Id object = attribute;
  for (int depth = 0; tree.is(object, Kind::attribute); ++depth) {
    if (depth > 50) return false;  // nobody wrote that
    object = inner(tree, tree.child(object, Field::object));
  }
  if (is_made_by_mock(names, tree, object)) return true;
  if (!tree.is(object, Kind::identifier)) return false;
  const auto values = names.values(object);
  if (!values.empty())
    return std::all_of(values.begin(), values.end(),
                       [&](Id value) { return is_made_by_mock(names, tree, value); });
  // `with patch("app.db") as mocked:` and a parameter of a function with `@patch("app.db")`.
  for (Id at = tree.parent(object); at != kNoNode; at = tree.parent(at)) {
    tree.spend(1);
    if (tree.is(at, Kind::with_statement)) {
      for (Id below = at + 1; below < tree[at].after && !tree.is(below, Kind::block); ++below) {
        if (!tree.is(below, Kind::as_pattern_target) || tree.text(below) != tree.text(object)) continue;
        const auto parts = tree.children(tree.parent(below));
        if (!parts.empty() && is_made_by_mock(names, tree, parts[0])) return true;
      }
    }
    if (!tree.is(at, Kind::function_definition)) continue;
    const Id parameters = tree.child(at, Field::parameters);
    for (const Id parameter : tree.children(parameters)) {
      const Id name = tree.is(parameter, Kind::identifier) ? parameter : tree[parameter].first;
      if (name != kNoNode && tree.text(name) == tree.text(object)) return is_patched(tree, names, at);
    }
  }
  return false;
}

}  // namespace

std::vector<SchemaCall> find_schema_calls(const Tree& tree, const Names& names) {
  std::vector<SchemaCall> found;
  for (Id id = 0; id < tree.size(); ++id) {
    if (tree.is(id, Kind::attribute)) {
      const Id attribute = tree.child(id, Field::attribute);
      if (attribute == kNoNode) continue;
      const std::string_view name = tree.text(attribute);
      if (!is_kind(name) || is_target(tree, id) || is_own_method(tree, id, name) || is_mock(tree, names, id))
        continue;
      // The line where the name stands, for that is what a reader searches.
      SchemaCall call{tree.line(attribute), tree.flat_text(id), kind_of(name),
                      names.imported(tree.child(id, Field::object))};
      call.library = "SQLAlchemy";
      found.push_back(std::move(call));
    } else if (tree.is(id, Kind::call)) {
      const auto arguments = tree.children(tree.child(id, Field::arguments));
      if (arguments.size() < 2 || !names.stands_for(tree.child(id, Field::function), "getattr")) continue;
      const auto name = names.constant(arguments[1]);
      if (name && is_kind(*name)) found.push_back({tree.line(id), tree.flat_text(id), kind_of(*name)});
    }
  }
  return found;
}

std::vector<std::string> find_own_functions(const Tree& tree) {
  std::vector<std::string> defined;
  for (const Id statement : tree.children(tree.root())) {
    if (!tree.is(statement, Kind::function_definition)) continue;
    const std::string_view name = tree.text(tree.child(statement, Field::name));
    if (is_kind(name)) defined.emplace_back(name);
  }
  if (defined.empty()) return defined;
  // Whatever else may give the name a meaning makes it no plain function.
  for (Id id = 0; id < tree.size(); ++id) {
    if (tree.is(id, Kind::wildcard_import)) return {};
    if (!tree.is(id, Kind::identifier) || !is_kind(tree.text(id))) continue;
    const Id parent = tree.parent(id);
    const bool called = tree.is(parent, Kind::call) && tree[id].field == Field::function;
    const bool own = tree.is(parent, Kind::function_definition) && tree.is(tree.parent(parent), Kind::module);
    const bool attribute = tree.is(parent, Kind::attribute) && tree[id].field == Field::attribute;
    if (!called && !own && !attribute) std::erase(defined, std::string(tree.text(id)));
  }
  return defined;
}

}  // namespace exitgate::collect::code
