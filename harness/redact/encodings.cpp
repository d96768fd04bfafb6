#include "harness/redact/encodings.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "harness/base/percent.h"

namespace exitgate::redact {

namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// Shorter pieces of base64 occur in ordinary words.
constexpr std::size_t kLeastBase64 = 5;

// As forms have it: a blank is '+'.
std::string form_encoded(std::string_view value, std::string_view kept, HexDigits digits) {
  std::string text;
  std::size_t start = 0;
  for (std::size_t blank = 0; (blank = value.find(' ', start)) != std::string_view::npos; start = blank + 1) {
    text += percent_encoded(value.substr(start, blank - start), kept, digits);
    text += '+';
  }
  return text.append(percent_encoded(value.substr(start), kept, digits));
}

// One UTF-8 character at the start of `text`; nullopt when it is none.
struct Character {
  std::uint32_t point;
  std::size_t bytes;
};
std::optional<Character> character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return Character{lead, 1};
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
  if (bytes == 0 || text.size() < bytes) return std::nullopt;
  std::uint32_t point = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return std::nullopt;
    point = (point << 6) | (next & 0x3FU);
  }
  return Character{point, bytes};
}

struct JsonStyle {
  bool ascii;  // non-ASCII as \uXXXX
  bool upper;  // hexadecimal digits
  bool slash;  // '/' as "\/"
  bool html;   // '<', '>', '&' and '\'' as \uXXXX, as Go, Rails and PHP write them
};

std::string json_escaped(std::string_view value, const JsonStyle& style) {
  const auto unicode = [&](std::uint32_t unit) {
    return style.upper ? fmt::format("\\u{:04X}", unit) : fmt::format("\\u{:04x}", unit);
  };
  std::string text;
  for (std::size_t i = 0; i < value.size();) {
    const char c = value[i];
    const auto whole = character(value.substr(i));
    const std::size_t bytes = whole ? whole->bytes : 1;
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else if (c == '\r') {
      text += "\\r";
    } else if (c == '\t') {
      text += "\\t";
    } else if (c == '/' && style.slash) {
      text += "\\/";
    } else if (static_cast<unsigned char>(c) < 0x20 ||
               (style.html && (c == '<' || c == '>' || c == '&' || c == '\''))) {
      text += unicode(static_cast<unsigned char>(c));
    } else if (bytes > 1 && style.ascii) {
      if (whole->point >= 0x10000) {
        text += unicode(0xD800 + ((whole->point - 0x10000) >> 10));
        text += unicode(0xDC00 + ((whole->point - 0x10000) & 0x3FF));
      } else {
        text += unicode(whole->point);
      }
    } else {
      text += value.substr(i, bytes);
    }
    i += bytes;
  }
  return text;
}

std::string xml_escaped(std::string_view value, std::string_view quote, std::string_view apostrophe) {
  std::string text;
  for (const char c : value) {
    switch (c) {
      case '&':
        text += "&amp;";
        break;
      case '<':
        text += "&lt;";
        break;
      case '>':
        text += "&gt;";
        break;
      case '"':
        text += quote;
        break;
      case '\'':
        text += apostrophe;
        break;
      default:
        text += c;
    }
  }
  return text;
}

std::string replaced(std::string_view value, char what, std::string_view with) {
  std::string text;
  for (const char c : value) {
    if (c == what) {
      text += with;
    } else {
      text += c;
    }
  }
  return text;
}

// The characters of the base64 of "xx…value…" that depend on the value alone, `skipped` bytes standing before it.
std::string base64_middle(std::string_view value, std::size_t skipped) {
  const std::string bytes = std::string(skipped, '\0') + std::string(value);
  const std::size_t first = (skipped * 8 + 5) / 6;
  const std::size_t last = bytes.size() * 8 / 6;
  std::string text;
  for (std::size_t index = first; index < last; ++index) {
    const std::size_t bit = index * 6;
    const auto byte = [&](std::size_t i) {
      return i < bytes.size() ? static_cast<unsigned>(static_cast<unsigned char>(bytes[i])) : 0U;
    };
    const unsigned pair = byte(bit / 8) << 8 | byte(bit / 8 + 1);
    text += kBase64[(pair >> (10 - bit % 8)) & 0x3F];
  }
  return text;
}

int base64_digit(char c) {
  if (c == '-') c = '+';
  if (c == '_') c = '/';
  const std::size_t at = kBase64.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::vector<Form> forms_of(std::string_view value) {
  std::vector<Form> forms;
  const auto add = [&](std::string text, int spill = 0) {
    const bool known = std::any_of(forms.begin(), forms.end(), [&](const Form& f) { return f.text == text; });
    if (!known && !text.empty()) forms.push_back({std::move(text), spill});
  };
  add(std::string(value));
  // What encoders leave as it is differs: RFC 3986, encodeURIComponent, encodeURI, Python's quote, form encoding.
  for (const std::string_view kept : {"", "/", "!*'()", "!$&'()*+,;=", "!$&'()*+,;=:@", "!$&'()*+,;=:@/?#"}) {
    for (const HexDigits digits : {HexDigits::upper, HexDigits::lower}) {
      add(percent_encoded(value, kept, digits));
      add(form_encoded(value, kept, digits));
    }
  }
  for (const bool ascii : {false, true}) {
    for (const bool slash : {false, true}) {
      for (const bool html : {false, true}) {
        for (const bool upper : {false, true}) add(json_escaped(value, {ascii, upper, slash, html}));
      }
    }
  }
  // A JSON string within a JSON string.
  add(json_escaped(json_escaped(value, {false, false, false, false}), {false, false, false, false}));
  for (const std::string_view quote : {"&quot;", "&#34;", "\""}) {
    for (const std::string_view apostrophe : {"&apos;", "&#39;", "&#x27;", "'"}) {
      add(xml_escaped(value, quote, apostrophe));
    }
  }
  add(replaced(value, '\'', "''"));
  add(replaced(value, '\'', "'\\''"));
  add(replaced(value, '\\', "\\\\"));
  for (std::size_t skipped = 0; skipped < 3; ++skipped) {
    std::string text = base64_middle(value, skipped);
    if (text.size() < kLeastBase64) continue;
    std::string url_safe = text;
    std::replace(url_safe.begin(), url_safe.end(), '+', '-');
    std::replace(url_safe.begin(), url_safe.end(), '/', '_');
    add(std::move(text), 2);
    add(std::move(url_safe), 2);
  }
  return forms;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool pair =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (pair) {
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

std::string base64_decoded(std::string_view text) {
  std::string bytes;
  unsigned held = 0;
  int bits = 0;
  for (const char c : text) {
    const int digit = base64_digit(c);
    if (digit < 0) break;
    held = (held << 6 | static_cast<unsigned>(digit)) & 0xFFFFFF;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>((held >> bits) & 0xFF);
    }
  }
  return bytes;
}

bool is_base64_byte(char c) {
  return base64_digit(c) >= 0 || c == '=';
}

}  // namespace exitgate::redact
