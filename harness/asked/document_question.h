// `check: document`: values in JSON, YAML, TOML, INI and XML files.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/asked/file_set.h"
#include "harness/asked/value_conditions.h"
#include "harness/documents/document.h"
#include "harness/documents/pointer.h"
#include "harness/facts/tables/asked.h"

namespace exitgate::asked {

// Only where all of these hold is a value asked about.
struct Where {
  documents::Pointer path;
  ValueConditions conditions;
};

struct DocumentQuestion {
  // Throws check::ParameterError.
  explicit DocumentQuestion(const check::Parameters& with);

  std::string violation(const facts::asked::Value& value) const;
  // Nullopt when neither `format` nor the file's name tells.
  std::optional<documents::Format> format_of(std::string_view path) const;

  FileSet files;
  std::optional<documents::Format> format;
  std::string path;                           // as written
  std::optional<documents::Pointer> pointer;  // nullopt: an XPath
  ValueConditions conditions;
  std::vector<Where> where;
  enum class Unique { no, in_file, in_all } unique = Unique::no;
};

std::vector<check::Parameter> document_parameters();

}  // namespace exitgate::asked
