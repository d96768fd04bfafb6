#include "harness/check/base_branch.h"

#include <algorithm>
#include <string_view>

#include "harness/base/text.h"

namespace exitgate::check {

std::string short_reference(const std::string& reference) {
  for (const std::string_view prefix : {"refs/remotes/", "refs/heads/"}) {
    if (reference.starts_with(prefix)) return reference.substr(prefix.size());
  }
  return reference;
}

bool any_glob_matches(const std::vector<std::string>& globs, const std::string& text) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, text); });
}

}  // namespace exitgate::check
