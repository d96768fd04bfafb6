// Forms that say by themselves that they are secrets: token formats, private keys, passwords in URLs,
// headers, connection strings, netrc and SQL dumps.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace exitgate::redact {

struct Place {
  std::size_t begin;
  std::size_t end;
  std::string_view kind;  // "GitHub token", "password in a URL"
};

// All places, sorted by begin, possibly overlapping. Masked values ("***"), references to variables and
// placeholders are none. Time grows with the length of the text alone.
std::vector<Place> recognise(std::string_view text);

// Shared by the matchers.
bool is_placeholder(std::string_view value);

}  // namespace exitgate::redact
