// Reads of environment variables, and whether the program can go on without them.
//
// Required: `os.environ["X"]` that nothing catches, and a guard that ends the program (`if "X" not in
// os.environ: raise`). Not required: what has a default, by argument, by `or`, by a test before it, or by an
// assignment before it. Anything else (`os.environ.get("X")`, whose None goes somewhere) cannot be told.
//
// What gives a variable a value is a row as well: setdefault, an assignment, monkeypatch.setenv, and each variable of a
// file that load_dotenv() and its like put into the environment. Left out is what fixtures do that some tests ask for.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/collect/code/environment_accesses.h"
#include "harness/collect/code/extract.h"
#include "harness/collect/code/function_calls.h"
#include "harness/collect/code/function_roles.h"
#include "harness/collect/code/presence.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

using syntax::inner;
using syntax::Names;

namespace {

constexpr std::size_t kConditions = 500;  // bytes of the conditions around one place

// Nearest function or lambda around a node, or kNoNode: the body of a class runs where the class stands.
Id enclosing_function(const Tree& tree, Id node) {
  Id definition = enclosing_definition(tree, node);
  while (tree.is(definition, Kind::class_definition)) definition = enclosing_definition(tree, definition);
  return definition;
}

class Finder {
 public:
  Finder(const Tree& tree, const Names& names, const FileValues& files)
      : tree_(tree), names_(names), accesses_(tree, names, files), presence_(tree, names, accesses_) {}

  std::vector<EnvironmentRead> find() {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (auto access = accesses_.at(id)) all_.push_back(std::move(*access));
      for (auto& access : accesses_.loads(id)) all_.push_back(std::move(access));
    }
    for (auto& access : all_) {
      if (access.value != kNoNode && access.variable)
        access.derived = is_made_of(access.value, *access.variable);
    }
    find_demanded();
    std::vector<EnvironmentRead> found;
    for (const auto& access : all_) {
      if (access.kind == AccessKind::remove) continue;
      EnvironmentRead read;
      read.sets = access.kind == AccessKind::store || access.kind == AccessKind::fill;
      read.overrides = access.kind == AccessKind::store;
      if (read.sets && !takes_effect(access)) continue;
      read.line = tree_.line(access.node);
      read.variable = access.variable;
      read.required = access.kind == AccessKind::store || access.given_by ? given(access) : required(access);
      read.condition = condition_of(access);
      read.at_import = enclosing_function(tree_, access.node) == kNoNode;
      read.given_by = access.given_by;
      if (!read.at_import) {
        read.when_called = read.sets && !read.required ? given(access, true) : read.required;
        const std::string function = function_around(tree_, access.node);
        if (!function.empty()) read.functions.push_back(function);
      }
      found.push_back(std::move(read));
    }
    return found;
  }

 private:
  // The first place where the module cannot be imported without the variable.
  void find_demanded() {
    for (const auto& access : all_) {
      if (access.kind != AccessKind::item || !access.variable || demanded_.contains(*access.variable))
        continue;
      if (enclosing_function(tree_, access.node) != kNoNode || condition_of(access)) continue;
      if (required(access) == true) demanded_.emplace(*access.variable, access.node);
    }
  }

  // Whether the environment is another one afterwards, for more than the tests that ask for it.
  bool takes_effect(const Access& access) const {
    if (access.derived) return false;
    if (access.kind == AccessKind::store && !access.variable)
      return access.any_variable && role_of(tree_, names_, access.node) != Role::test;
    if (access.kind == AccessKind::fill && access.variable) {
      const auto demanded = demanded_.find(*access.variable);
      if (demanded != demanded_.end() && demanded->second < access.node) return false;
    }
    if (access.kind == AccessKind::fill && !access.given_by) return true;
    return role_of(tree_, names_, access.node) != Role::test && !is_told_by_test(access);
  }

  // `if "X" not in os.environ: os.environ["X"] = …`, of which the test is what is told.
  bool is_told_by_test(const Access& access) const {
    for (Id below = access.node, at = tree_.parent(below); at != kNoNode; below = at, at = tree_.parent(at)) {
      tree_.spend(1);
      if (!tree_.is(at, Kind::if_statement) || tree_[below].field != Field::consequence) continue;
      const Id condition = tree_.child(at, Field::condition);
      for (auto test = first_within(condition); test != all_.end() && test->node < tree_[condition].after;
           ++test) {
        if (test->kind == AccessKind::test && test->variable == access.variable &&
            presence(condition, *access.variable) == -1)
          return true;
      }
    }
    return false;
  }

  // Of what gives a value: false when it is one for certain.
  std::optional<bool> given(const Access& access, bool called = false) const {
    if (access.kind == AccessKind::get && access.has_default) return false;
    const bool sets = access.kind == AccessKind::store || access.kind == AccessKind::fill;
    if (!sets || !access.certain || !access.variable) return std::nullopt;
    if (!called && role_of(tree_, names_, access.node) == Role::unknown) return std::nullopt;
    if (access.given_by) return false;
    if (const auto text = names_.constant(access.value)) {
      if (!text->empty()) return false;
      return std::nullopt;
    }
    // f"sqlite:///{path}"
    if (tree_.is(inner(tree_, access.value), Kind::string) &&
        tree_.text(access.value).find("://") != std::string_view::npos)
      return false;
    return std::nullopt;
  }

  std::vector<Access>::const_iterator first_within(Id node) const {
    // They stand in the order of their nodes.
    return std::lower_bound(all_.begin(), all_.end(), node,
                            [](const Access& one, Id id) { return one.node < id; });
  }

  // Whether a value is made of the variable's own: `os.environ["X"] + "_test"`, also by names that were given it.
  bool is_made_of(Id value, const std::string& variable, int depth = 4) const {
    if (depth == 0) return false;
    for (auto read = first_within(value); read != all_.end() && read->node < tree_[value].after; ++read) {
      if (read->variable == variable && (read->kind == AccessKind::item || read->kind == AccessKind::get))
        return true;
    }
    for (Id id = value; id < tree_[value].after; ++id) {
      if (!tree_.is(id, Kind::identifier)) continue;
      tree_.spend(1);
      for (const Id assigned : names_.values(id)) {
        if (assigned != value && is_made_of(assigned, variable, depth - 1)) return true;
      }
    }
    return false;
  }

  // The program (or the test that runs it) does not get beyond this block.
  bool aborts(Id block) const {
    for (const Id statement : tree_.children(block)) {
      if (tree_.is(statement, Kind::raise_statement)) return true;
      if (tree_.is(statement, Kind::assert_statement)) {
        const auto parts = tree_.children(statement);
        if (!parts.empty() && tree_.is(parts[0], Kind::false_)) return true;
      }
      if (!tree_.is(statement, Kind::expression_statement)) continue;
      const auto expression = tree_.children(statement);
      if (expression.size() != 1 || !tree_.is(expression[0], Kind::call)) continue;
      for (const auto& path : names_.paths(tree_.child(expression[0], Field::function))) {
        for (const std::string_view end :
             {"sys.exit", "os._exit", "os.abort", "exit", "quit", "pytest.exit", "pytest.fail"}) {
          if (path == end) return true;
        }
      }
    }
    return false;
  }

  int presence(Id condition, const std::string& variable) const { return presence_.of(condition, variable); }

  // The statement a node belongs to, and the blocks around it, innermost first.
  bool is_statement_list(Id id) const { return tree_.is(id, Kind::block) || tree_.is(id, Kind::module); }

  bool handles_missing_key(Id clause) const {
    const auto parts = tree_.children(clause);
    std::string caught;
    for (const Id part : parts) {
      if (!tree_.is(part, Kind::block)) caught += std::string(tree_.text(part)) + " ";
    }
    if (trim(caught).empty()) return true;
    for (const std::string_view name :
         {"KeyError", "LookupError", "Exception", "BaseException", "UndefinedValueError", "EnvError",
          "EnvValidationError", "ImproperlyConfigured"}) {
      if (caught.find(name) != std::string::npos) return true;
    }
    return false;
  }

  // Gives the variable a value: an assignment, setdefault, or a test for its absence around one of them.
  bool fills(Id statement, const std::string& variable) const {
    if (tree_.is(statement, Kind::expression_statement)) {
      for (auto access = first_within(statement);
           access != all_.end() && access->node < tree_[statement].after; ++access) {
        if (access->variable == variable && access->certain && !access->derived &&
            (access->kind == AccessKind::store || access->kind == AccessKind::fill))
          return true;
      }
      return false;
    }
    if (!tree_.is(statement, Kind::if_statement)) return false;
    if (presence(tree_.child(statement, Field::condition), variable) != -1) return false;
    const auto body = tree_.children(tree_.child(statement, Field::consequence));
    return std::any_of(body.begin(), body.end(), [&](Id inside) { return fills(inside, variable); });
  }

  // Ends the program when the variable is missing.
  bool guards(Id statement, const std::string& variable) const {
    if (tree_.is(statement, Kind::assert_statement)) {
      const auto parts = tree_.children(statement);
      return !parts.empty() && presence(parts[0], variable) == 1;
    }
    if (!tree_.is(statement, Kind::if_statement)) return false;
    const int says = presence(tree_.child(statement, Field::condition), variable);
    if (says == -1) return aborts(tree_.child(statement, Field::consequence));
    if (says != 1) return false;
    const auto others = tree_.children(statement, Field::alternative);
    return others.size() == 1 && tree_.is(others[0], Kind::else_clause) &&
           aborts(tree_.child(others[0], Field::body));
  }

  std::optional<bool> required(const Access& access) const {
    if (!access.variable) {
      if (access.has_default || access.kind == AccessKind::fill) return false;
      return std::nullopt;
    }
    const std::string& variable = *access.variable;
    if (access.has_default || access.kind == AccessKind::fill) return false;

    // `read or default`
    const Id parent = tree_.parent(access.node);
    if (access.kind == AccessKind::get && tree_.is(parent, Kind::boolean_operator) &&
        tree_[access.node].field == Field::left &&
        tree_.is(tree_.child(parent, Field::operator_), Kind::or_)) {
      return false;
    }

    // What stands around it, up to the function or the module.
    Id below = access.node;
    bool stored_before = false;
    for (Id at = tree_.parent(below); at != kNoNode; below = at, at = tree_.parent(at)) {
      tree_.spend(1);
      const Kind kind = tree_.kind(at);
      if (is_statement_list(at)) {
        for (const Id statement : tree_.children(at)) {
          if (statement >= below) break;
          tree_.spend(1);
          if (guards(statement, variable)) return true;
          if (fills(statement, variable)) stored_before = true;
        }
      }
      if (guards(at, variable)) {
        // The guard's own test, or what runs only after it.
        if (tree_[below].field == Field::condition || tree_.is(at, Kind::assert_statement)) return true;
        if (access.kind == AccessKind::item) return true;
      }
      if (kind == Kind::function_definition || kind == Kind::lambda || kind == Kind::module) break;
      if (kind == Kind::try_statement && tree_[below].field == Field::body &&
          access.kind == AccessKind::item) {
        for (const Id clause : tree_.children(at)) {
          if ((tree_.is(clause, Kind::except_clause) || tree_.is(clause, Kind::except_group_clause)) &&
              handles_missing_key(clause)) {
            if (!aborts(tree_.child(clause, Kind::block))) return false;
            break;
          }
        }
      }
      if (kind == Kind::with_statement && suppresses(at)) return false;
      if (kind == Kind::if_statement || kind == Kind::elif_clause) {
        if (tree_[below].field == Field::consequence &&
            presence(tree_.child(at, Field::condition), variable) == 1) {
          return false;
        }
      }
      if (kind == Kind::if_statement && tree_[below].field == Field::alternative &&
          presence(tree_.child(at, Field::condition), variable) == -1) {
        return false;
      }
      if (kind == Kind::conditional_expression) {
        const auto parts = tree_.children(at);
        if (parts.size() == 3) {
          const int says = presence(parts[1], variable);
          if ((says == 1 && below == parts[0]) || (says == -1 && below == parts[2])) return false;
        }
      }
      if (kind == Kind::boolean_operator && tree_[below].field == Field::right) {
        const bool either = tree_.is(tree_.child(at, Field::operator_), Kind::or_);
        if (presence(tree_.child(at, Field::left), variable) == (either ? -1 : 1)) return false;
      }
    }
    if (stored_before) return false;

    if (access.kind == AccessKind::item) {
      // Given a value somewhere else in this file, which may come before.
      for (const auto& other : all_) {
        tree_.spend(1);
        if ((other.kind == AccessKind::store || other.kind == AccessKind::fill) && !other.derived &&
            (other.variable == variable || other.any_variable) && may_precede(other.node, access.node)) {
          return std::nullopt;
        }
      }
      return true;
    }
    if (guarded_after(access.node, variable)) return true;
    if (access.kind == AccessKind::test && filled_by_test(access.node, variable)) return false;
    return std::nullopt;
  }

  // Whether what stands at one place may have been carried out before what stands at another.
  bool may_precede(Id one, Id other) const {
    const Id around = enclosing_function(tree_, other);
    if (enclosing_function(tree_, one) != around) {
      // Hooks and fixtures run when their module has been imported.
      const Role role = around == kNoNode ? role_of(tree_, names_, one) : Role::unknown;
      return role != Role::session && role != Role::test;
    }
    Id below = one;
    for (Id at = tree_.parent(one); at != kNoNode; below = at, at = tree_.parent(at)) {
      tree_.spend(1);
      const Kind kind = tree_.kind(at);
      if (other < at || other >= tree_[at].after) continue;  // not around both yet
      if (kind == Kind::for_statement || kind == Kind::while_statement) return true;
      if (kind != Kind::if_statement) continue;
      Id branch = other;
      while (tree_.parent(branch) != at) branch = tree_.parent(branch);
      const auto is_branch = [this](Id id) {
        return tree_[id].field == Field::consequence || tree_[id].field == Field::alternative;
      };
      if (branch != below && is_branch(branch) && is_branch(below)) return false;
    }
    return one < other;
  }

  bool suppresses(Id with) const {
    for (Id below = with + 1; below < tree_[with].after; ++below) {
      if (tree_.is(below, Kind::block)) break;
      if (!tree_.is(below, Kind::call) ||
          !names_.stands_for(tree_.child(below, Field::function), "contextlib.suppress")) {
        continue;
      }
      const std::string_view caught = tree_.text(tree_.child(below, Field::arguments));
      for (const std::string_view name : {"KeyError", "LookupError", "Exception"}) {
        if (caught.find(name) != std::string_view::npos) return true;
      }
    }
    return false;
  }

  // `value = os.environ.get("X")`, and then `if not value: raise`.
  bool guarded_after(Id node, const std::string& variable) const {
    Id statement = node;
    while (tree_.parent(statement) != kNoNode && !is_statement_list(tree_.parent(statement))) {
      statement = tree_.parent(statement);
    }
    if (!tree_.is(statement, Kind::expression_statement)) return false;
    for (Id later = tree_[statement].next; later != kNoNode; later = tree_[later].next) {
      tree_.spend(1);
      if (guards(later, variable)) return true;
    }
    return false;
  }

  // `if "X" not in os.environ: os.environ["X"] = …`
  bool filled_by_test(Id node, const std::string& variable) const {
    for (Id below = node, at = tree_.parent(node); at != kNoNode; below = at, at = tree_.parent(at)) {
      tree_.spend(1);
      if (tree_.is(at, Kind::if_statement))
        return tree_[below].field == Field::condition && fills(at, variable);
      if (is_statement_list(at)) return false;
    }
    return false;
  }

  void add_condition(const Access& access, Id condition, bool holds,
                     std::vector<std::string>& conditions) const {
    if (access.variable && presence(condition, *access.variable) != 0) return;
    const std::string text = tree_.flat_text(condition);
    conditions.push_back(holds ? text : fmt::format("not ({})", text));
  }

  // The conditions under which the place is reached at all, outermost first; what tests the variable itself left out.
  std::optional<std::string> condition_of(const Access& access) const {
    std::vector<std::string> conditions;
    for (Id below = access.node, at = tree_.parent(access.node); at != kNoNode;
         below = at, at = tree_.parent(at)) {
      tree_.spend(1);
      const Kind kind = tree_.kind(at);
      if (kind == Kind::function_definition || kind == Kind::class_definition || kind == Kind::lambda) break;
      if (kind == Kind::conditional_expression) {
        const auto parts = tree_.children(at);  // value, condition, otherwise
        if (parts.size() == 3 && below != parts[1])
          add_condition(access, parts[1], below == parts[0], conditions);
        continue;
      }
      if (kind == Kind::boolean_operator && tree_[below].field == Field::right) {
        const bool either = tree_.is(tree_.child(at, Field::operator_), Kind::or_);
        add_condition(access, tree_.child(at, Field::left), !either, conditions);
        continue;
      }
      if (kind != Kind::if_statement && kind != Kind::elif_clause) continue;
      const Id condition = tree_.child(at, Field::condition);
      if (condition == kNoNode || below == condition) continue;
      const Field field = tree_[below].field;
      if (field == Field::consequence || field == Field::alternative)
        add_condition(access, condition, field == Field::consequence, conditions);
    }
    if (conditions.empty()) return std::nullopt;
    // Too many to be shown: the innermost ones.
    std::size_t bytes = 0;
    std::size_t kept = 0;
    while (kept < conditions.size() && bytes < kConditions) bytes += conditions[kept++].size();
    if (kept < conditions.size()) {
      conditions.resize(kept);
      conditions.emplace_back("…");
    }
    std::reverse(conditions.begin(), conditions.end());
    return join(conditions, " and ");
  }

  const Tree& tree_;
  const Names& names_;
  const AccessReader accesses_;
  const Presence presence_;
  std::vector<Access> all_;
  std::map<std::string, Id, std::less<>> demanded_;
};

}  // namespace

std::vector<EnvironmentRead> find_environment_reads(const Tree& tree, const Names& names,
                                                    const FileValues& files) {
  return Finder(tree, names, files).find();
}

std::vector<StoredVariable> find_stored_variables(const Tree& tree, const Names& names,
                                                  const FileValues& files) {
  const AccessReader accesses(tree, names, files);
  std::vector<StoredVariable> stored;
  const auto add = [&](const Access& access) {
    if ((access.kind == AccessKind::store || access.kind == AccessKind::fill) && access.certain &&
        enclosing_function(tree, access.node) == kNoNode)
      stored.push_back({access.variable, tree.line(access.node)});
  };
  for (Id id = 0; id < tree.size(); ++id) {
    if (const auto access = accesses.at(id)) add(*access);
    for (const auto& access : accesses.loads(id)) add(access);
  }
  return stored;
}

}  // namespace exitgate::collect::code
