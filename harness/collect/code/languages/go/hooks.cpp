// Hooks of Go's testing, testify's suites and Ginkgo. All are called once for a package: `go test` makes a program of each.
#include <array>

#include "harness/collect/code/languages/go/go_facts.h"

namespace exitgate::collect::code::go {

using facts::code::HookMoment;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

constexpr std::string_view kGinkgo = "github.com/onsi/ginkgo";

struct Named {
  std::string_view name;
  HookMoment moment;
};

constexpr std::array kGinkgoHooks = {
    Named{"BeforeSuite", HookMoment::session_start},
    Named{"SynchronizedBeforeSuite", HookMoment::session_start},
    Named{"ReportBeforeSuite", HookMoment::session_start},
    Named{"AfterSuite", HookMoment::session_end},
    Named{"SynchronizedAfterSuite", HookMoment::session_end},
    Named{"ReportAfterSuite", HookMoment::session_end},
    Named{"BeforeAll", HookMoment::file_start},
    Named{"AfterAll", HookMoment::file_end},
};

std::vector<Id> parameters(const Tree& tree, Id function) {
  return tree.children(tree.child(function, Field::parameters));
}

// func TestMain(m *testing.M)
bool is_test_main(const GoNames& names, Id function) {
  const Tree& tree = names.tree();
  const Id name = tree.child(function, Field::name);
  if (name == kNoNode || tree.text(name) != "TestMain") return false;
  const auto given = parameters(tree, function);
  if (given.size() != 1) return false;
  const Id type = tree.child(given[0], Field::type);
  const std::string package = names.name_of("testing", "testing");
  return type != kNoNode && !package.empty() && tree.text(type) == "*" + package + ".M";
}

}  // namespace

void find_hooks(std::string_view path, const GoNames& names, std::vector<Hook>& found) {
  const Tree& tree = names.tree();
  const bool ginkgo = names.imports(kGinkgo);
  for (Id id = 0; id < tree.size(); ++id) {
    if (tree.is(id, Kind::function_declaration)) {
      if (path.ends_with("_test.go") && is_test_main(names, id))
        found.push_back({tree.line(id), "TestMain", "Go testing", HookMoment::session});
    } else if (tree.is(id, Kind::method_declaration)) {
      const Id name = tree.child(id, Field::name);
      if (name == kNoNode || !parameters(tree, id).empty()) continue;
      const auto text = tree.text(name);
      if (text == "SetupSuite")
        found.push_back({tree.line(id), "SetupSuite", "testify", HookMoment::file_start});
      if (text == "TearDownSuite")
        found.push_back({tree.line(id), "TearDownSuite", "testify", HookMoment::file_end});
    } else if (ginkgo && tree.is(id, Kind::call_expression)) {
      const auto name = names.member(tree.child(id, Field::function), kGinkgo, "ginkgo");
      for (const auto& hook : kGinkgoHooks) {
        if (name == hook.name) found.push_back({tree.line(id), std::string(name), "Ginkgo", hook.moment});
      }
    }
  }
}

}  // namespace exitgate::collect::code::go
