// `check: syntax`: where a tree-sitter query matches.
#pragma once

#include <string>
#include <vector>

#include "harness/asked/file_set.h"
#include "harness/asked/occurrences.h"
#include "harness/asked/syntax_query.h"

namespace exitgate::asked {

// Globs of the files of the language that the parameter `language` names. Throws check::ParameterError.
std::vector<std::string> files_of_language(const check::Parameters& with);

struct SyntaxQuestion {
  // Throws check::ParameterError.
  explicit SyntaxQuestion(const check::Parameters& with);

  const syntax::Language* language;
  FileSet files;
  SyntaxQuery query;
  OccurrenceLimits limits;
};

std::vector<check::Parameter> syntax_parameters();

}  // namespace exitgate::asked
