// Hooks that pytest calls by name: functions at module level, names assigned or imported there, and functions
// that hookimpl(specname=...) gives the name.
#include <algorithm>
#include <array>

#include "harness/collect/code/extract.h"

namespace exitgate::collect::code {

using facts::code::HookMoment;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

using syntax::Names;

namespace {

// pytest's hook specifications (_pytest/hookspec.py), up to version 8; sorted.
constexpr std::array<std::string_view, 55> kHooks = {
    "pytest_addhooks",
    "pytest_addoption",
    "pytest_assertion_pass",
    "pytest_assertrepr_compare",
    "pytest_cmdline_main",
    "pytest_cmdline_parse",
    "pytest_cmdline_preparse",
    "pytest_collect_directory",
    "pytest_collect_file",
    "pytest_collection",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_collectreport",
    "pytest_collectstart",
    "pytest_configure",
    "pytest_deselected",
    "pytest_enter_pdb",
    "pytest_exception_interact",
    "pytest_fixture_post_finalizer",
    "pytest_fixture_setup",
    "pytest_generate_tests",
    "pytest_ignore_collect",
    "pytest_internalerror",
    "pytest_itemcollected",
    "pytest_keyboard_interrupt",
    "pytest_leave_pdb",
    "pytest_load_initial_conftests",
    "pytest_logwarning",
    "pytest_make_collect_report",
    "pytest_make_parametrize_id",
    "pytest_markeval_namespace",
    "pytest_plugin_registered",
    "pytest_pycollect_makeitem",
    "pytest_pycollect_makemodule",
    "pytest_pyfunc_call",
    "pytest_report_collectionfinish",
    "pytest_report_from_serializable",
    "pytest_report_header",
    "pytest_report_teststatus",
    "pytest_report_to_serializable",
    "pytest_runtest_call",
    "pytest_runtest_logfinish",
    "pytest_runtest_logreport",
    "pytest_runtest_logstart",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "pytest_runtest_setup",
    "pytest_runtest_teardown",
    "pytest_runtestloop",
    "pytest_sessionfinish",
    "pytest_sessionstart",
    "pytest_terminal_summary",
    "pytest_unconfigure",
    "pytest_warning_captured",
    "pytest_warning_recorded",
};
static_assert(std::is_sorted(kHooks.begin(), kHooks.end()));

HookMoment moment_of(std::string_view name) {
  if (name == "pytest_sessionstart") return HookMoment::session_start;
  if (name == "pytest_sessionfinish") return HookMoment::session_end;
  return HookMoment::other;
}

// The name that `@pytest.hookimpl(specname="...")` gives, or nullopt.
std::optional<std::string> specified_name(const Tree& tree, const Names& names, Id decorator) {
  const auto expression = tree.children(decorator);
  if (expression.empty() || !tree.is(expression[0], Kind::call)) return std::nullopt;
  if (!names.stands_for(tree.child(expression[0], Field::function), "pytest.hookimpl")) return std::nullopt;
  for (const Id argument : tree.children(tree.child(expression[0], Field::arguments))) {
    if (tree.is(argument, Kind::keyword_argument) &&
        tree.text(tree.child(argument, Field::name)) == "specname") {
      return names.constant(tree.child(argument, Field::value));
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_pytest_hook(std::string_view name) {
  return std::binary_search(kHooks.begin(), kHooks.end(), name);
}

Id enclosing_definition(const Tree& tree, Id node) {
  for (Id at = tree.parent(node); at != kNoNode; at = tree.parent(at)) {
    const Kind kind = tree.kind(at);
    if (kind == Kind::function_definition || kind == Kind::class_definition || kind == Kind::lambda)
      return at;
  }
  return kNoNode;
}

std::vector<Hook> find_hooks(const Tree& tree, const Names& names) {
  std::vector<Hook> found;
  const auto add = [&](Id at, std::string_view name) {
    if (is_pytest_hook(name)) found.push_back({tree.line(at), std::string(name), "pytest", moment_of(name)});
  };
  for (Id id = 0; id < tree.size(); ++id) {
    switch (tree.kind(id)) {
      case Kind::function_definition: {
        if (enclosing_definition(tree, id) == kNoNode) {
          std::string name(tree.text(tree.child(id, Field::name)));
          if (tree.is(tree.parent(id), Kind::decorated_definition)) {
            for (const Id decorator : tree.children(tree.parent(id))) {
              if (!tree.is(decorator, Kind::decorator)) continue;
              if (auto specified = specified_name(tree, names, decorator)) name = *specified;
            }
          }
          add(id, name);
        }
        id = tree[id].after - 1;
        break;
      }
      case Kind::class_definition:
      case Kind::lambda:
        id = tree[id].after - 1;
        break;
      case Kind::assignment: {
        const Id left = tree.child(id, Field::left);
        if (tree.is(left, Kind::identifier) && tree.child(id, Field::right) != kNoNode)
          add(left, tree.text(left));
        break;
      }
      case Kind::import_from_statement:
        for (const Id name : tree.children(id, Field::name)) {
          const bool aliased = tree.is(name, Kind::aliased_import);
          add(name, tree.text(aliased ? tree.child(name, Field::alias) : name));
        }
        break;
      default:
        break;
    }
  }
  return found;
}

}  // namespace exitgate::collect::code
