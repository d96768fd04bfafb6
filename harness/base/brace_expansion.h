// Braces in patterns, as the npm package brace-expansion reads them, which does as Bash 4.3: `{a,b}-{1..3}`.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate {

// The patterns that a pattern stands for, its braces expanded; a backslash takes braces, commas and dots their meaning.
// nullopt: they would be more than `most`.
std::optional<std::vector<std::string>> expand_braces(std::string_view pattern, std::size_t most);

}  // namespace exitgate
