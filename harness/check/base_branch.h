// What checks on new migrations share.
#pragma once

#include <string>
#include <vector>

namespace exitgate::check {

// "main" for "refs/heads/main", "origin/main" for "refs/remotes/origin/main".
std::string short_reference(const std::string& reference);

bool any_glob_matches(const std::vector<std::string>& globs, const std::string& text);

}  // namespace exitgate::check
