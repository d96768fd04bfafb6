#include "harness/asked/document_question.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "harness/asked/answer.h"
#include "harness/asked/message.h"
#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/documents/xml.h"

namespace exitgate::asked {

using check::Parameter;
using check::ParameterError;
using documents::Format;

namespace {

// The parameters that are conditions, as one object.
Json conditions_of(const check::Parameters& with) {
  auto object = Json::object();
  for (const auto& name : ValueConditions::names()) object[name] = with.json(name);
  return object;
}

documents::Pointer pointer_of(std::string_view parameter, const std::string& text) {
  try {
    return documents::Pointer(text);
  } catch (const std::invalid_argument& error) {
    throw ParameterError(std::string(parameter),
                         fmt::format("parameter '{}': '{}': {}", parameter, text, error.what()),
                         "write /dependencies/react, or /services/*/image with * for each");
  }
}

std::optional<Format> format_given(const check::Parameters& with) {
  const auto name = with.string("format");
  if (name.empty()) return std::nullopt;
  const auto format = documents::format_named(name);
  if (!format) {
    const std::vector<std::string> known = {"json", "jsonc", "yaml", "toml", "ini", "xml"};
    throw ParameterError("format",
                         fmt::format("parameter 'format' is '{}'{}", name, did_you_mean(name, known)),
                         "the formats are " + join(known, ", "));
  }
  return format;
}

}  // namespace

std::optional<Format> DocumentQuestion::format_of(std::string_view file) const {
  return format ? format : documents::format_of_file(file);
}

DocumentQuestion::DocumentQuestion(const check::Parameters& with)
    : files(with),
      format(format_given(with)),
      path(with.string("path")),
      conditions(conditions_of(with), "") {
  if (!files.is_given())
    throw ParameterError("files", "parameter 'files' must be given",
                         "write files: package.json, or a list of globs");
  std::vector<std::string> patterns;
  for (const auto& glob : files.globs())
    patterns.insert(patterns.end(), glob.patterns().begin(), glob.patterns().end());
  const auto is_xml = [&](const std::string& pattern) { return format_of(pattern) == Format::xml; };
  const bool xml = std::all_of(patterns.begin(), patterns.end(), is_xml);
  if (!xml && std::any_of(patterns.begin(), patterns.end(), is_xml)) {
    throw ParameterError(
        "files", "parameter 'files' names XML and other documents, and their paths are written differently",
        "write two gates");
  }
  if (xml) {
    if (const auto problem = documents::xpath_problem(path); !problem.empty()) {
      throw ParameterError(
          "path", fmt::format("parameter 'path' is not an XPath of elements or attributes: {}", problem),
          "write /project/version, or //dependency/@scope");
    }
  } else {
    pointer = pointer_of("path", path);
  }
  const Json& given = with.json("where");
  if (xml && !given.is_null())
    throw ParameterError("where", "parameter 'where' is not for XML",
                         "write a predicate: //dependency[scope='test']");
  if (!given.is_null() && !given.is_array() && !given.is_object())
    throw ParameterError("where", "parameter 'where' must be a condition with a path, or a list of them",
                         "write {path: /kind, equals: Deployment}");
  const auto add = [&](const Json& one) {
    auto known = ValueConditions::names();
    known.emplace_back("path");
    for (const auto& [key, value] : one.members()) {
      if (std::find(known.begin(), known.end(), key) == known.end())
        throw ParameterError("where", fmt::format("parameter 'where' has the unknown key '{}'{}", key,
                                                  did_you_mean(key, known)));
    }
    if (one.text_or("path").empty())
      throw ParameterError("where", "parameter 'where' needs a 'path'",
                           "write {path: /kind, equals: Deployment}");
    where.push_back({pointer_of("where", one.text_or("path")), ValueConditions(one, "where")});
  };
  if (given.is_object()) add(given);
  for (const auto& one : given.items()) add(one);
  const Json& once = with.json("unique");
  if (once == Json(true) || once == Json("repository")) {
    unique = Unique::in_all;
  } else if (once == Json("file")) {
    unique = Unique::in_file;
  } else if (!once.is_null() && once != Json(false)) {
    throw ParameterError("unique", "parameter 'unique' must be true, file or repository");
  }
  validate_message(with, {"value", "path", "key", "file", "line", "problem"});
}

std::string DocumentQuestion::violation(const facts::asked::Value& value) const {
  const auto type = to_text(value.type);
  return conditions.violation({type, value.value ? std::string_view(*value.value) : std::string_view(),
                               exitgate::name_of(value.path)});
}

std::vector<check::Parameter> document_parameters() {
  return with_common_parameters(
      {{"path", Parameter::string, std::nullopt,
        "a JSON Pointer, * in it for each item or member; of XML an XPath 1.0"},
       {"format", Parameter::string, "\"\"",
        "json, jsonc, yaml, toml, ini or xml, where the file's name does not tell"},
       {"where", Parameter::json, "null",
        "a condition with a path, or a list of them: only there is the value asked about"},
       {"must", Parameter::string, "\"\"", "exist (the default) or not-exist"},
       {"optional", Parameter::boolean, "false", "whether there may be no value"},
       {"equals", Parameter::json, "null", "the value that it must be"},
       {"one-of", Parameter::json, "null", "a list of the values that it may be"},
       {"not-one-of", Parameter::json, "null", "a list of values that it must not be"},
       {"matches", Parameter::json, "null", "a regular expression in RE2's syntax that must occur in it"},
       {"not-matches", Parameter::json, "null", "one that must not"},
       {"key-matches", Parameter::json, "null", "one that must occur in the last part of its path"},
       {"type", Parameter::json, "null", "object, array, string, number, boolean, null, or a list of them"},
       {"at-least", Parameter::json, "null", "the least number that it may be"},
       {"at-most", Parameter::json, "null", "the greatest"},
       {"version-at-least", Parameter::json, "null", "the lowest version: \"^18.2\" is 18.2"},
       {"unique", Parameter::json, "null", "true: no two values are the same; file: no two of a file"}});
}

}  // namespace exitgate::asked
