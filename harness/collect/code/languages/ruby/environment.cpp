// Reads of environment variables in Ruby, and whether the program can go on without them: ENV["X"] is nil for one that is not
// set, ENV.fetch("X") raises.
#include <algorithm>
#include <set>

#include "harness/collect/code/languages/ruby/guards.h"
#include "harness/collect/code/languages/ruby/ruby_calls.h"
#include "harness/collect/code/languages/ruby/ruby_facts.h"
#include "harness/collect/code/languages/shared/conditions.h"

namespace exitgate::collect::code::ruby {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

class Finder {
 public:
  Finder(const Tree& tree, std::vector<EnvironmentRead>& found) : tree_(tree), found_(found) {}

  void find() {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::element_reference) || tree_.is(id, Kind::call)) {
        if (const auto asked = asked_at(tree_, id)) {
          add_asked(id, *asked);
        } else if (tree_.is(id, Kind::call)) {
          add_call(id);
        }
      } else if (tree_.is(id, Kind::class_)) {
        add_class(id);
      }
    }
  }

 private:
  EnvironmentRead& add(Id place, std::string variable, std::optional<bool> required, std::string reader) {
    EnvironmentRead read;
    read.line = tree_.line(place);
    if (!variable.empty()) read.variable = std::move(variable);
    read.required = required;
    read.reader = std::move(reader);
    read.condition = conditions_around(tree_, place);
    found_.push_back(std::move(read));
    return found_.back();
  }

  // Left of an assignment: what it is given.
  bool add_stored(Id id, const Asked& asked) {
    const Id above = tree_.parent(id);
    if (tree_[id].field != Field::left ||
        (!tree_.is(above, Kind::assignment) && !tree_.is(above, Kind::operator_assignment)))
      return false;
    const Id right = tree_.child(above, Field::right);
    if (tree_.is(right, Kind::nil)) return true;
    std::optional<bool> required;
    const bool fills = tree_.is(above, Kind::operator_assignment);
    if (fills) {
      const Id sign = tree_.child(above, Field::operator_);
      if (sign == kNoNode || tree_.text(sign) != "||=") return true;
      required = false;
    } else if (const auto text = literal(tree_, right); text && !text->empty()) {
      required = false;
    }
    if (is_in_a_test(id)) return true;
    auto& read = add(id, asked.variable, required, "ENV");
    read.sets = true;
    read.overrides = !fills;
    return true;
  }

  // What an example sets for itself says nothing of the others.
  bool is_in_a_test(Id node) const {
    for (Id at = tree_.parent(node); at != kNoNode; at = tree_.parent(at)) {
      tree_.spend(1);
      if (tree_.is(at, Kind::method)) {
        const Id name = tree_.child(at, Field::name);
        const auto text = name == kNoNode ? std::string_view() : tree_.text(name);
        return text.starts_with("test_") || text == "setup" || text == "teardown" || text == "before_setup" ||
               text == "after_teardown";
      }
      if (!tree_.is(at, Kind::call) || tree_.child(at, Field::block) == kNoNode) continue;
      const auto method = method_of(tree_, at);
      const auto given = arguments(tree_, at);
      const auto scope = given.empty() ? std::nullopt : literal(tree_, given[0]);
      for (const std::string_view each :
           {"it", "specify", "example", "test", "setup", "teardown", "around", "should"}) {
        if (method == each) return true;
      }
      if ((method == "before" || method == "after") && receiver_of(tree_, at).empty() && scope != "all" &&
          scope != "context" && scope != "suite")
        return true;
    }
    return false;
  }

  void add_asked(Id id, const Asked& asked) {
    if (add_stored(id, asked)) return;
    const Guards guards(tree_, asked.variable);
    std::optional<bool> required;
    if (asked.has_default || guards.is_tested_before(id)) {
      required = false;
    } else if (asked.raises) {
      required = is_rescued(id) ? rescued_value(id) : true;
    } else {
      required = guards.required(id);
    }
    std::string reader = "ENV";
    if (tree_.is(id, Kind::call)) reader += "." + std::string(method_of(tree_, id));
    add(id, asked.variable, required, reader);
  }

  bool is_rescued(Id node) const {
    for (Id below = node, at = tree_.parent(node); at != kNoNode; below = at, at = tree_.parent(at)) {
      tree_.spend(1);
      if (tree_.is(at, Kind::rescue_modifier)) return tree_[below].field == Field::body;
      if (tree_.is(at, Kind::begin) || tree_.is(at, Kind::body_statement)) {
        if (!tree_.is(below, Kind::rescue) && tree_.child(at, Kind::rescue) != kNoNode) return true;
      }
      if (tree_.is(at, Kind::method) || tree_.is(at, Kind::singleton_method)) return false;
    }
    return false;
  }

  // `ENV.fetch("X") rescue "default"`
  std::optional<bool> rescued_value(Id node) const {
    const Id at = tree_.parent(node);
    if (!tree_.is(at, Kind::rescue_modifier)) return std::nullopt;
    const Id handler = tree_.child(at, Field::handler);
    if (tree_.is(handler, Kind::nil)) return std::nullopt;
    return false;
  }

  void add_call(Id id) {
    const auto receiver = receiver_of(tree_, id);
    const auto method = method_of(tree_, id);
    if (receiver == "Figaro.env") {
      // The names are those of ENV in any case of letters.
      const bool must = method.ends_with('!');
      const auto name = must || method.ends_with('?') ? method.substr(0, method.size() - 1) : method;
      add(id, upper(name), must ? std::optional<bool>(true) : std::nullopt, "Figaro.env");
    } else if ((receiver == "Figaro" || receiver == "Dotenv") && method == "require_keys") {
      for (const Id given : arguments(tree_, id))
        add(id, literal(tree_, given).value_or(""), true, std::string(receiver) + ".require_keys");
    } else if ((receiver == "ENV" || receiver == "::ENV") &&
               (method == "fetch_values" || method == "values_at")) {
      for (const Id given : arguments(tree_, id)) {
        add(id, literal(tree_, given).value_or(""),
            method == "fetch_values" ? std::optional<bool>(true) : std::nullopt,
            "ENV." + std::string(method));
      }
    }
  }

  // class HerokuConfig < Anyway::Config: HEROKU_ and the names of its attributes.
  void add_class(Id id) {
    const Id superclass = tree_.child(id, Field::superclass);
    const Id name = tree_.child(id, Field::name);
    if (superclass == kNoNode || name == kNoNode || !tree_.text(superclass).ends_with("Anyway::Config"))
      return;
    std::string prefix;
    for (std::string_view text = tree_.text(name).substr(tree_.text(name).rfind(':') + 1); !text.empty();
         text.remove_prefix(1)) {
      if (text == "Config") break;
      if (!prefix.empty() && text[0] >= 'A' && text[0] <= 'Z') prefix += '_';
      prefix += upper(text.substr(0, 1));
    }
    std::set<std::string> required;
    std::vector<Id> attributes;
    for (const Id statement : statements(tree_, tree_.child(id, Field::body))) {
      const auto method = method_of(tree_, statement);
      const auto given = arguments(tree_, statement);
      if ((method == "config_name" || method == "env_prefix") && given.size() == 1)
        prefix = upper(literal(tree_, given[0]).value_or(""));
      if (method == "required") {
        for (const Id one : given) required.insert(literal(tree_, one).value_or(""));
      }
      if (method == "attr_config") attributes.insert(attributes.end(), given.begin(), given.end());
    }
    for (const Id attribute : attributes) {
      const bool pair = tree_.is(attribute, Kind::pair);
      std::string key;
      if (pair) {
        const Id word = tree_.child(attribute, Field::key);
        key = std::string(word == kNoNode ? std::string_view() : tree_.text(word));
      } else {
        key = literal(tree_, attribute).value_or("");
      }
      if (key.empty()) continue;
      std::optional<bool> state;
      if (pair) {
        state = false;
      } else if (required.contains(key)) {
        state = true;
      }
      add(attribute, prefix.empty() ? "" : prefix + "_" + upper(key), state, "attr_config");
    }
  }

  const Tree& tree_;
  std::vector<EnvironmentRead>& found_;
};

}  // namespace

void find_environment_reads(const Tree& tree, std::vector<EnvironmentRead>& found) {
  Finder(tree, found).find();
}

void find_template_reads(std::string_view content, FileFacts& facts) {
  if (content.find("<%") == std::string_view::npos || content.find("ENV") == std::string_view::npos) return;
  // All but the Ruby in it as blanks, so that lines stay what they are.
  std::string code(content);
  bool inside = false;
  for (std::size_t at = 0; at < code.size(); ++at) {
    const auto here = content.substr(at);
    if (!inside && here.starts_with("<%")) {
      inside = !here.starts_with("<%#") && !here.starts_with("<%%");
      code[at] = ' ';
      code[++at] = ';';
      if (at + 1 < code.size() && (code[at + 1] == '=' || code[at + 1] == '-')) code[++at] = ' ';
    } else if (inside && (here.starts_with("%>") || here.starts_with("-%>"))) {
      inside = false;
      code[at] = ';';
    } else if (!inside && code[at] != '\n') {
      code[at] = ' ';
    }
  }
  const auto tree = Tree::parse(code, syntax::ruby());
  if (tree) find_environment_reads(*tree, facts.environment_reads);
}

}  // namespace exitgate::collect::code::ruby
