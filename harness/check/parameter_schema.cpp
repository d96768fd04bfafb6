#include "harness/check/parameter_schema.h"

#include <map>
#include <utility>

namespace exitgate::check {

namespace {

std::map<std::pair<std::string_view, std::string_view>, std::string_view>& schemas() {
  static std::map<std::pair<std::string_view, std::string_view>, std::string_view> all;
  return all;
}

std::map<std::string_view, Example>& examples() {
  static std::map<std::string_view, Example> all;
  return all;
}

}  // namespace

ParameterSchema::ParameterSchema(std::string_view check, std::string_view parameter,
                                 std::string_view schema) {
  schemas()[{check, parameter}] = schema;
}

std::string_view parameter_schema(std::string_view check, std::string_view parameter) {
  const auto found = schemas().find({check, parameter});
  return found == schemas().end() ? std::string_view() : found->second;
}

CheckExample::CheckExample(std::string_view check, std::string_view counterexample_schema,
                           std::string_view gate) {
  examples()[check] = {counterexample_schema, gate};
}

Example example_of(std::string_view check) {
  const auto found = examples().find(check);
  return found == examples().end() ? Example{} : found->second;
}

}  // namespace exitgate::check
