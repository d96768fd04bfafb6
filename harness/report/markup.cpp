#include "harness/report/markup.h"

#include "harness/base/text.h"

namespace exitgate::report {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

std::string xml_escape(std::string_view text) {
  const std::string valid = valid_utf8(text);
  std::string result;
  result.reserve(valid.size());
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";  // a plain one in an attribute would be read as a space
        break;
      case '\t':
        result += "&#9;";
        break;
      case '\r':
        result += "&#13;";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        // U+FFFE and U+FFFF are valid UTF-8 and no XML characters.
        const bool no_character = byte == 0xEF && valid.compare(i, 2, "\xEF\xBF") == 0 &&
                                  i + 2 < valid.size() && (valid[i + 2] == '\xBE' || valid[i + 2] == '\xBF');
        if (byte < 0x20 || no_character) {
          result += kReplacement;
          if (no_character) i += 2;
        } else {
          result += c;
        }
      }
    }
  }
  return result;
}

}  // namespace exitgate::report
