#include "harness/collect/code/file_values.h"

#include "harness/base/text.h"

namespace exitgate::collect::code {

const std::vector<FileValue>& FileValues::of(const FileReference& reference) const {
  return known_[reference];
}

std::optional<FileValue> FileValues::find(const FileReference& reference, std::string_view variable,
                                          bool any_case) const {
  std::optional<FileValue> found;
  for (const auto& value : of(reference)) {
    if (value.variable == variable || (any_case && lower(value.variable) == lower(variable))) found = value;
  }
  return found;
}

std::vector<FileReference> FileValues::references() const {
  std::vector<FileReference> all;
  for (const auto& [reference, values] : known_) all.push_back(reference);
  return all;
}

}  // namespace exitgate::collect::code
