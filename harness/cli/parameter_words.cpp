#include "harness/cli/parameter_words.h"

#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/parameter_schema.h"

namespace exitgate::cli {

namespace {

std::string type_in_words(const std::string& type, const Json* items) {
  if (type == "integer") return "an integer";
  if (type == "boolean") return "true or false";
  if (type == "object") return "a mapping";
  if (type == "null") return "null";
  if (type != "array") return "a " + type;
  if (items == nullptr) return "a list";
  auto of = in_words(*items);
  if (of.starts_with("one of ")) of.erase(0, std::string_view("one of ").size());
  return fmt::format("a list of {}", of == "a string"    ? "strings"
                                     : of == "a mapping" ? "mappings"
                                     : of == "a value"   ? "values"
                                                         : of);
}

std::string listed(const std::vector<std::string>& parts, const char* last) {
  if (parts.size() < 2) return join(parts, "");
  return join({parts.begin(), parts.end() - 1}, ", ") + last + parts.back();
}

}  // namespace

std::string in_words(const Json& schema) {
  std::vector<std::string> parts;
  if (const auto* values = schema.find("enum"); values != nullptr) {
    for (const auto& value : *values) parts.push_back(value.is_string() ? value.text() : value.dump());
    return "one of " + join(parts, ", ");
  }
  if (const auto* value = schema.find("const"); value != nullptr)
    return value->is_string() ? value->text() : value->dump();
  for (const char* const key : {"anyOf", "oneOf"}) {
    const auto* choices = schema.find(key);
    if (choices == nullptr) continue;
    for (const auto& choice : *choices) parts.push_back(in_words(choice));
    return listed(parts, ", or ");
  }
  const auto* type = schema.find("type");
  if (type == nullptr) return "a value";
  if (type->is_string()) return type_in_words(type->text(), schema.find("items"));
  for (const auto& one : type->strings()) parts.push_back(type_in_words(one, schema.find("items")));
  return listed(parts, " or ");
}

std::string value_in_words(const check::Check& check, const check::Parameter& parameter) {
  const auto declared = check::parameter_schema(check.name, parameter.name);
  return declared.empty() ? std::string(check::type_name(parameter.type))
                          : in_words(Json::parse(declared, parameter.name));
}

}  // namespace exitgate::cli
