// Dependencies in manifests, by the lines that name them.
#pragma once

#include <string_view>

#include "harness/collect/code/language.h"

namespace exitgate::collect::code {

// A character that may stand in the name of a package.
bool is_in_name(char c);

// A sign of each framework of the language that a line names by one of its dependencies, as a word of its own: `pytest>=8`,
// `"jest": "^29"`, `gem "rspec"`. What stands behind a `#` is left out.
void add_dependencies(const Language& language, std::string_view content, FileFacts& facts);

}  // namespace exitgate::collect::code
