// `check: files`: which files there are, and what they are like.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/asked/code_owners.h"
#include "harness/asked/file_set.h"
#include "harness/asked/pattern.h"
#include "harness/facts/tables/asked.h"

namespace exitgate::asked {

struct FilesQuestion {
  // Throws check::ParameterError.
  explicit FilesQuestion(const check::Parameters& with);

  // What is wrong with a file: "is executable, and must not be". Empty when nothing is. Not that it is there.
  std::vector<std::string> violations(const facts::asked::Path& file) const;
  bool asks_content() const { return content || equals_file || equals_text; }
  // Whether there is a condition besides that files must, or must not, be there.
  bool any() const { return name || size_at_most || !mode.empty() || owners || asks_content(); }

  FileSet files;
  bool must_exist = false;
  bool must_not_exist = false;
  std::optional<Pattern> name;
  std::optional<std::int64_t> size_at_most;
  std::string mode;                                // "executable", "not-executable", "regular" or ""
  std::optional<std::vector<std::string>> owners;  // that it must have; empty: anybody
  std::optional<OwnersProvider> owners_provider;
  std::optional<Pattern> content;
  bool must_lack = false;  // the content
  std::optional<std::string> equals_file;
  std::optional<std::string> equals_text;
};

std::vector<check::Parameter> files_parameters();

}  // namespace exitgate::asked
