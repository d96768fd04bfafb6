#include "tests/cli/json_schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "harness/base/text.h"

namespace exitgate::testing_program {

namespace {

class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  std::optional<std::string> check(const Json& schema, const Json& value, const std::string& at) const {
    if (schema.is_boolean())
      return schema.boolean() ? std::nullopt : std::optional(at + ": nothing may be here");
    for (const auto& [keyword, argument] : schema.members()) {
      if (auto problem = apply(schema, keyword, argument, value, at)) return problem;
    }
    return std::nullopt;
  }

 private:
  using Problem = std::optional<std::string>;

  static bool has_type(const Json& value, const std::string& type) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "array") return value.is_array();
    if (type == "object") return value.is_object();
    throw std::logic_error("unknown type " + type);
  }

  bool holds(const Json& schema, const Json& value) const { return !check(schema, value, ""); }

  Problem of_object(const Json& schema, const std::string& keyword, const Json& argument, const Json& value,
                    const std::string& at) const {
    if (!value.is_object()) return std::nullopt;
    if (keyword == "required") {
      for (const auto& name : argument.strings()) {
        if (!value.contains(name)) return fmt::format("{}: '{}' is missing", at, name);
      }
    } else if (keyword == "properties") {
      for (const auto& [name, one] : argument.members()) {
        if (const auto* member = value.find(name)) {
          if (auto problem = check(one, *member, at + "/" + name)) return problem;
        }
      }
    } else {
      for (const auto& [name, member] : value.members()) {
        if (const auto* known = schema.find("properties"); known != nullptr && known->contains(name))
          continue;
        if (auto problem = check(argument, member, at + "/" + name)) return problem;
      }
    }
    return std::nullopt;
  }

  Problem combined(const Json& schema, const std::string& keyword, const Json& argument, const Json& value,
                   const std::string& at) const {
    if (keyword == "if") return holds(argument, value) ? check(schema.at("then"), value, at) : std::nullopt;
    if (keyword == "then") return std::nullopt;
    if (keyword == "not") return holds(argument, value) ? Problem(at + ": must not be so") : std::nullopt;
    if (keyword == "allOf") {
      for (const auto& one : argument) {
        if (auto problem = check(one, value, at)) return problem;
      }
      return std::nullopt;
    }
    const auto count =
        std::count_if(argument.begin(), argument.end(), [&](const Json& one) { return holds(one, value); });
    const bool right = keyword == "anyOf" ? count > 0 : count == 1;
    return right ? std::nullopt : Problem(fmt::format("{}: none of {} forms", at, argument.size()));
  }

  Problem apply(const Json& schema, const std::string& keyword, const Json& argument, const Json& value,
                const std::string& at) const {
    const auto wrong = [&](bool right) {
      return right ? std::nullopt
                   : Problem(fmt::format("{}: not as {} says: {}", at, keyword, argument.dump()));
    };
    for (const char* const note : {"$schema", "$defs", "title", "description", "default", "examples"}) {
      if (keyword == note) return std::nullopt;
    }
    if (keyword == "$ref") return check(root_.at("$defs").at(argument.text().substr(8)), value, at);
    if (keyword == "type") {
      const auto types =
          argument.is_string() ? std::vector<std::string>{argument.text()} : argument.strings();
      return wrong(
          std::any_of(types.begin(), types.end(), [&](const auto& one) { return has_type(value, one); }));
    }
    if (keyword == "enum") return wrong(std::find(argument.begin(), argument.end(), value) != argument.end());
    if (keyword == "const") return wrong(argument == value);
    if (keyword == "pattern")
      return wrong(!value.is_string() || std::regex_search(value.text(), std::regex(argument.text())));
    if (keyword == "minimum") return wrong(!value.is_number() || value.number() >= argument.number());
    if (keyword == "maximum") return wrong(!value.is_number() || value.number() <= argument.number());
    if (keyword == "minItems")
      return wrong(!value.is_array() || value.size() >= static_cast<std::size_t>(argument.integer()));
    if (keyword == "minProperties")
      return wrong(!value.is_object() || value.size() >= static_cast<std::size_t>(argument.integer()));
    if (keyword == "minLength")
      return wrong(!value.is_string() || value.text().size() >= static_cast<std::size_t>(argument.integer()));
    if (keyword == "items") {
      for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
        if (auto problem = check(argument, value[i], fmt::format("{}/{}", at, i))) return problem;
      }
      return std::nullopt;
    }
    if (keyword == "properties" || keyword == "required" || keyword == "additionalProperties")
      return of_object(schema, keyword, argument, value, at);
    if (keyword == "if" || keyword == "then" || keyword == "not" || keyword == "allOf" ||
        keyword == "anyOf" || keyword == "oneOf")
      return combined(schema, keyword, argument, value, at);
    throw std::logic_error("unknown keyword " + keyword);
  }

  const Json& root_;
};

}  // namespace

std::optional<std::string> violation(const Json& schema, const Json& value) {
  return Validator(schema).check(schema, value, "");
}

}  // namespace exitgate::testing_program
