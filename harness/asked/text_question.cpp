#include "harness/asked/text_question.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/asked/message.h"
#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::asked {

TextQuestion::TextQuestion(const check::Parameters& with)
    : files(with),
      pattern("pattern", with.string("pattern"), {with.boolean("ignore-case"), with.boolean("multiline")}),
      multiline(with.boolean("multiline")),
      limits(with) {
  if (pattern.matches_all_of("")) {
    throw check::ParameterError("pattern", "parameter 'pattern' matches the empty text, and so every line",
                                "write what must be there at least once: + instead of *");
  }
  const std::vector<std::string> contexts = {"code", "comment", "string"};
  for (const auto& context : one_or_more(with, "in")) {
    if (std::find(contexts.begin(), contexts.end(), context) == contexts.end()) {
      throw check::ParameterError(
          "in", fmt::format("parameter 'in' names '{}'{}", context, did_you_mean(context, contexts)),
          "write code, comment or string, or a list of them");
    }
    in.insert(context);
  }
  auto words = pattern.names();
  for (const auto* word : {"match", "file", "line"}) words.emplace_back(word);
  validate_message(with, words);
}

std::vector<check::Parameter> text_parameters() {
  using check::Parameter;
  return with_occurrence_parameters(
      {{"pattern", Parameter::string, std::nullopt, "a regular expression in RE2's syntax"},
       {"ignore-case", Parameter::boolean, "false", "whether letters match in either case"},
       {"multiline", Parameter::boolean, "false", "whether a match may go over the end of a line"},
       {"in", Parameter::json, "null",
        "code, comment, string or a list of them: what the match must stand in, as the language's grammar "
        "knows it"}});
}

}  // namespace exitgate::asked
