// `check: text`: where a regular expression occurs.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/asked/file_set.h"
#include "harness/asked/occurrences.h"
#include "harness/asked/pattern.h"

namespace exitgate::asked {

struct TextQuestion {
  // Throws check::ParameterError.
  explicit TextQuestion(const check::Parameters& with);

  FileSet files;
  Pattern pattern;
  bool multiline;
  OccurrenceLimits limits;
  std::set<std::string> in;  // "code", "comment", "string"; empty: anywhere
};

std::vector<check::Parameter> text_parameters();

}  // namespace exitgate::asked
