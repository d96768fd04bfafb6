#include "harness/base/path_text.h"

#include <fmt/core.h>

#include "harness/base/text.h"

namespace exitgate {

namespace {

// Whether the text begins with a byte of 0x80 or more as git writes it: a backslash and 200 to 377.
bool starts_with_byte(std::string_view text) {
  const auto digit = [&](std::size_t at, char most) { return text[at] >= '0' && text[at] <= most; };
  return text.size() >= 4 && text[0] == '\\' && (text[1] == '2' || text[1] == '3') && digit(2, '7') &&
         digit(3, '7');
}

bool holds_byte(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos; at = text.find('\\', at + 1)) {
    if (starts_with_byte(text.substr(at))) return true;
  }
  return false;
}

}  // namespace

std::string path_text(std::string_view path) {
  if (!invalid_utf8(path) && !holds_byte(path)) return std::string(path);
  std::string text;
  while (!path.empty()) {
    const std::size_t valid = invalid_utf8(path).value_or(path.size());
    for (const char c : path.substr(0, valid)) text += c == '\\' ? "\\\\" : std::string(1, c);
    path.remove_prefix(valid);
    if (path.empty()) break;
    text += fmt::format("\\{:03o}", static_cast<unsigned char>(path[0]));
    path.remove_prefix(1);
  }
  return text;
}

std::string path_bytes(std::string_view text) {
  if (!holds_byte(text)) return std::string(text);
  std::string path;
  while (!text.empty()) {
    std::size_t length = 1;
    if (starts_with_byte(text)) {
      path += static_cast<char>((text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0'));
      length = 4;
    } else {
      path += text[0];
      if (text.starts_with("\\\\")) length = 2;
    }
    text.remove_prefix(length);
  }
  return path;
}

}  // namespace exitgate
