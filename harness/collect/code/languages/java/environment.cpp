// Reads of environment variables in Java, and whether the program can go on without them: System.getenv gives null for one that
// is not set, so it is what the code does with null that tells.
#include <map>

#include "harness/base/text.h"
#include "harness/collect/code/languages/java/guards.h"
#include "harness/collect/code/languages/java/java_facts.h"
#include "harness/collect/code/languages/shared/conditions.h"

namespace exitgate::collect::code::java {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

struct Access {
  Id call = kNoNode;
  Id key = kNoNode;
  bool test = false;
  std::optional<bool> told = {};
};

// A method of the file whose parameter is the name of the variable that it reads.
struct Helper {
  std::size_t key = 0;
  std::optional<bool> required;
};

class Finder {
 public:
  Finder(const JavaNames& names, std::vector<EnvironmentRead>& found)
      : names_(names), tree_(names.tree()), guards_(names.tree()), found_(found) {}

  void find() {
    std::vector<Access> accesses;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::method_invocation)) {
        if (const auto access = access_at(id)) {
          accesses.push_back(*access);
        } else {
          spring_call(id);
        }
      } else if (tree_.is(id, Kind::annotation)) {
        annotation(id);
      }
    }
    for (const auto& access : accesses) add(access);
    for (const auto& access : accesses) note_helper(access);
    if (helpers_.empty()) return;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::method_invocation)) continue;
      const auto helper = helpers_.find(tree_.text(tree_.child(id, Field::name)));
      const auto given = arguments(tree_, id);
      const auto object = object_of(tree_, id);
      // Of this file: without an object, or by the name of its class.
      const bool own = object.empty() || object == "this" ||
                       tree_.source().find("class " + std::string(object) + " ") != std::string_view::npos;
      if (helper == helpers_.end() || !own || given.size() <= helper->second.key) continue;
      add({id, given[helper->second.key], false, helper->second.required});
    }
  }

 private:
  EnvironmentRead& add_row(Id place, std::optional<std::string> variable, std::optional<bool> required,
                           std::string reader) {
    EnvironmentRead read;
    read.line = tree_.line(place);
    read.variable = std::move(variable);
    read.required = required;
    read.reader = std::move(reader);
    read.condition = conditions_around(tree_, place);
    found_.push_back(std::move(read));
    return found_.back();
  }

  // System.getenv(…), or a name that is all of it.
  bool is_all(Id object, int depth = 3) const {
    object = inner(tree_, object);
    if (object == kNoNode || depth == 0) return false;
    if (is_getenv(object)) return arguments(tree_, object).empty();
    if (!tree_.is(object, Kind::identifier)) return false;
    const auto& known = names_.bindings(object);
    return known.size() == 1 && known[0].value != object && is_all(known[0].value, depth - 1);
  }

  bool is_getenv(Id call) const {
    if (method_of(tree_, call) != "getenv") return false;
    const auto object = object_of(tree_, call);
    return object == "System" || object == "java.lang.System" ||
           (object.empty() && names_.imports_static("java.lang.System.getenv"));
  }

  std::optional<Access> access_at(Id call) const {
    const auto given = arguments(tree_, call);
    if (is_getenv(call)) return given.size() == 1 ? std::optional(Access{call, given[0]}) : std::nullopt;
    const auto method = method_of(tree_, call);
    if ((method != "get" && method != "getOrDefault" && method != "containsKey") || given.empty() ||
        !is_all(tree_.child(call, Field::object)))
      return std::nullopt;
    Access access{call, given[0], method == "containsKey"};
    if (method == "getOrDefault") access.told = false;
    return access;
  }

  std::optional<bool> required(const Access& access) const {
    if (access.told) return access.told;
    return guards_.required(access.call, access.test);
  }

  std::string reader_of(Id call) const {
    const Id object = tree_.child(call, Field::object);
    const std::string method(tree_.text(tree_.child(call, Field::name)));
    return object == kNoNode ? method : tree_.flat_text(object, 80) + "." + method;
  }

  void add(const Access& access) {
    add_row(access.call, names_.constant(access.key), required(access), reader_of(access.call));
  }

  void note_helper(const Access& access) {
    if (!tree_.is(access.key, Kind::identifier)) return;
    const auto& known = names_.bindings(access.key);
    const Id method = names_.function_around(access.call);
    if (known.size() != 1 || !known[0].parameter || !tree_.is(method, Kind::method_declaration)) return;
    const Id name = tree_.child(method, Field::name);
    if (name == kNoNode || names_.function_around(known[0].name) != method) return;
    const Helper helper{*known[0].parameter, required(access)};
    const auto [at, added] = helpers_.emplace(tree_.text(name), helper);
    if (!added && at->second.required != helper.required) at->second.required = std::nullopt;
  }

  // env.getProperty("X", "default"), env.getRequiredProperty("X") of Spring's Environment.
  void spring_call(Id call) {
    const auto method = method_of(tree_, call);
    if (method != "getProperty" && method != "getRequiredProperty") return;
    if (!names_.imports("org.springframework.")) return;
    const std::string object = lower(object_of(tree_, call));
    if (!object.ends_with("env") && !object.ends_with("environment") && !object.ends_with("environment()"))
      return;
    const auto given = arguments(tree_, call);
    if (given.empty()) return;
    const auto name = names_.constant(given[0]);
    if (!name || !is_variable_name(*name)) return;
    std::optional<bool> told;
    if (method == "getRequiredProperty") {
      told = true;
    } else if (given.size() == 3 || (given.size() == 2 && !tree_.is(given[1], Kind::class_literal))) {
      told = false;
    } else {
      told = guards_.required(call, false);
    }
    add_row(call, name, told, reader_of(call));
  }

  // The value of an annotation's element; `value` stands for the one without a name.
  Id element(Id annotation, std::string_view wanted) const {
    for (const Id given : tree_.children(tree_.child(annotation, Field::arguments))) {
      if (!tree_.is(given, Kind::element_value_pair)) {
        if (wanted == "value") return given;
        continue;
      }
      const Id key = tree_.child(given, Field::key);
      if (key != kNoNode && tree_.text(key) == wanted) return tree_.child(given, Field::value);
    }
    return kNoNode;
  }

  void annotation(Id id) {
    const Id name = tree_.child(id, Field::name);
    if (name == kNoNode) return;
    if (names_.is(tree_.text(name), "org.springframework.beans.factory.annotation.Value")) {
      const auto text = names_.constant(element(id, "value"));
      if (text) value(id, *text);
    } else if (names_.is(tree_.text(name), "org.eclipse.microprofile.config.inject.ConfigProperty")) {
      const auto property = names_.constant(element(id, "name"));
      if (!property || !is_variable_name(*property)) return;
      std::optional<bool> required = true;
      if (element(id, "defaultValue") != kNoNode) required = false;
      // An Optional is empty instead.
      const Id type = tree_.child(tree_.parent(tree_.parent(id)), Field::type);
      if (type != kNoNode && required == true && tree_.text(type).starts_with("Optional"))
        required = std::nullopt;
      add_row(id, property, required, "@ConfigProperty");
    }
  }

  // @Value("${X:default}"), @Value("#{systemEnvironment['X'] ?: 'default'}")
  void value(Id annotation, const std::string& text) {
    for (const auto& one : placeholders_of(text)) add_row(annotation, one.variable, one.required, "@Value");
    const std::string_view key = "systemEnvironment['";
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
      at += key.size();
      const std::size_t end = text.find('\'', at);
      if (end == std::string::npos) return;
      const auto behind = trim(std::string_view(text).substr(std::min(end + 2, text.size())));
      std::optional<bool> required;
      if (behind.starts_with("?:")) required = false;
      add_row(annotation, text.substr(at, end - at), required, "@Value");
    }
  }

  const JavaNames& names_;
  const Tree& tree_;
  const Guards guards_;
  std::vector<EnvironmentRead>& found_;
  std::map<std::string_view, Helper> helpers_;
};

}  // namespace

void find_environment_reads(const JavaNames& names, std::vector<EnvironmentRead>& found) {
  Finder(names, found).find();
}

}  // namespace exitgate::collect::code::java
