#include "harness/asked/file_set.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/brace_expansion.h"
#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::asked {

namespace {

constexpr std::size_t kMostPatterns = 200;

// Each `**/` once as it is and once as nothing.
void add_variants(const std::string& pattern, std::size_t from, std::vector<std::string>& into) {
  constexpr std::string_view kFolders = "**/";
  std::size_t at = pattern.find(kFolders, from);
  while (at != std::string::npos && at > 0 && pattern[at - 1] != '/') at = pattern.find(kFolders, at + 1);
  if (at == std::string::npos || into.size() > kMostPatterns) {
    into.push_back(pattern);
    return;
  }
  add_variants(pattern, at + kFolders.size(), into);
  add_variants(pattern.substr(0, at) + pattern.substr(at + kFolders.size()), at, into);
}

}  // namespace

Glob::Glob(std::string_view parameter, const std::string& text) : text_(text) {
  const auto fail = [&](std::string_view why) {
    throw check::ParameterError(std::string(parameter),
                                fmt::format("parameter '{}': '{}' {}", parameter, text, why),
                                "write paths from the repository's root, as docs/*.md");
  };
  if (text.empty()) fail("is not a path");
  if (text.starts_with('/') || text.starts_with("./") || text.starts_with("../"))
    fail("must not begin with '/' or '.'");
  if (text.starts_with('!')) fail("excludes files: use the parameter 'except'");
  const auto expanded = expand_braces(text, kMostPatterns);
  if (!expanded) fail("stands for too many patterns");
  for (const auto& pattern : *expanded)
    add_variants(pattern.ends_with('/') ? pattern + "*" : pattern, 0, patterns_);
}

bool Glob::matches(std::string_view path) const {
  return std::any_of(patterns_.begin(), patterns_.end(),
                     [&](const std::string& pattern) { return glob_match(pattern, path); });
}

std::vector<std::string> one_or_more(const check::Parameters& with, std::string_view name) {
  const Json& value = with.json(name);
  std::vector<std::string> all;
  if (value.is_string()) {
    all.push_back(value.text());
  } else if (value.is_array() &&
             std::all_of(value.begin(), value.end(), [](const Json& one) { return one.is_string(); })) {
    all = value.strings();
  } else if (!value.is_null()) {
    throw check::ParameterError(std::string(name),
                                fmt::format("parameter '{}' must be a string or a list of strings", name),
                                "write it as in [a, b]");
  }
  return all;
}

FileSet::FileSet(const check::Parameters& with, const std::vector<std::string>& otherwise) {
  auto patterns = one_or_more(with, "files");
  given_ = !patterns.empty();
  if (!given_) patterns = otherwise;
  for (const auto& pattern : patterns) globs_.emplace_back("files", pattern);
  for (const auto& pattern : one_or_more(with, "except")) except_.emplace_back("except", pattern);
}

bool FileSet::contains(std::string_view path) const {
  const auto matches = [&](const Glob& glob) { return glob.matches(path); };
  return std::any_of(globs_.begin(), globs_.end(), matches) &&
         std::none_of(except_.begin(), except_.end(), matches);
}

}  // namespace exitgate::asked
