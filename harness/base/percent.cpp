#include "harness/base/percent.h"

#include "harness/base/characters.h"

namespace exitgate {

std::string percent_encoded(std::string_view text, std::string_view kept, HexDigits digits) {
  const std::string_view hex = digits == HexDigits::upper ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string encoded;
  for (const char c : text) {
    const bool unreserved = is_word_char(c) || c == '-' || c == '.' || c == '~';
    if (unreserved || kept.find(c) != std::string_view::npos) {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += hex[byte >> 4U];
    encoded += hex[byte & 0xFU];
  }
  return encoded;
}

}  // namespace exitgate
