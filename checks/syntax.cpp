#include "harness/asked/syntax_question.h"
#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  asked::judge_occurrences(facts, with, "what the query asks for", report);
}

void validate(const Parameters& with) {
  const asked::SyntaxQuestion question(with);
}

std::string counterexample(const Parameters& with, const Json& given) {
  return asked::occurrence_counterexample(with, given, asked::files_of_language(with));
}

const Check check{
    .name = "syntax",
    .title = "What a tree-sitter query asks for occurs in the source as often as it may",
    .why = "A rule of one's own about code, which knows calls from comments and strings, without a rebuild.",
    .domains = {"asked"},
    .parameters = asked::syntax_parameters(),
    .run = run,
    .validate = validate,
    .counterexample = counterexample};
const Registered registered(check);

const ParameterSchema must_schema("syntax", "must", R"({"enum": ["occur", "not-occur"]})");
const ParameterSchema per_schema("syntax", "per", R"({"enum": ["file", "repository"]})");
const ParameterSchema at_least_schema("syntax", "at-least", R"({"type": "integer", "minimum": 0})");
const ParameterSchema at_most_schema("syntax", "at-most", R"({"type": "integer", "minimum": 0})");
const ParameterSchema files_schema(
    "syntax", "files", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const ParameterSchema except_schema(
    "syntax", "except", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const CheckExample example(
    "syntax",
    R"({"type": "object", "properties": {"file": {"type": "string"}, "content": {"type": "string"}, "mode": {"enum": ["regular", "executable", "symlink", "submodule"]}, "size": {"type": "integer"}, "files": {"type": ["object", "array"]}}})",
    R"x(- id: no-eval
  title: Nothing is evaluated at run time
  check: syntax
  with:
    language: python
    query: '(call function: (identifier) @name (#any-of? @name "eval" "exec")) @finding'
    message: "{name}() is called"
  counterexample: {file: src/a.py, content: "eval(x)"}
)x");

}  // namespace
}  // namespace exitgate::check
