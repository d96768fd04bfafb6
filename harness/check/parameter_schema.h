// What a value of a parameter looks like, where its type does not say it: shown by `exitgate explain`, and used for the JSON
// Schema of gate files. It stands beside the check, in the same file, as far as the check has such a parameter:
//
//   const ParameterSchema context("text", "in", R"({"type": "array", "items": {"enum": ["code", "comment", "string"]}})");
//
// It does not validate anything: Check::validate does.
#pragma once

#include <string_view>

namespace exitgate::check {

// The arguments must outlive the program: string literals.
struct ParameterSchema {
  ParameterSchema(std::string_view check, std::string_view parameter, std::string_view schema);
};

// The JSON Schema of a parameter as it was declared; "" when it was not.
std::string_view parameter_schema(std::string_view check, std::string_view parameter);

// An example in the words of a check, where gate files may write its counterexample as a mapping: JSON Schema and a whole
// gate in YAML, as `exitgate explain CHECK` shows it.
//
//   const CheckExample example("text", R"({"required": ["file", "content"], …})", "- id: no-print\n  …");
struct CheckExample {
  CheckExample(std::string_view check, std::string_view counterexample_schema, std::string_view gate);
};

struct Example {
  std::string_view counterexample_schema;  // "" when any mapping, or none, may stand there
  std::string_view gate;                   // YAML, an entry of `gates:`; "" when none was declared
};
Example example_of(std::string_view check);

}  // namespace exitgate::check
