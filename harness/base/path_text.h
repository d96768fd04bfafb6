// Paths are bytes; facts, findings and JSON are text. Here is the one way from one to the other and back.
#pragma once

#include <string>
#include <string_view>

namespace exitgate {

// The path as text: as it is when it is UTF-8, else with each byte that is not UTF-8 as git writes it ("d/a\351.txt") and
// each backslash doubled. A name that could be taken for one of these is written so too: two paths are never one text.
std::string path_text(std::string_view path);

// The path that path_text() made this text of.
std::string path_bytes(std::string_view text);

}  // namespace exitgate
