#include <fmt/core.h>

#include <map>

#include "harness/asked/answer.h"
#include "harness/asked/document_question.h"
#include "harness/asked/example.h"
#include "harness/asked/message.h"
#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

using asked::DocumentQuestion;
using facts::asked::Value;

class Judge {
 public:
  Judge(const Facts& facts, const Parameters& with, Report& report)
      : facts_(facts), with_(with), question_(with), report_(report) {}

  void judge() {
    const auto answer = asked::read_answer(facts_, with_, "value", report_);
    for (const Value& value : facts_.rows<Value>(
             "WHERE gate = ? AND example = 0 ORDER BY file, document, line, path", {with_.gate()})) {
      if (value.type != facts::asked::ValueType::absent && !value.value) {
        report_.undecided({value.file + ": " + value.path, value.file, value.line.value_or(0),
                           fmt::format("{} is too large to be kept", value.path),
                           "ask about the values in it"});
        continue;
      }
      if (const auto problem = question_.violation(value); !problem.empty()) fail(value, problem);
      compare(value);
    }
    if (answer.found > static_cast<std::int64_t>(asked::kMostRows) && report_.findings().empty() &&
        question_.unique != DocumentQuestion::Unique::no) {
      throw Undecided(fmt::format("more than {} values: they are not all kept", asked::kMostRows),
                      "ask about fewer files with 'files' and 'except'");
    }
    asked::report_examined(
        answer.found,
        answer.examined == 0
            ? "no tracked file is among those that the gate looks at"
            : fmt::format("{} examined, and nothing stands at {}",
                          count_of(static_cast<std::size_t>(answer.examined), "file"), question_.path),
        with_, report_);
    asked::report_left_out(answer, report_);
  }

 private:
  void compare(const Value& value) {
    if (question_.unique == DocumentQuestion::Unique::no || !value.value) return;
    const bool in_file = question_.unique == DocumentQuestion::Unique::in_file;
    const auto [first, fresh] = seen_.try_emplace({in_file ? value.file : "", *value.value}, value);
    if (fresh) return;
    fail(value, fmt::format("is '{}', as {} in {}{} is", *value.value, first->second.path, first->second.file,
                            first->second.line ? fmt::format(":{}", *first->second.line) : ""));
  }

  void fail(const Value& value, const std::string& problem) {
    const std::string path = value.path.empty() ? "the document" : value.path;
    auto message = asked::filled_message(with_, {{"value", value.value.value_or("")},
                                                 {"path", value.path},
                                                 {"key", std::string(name_of(value.path))},
                                                 {"file", value.file},
                                                 {"line", value.line ? std::to_string(*value.line) : ""},
                                                 {"problem", problem}});
    if (message.empty()) message = fmt::format("{} {}", path, problem);
    report_.fail({.key = fmt::format("{}: {}", value.file, value.path),
                  .file = value.file,
                  .line = value.line.value_or(0),
                  .message = std::move(message),
                  .hint = ""});
  }

  const Facts& facts_;
  const Parameters& with_;
  DocumentQuestion question_;
  Report& report_;
  std::map<std::pair<std::string, std::string>, Value> seen_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  Judge(facts, with, report).judge();
}

void validate(const Parameters& with) {
  const DocumentQuestion question(with);
}

std::string counterexample(const Parameters& with, const Json& given) {
  return given.is_null() ? "" : asked::exchange(with.gate(), given, asked::FileSet(with));
}

const Check check{.name = "document",
                  .title = "The values at a path of JSON, YAML, TOML, INI and XML files are as they must be",
                  .why = "A rule of one's own about what configuration files say, without a rebuild.",
                  .domains = {"asked"},
                  .parameters = asked::document_parameters(),
                  .run = run,
                  .validate = validate,
                  .counterexample = counterexample};
const Registered registered(check);

const ParameterSchema must_schema("document", "must", R"({"enum": ["exist", "not-exist"]})");
const ParameterSchema format_schema("document", "format",
                                    R"({"enum": ["json", "jsonc", "yaml", "toml", "ini", "xml"]})");
const ParameterSchema type_schema(
    "document", "type", R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const ParameterSchema unique_schema("document", "unique", R"({"enum": [true, false, "file", "repository"]})");
const ParameterSchema where_schema("document", "where", R"({"type": ["object", "array"]})");
const ParameterSchema at_least_schema("document", "at-least", R"({"type": "number"})");
const ParameterSchema at_most_schema("document", "at-most", R"({"type": "number"})");
const ParameterSchema one_of_schema("document", "one-of", R"({"type": "array"})");
const ParameterSchema not_one_of_schema("document", "not-one-of", R"({"type": "array"})");
const ParameterSchema matches_schema("document", "matches", R"({"type": "string"})");
const ParameterSchema not_matches_schema("document", "not-matches", R"({"type": "string"})");
const ParameterSchema key_matches_schema("document", "key-matches", R"({"type": "string"})");
const ParameterSchema version_at_least_schema("document", "version-at-least",
                                              R"({"type": ["string", "number"]})");
const ParameterSchema files_schema(
    "document", "files",
    R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const ParameterSchema except_schema(
    "document", "except",
    R"({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})");
const CheckExample example(
    "document",
    R"({"type": "object", "properties": {"file": {"type": "string"}, "content": {"type": "string"}, "mode": {"enum": ["regular", "executable", "symlink", "submodule"]}, "size": {"type": "integer"}, "files": {"type": ["object", "array"]}}})",
    R"x(- id: node-version
  title: Each package asks for a Node.js that is supported
  check: document
  with: {files: "**/package.json", path: /engines/node, version-at-least: "18"}
  counterexample: {file: package.json, content: '{"engines": {"node": ">=16"}}'}
)x");

}  // namespace
}  // namespace exitgate::check
