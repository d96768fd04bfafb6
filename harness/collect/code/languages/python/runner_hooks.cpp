// Hooks of unittest, nose2, Django's test runner and behave. unittest and behave call functions by name, the others methods of
// a class that is made of theirs.
#include <algorithm>
#include <array>

#include "harness/base/path.h"
#include "harness/collect/code/extract.h"
#include "harness/collect/code/languages/python/tests.h"

namespace exitgate::collect::code::python {

using facts::code::HookMoment;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

struct Known {
  std::string_view name;
  std::string_view framework;
  HookMoment moment;
};

// At module level.
constexpr std::array kFunctions = {
    Known{"setUpModule", "unittest", HookMoment::file_start},
    Known{"tearDownModule", "unittest", HookMoment::file_end},
};
// In features/environment.py.
constexpr std::array kOfBehave = {
    Known{"before_all", "behave", HookMoment::session_start},
    Known{"after_all", "behave", HookMoment::session_end},
    Known{"before_feature", "behave", HookMoment::file_start},
    Known{"after_feature", "behave", HookMoment::file_end},
};
// Of a class, by the end of the name of a class that it is made of; "" for any, for mixins have these as well.
struct Method {
  std::string_view base;
  Known hook;
};
constexpr std::array kMethods = {
    Method{"", {"setUpClass", "unittest", HookMoment::file_start}},
    Method{"", {"tearDownClass", "unittest", HookMoment::file_end}},
    Method{"TestResult", {"startTestRun", "unittest", HookMoment::session_start}},
    Method{"TestResult", {"stopTestRun", "unittest", HookMoment::session_end}},
    Method{"Plugin", {"startTestRun", "nose2", HookMoment::session_start}},
    Method{"Plugin", {"stopTestRun", "nose2", HookMoment::session_end}},
    Method{"Runner", {"setup_test_environment", "Django", HookMoment::session_start}},
    Method{"Runner", {"setup_databases", "Django", HookMoment::session_start}},
    Method{"Runner", {"run_suite", "Django", HookMoment::session}},
    Method{"Runner", {"run_tests", "Django", HookMoment::session}},
    Method{"Runner", {"teardown_databases", "Django", HookMoment::session_end}},
    Method{"Runner", {"teardown_test_environment", "Django", HookMoment::session_end}},
};

void add(const Tree& tree, Id definition, const Known& known, FileFacts& facts) {
  facts.hooks.push_back(
      {tree.line(definition), std::string(known.name), std::string(known.framework), known.moment});
}

bool has_base(const Tree& tree, Id type, std::string_view end) {
  if (end.empty()) return true;
  for (const Id base : tree.children(tree.child(type, Field::superclasses))) {
    if (!tree.is(base, Kind::keyword_argument) && tree.text(base).ends_with(end)) return true;
  }
  return false;
}

}  // namespace

void find_runner_hooks(const ParsedFile& file, FileFacts& facts) {
  const Tree& tree = file.tree;
  const bool behave = name_of(file.path) == "environment.py";
  for (Id id = 0; id < tree.size(); ++id) {
    if (!tree.is(id, Kind::function_definition)) continue;
    const auto name = tree.text(tree.child(id, Field::name));
    const Id around = enclosing_definition(tree, id);
    if (around == kNoNode) {
      for (const auto& known : kFunctions) {
        if (known.name == name) add(tree, id, known, facts);
      }
      for (const auto& known : kOfBehave) {
        if (behave && known.name == name) add(tree, id, known, facts);
      }
    } else if (tree.is(around, Kind::class_definition)) {
      for (const auto& [base, known] : kMethods) {
        if (known.name == name && has_base(tree, around, base)) add(tree, id, known, facts);
      }
    }
  }
}

}  // namespace exitgate::collect::code::python
