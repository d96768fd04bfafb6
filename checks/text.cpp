#include <fmt/core.h>

#include "harness/asked/text_question.h"
#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  asked::judge_occurrences(facts, with, fmt::format("the pattern {}", with.string("pattern")), report);
}

void validate(const Parameters& with) {
  const asked::TextQuestion question(with);
}

std::string counterexample(const Parameters& with, const Json& given) {
  return asked::occurrence_counterexample(with, given, {"*"});
}

const Check check{.name = "text",
                  .title = "A regular expression occurs in the tracked files as often as it may",
                  .why = "A rule of one's own about what stands in files, without a rebuild.",
                  .domains = {"asked"},
                  .parameters = asked::text_parameters(),
                  .run = run,
                  .validate = validate,
                  .counterexample = counterexample};
const Registered registered(check);

const ParameterSchema must_schema("text", "must", R"({"enum": ["occur", "not-occur"]})");
const ParameterSchema per_schema("text", "per", R"({"enum": ["file", "repository"]})");
const ParameterSchema at_least_schema("text", "at-least", R"({"type": "integer", "minimum": 0})");
const ParameterSchema at_most_schema("text", "at-most", R"({"type": "integer", "minimum": 0})");
const ParameterSchema in_schema(
    "text", "in",
    R"({"anyOf": [{"enum": ["code", "comment", "string"]}, {"type": "array", "items": {"enum": ["code", "comment", "string"]}}]})");
const ParameterSchema files_schema(
    "text", "files", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const ParameterSchema except_schema(
    "text", "except", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const CheckExample example(
    "text",
    R"({"type": "object", "properties": {"file": {"type": "string"}, "content": {"type": "string"}, "mode": {"enum": ["regular", "executable", "symlink", "submodule"]}, "size": {"type": "integer"}, "files": {"type": ["object", "array"]}}})",
    R"x(- id: no-print
  title: Nothing is printed
  check: text
  with: {pattern: '\bprint\(', files: "*.py", in: code}
  counterexample: {file: src/a.py, content: "print(1)"}
)x");

}  // namespace
}  // namespace exitgate::check
