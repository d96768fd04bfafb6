// Settings of test frameworks: in their own files, and in package.json.
#include <algorithm>
#include <array>
#include <string>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/languages/javascript/tests.h"
#include "harness/collect/code/manifest_lines.h"

namespace exitgate::collect::code::javascript {

using facts::code::FrameworkEvidence;
using facts::code::HookMoment;

namespace {

struct Setting {
  std::string_view framework;
  std::string_view key;
  HookMoment moment;
};

constexpr std::array kSettings = {
    Setting{"Jest", "globalSetup", HookMoment::session_start},
    Setting{"Jest", "globalTeardown", HookMoment::session_end},
    Setting{"Jest", "setupFiles", HookMoment::file_start},
    Setting{"Jest", "setupFilesAfterEnv", HookMoment::file_start},
    Setting{"Vitest", "globalSetup", HookMoment::session_start},
    Setting{"Vitest", "setupFiles", HookMoment::file_start},
    Setting{"Playwright", "globalSetup", HookMoment::session_start},
    Setting{"Playwright", "globalTeardown", HookMoment::session_end},
    Setting{"Jasmine", "globalSetup", HookMoment::session_start},
    Setting{"Jasmine", "globalTeardown", HookMoment::session_end},
};

class Configuration {
 public:
  Configuration(const Script& script, std::string_view framework, FileFacts& facts)
      : script_(script), tree_(script.tree), framework_(framework), facts_(facts) {}

  // Settings between two nodes.
  void read(Id from, Id until) {
    for (Id id = from; id < until; ++id) {
      switch (tree_.kind(id)) {
        case Kind::pair:
          setting(id, key_of(script_, id), tree_.child(id, Field::value));
          break;
        case Kind::shorthand_property_identifier:
          setting(id, tree_.text(id), id);
          break;
        case Kind::method_definition:
          if (tree_.is(tree_.parent(id), Kind::object)) setting(id, key_of(script_, id), id);
          break;
        case Kind::assignment_expression: {
          const Id left = tree_.child(id, Field::left);
          if (tree_.is(left, Kind::member_expression))
            setting(id, last_name(tree_, left), tree_.child(id, Field::right));
          break;
        }
        default:
          break;
      }
    }
  }

 private:
  void add(Id place, std::string_view name, HookMoment moment) {
    facts_.hooks.push_back({tree_.line(place), std::string(name), std::string(framework_), moment});
  }

  void setting(Id place, std::string_view key, Id value) {
    for (const auto& [framework, known, moment] : kSettings) {
      if (framework != framework_ || known != key || is_nothing(script_, value)) continue;
      add(place, key, moment);
      if (key == "globalSetup") refer(value);
    }
    if (framework_ != "Playwright" || !tree_.is(place, Kind::pair)) return;
    // A project that others wait for, and the one that runs behind them: only an object with a name is a project.
    const Id object = tree_.parent(place);
    if (member_of(script_, object, "name") == kNoNode || is_nothing(script_, value)) return;
    if (key == "dependencies") add(place, "dependencies", HookMoment::session_start);
    if (key == "teardown") add(place, "teardown", HookMoment::session_end);
  }

  // Files that the setting names: "./setup.ts", require.resolve("./setup"), in a list.
  void refer(Id value) {
    for (Id id = value; id < tree_[value].after; ++id) {
      if (!tree_.is(id, Kind::string)) continue;
      const auto path = script_.names.literal(id);
      if (!path.empty())
        facts_.setup_references.push_back({std::string(framework_), std::string(path), tree_.line(id)});
    }
  }

  const Script& script_;
  const Tree& tree_;
  std::string_view framework_;
  FileFacts& facts_;
};

// JSON, comments and all, as what it is to JavaScript: an object. `read` gets its tree.
template <typename Read>
void with_json(std::string_view path, std::string_view content, FileFacts& facts, Read read) {
  const std::string source = "x = " + std::string(content);
  const auto tree = Tree::parse(source, syntax::javascript());
  if (!tree || !tree->errors().empty()) {
    facts.problems.emplace_back("not read: it is not JSON");
    return;
  }
  const ScriptNames names(*tree);
  read(Script{path, *tree, names});
}

std::string_view framework_configured_by(std::string_view path) {
  static const auto& known = language_of("any.js")->frameworks;
  for (const auto& framework : known) {
    if (fits_any(framework.configuration, path)) return framework.name;
  }
  return "";
}

void read_package(const Script& script, std::string_view content, FileFacts& facts) {
  const Tree& tree = script.tree;
  Id root = kNoNode;
  for (Id id = 0; id < tree.size() && root == kNoNode; ++id) {
    if (tree.is(id, Kind::object)) root = id;
  }
  static const auto& language = *language_of("any.js");
  const auto line_of = [&](Id value) { return tree.line(tree.parent(value)); };
  for (const auto& [key, framework] : {std::pair{"jest", "Jest"},
                                       {"vitest", "Vitest"},
                                       {"mocha", "Mocha"},
                                       {"ava", "AVA"},
                                       {"jasmine", "Jasmine"}}) {
    const Id settings = member_of(script, root, key);
    if (!tree.is(settings, Kind::object)) continue;
    facts.frameworks.push_back(
        {framework, language.name, line_of(settings), FrameworkEvidence::configuration});
    Configuration(script, framework, facts).read(settings, tree[settings].after);
  }
  for (const std::string_view part :
       {"dependencies", "devDependencies", "peerDependencies", "optionalDependencies"}) {
    const Id named = member_of(script, root, part);
    for (const auto& framework : language.frameworks) {
      for (const auto& name : framework.dependencies) {
        const Id value = member_of(script, named, name);
        if (value == kNoNode) continue;
        facts.frameworks.push_back(
            {framework.name, language.name, line_of(value), FrameworkEvidence::dependency});
        break;
      }
    }
  }
  const Id scripts = member_of(script, root, "scripts");
  if (!tree.is(scripts, Kind::object)) return;
  for (const Id one : tree.children(scripts)) {
    const auto command = tree.text(one);
    if (command.find("node --test") != std::string_view::npos ||
        command.find("tsx --test") != std::string_view::npos)
      facts.frameworks.push_back(
          {"node:test", language.name, tree.line(one), FrameworkEvidence::configuration});
    if (command.find("--test-global-setup") != std::string_view::npos)
      facts.hooks.push_back({tree.line(one), "--test-global-setup", "node:test", HookMoment::session});
  }
  static_cast<void>(content);
}

}  // namespace

void find_configuration(const Script& script, FileFacts& facts) {
  auto framework = framework_configured_by(script.path);
  const Tree& tree = script.tree;
  if (!framework.empty()) {
    Configuration(script, framework, facts).read(0, static_cast<Id>(tree.size()));
    return;
  }
  // Vite's own configuration holds Vitest's under `test`.
  if (!name_of(script.path).starts_with("vite.config.")) return;
  for (Id id = 0; id < tree.size(); ++id) {
    if (!tree.is(id, Kind::pair) || key_of(script, id) != "test") continue;
    const Id value = script.names.inner(tree.child(id, Field::value));
    if (!tree.is(value, Kind::object)) continue;
    facts.frameworks.push_back({"Vitest", "javascript", tree.line(id), FrameworkEvidence::configuration});
    Configuration(script, "Vitest", facts).read(value, tree[value].after);
    return;
  }
}

void read_manifest(std::string_view path, std::string_view content, FileFacts& facts) {
  if (name_of(path) == "package.json") {
    if (content.find("\"") == std::string_view::npos) return;
    with_json(path, content, facts, [&](const Script& script) { read_package(script, content, facts); });
    return;
  }
  const auto framework = framework_configured_by(path);
  if (framework.empty()) return;
  with_json(path, content, facts, [&](const Script& script) {
    Configuration(script, framework, facts).read(0, static_cast<Id>(script.tree.size()));
  });
}

}  // namespace exitgate::collect::code::javascript
