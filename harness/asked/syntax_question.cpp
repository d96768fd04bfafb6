#include "harness/asked/syntax_question.h"

#include <fmt/core.h>

#include "harness/asked/message.h"
#include "harness/base/text.h"

namespace exitgate::asked {

namespace {

const syntax::Language& language_of(const check::Parameters& with) {
  const auto name = with.string("language");
  if (const auto* language = syntax::language_named(name)) return *language;
  std::vector<std::string> known;
  for (const auto* language : syntax::languages()) known.push_back(lower(language->name));
  throw check::ParameterError(
      "language", fmt::format("parameter 'language' is '{}'{}", name, did_you_mean(lower(name), known)),
      "the languages are " + join(known, ", "));
}

}  // namespace

std::vector<std::string> files_of_language(const check::Parameters& with) {
  std::vector<std::string> globs;
  for (const auto ending : language_of(with).endings) globs.push_back(fmt::format("*.{}", ending));
  return globs;
}

SyntaxQuestion::SyntaxQuestion(const check::Parameters& with)
    : language(&language_of(with)),
      files(with, files_of_language(with)),
      query(*language, with.string("query")),
      limits(with) {
  auto words = query.captures();
  for (const auto* word : {"match", "file", "line"}) words.emplace_back(word);
  validate_message(with, words);
}

std::vector<check::Parameter> syntax_parameters() {
  using check::Parameter;
  return with_occurrence_parameters(
      {{"language", Parameter::string, std::nullopt, "python, javascript, typescript, tsx, ruby, go, java"},
       {"query", Parameter::string, std::nullopt,
        "a tree-sitter query; what it captures as @finding, else first, is the finding's place"}});
}

}  // namespace exitgate::asked
