#include "harness/collect/code/languages/javascript/environment.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "harness/collect/code/languages/javascript/outcome.h"

namespace exitgate::collect::code::javascript {

namespace {

class Finder {
 public:
  Finder(const Script& script, const Environments& environments)
      : script_(script),
        tree_(script.tree),
        names_(script.names),
        environments_(environments),
        outcome_(script) {}

  std::vector<EnvironmentRead> find() {
    for (Id id = 0; id < tree_.size(); ++id) {
      switch (tree_.kind(id)) {
        case Kind::member_expression:
        case Kind::subscript_expression:
          access(id);
          break;
        case Kind::call_expression:
          call(id);
          break;
        case Kind::variable_declarator:
          if (tree_.is(tree_.child(id, Field::name), Kind::object_pattern)) destructured(id);
          break;
        case Kind::binary_expression:
          tested(id);
          break;
        default:
          break;
      }
    }
    settle();
    calls_of_readers();
    return std::move(found_);
  }

 private:
  // A function that reads the variable that it is given the name of.
  struct Reader {
    std::optional<bool> required;
    std::size_t position = 0;
    bool has_default = false;  // by a second parameter
  };

  EnvironmentRead& add(Id place, std::optional<std::string> variable, std::optional<bool> required,
                       std::string_view reader) {
    EnvironmentRead read;
    read.line = tree_.line(place);
    read.variable = std::move(variable);
    read.required = required;
    read.condition = outcome_.condition(place);
    read.reader = std::string(reader);
    read.at_import = function_around(tree_, place) == kNoNode;
    places_.push_back(place);
    return found_.emplace_back(std::move(read));
  }

  // `process.env.X`, `process.env["X"]`, `process.env[name]`
  void access(Id id) {
    const Id object = tree_.child(id, Field::object);
    const auto reader = environments_.of(object);
    if (reader.empty()) return;
    std::optional<std::string> variable;
    Id computed = kNoNode;
    if (tree_.is(id, Kind::member_expression)) {
      const Id property = tree_.child(id, Field::property);
      if (property == kNoNode) return;
      variable = std::string(tree_.text(property));
      if (reader == "Deno.env" || *variable == "hasOwnProperty") return;
    } else {
      computed = names_.inner(tree_.child(id, Field::index));
      variable = constant(computed);
    }
    const Id whole = outermost(tree_, id);
    const Id around = tree_.parent(whole);
    if (tree_.is(around, Kind::assignment_expression) && tree_.child(around, Field::left) == whole) {
      set(id, std::move(variable), reader, tree_.child(around, Field::right));
      return;
    }
    if (tree_.is(around, Kind::augmented_assignment_expression) &&
        tree_.child(around, Field::left) == whole) {
      set(id, std::move(variable), reader, kNoNode);
      return;
    }
    if (tree_.is(around, Kind::unary_expression) && tree_.text(around).starts_with("delete")) return;
    auto required = outcome_.of(id);
    if (!required && outcome_.is_tested_before(id)) required = false;
    if (!variable && tree_.is(computed, Kind::identifier))
      remember_reader(id, tree_.text(computed), required);
    add(id, std::move(variable), required, reader);
  }

  void set(Id id, std::optional<std::string> variable, std::string_view reader, Id value) {
    // `process.env.X = undefined` takes it away, as far as a string can.
    if (value != kNoNode && is_nothing(script_, value) && !tree_.is(names_.inner(value), Kind::string))
      return;
    auto& read = add(id, std::move(variable), false, reader);
    read.sets = true;
    read.overrides = value != kNoNode;
  }

  std::optional<std::string> constant(Id expression) const {
    if (const auto text = names_.literal(expression); !text.empty()) return std::string(text);
    if (!tree_.is(expression, Kind::identifier)) return std::nullopt;
    const auto values = names_.values(tree_.text(expression));
    if (values.size() != 1) return std::nullopt;
    const auto text = names_.literal(names_.inner(values[0]));
    return text.empty() ? std::nullopt : std::optional(std::string(text));
  }

  // `Deno.env.get("X")`
  void call(Id id) {
    const Id function = tree_.child(id, Field::function);
    if (!tree_.is(function, Kind::member_expression)) return;
    const auto reader = environments_.of(tree_.child(function, Field::object));
    if (reader != "Deno.env") return;
    const auto method = last_name(tree_, function);
    const auto given = arguments_of(tree_, id);
    if (given.empty()) return;
    const Id name = names_.inner(given[0]);
    if (method == "set") {
      set(id, constant(name), "Deno.env.set", given.size() > 1 ? given[1] : kNoNode);
    } else if (method == "get" || method == "has") {
      const auto required = outcome_.of(id);
      auto variable = constant(name);
      if (!variable && tree_.is(name, Kind::identifier)) remember_reader(id, tree_.text(name), required);
      add(id, std::move(variable), required, method == "get" ? "Deno.env.get" : "Deno.env.has");
    }
  }

  // `"X" in process.env`
  void tested(Id id) {
    const Id sign = tree_.child(id, Field::operator_);
    if (sign == kNoNode || tree_.text(sign) != "in") return;
    const auto reader = environments_.of(tree_.child(id, Field::right));
    if (reader.empty()) return;
    const Id left = tree_.child(id, Field::left);
    add(id, constant(names_.inner(left)), outcome_.of(id).value_or(false), reader);
  }

  // `const { X, Y = "a", Z: z } = process.env`
  void destructured(Id declarator) {
    const auto reader = environments_.of(tree_.child(declarator, Field::value));
    if (reader.empty()) return;
    for (const Id part : tree_.children(tree_.child(declarator, Field::name))) {
      switch (tree_.kind(part)) {
        case Kind::shorthand_property_identifier_pattern:
          add(part, std::string(tree_.text(part)), outcome_.of_name(tree_.text(part), declarator), reader);
          break;
        case Kind::object_assignment_pattern: {
          const Id name = tree_.child(part, Field::left);
          if (name != kNoNode)
            add(part, std::string(tree_.text(name)), with_default(tree_.child(part, Field::right)), reader);
          break;
        }
        case Kind::pair_pattern: {
          const Id key = tree_.child(part, Field::key);
          const Id value = tree_.child(part, Field::value);
          if (key == kNoNode || value == kNoNode) break;
          auto variable = tree_.is(key, Kind::property_identifier)
                              ? std::optional(std::string(tree_.text(key)))
                              : constant(key);
          const bool other = tree_.is(value, Kind::assignment_pattern);
          add(part, std::move(variable),
              other                               ? with_default(tree_.child(value, Field::right))
              : tree_.is(value, Kind::identifier) ? outcome_.of_name(tree_.text(value), declarator)
                                                  : std::nullopt,
              reader);
          break;
        }
        default:
          break;  // `...rest`
      }
    }
  }

  std::optional<bool> with_default(Id value) const {
    const Kind kind = tree_.kind(names_.inner(value));
    return kind == Kind::undefined || kind == Kind::null ? std::nullopt : std::optional(false);
  }

  // What one place demands, no other of the file goes on without: of the same function, or behind a demand at the top.
  void settle() {
    std::set<std::pair<Id, std::string>> demanded;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].required == true && found_[i].variable && !found_[i].condition)
        demanded.emplace(function_around(tree_, places_[i]), *found_[i].variable);
    }
    for (std::size_t i = 0; i < found_.size(); ++i) {
      auto& read = found_[i];
      if (read.required || !read.variable) continue;
      if (demanded.contains({kNoNode, *read.variable}) ||
          demanded.contains({function_around(tree_, places_[i]), *read.variable}))
        read.required = true;
    }
  }

  void remember_reader(Id place, std::string_view parameter, std::optional<bool> required) {
    const Id function = function_around(tree_, place);
    if (function == kNoNode) return;
    std::string_view name;
    if (tree_.is(function, Kind::function_declaration)) {
      name = tree_.text(tree_.child(function, Field::name));
    } else if (tree_.is(tree_.parent(function), Kind::variable_declarator)) {
      const Id declared = tree_.child(tree_.parent(function), Field::name);
      if (tree_.is(declared, Kind::identifier)) name = tree_.text(declared);
    }
    if (name.empty()) return;
    Reader reader{required, 0, false};
    bool takes = false;
    std::size_t position = 0;
    for (const Id one : tree_.children(tree_.child(function, Field::parameters))) {
      Id pattern = tree_.child(one, Field::pattern);
      if (pattern == kNoNode)
        pattern = tree_.is(one, Kind::assignment_pattern) ? tree_.child(one, Field::left) : one;
      if (tree_.is(pattern, Kind::identifier) && tree_.text(pattern) == parameter) {
        takes = true;
        reader.position = position;
      } else if (position > 0) {
        reader.has_default = true;
      }
      ++position;
    }
    if (takes) readers_.emplace(name, reader);
  }

  // `requireEnv("X")` of a function that this file defines.
  void calls_of_readers() {
    if (readers_.empty()) return;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::call_expression)) continue;
      const Id function = tree_.child(id, Field::function);
      if (!tree_.is(function, Kind::identifier)) continue;
      const auto reader = readers_.find(tree_.text(function));
      if (reader == readers_.end()) continue;
      const auto given = arguments_of(tree_, id);
      if (given.size() <= reader->second.position) continue;
      auto variable = constant(names_.inner(given[reader->second.position]));
      if (!variable) continue;
      auto required = reader->second.required;
      // What it does with another argument is its own matter: a default most likely.
      if (reader->second.has_default && given.size() > 1) {
        required = std::nullopt;
      } else if (required != true) {
        const auto outcome = outcome_.of(id);
        if (outcome) required = outcome;
      }
      add(id, std::move(variable), required, tree_.text(function));
    }
  }

  const Script& script_;
  const Tree& tree_;
  const ScriptNames& names_;
  const Environments& environments_;
  Outcome outcome_;
  std::vector<EnvironmentRead> found_;
  std::vector<Id> places_;  // of `found_`
  std::map<std::string_view, Reader> readers_;
};

}  // namespace

Environments::Environments(const Script& script) : script_(script) {
  const Tree& tree = script.tree;
  for (Id id = 0; id < tree.size() && !destructured_; ++id) {
    if (!tree.is(id, Kind::variable_declarator)) continue;
    const Id value = tree.child(id, Field::value);
    if (!tree.is(value, Kind::identifier) || tree.text(value) != "process") continue;
    for (const Id part : tree.children(tree.child(id, Field::name))) {
      if (tree.is(part, Kind::shorthand_property_identifier_pattern) && tree.text(part) == "env")
        destructured_ = true;
    }
  }
}

std::string_view Environments::of(Id expression, int depth) const {
  const Tree& tree = script_.tree;
  expression = script_.names.inner(expression);
  if (expression == kNoNode || depth > 4) return "";
  if (tree.is(expression, Kind::member_expression)) {
    const Id property = tree.child(expression, Field::property);
    if (property == kNoNode || tree.text(property) != "env") return "";
    const std::string_view object = tree.text(tree.child(expression, Field::object));
    if (object == "process" || object == "globalThis.process" || object == "global.process" ||
        object == "window.process")
      return "process.env";
    if (object == "import.meta") return "import.meta.env";
    if (object == "Bun") return "Bun.env";
    if (object == "Deno") return "Deno.env";
    return "";
  }
  if (!tree.is(expression, Kind::identifier)) return "";
  const std::string_view name = tree.text(expression);
  const auto module = script_.names.module_of(name);
  if (module == "process" || module == "node:process")
    return name == "env" ? "process.env" : std::string_view();
  if (module.starts_with("$env/dynamic/")) return name == "env" ? module : std::string_view();
  if (name == "env" && destructured_) return "process.env";
  const auto values = script_.names.values(name);
  if (values.size() != 1) return "";
  return tree.is(script_.names.inner(values[0]), Kind::member_expression) ? of(values[0], depth + 1) : "";
}

std::vector<EnvironmentRead> find_environment_reads(const Script& script, const Environments& environments) {
  return Finder(script, environments).find();
}

}  // namespace exitgate::collect::code::javascript
