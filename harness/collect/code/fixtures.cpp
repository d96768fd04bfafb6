// Test fixtures: whatever pytest.fixture is called here, as a decorator with or without arguments, kept in a
// name of its own (`session_fixture = pytest.fixture(scope="session")`), bound by functools.partial, or
// called on a function.
#include <algorithm>
#include <array>

#include "harness/collect/code/extract.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

using syntax::inner;
using syntax::literal;
using syntax::Names;

namespace {

// A value that an argument gives, `computed` when it cannot be read off.
struct Argument {
  bool given = false;
  bool computed = false;
  std::string text;
};

// What makes a fixture of the function it is given.
struct Maker {
  std::string framework;
  Argument scope;
  Argument name;
};

constexpr int kDepth = 8;    // of makers made of makers
constexpr int kSteps = 200;  // of one question

bool ends_with_path(std::string_view path, std::string_view end) {
  return path == end || (path.size() > end.size() && path.substr(path.size() - end.size()) == end &&
                         path[path.size() - end.size() - 1] == '.');
}

// A project's own module may hand the framework on (`from .compat import pytest`): the end of the path tells.
std::string framework_of(std::string_view path) {
  for (const std::string_view end : {"pytest_asyncio.fixture", "pytest_asyncio.plugin.fixture"}) {
    if (ends_with_path(path, end)) return "pytest_asyncio";
  }
  for (const std::string_view end : {"pytest.fixture", "pytest.yield_fixture", "_pytest.fixtures.fixture",
                                     "_pytest.fixtures.yield_fixture"}) {
    if (ends_with_path(path, end)) return "pytest";
  }
  return "";
}

class Finder {
 public:
  Finder(const Tree& tree, const Names& names) : tree_(tree), names_(names) {}

  std::vector<Fixture> find() {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::decorator)) {
        decorated(id);
      } else if (tree_.is(id, Kind::call)) {
        called(id);
      }
    }
    return std::move(found_);
  }

 private:
  std::optional<Maker> maker(Id expression) const {
    int steps = kSteps;
    return maker(expression, kDepth, steps);
  }

  std::optional<Maker> maker(Id expression, int depth, int& steps) const {
    expression = inner(tree_, expression);
    if (expression == kNoNode || depth == 0 || --steps <= 0) return std::nullopt;
    for (const auto& path : names_.paths(expression)) {
      if (auto framework = framework_of(path); !framework.empty()) return Maker{std::move(framework), {}, {}};
    }
    if (tree_.is(expression, Kind::identifier)) {
      for (const Id value : names_.values(expression)) {
        if (auto made = maker(value, depth - 1, steps)) return made;
      }
      return std::nullopt;
    }
    if (!tree_.is(expression, Kind::call)) return std::nullopt;
    const Id function = tree_.child(expression, Field::function);
    const Id arguments = tree_.child(expression, Field::arguments);
    if (auto made = maker(function, depth - 1, steps)) {
      if (function_argument(arguments, 0)) return std::nullopt;  // that is a fixture, not a maker
      apply(*made, arguments, 0);
      return made;
    }
    if (names_.stands_for(function, "functools.partial")) {
      const auto given = tree_.children(arguments);
      if (given.empty()) return std::nullopt;
      auto made = maker(given[0], depth - 1, steps);
      if (made) apply(*made, arguments, 1);
      return made;
    }
    return std::nullopt;
  }

  std::vector<Id> positional(Id arguments) const {
    auto all = tree_.children(arguments);
    std::erase_if(all, [this](Id id) {
      return tree_.is(id, Kind::keyword_argument) || tree_.is(id, Kind::dictionary_splat);
    });
    return all;
  }

  // The function that is made into a fixture, given as an argument; a string there is the scope, as pytest
  // before 6 had it.
  std::optional<Id> function_argument(Id arguments, std::size_t from) const {
    if (tree_.is(arguments, Kind::argument_list)) {
      const auto given = positional(arguments);
      if (given.size() > from && !tree_.is(given[from], Kind::list_splat) && !names_.constant(given[from])) {
        return given[from];
      }
      for (const Id argument : tree_.children(arguments)) {
        if (tree_.is(argument, Kind::keyword_argument) &&
            tree_.text(tree_.child(argument, Field::name)) == "fixture_function") {
          return tree_.child(argument, Field::value);
        }
      }
    }
    return std::nullopt;
  }

  void set(Argument& argument, Id value) const {
    argument = {};
    argument.given = true;
    // scope=None and name=None are as good as not given.
    if (tree_.is(inner(tree_, value), Kind::none)) {
      argument.given = false;
    } else if (const auto text = literal(tree_, value)) {
      argument.text = *text;
    } else {
      argument.computed = true;
    }
  }

  void apply(Maker& maker, Id arguments, std::size_t from) const {
    bool unknown = false;
    for (const Id argument : tree_.children(arguments)) {
      if (tree_.is(argument, Kind::dictionary_splat) || tree_.is(argument, Kind::list_splat)) unknown = true;
    }
    const auto given = positional(arguments);
    if (given.size() > from && literal(tree_, given[from])) set(maker.scope, given[from]);
    bool scope = false;
    bool name = false;
    for (const Id argument : tree_.children(arguments)) {
      if (!tree_.is(argument, Kind::keyword_argument)) continue;
      const std::string_view keyword = tree_.text(tree_.child(argument, Field::name));
      if (keyword == "scope") {
        set(maker.scope, tree_.child(argument, Field::value));
        scope = true;
      } else if (keyword == "name") {
        set(maker.name, tree_.child(argument, Field::value));
        name = true;
      }
    }
    // What `**options` holds cannot be told; what is written beside it can, for giving it twice would be an error.
    if (unknown && !scope) maker.scope = {true, true, ""};
    if (unknown && !name) maker.name = {true, true, ""};
  }

  void add(const Maker& maker, Id at, std::optional<std::string> function, std::optional<std::string> name) {
    Fixture fixture;
    fixture.line = tree_.line(at);
    fixture.framework = maker.framework;
    fixture.function = std::move(function);
    fixture.name = std::move(name);
    if (maker.name.computed) {
      fixture.name = std::nullopt;
    } else if (maker.name.given) {
      fixture.name = maker.name.text;
    }
    if (!maker.scope.given) {
      fixture.scope = facts::code::FixtureScope::function;
    } else if (!maker.scope.computed) {
      fixture.scope = facts::code::fixture_scope_from(maker.scope.text);
    }
    found_.push_back(std::move(fixture));
  }

  void decorated(Id decorator) {
    const auto expression = tree_.children(decorator);
    if (expression.empty()) return;
    const auto made = maker(expression[0]);
    if (!made) return;
    const Id definition = tree_.child(tree_.parent(decorator), Field::definition);
    const Id name = tree_.child(definition, Field::name);
    std::optional<std::string> function;
    if (name != kNoNode) function = std::string(tree_.text(name));
    add(*made, decorator, function, function);
  }

  void called(Id call) {
    const Id arguments = tree_.child(call, Field::arguments);
    auto made = maker(tree_.child(call, Field::function));
    if (!made) return;
    const auto function = function_argument(arguments, 0);
    if (!function) return;
    apply(*made, arguments, 0);
    std::optional<std::string> name;
    const Id parent = tree_.parent(call);
    if (tree_.is(parent, Kind::assignment) && tree_.is(tree_.child(parent, Field::left), Kind::identifier)) {
      name = std::string(tree_.text(tree_.child(parent, Field::left)));
    }
    std::optional<std::string> of;
    if (tree_.is(*function, Kind::identifier) || tree_.is(*function, Kind::attribute)) {
      of = tree_.flat_text(*function);
    }
    add(*made, call, std::move(of), std::move(name));
  }

  const Tree& tree_;
  const Names& names_;
  std::vector<Fixture> found_;
};

}  // namespace

std::vector<Fixture> find_fixtures(const Tree& tree, const Names& names) {
  return Finder(tree, names).find();
}

}  // namespace exitgate::collect::code
