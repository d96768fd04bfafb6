#include "harness/gate/schema_document.h"

#include <fmt/core.h>

#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"
#include "harness/config/keys.h"
#include "harness/facts/tables.h"
#include "harness/gate/keys.h"

namespace exitgate::gate {

namespace {

constexpr std::string_view kDialect = "https://json-schema.org/draft/2020-12/schema";

Json reference(const std::string& name) {
  return {{"$ref", "#/$defs/" + name}};
}

// What keys of several mappings refer to.
void add_shapes(Json& definitions) {
  definitions["text"] = {{"description", "a string that is not blank"},
                         {"type", Json::array({"string", "number", "boolean"})},
                         {"pattern", R"(\S)"}};
  definitions["texts"] = {{"type", "array"}, {"items", reference("text")}};
  definitions["name"] = {{"description", "letters, digits, '-', '_' and '.'"},
                         {"type", Json::array({"string", "number", "boolean"})},
                         {"pattern", "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"}};
}

void add_shapes_of_configuration(Json& definitions) {
  definitions["steps"] = {{"type", "array"},
                          {"items", {{"anyOf", Json::array({reference("text"), reference("step")})}}}};
  definitions["reports"] = {{"type", "array"},
                            {"items", {{"anyOf", Json::array({reference("text"), reference("report")})}}}};
  definitions["directory"] = {{"description", "a folder of the repository, relative to its root"},
                              {"type", Json::array({"string", "number"})},
                              {"pattern", R"(^(?!/)(?!(.*/)?\.\.(/|$)))"}};
}

// `true` is a shape as well: then the meaning stands alone.
Json described(const Json& shape, std::string_view meaning) {
  Json all = Json::object();
  all["description"] = meaning;
  if (shape.is_object()) all.update(shape);
  return all;
}

Json schema_of(const config::Mapping& mapping) {
  Json properties = Json::object();
  Json required = Json::array();
  for (const auto& key : mapping.keys) {
    properties[key.name] = described(Json::parse(key.shape, key.name), key.meaning);
    if (key.required) required.push_back(key.name);
  }
  Json schema = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

Json domain_names() {
  Json names = Json::array();
  for (const auto& declaration : facts::declarations()) names.push_back(declaration.domain);
  return names;
}

Json shape_of(const check::Check& check, const check::Parameter& parameter) {
  if (const auto declared = check::parameter_schema(check.name, parameter.name); !declared.empty())
    return Json::parse(declared, fmt::format("{}.{}", check.name, parameter.name));
  switch (parameter.type) {
    case check::Parameter::integer:
      return {{"type", "integer"}};
    case check::Parameter::boolean:
      return {{"type", "boolean"}};
    case check::Parameter::string:
      return {{"type", "string"}};
    case check::Parameter::strings:
      // The one list of strings that every check means in the same way (verdict::domains_of).
      if (parameter.name == "domains") return {{"type", "array"}, {"items", {{"enum", domain_names()}}}};
      return {{"type", "array"}, {"items", {{"type", "string"}}}};
    case check::Parameter::json:
      break;
  }
  return Json::object();
}

std::string with_of(const check::Check& check) {
  return "with-" + check.name;
}

// The parameters of a check. Which must be given is said where a gate uses it: exitgate.yaml gives only some.
Json parameters_of(const check::Check& check) {
  Json properties = Json::object();
  for (const auto& parameter : check.parameters) {
    auto property = described(shape_of(check, parameter), parameter.meaning);
    if (parameter.default_value) property["default"] = Json::parse(*parameter.default_value);
    properties[parameter.name] = std::move(property);
  }
  return {{"description", check.title},
          {"type", "object"},
          {"properties", std::move(properties)},
          {"additionalProperties", false}};
}

Json required_parameters(const check::Check& check) {
  Json required = Json::array();
  for (const auto& parameter : check.parameters) {
    if (!parameter.default_value) required.push_back(parameter.name);
  }
  return required;
}

// What a gate of this check is beside what every gate is.
Json gate_of(const check::Check& check) {
  Json with = reference(with_of(check));
  Json required = Json::array();
  if (const auto parameters = required_parameters(check); !parameters.empty()) {
    with["required"] = parameters;
    required.push_back("with");
  }
  Json properties = {{"with", std::move(with)}};
  const auto example = check::example_of(check.name).counterexample_schema;
  if (check.counterexample == nullptr) {
    required.push_back("counterexample");
    properties["counterexample"] = {
        {"anyOf", Json::array({Json{{"type", "string"}}, reference("no-counterexample")})}};
  } else if (!example.empty()) {
    properties["counterexample"] = {
        {"anyOf", Json::array({Json{{"type", "string"}}, reference("no-counterexample"),
                               Json::parse(example, check.name)})}};
  }
  Json then = {{"properties", std::move(properties)}};
  if (!required.empty()) then["required"] = std::move(required);
  return {
      {"if", {{"properties", {{"check", {{"const", check.name}}}}}, {"required", Json::array({"check"})}}},
      {"then", std::move(then)}};
}

void add_gates(Json& definitions) {
  Json checks = Json::array();
  Json by_check = Json::array();
  for (const auto* check : check::registered_checks()) {
    checks.push_back({{"const", check->name}, {"description", check->title}});
    by_check.push_back(gate_of(*check));
    definitions[with_of(*check)] = parameters_of(*check);
  }
  for (const auto* mapping : gate_mappings()) definitions[mapping->name] = schema_of(*mapping);
  definitions["include"] = schema_of(config::kInclude);
  definitions["check"] = {{"oneOf", std::move(checks)}};
  definitions["gate"]["allOf"] = std::move(by_check);
}

Json document(const std::string& title, const std::string& root, Json definitions) {
  return {{"$schema", kDialect},
          {"title", title},
          {"$ref", "#/$defs/" + root},
          {"$defs", std::move(definitions)}};
}

}  // namespace

Json gate_file_schema() {
  Json definitions = Json::object();
  add_shapes(definitions);
  add_gates(definitions);
  return document("Exitgate: a gate file", "gate-file", std::move(definitions));
}

Json configuration_schema(const std::vector<verdict::Gate>& shipped) {
  Json definitions = Json::object();
  add_shapes(definitions);
  add_shapes_of_configuration(definitions);
  for (const auto* mapping : config::configuration_mappings())
    definitions[mapping->name] = schema_of(*mapping);
  add_gates(definitions);
  Json parameters = Json::object();
  Json labels = Json::object();
  for (const auto& gate : shipped) {
    labels[gate.name] = described(reference("names"), gate.title);
    if (const auto* check = check::find_check(gate.check); check != nullptr && !check->parameters.empty())
      parameters[gate.name] = described(reference(with_of(*check)), gate.title);
  }
  definitions["names"] = {{"type", "array"}, {"items", reference("name")}};
  definitions["gate-parameters"] = {{"type", "object"},
                                    {"properties", std::move(parameters)},
                                    {"additionalProperties", {{"type", "object"}}}};
  definitions["gate-labels"] = {
      {"type", "object"}, {"properties", std::move(labels)}, {"additionalProperties", reference("names")}};
  // An empty file says nothing, which is right.
  definitions["configuration"]["type"] = Json::array({"object", "null"});
  return document("Exitgate: exitgate.yaml", "configuration", std::move(definitions));
}

}  // namespace exitgate::gate
