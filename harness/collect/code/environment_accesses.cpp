#include "harness/collect/code/environment_accesses.h"

#include <algorithm>

#include "harness/collect/code/file_loads.h"
#include "harness/collect/code/library_reads.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;

bool AccessReader::is_environment(Id expression) const {
  expression = inner(tree_, expression);
  // Cheap look before the names are followed.
  if (!tree_.is(expression, Kind::identifier) && !tree_.is(expression, Kind::attribute)) return false;
  const auto paths = names_.paths(expression);
  return std::find(paths.begin(), paths.end(), "os.environ") != paths.end() ||
         std::find(paths.begin(), paths.end(), "os.environb") != paths.end();
}

std::optional<Access> AccessReader::at(Id id) const {
  switch (tree_.kind(id)) {
    case Kind::subscript:
      return item(id);
    case Kind::call: {
      auto access = call(id);
      if (!access) access = patch(id);
      return access ? access : update(id);
    }
    case Kind::comparison_operator:
      return test(id);
    case Kind::keyword_argument:
    case Kind::pair:
    case Kind::dictionary_splat:
      return update(id);
    default:
      return std::nullopt;
  }
}

std::optional<Access> AccessReader::item(Id id) const {
  if (!is_environment(tree_.child(id, Field::value))) return std::nullopt;
  Access access;
  access.node = id;
  access.kind = AccessKind::item;
  access.variable = names_.constant(tree_.child(id, Field::subscript));
  for (Id below = id, at = tree_.parent(id); at != kNoNode; below = at, at = tree_.parent(at)) {
    tree_.spend(1);
    const Kind kind = tree_.kind(at);
    if (kind == Kind::pattern_list || kind == Kind::tuple_pattern || kind == Kind::list_pattern) continue;
    if (kind == Kind::assignment && tree_[below].field == Field::left) {
      access.kind = AccessKind::store;
      if (below == id) access.value = tree_.child(at, Field::right);
    }
    if (kind == Kind::delete_statement) access.kind = AccessKind::remove;
    break;
  }
  access.any_variable = access.kind == AccessKind::store && !access.variable;
  return access;
}

// `os.environ`, and its name in a string, as patch.dict takes it.
bool AccessReader::names_environment(Id expression) const {
  if (tree_.is(expression, Kind::string)) return syntax::literal(tree_, expression) == "os.environ";
  return is_environment(expression);
}

// unittest.mock's patch.dict, and that of pytest-mock's fixtures.
bool AccessReader::is_patch(Id function) const {
  if (!tree_.is(function, Kind::attribute) || tree_.text(tree_.child(function, Field::attribute)) != "dict")
    return false;
  const Id object = inner(tree_, tree_.child(function, Field::object));
  if (tree_.is(object, Kind::attribute)) return tree_.text(tree_.child(object, Field::attribute)) == "patch";
  for (const auto& path : names_.paths(object)) {
    if (path == "unittest.mock.patch" || path == "mock.patch") return true;
  }
  return false;
}

// `os.environ.update(…)` and `patch.dict(os.environ, …)`, by the list of arguments or a dictionary among them, and
// `os.environ |= {…}`.
bool AccessReader::updates_environment(Id container) const {
  Id holder = tree_.parent(container);
  if (tree_.is(container, Kind::dictionary)) {
    if (tree_.is(holder, Kind::augmented_assignment))
      return tree_[container].field == Field::right && is_environment(tree_.child(holder, Field::left));
    if (tree_.is(holder, Kind::keyword_argument)) holder = tree_.parent(holder);  // values={…}
    if (!tree_.is(holder, Kind::argument_list)) return false;
    container = holder;
    holder = tree_.parent(holder);
  }
  const Id function = inner(tree_, tree_.child(holder, Field::function));
  if (!tree_.is(holder, Kind::call) || !tree_.is(function, Kind::attribute)) return false;
  if (is_patch(function)) {
    const auto given = tree_.children(container);
    return !given.empty() && names_environment(given[0]);
  }
  return tree_.text(tree_.child(function, Field::attribute)) == "update" &&
         is_environment(tree_.child(function, Field::object));
}

// The keywords and the pairs of an update are a store each; what else it is given may set any variable.
std::optional<Access> AccessReader::update(Id id) const {
  Access access;
  access.node = id;
  access.kind = AccessKind::store;
  if (tree_.is(id, Kind::call)) {
    const Id arguments = tree_.child(id, Field::arguments);
    if (!tree_.is(arguments, Kind::argument_list) || !updates_environment(arguments)) return std::nullopt;
    auto given = tree_.children(arguments);
    if (!given.empty() && names_environment(given[0])) given.erase(given.begin());
    access.any_variable = std::any_of(given.begin(), given.end(), [this](Id one) {
      return !tree_.is(one, Kind::keyword_argument) && !tree_.is(one, Kind::dictionary) &&
             !(tree_.is(one, Kind::call) && file_load(tree_, names_, one));
    });
    if (!access.any_variable) return std::nullopt;
    return access;
  }
  if (!updates_environment(tree_.parent(id))) return std::nullopt;
  if (tree_.is(id, Kind::keyword_argument)) {
    const std::string_view name = tree_.text(tree_.child(id, Field::name));
    if (name == "clear" || name == "values" || name == "in_dict") return std::nullopt;
    access.variable = std::string(name);
    access.value = tree_.child(id, Field::value);
  } else if (tree_.is(id, Kind::pair)) {
    access.variable = names_.constant(tree_.child(id, Field::key));
    access.value = tree_.child(id, Field::value);
  } else if (tree_.is(id, Kind::dictionary_splat)) {
    // `{**os.environ, "X": …}` keeps what is there.
    for (Id inside = id + 1; inside < tree_[id].after; ++inside) {
      if (is_environment(inside)) return std::nullopt;
    }
  }
  access.any_variable = !access.variable;
  return access;
}

// `monkeypatch.setenv("X", …)` and `monkeypatch.setitem(os.environ, "X", …)`, whatever the object is called.
std::optional<Access> AccessReader::patch(Id call) const {
  const Id function = inner(tree_, tree_.child(call, Field::function));
  if (!tree_.is(function, Kind::attribute)) return std::nullopt;
  const std::string_view method = tree_.text(tree_.child(function, Field::attribute));
  if (method != "setenv" && method != "setitem" && method != "__setitem__") return std::nullopt;
  std::vector<Id> arguments;
  for (const Id argument : tree_.children(tree_.child(call, Field::arguments))) {
    const bool keyword = tree_.is(argument, Kind::keyword_argument);
    if (keyword && tree_.text(tree_.child(argument, Field::name)) == "prepend") continue;
    arguments.push_back(keyword ? tree_.child(argument, Field::value) : argument);
  }
  if (method == "setitem") {
    if (arguments.empty() || !names_environment(arguments[0])) return std::nullopt;
    arguments.erase(arguments.begin());
  }
  if (method == "__setitem__" && !is_environment(tree_.child(function, Field::object))) return std::nullopt;
  if (arguments.size() < 2) return std::nullopt;
  Access access;
  access.node = call;
  access.kind = AccessKind::store;
  access.variable = names_.constant(arguments[0]);
  access.any_variable = !access.variable;
  access.value = arguments[1];
  return access;
}

std::vector<Access> AccessReader::loads(Id call) const {
  std::vector<Access> found;
  if (!tree_.is(call, Kind::call)) return found;
  const auto load = file_load(tree_, names_, call);
  if (!load) return found;
  for (const auto& value : files_.of(load->file)) {
    Access access;
    access.node = call;
    access.kind = load->overrides ? AccessKind::store : AccessKind::fill;
    access.variable = value.variable;
    access.given_by = value.place;
    access.certain = value.certain;
    found.push_back(std::move(access));
  }
  return found;
}

std::optional<Access> AccessReader::call(Id id) const {
  const Id function = inner(tree_, tree_.child(id, Field::function));
  std::vector<Id> arguments;
  bool unpacked = false;
  Id fallback = kNoNode;
  Id key = kNoNode;
  for (const Id argument : tree_.children(tree_.child(id, Field::arguments))) {
    if (tree_.is(argument, Kind::keyword_argument)) {
      const std::string_view name = tree_.text(tree_.child(argument, Field::name));
      if (name == "default") fallback = tree_.child(argument, Field::value);
      if (name == "key") key = tree_.child(argument, Field::value);
    } else if (tree_.is(argument, Kind::list_splat) || tree_.is(argument, Kind::dictionary_splat)) {
      unpacked = true;
    } else {
      arguments.push_back(argument);
    }
  }
  if (key == kNoNode && !arguments.empty()) key = arguments[0];
  if (fallback == kNoNode && arguments.size() > 1) fallback = arguments[1];

  std::string_view method;
  if (tree_.is(function, Kind::attribute) && is_environment(tree_.child(function, Field::object))) {
    method = tree_.text(tree_.child(function, Field::attribute));
  } else if (names_.stands_for(function, "os.getenv") || names_.stands_for(function, "os.getenvb")) {
    method = "get";
  } else {
    // The methods of os.environ under another name: `env = os.environ.get`.
    for (const auto& path : names_.paths(function)) {
      if (path == "os.environ.get") method = "get";
    }
    if (method.empty()) return library_read(tree_, names_, files_, id);
  }
  Access access;
  access.node = id;
  if (method == "get") {
    access.has_default = fallback != kNoNode && !tree_.is(inner(tree_, fallback), Kind::none);
  } else if (method == "setdefault") {
    access.kind = AccessKind::fill;
  } else if (method == "pop") {
    access.kind = fallback == kNoNode ? AccessKind::item : AccessKind::get;
    access.has_default = fallback != kNoNode && !tree_.is(inner(tree_, fallback), Kind::none);
  } else if (method == "__getitem__") {
    access.kind = AccessKind::item;
  } else {
    return std::nullopt;
  }
  if (key == kNoNode && !unpacked) return std::nullopt;
  if (key != kNoNode) access.variable = names_.constant(key);
  access.any_variable = access.kind == AccessKind::fill && !access.variable;
  return access;
}

std::optional<Access> AccessReader::test(Id id) const {
  const auto parts = tree_.children(id);  // left, operator, right
  if (parts.size() != 3 || !is_environment(parts[2])) return std::nullopt;
  const Kind kind = tree_.kind(parts[1]);
  if (kind != Kind::in && kind != Kind::not_in) return std::nullopt;
  Access access;
  access.node = id;
  access.kind = AccessKind::test;
  access.variable = names_.constant(parts[0]);
  access.negated = kind == Kind::not_in;
  return access;
}

}  // namespace exitgate::collect::code
