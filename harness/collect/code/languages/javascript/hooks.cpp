// Hooks and fixtures in JavaScript and TypeScript files.
#include <algorithm>
#include <array>

#include "harness/base/path.h"
#include "harness/collect/code/languages/javascript/tests.h"

namespace exitgate::collect::code::javascript {

using facts::code::FixtureScope;
using facts::code::HookMoment;

namespace {

struct Called {
  std::string_view name;
  HookMoment moment;
};
constexpr std::array kCalled = {
    Called{"beforeAll", HookMoment::file_start},  Called{"afterAll", HookMoment::file_end},
    Called{"before", HookMoment::file_start},     Called{"after", HookMoment::file_end},
    Called{"suiteSetup", HookMoment::file_start}, Called{"suiteTeardown", HookMoment::file_end},
};

// In `on("before:run", …)`, of Cypress.
constexpr std::array kEvents = {
    Called{"before:run", HookMoment::session_start},
    Called{"after:run", HookMoment::session_end},
    Called{"before:spec", HookMoment::file_start},
    Called{"after:spec", HookMoment::file_end},
};

// Exports of Mocha's root hook plugins and global fixtures.
constexpr std::array kMochaExports = {
    Called{"mochaGlobalSetup", HookMoment::session_start},
    Called{"mochaGlobalTeardown", HookMoment::session_end},
};

class Finder {
 public:
  Finder(const Script& script, FileFacts& facts) : script_(script), tree_(script.tree), facts_(facts) {}

  void find() {
    for (Id id = 0; id < tree_.size(); ++id) {
      switch (tree_.kind(id)) {
        case Kind::call_expression:
          call(id);
          break;
        case Kind::function_declaration:
        case Kind::generator_function_declaration:
          if (is_exported(id)) exported(id, tree_.text(tree_.child(id, Field::name)), id);
          break;
        case Kind::variable_declarator: {
          const Id name = tree_.child(id, Field::name);
          if (tree_.is(name, Kind::identifier) && is_exported(tree_.parent(id)))
            exported(id, tree_.text(name), tree_.child(id, Field::value));
          break;
        }
        case Kind::assignment_expression:
          assigned(id);
          break;
        case Kind::export_statement:
          default_export(id);
          break;
        default:
          break;
      }
    }
  }

 private:
  void add(Id place, std::string_view name, std::string_view framework, HookMoment moment) {
    facts_.hooks.push_back({tree_.line(place), std::string(name), std::string(framework), moment});
  }

  // By its own name, not as the default.
  bool is_exported(Id declaration) const {
    const Id around = tree_.parent(declaration);
    return tree_.is(around, Kind::export_statement) && !tree_.text(around).starts_with("export default");
  }

  // The framework whose function it is, by where the name comes from; nullopt when it is no test's.
  std::optional<std::string> framework_of(std::string_view root) const {
    static const auto& known = language_of("any.js")->frameworks;
    const auto module = script_.names.module_of(root);
    for (const auto& framework : known) {
      if (std::find(framework.modules.begin(), framework.modules.end(), module) != framework.modules.end())
        return framework.name;
    }
    if (facts_.test_file && !facts_.test_file->framework.empty()) return facts_.test_file->framework;
    // Of a module of the project, or of no module: of the framework of the tests here.
    if (!module.empty() && !module.starts_with(".") && !module.starts_with("@/") && !module.starts_with("~"))
      return std::nullopt;
    return "";
  }

  void call(Id id) {
    const Id function = tree_.child(id, Field::function);
    const auto given = arguments_of(tree_, id);
    if (given.empty()) return;
    const auto name = last_name(tree_, function);
    Id root = function;
    while (tree_.is(root, Kind::member_expression)) root = tree_.child(root, Field::object);
    if (name == "on" || name == "once") {
      const auto event = script_.names.literal(given[0]);
      for (const auto& [known, moment] : kEvents) {
        if (event == known) add(id, event, "Cypress", moment);
      }
      return;
    }
    for (const auto& [known, moment] : kCalled) {
      if (name != known || !tree_.is(root, Kind::identifier)) continue;
      const bool all = name.ends_with("All");
      // `before(` may be anybody's function.
      if (!all && !facts_.test_file && framework_of(tree_.text(root)).value_or("").empty()) return;
      const bool plain = tree_.is(function, Kind::identifier);
      const std::string_view object = tree_.text(root);
      if (!plain && object != "test" && object != "it" && object != "setup" && object != "base" &&
          object != "t" && script_.names.module_of(object).empty())
        return;
      const auto taken = std::any_of(given.begin(), given.end(), [&](Id one) {
        const Id value = script_.names.inner(one);
        return is_function(tree_, value) || tree_.is(value, Kind::identifier) ||
               tree_.is(value, Kind::member_expression) || tree_.is(value, Kind::call_expression);
      });
      const auto framework = framework_of(object);
      if (taken && framework) add(id, name, *framework, moment);
      return;
    }
  }

  // mochaHooks = { beforeAll() {…} }, or a function that gives one.
  void root_hooks(Id value) {
    value = script_.names.inner(value);
    Id from = value;
    if (is_function(tree_, value)) from = value + 1;
    const Id until = value == kNoNode ? 0 : tree_[value].after;
    for (Id id = from; id < until; ++id) {
      if (!tree_.is(id, Kind::pair) && !tree_.is(id, Kind::method_definition)) continue;
      const auto key = key_of(script_, id);
      if (key == "beforeAll") add(id, "mochaHooks.beforeAll", "Mocha", HookMoment::session_start);
      if (key == "afterAll") add(id, "mochaHooks.afterAll", "Mocha", HookMoment::session_end);
      if (key == "beforeEach" || key == "afterEach")
        add(id, "mochaHooks." + std::string(key), "Mocha", HookMoment::other);
    }
  }

  void exported(Id place, std::string_view name, Id value) {
    for (const auto& [known, moment] : kMochaExports) {
      if (name == known) add(place, name, "Mocha", moment);
    }
    if (name == "mochaHooks") root_hooks(value);
    // What Vitest calls of a file that its globalSetup names.
    if (name == "setup") candidate(place, name, "Vitest", HookMoment::session_start);
    if (name == "teardown") candidate(place, name, "Vitest", HookMoment::session_end);
  }

  void candidate(Id place, std::string_view name, std::string_view framework, HookMoment moment) {
    facts_.setup_exports.push_back({tree_.line(place), std::string(name), std::string(framework), moment});
  }

  // `exports.mochaHooks = {…}`, `module.exports = { mochaHooks, … }`, `module.exports = async () => {…}`
  void assigned(Id id) {
    const Id left = tree_.child(id, Field::left);
    if (!tree_.is(left, Kind::member_expression)) return;
    const std::string_view text = tree_.text(left);
    const Id right = script_.names.inner(tree_.child(id, Field::right));
    if (text == "module.exports") {
      if (is_function(tree_, right) || tree_.is(right, Kind::identifier)) default_value(id, right);
      if (!tree_.is(right, Kind::object)) return;
      for (const Id member : tree_.children(right)) {
        const auto key = key_of(script_, member);
        Id value = tree_.is(member, Kind::pair) ? tree_.child(member, Field::value) : member;
        if (tree_.is(member, Kind::shorthand_property_identifier)) {
          const auto values = script_.names.values(key);
          value = values.empty() ? kNoNode : values[0];
        }
        exported(member, key, value);
      }
    } else if (text.starts_with("exports.") || text.starts_with("module.exports.")) {
      exported(id, last_name(tree_, left), right);
    }
  }

  void default_export(Id id) {
    const Id value = tree_.child(id, Field::value);
    if (value != kNoNode) {
      default_value(id, script_.names.inner(value));
      return;
    }
    const Id declared = tree_.child(id, Kind::function_declaration);
    if (tree_.text(id).starts_with("export default") && declared != kNoNode) default_value(id, declared);
  }

  // A function that gives a function: Vitest and Playwright call what it gives behind the last test.
  void default_value(Id place, Id value) {
    if (tree_.is(value, Kind::identifier)) {
      const std::string_view name = tree_.text(value);
      value = kNoNode;
      for (Id id = 0; id < tree_.size(); ++id) {
        const bool declared =
            tree_.is(id, Kind::function_declaration) && tree_.text(tree_.child(id, Field::name)) == name;
        if (declared) value = id;
      }
      const auto values = script_.names.values(name);
      if (value == kNoNode && values.size() == 1) value = script_.names.inner(values[0]);
    }
    if (!is_function(tree_, value)) return;
    candidate(place, "default", "Vitest", HookMoment::session_start);
    bool gives = false;
    const Id body = tree_.child(value, Field::body);
    if (is_function(tree_, script_.names.inner(body))) gives = true;  // `() => () => {…}`
    for (Id id = value + 1; id < tree_[value].after; ++id) {
      if (!tree_.is(id, Kind::return_statement) || function_around(tree_, id) != value) continue;
      const auto inside = tree_.children(id);
      if (inside.empty()) continue;
      const Id given = script_.names.inner(inside[0]);
      if (is_function(tree_, given) || tree_.is(given, Kind::identifier)) gives = true;
    }
    if (!gives) return;
    candidate(place, "the function that globalSetup returns", "Vitest", HookMoment::session_end);
    candidate(place, "the function that globalSetup returns", "Playwright", HookMoment::session_end);
  }

  const Script& script_;
  const Tree& tree_;
  FileFacts& facts_;
};

std::optional<FixtureScope> scope_of(const Script& script, Id options) {
  const Id scope = member_of(script, script.names.inner(options), "scope");
  if (scope == kNoNode) return FixtureScope::function;
  const auto text = script.names.literal(script.names.inner(scope));
  if (text == "worker") return FixtureScope::worker;
  if (text == "file") return FixtureScope::module;
  if (text == "test") return FixtureScope::function;
  return std::nullopt;
}

void add_fixture(const Script& script, Id place, std::string_view name, Id value, std::string_view framework,
                 FileFacts& facts) {
  const Tree& tree = script.tree;
  std::optional<FixtureScope> scope = FixtureScope::function;
  value = script.names.inner(value);
  if (tree.is(value, Kind::array)) {
    const auto parts = tree.children(value);
    if (parts.empty()) return;
    value = script.names.inner(parts[0]);
    if (parts.size() > 1) scope = scope_of(script, parts[1]);
  }
  std::optional<std::string> function;
  if (tree.is(value, Kind::identifier)) {
    function = std::string(tree.text(value));
    const auto values = script.names.values(*function);
    if (values.size() == 1 && !is_function(tree, script.names.inner(values[0]))) return;  // an option
  } else if (!is_function(tree, value)) {
    return;  // an option, which is a value
  }
  facts.fixtures.push_back({.line = tree.line(place),
                            .name = std::string(name),
                            .function = std::move(function),
                            .scope = scope,
                            .framework = std::string(framework)});
}

}  // namespace

void find_hooks(const Script& script, FileFacts& facts) {
  Finder(script, facts).find();
}

void find_fixtures(const Script& script, FileFacts& facts) {
  const Tree& tree = script.tree;
  const bool playwright =
      script.names.imports("@playwright/test") || script.names.imports("@playwright/experimental-ct-react");
  const bool vitest = script.names.imports("vitest");
  if (!playwright && !vitest) return;
  const std::string_view framework = playwright ? "Playwright" : "Vitest";
  for (Id id = 0; id < tree.size(); ++id) {
    if (!tree.is(id, Kind::call_expression)) continue;
    const Id function = tree.child(id, Field::function);
    if (!tree.is(function, Kind::member_expression) || last_name(tree, function) != "extend") continue;
    const auto object = last_name(tree, script.names.inner(tree.child(function, Field::object)));
    const bool chained = tree.is(tree.child(function, Field::object), Kind::call_expression);
    if (object == "expect" || (object.empty() && !chained)) continue;
    const auto given = arguments_of(tree, id);
    if (given.empty()) continue;
    // Vitest: `.extend("name", { scope: "file" }, async () => …)`
    if (const auto name = script.names.literal(given[0]); !name.empty()) {
      if (!is_function(tree, script.names.inner(given.back()))) continue;
      add_fixture(script, given[0], name, given.back(), framework, facts);
      if (given.size() > 2) facts.fixtures.back().scope = scope_of(script, given[1]);
      continue;
    }
    const Id members = script.names.inner(given[0]);
    if (!tree.is(members, Kind::object)) continue;
    for (const Id member : tree.children(members)) {
      const auto name = key_of(script, member);
      if (name.empty() || tree.is(member, Kind::spread_element)) continue;
      const Id value = tree.is(member, Kind::pair) ? tree.child(member, Field::value) : member;
      add_fixture(script, member, name, value, framework, facts);
    }
  }
}

}  // namespace exitgate::collect::code::javascript
