// Lines of YAML as a person with a text editor reads them: indentation, dashes and keys.
#pragma once

#include <string_view>

namespace exitgate::collect::census {

std::string_view unquoted(std::string_view text);

// Without a comment at its end.
std::string_view code_of(std::string_view text);

// "key: value" behind dashes.
struct Entry {
  int column = 0;  // of what follows the dashes
  bool dash = false;
  std::string_view key;    // "" for none
  std::string_view value;  // without comment
};

Entry entry_of(std::string_view line, int indent);

// `|`, `>-`, `|2+`: a scalar of the lines below begins.
bool begins_scalar(std::string_view value);

}  // namespace exitgate::collect::census
