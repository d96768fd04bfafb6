// Variables that viper reads: those bound by name, and with AutomaticEnv those of the keys that have a default. A key's
// variable is prefix + "_" + key in upper case, changed by the replacer if there is one (viper.go: mergeWithEnvPrefix,
// getEnv). A prefix holds for what is bound after it.
#include <algorithm>
#include <map>

#include "harness/collect/code/languages/go/go_facts.h"
#include "harness/collect/code/languages/shared/conditions.h"

namespace exitgate::collect::code::go {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

namespace {

constexpr std::string_view kViper = "github.com/spf13/viper";

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string lower_key(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

struct Instance {
  std::optional<std::string> prefix = "";                                           // nullopt: computed
  std::optional<std::vector<std::pair<std::string, std::string>>> replacer = {{}};  // as well
  bool automatic = false;
  std::map<std::string, Id> defaults;  // calls, by key
};

class Finder {
 public:
  explicit Finder(const GoNames& names) : names_(names), tree_(names.tree()) {}

  void find(std::vector<EnvironmentRead>& found) {
    // What the instances are told first, in whatever function; what is bound by name as it comes.
    for (Id id = 0; id < tree_.size(); ++id) {
      const auto [object, method] = call_at(id);
      if (!method.empty()) configure(instances_[object], method, id);
    }
    std::map<std::string_view, std::optional<std::string>> prefixes;  // at this place
    for (Id id = 0; id < tree_.size(); ++id) {
      const auto [object, method] = call_at(id);
      if (method.empty()) continue;
      const auto& instance = instances_[object];
      const auto given = arguments(tree_, id);
      if (method == "SetEnvPrefix" && given.size() == 1) prefixes[object] = names_.constant(given[0]);
      const auto prefix = prefixes.contains(object) ? prefixes[object] : "";
      if (method == "BindEnv" || method == "MustBindEnv") {
        bind(instance, prefix, id, given, found);
      } else if (method == "SetDefault" && instance.automatic && !given.empty()) {
        const auto key = names_.constant(given[0]);
        add(id, key ? variable_of(instance, instance.prefix, *key) : std::nullopt, false, found);
      }
    }
  }

 private:
  struct Call {
    std::string_view object;
    std::string_view method;
  };

  // `viper.SetDefault(…)`, or of a variable that is one.
  Call call_at(Id id) const {
    if (!tree_.is(id, Kind::call_expression)) return {};
    const Id function = tree_.child(id, Field::function);
    if (const auto name = names_.member(function, kViper, "viper"); !name.empty()) return {"viper", name};
    if (!tree_.is(function, Kind::selector_expression)) return {};
    const Id operand = tree_.child(function, Field::operand);
    const auto method = last_name(tree_, function);
    constexpr std::string_view kMethods[] = {"BindEnv",      "MustBindEnv",       "SetDefault",
                                             "AutomaticEnv", "SetEnvKeyReplacer", "SetEnvPrefix"};
    const bool known = std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods);
    if (!known || (!tree_.is(operand, Kind::identifier) && !tree_.is(operand, Kind::selector_expression)))
      return {};
    return {tree_.text(operand), method};
  }

  void configure(Instance& instance, std::string_view method, Id call) {
    const auto given = arguments(tree_, call);
    if (method == "AutomaticEnv") instance.automatic = true;
    if (method == "SetEnvPrefix" && given.size() == 1) instance.prefix = names_.constant(given[0]);
    if (method == "SetEnvKeyReplacer" && given.size() == 1) instance.replacer = replacer_of(given[0]);
    if (method == "SetDefault" && !given.empty()) {
      if (const auto key = names_.constant(given[0])) instance.defaults.emplace(lower_key(*key), call);
    }
  }

  // strings.NewReplacer(".", "_"), or a name that has it.
  std::optional<std::vector<std::pair<std::string, std::string>>> replacer_of(Id value) const {
    value = inner(tree_, value);
    if (tree_.is(value, Kind::identifier)) {
      const auto& known = names_.bindings(value);
      if (known.size() != 1 || known[0].value == kNoNode) return std::nullopt;
      value = inner(tree_, known[0].value);
    }
    if (!tree_.is(value, Kind::call_expression) ||
        !names_.is(tree_.child(value, Field::function), "strings", "strings", "NewReplacer"))
      return std::nullopt;
    const auto given = arguments(tree_, value);
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t i = 0; i + 1 < given.size(); i += 2) {
      auto from = names_.constant(given[i]);
      auto to = names_.constant(given[i + 1]);
      if (!from || !to || from->empty()) return std::nullopt;
      pairs.emplace_back(std::move(*from), std::move(*to));
    }
    return pairs;
  }

  static std::optional<std::string> replaced(const Instance& instance, const std::string& name) {
    if (!instance.replacer) return std::nullopt;
    std::string result;
    for (std::size_t at = 0; at < name.size();) {
      bool found = false;
      for (const auto& [from, to] : *instance.replacer) {
        if (name.compare(at, from.size(), from) != 0) continue;
        result += to;
        at += from.size();
        found = true;
        break;
      }
      if (!found) result += name[at++];
    }
    return result;
  }

  static std::optional<std::string> variable_of(const Instance& instance,
                                                const std::optional<std::string>& prefix,
                                                const std::string& key) {
    if (!prefix) return std::nullopt;
    return replaced(instance, upper(prefix->empty() ? key : *prefix + "_" + key));
  }

  void bind(const Instance& instance, const std::optional<std::string>& prefix, Id call,
            const std::vector<Id>& given, std::vector<EnvironmentRead>& found) const {
    if (given.empty()) return;
    const auto key = names_.constant(given[0]);
    std::optional<bool> required;
    if (key && instance.defaults.contains(lower_key(*key))) required = false;
    if (given.size() == 1) {
      add(call, key ? variable_of(instance, prefix, *key) : std::nullopt, required, found);
      return;
    }
    for (std::size_t i = 1; i < given.size(); ++i) {
      const auto name = names_.constant(given[i]);
      add(call, name ? replaced(instance, *name) : std::nullopt, required, found);
    }
  }

  void add(Id call, std::optional<std::string> variable, std::optional<bool> required,
           std::vector<EnvironmentRead>& found) const {
    EnvironmentRead read;
    read.line = tree_.line(call);
    read.variable = std::move(variable);
    read.required = required;
    read.reader = tree_.flat_text(tree_.child(call, Field::function), 80);
    read.condition = conditions_around(tree_, call);
    found.push_back(std::move(read));
  }

  const GoNames& names_;
  const syntax::Tree& tree_;
  std::map<std::string_view, Instance> instances_;
};

}  // namespace

void find_viper_reads(const GoNames& names, std::vector<EnvironmentRead>& found) {
  if (names.imports(kViper)) Finder(names).find(found);
}

}  // namespace exitgate::collect::code::go
