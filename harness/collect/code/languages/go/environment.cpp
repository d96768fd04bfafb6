// Reads of environment variables in Go, and whether the program can go on without them.
//
// os.Getenv gives "" for a variable that is not set, so it is what the code does with "" that tells: another value instead
// of it is a default, an end of the program or an error returned makes it required; anything else cannot be told.
#include <map>

#include "harness/collect/code/languages/go/go_facts.h"
#include "harness/collect/code/languages/go/guards.h"
#include "harness/collect/code/languages/shared/conditions.h"

namespace exitgate::collect::code::go {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

namespace {

struct Access {
  Id call = kNoNode;
  Id key = kNoNode;
  bool pair = false;  // tells by a second value whether it is set
  bool sets = false;
  std::optional<bool> told = {};  // by a function of the file that reads it
};

// A function of the file whose parameter is the name of the variable that it reads.
struct Helper {
  std::size_t key = 0;  // which parameter
  std::optional<bool> required;
};

class Finder {
 public:
  explicit Finder(const GoNames& names) : names_(names), tree_(names.tree()), guards_(names) {}

  void find(std::vector<EnvironmentRead>& found) {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::call_expression)) continue;
      if (const auto access = access_at(id)) accesses_.push_back(*access);
    }
    // Functions that hand their name on to such a function are found in the next round.
    constexpr int kRounds = 3;
    for (int round = 0; round < kRounds && find_helpers(); ++round) {
    }
    for (const auto& access : accesses_) found.push_back(row_of(access));
    find_helper_calls([&](const Access& access) { found.push_back(row_of(access)); });
  }

 private:
  std::optional<Access> access_at(Id call) const {
    const Id function = tree_.child(call, Field::function);
    const auto given = arguments(tree_, call);
    if (given.empty()) return std::nullopt;
    const auto name = names_.member(function, "os", "os");
    if (name == "Getenv") return Access{call, given[0]};
    if (name == "LookupEnv") return Access{call, given[0], true};
    if (name == "Setenv" && given.size() == 2 && !is_in_a_test(call))
      return Access{call, given[0], false, true};
    if (names_.is(function, "syscall", "syscall", "Getenv")) return Access{call, given[0], true};
    return std::nullopt;
  }

  // What a test sets for itself says nothing of the others.
  bool is_in_a_test(Id node) const {
    const Id function = tree_.enclosing(node, Kind::function_declaration);
    const Id name = tree_.child(function, Field::name);
    if (name == kNoNode) return false;
    const auto text = tree_.text(name);
    return text != "TestMain" && (text.starts_with("Test") || text.starts_with("Benchmark") ||
                                  text.starts_with("Fuzz") || text.starts_with("Example"));
  }

  std::optional<bool> required(const Access& access) const {
    if (access.told) return access.told;
    return guards_.required({access.call, access.pair});
  }

  EnvironmentRead row_of(const Access& access) const {
    EnvironmentRead read;
    read.line = tree_.line(access.call);
    read.variable = names_.constant(access.key);
    read.reader = tree_.flat_text(tree_.child(access.call, Field::function), 80);
    read.condition = conditions_around(tree_, access.call);
    read.sets = access.sets;
    read.overrides = access.sets;
    if (access.sets) {
      const auto given = arguments(tree_, access.call);
      if (!names_.constant(given[1]).value_or("").empty()) read.required = false;
    } else {
      read.required = required(access);
    }
    return read;
  }

  // The name under which the function around the node is called: of its declaration, or of the variable that has it.
  std::string_view function_name(Id node) const {
    const Id function = names_.function_around(node);
    if (tree_.is(function, Kind::function_declaration)) return tree_.text(tree_.child(function, Field::name));
    if (!tree_.is(function, Kind::func_literal)) return "";
    const Id list = tree_.parent(function);
    const Id statement = tree_.is(list, Kind::expression_list) ? tree_.parent(list) : list;
    if (!tree_.is(statement, Kind::short_var_declaration) && !tree_.is(statement, Kind::var_spec)) return "";
    const Id left = tree_.is(statement, Kind::var_spec) ? tree_.child(statement, Field::name)
                                                        : tree_.child(statement, Field::left);
    const Id name = tree_.is(left, Kind::expression_list) ? tree_[left].first : left;
    return tree_.is(name, Kind::identifier) && tree_[name].next == kNoNode ? tree_.text(name) : "";
  }

  void note_helper(const Access& access, std::map<std::string_view, Helper>& helpers) const {
    if (access.sets || !tree_.is(access.key, Kind::identifier)) return;
    const auto& known = names_.bindings(access.key);
    const std::string_view name = function_name(access.call);
    if (known.size() != 1 || !known[0].parameter || name.empty()) return;
    if (names_.function_around(known[0].name) != names_.function_around(access.call)) return;
    const Helper helper{*known[0].parameter, required(access)};
    const auto [at, added] = helpers.emplace(name, helper);
    if (!added && at->second.required != helper.required) at->second.required = std::nullopt;
  }

  bool find_helpers() {
    std::map<std::string_view, Helper> helpers;
    for (const auto& access : accesses_) note_helper(access, helpers);
    find_helper_calls([&](const Access& access) { note_helper(access, helpers); });
    const bool more = helpers.size() > helpers_.size();
    helpers_ = std::move(helpers);
    return more;
  }

  template <typename Take>
  void find_helper_calls(Take take) const {
    if (helpers_.empty()) return;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::call_expression)) continue;
      const Id function = tree_.child(id, Field::function);
      if (!tree_.is(function, Kind::identifier)) continue;
      const auto helper = helpers_.find(tree_.text(function));
      if (helper == helpers_.end()) continue;
      const auto given = arguments(tree_, id);
      if (given.size() <= helper->second.key) continue;
      take(Access{id, given[helper->second.key], false, false, helper->second.required});
    }
  }

  const GoNames& names_;
  const syntax::Tree& tree_;
  const Guards guards_;
  std::vector<Access> accesses_;
  std::map<std::string_view, Helper> helpers_;
};

}  // namespace

void find_environment_reads(const GoNames& names, std::vector<EnvironmentRead>& found) {
  if (names.imports("os") || names.imports("syscall")) Finder(names).find(found);
}

}  // namespace exitgate::collect::code::go
