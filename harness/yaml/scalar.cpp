#include "harness/yaml/scalar.h"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>

namespace exitgate::yaml {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// std::from_chars takes no '+' and, for reals, no leading '.': the forms are checked before, so strtod is safe on them.
double to_double(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc::result_out_of_range) {
    // Too large or too small for a double: from_chars leaves the value alone, strtod gives infinity or 0.
    value = std::strtod(std::string(text).c_str(), nullptr);
  }
  return value;
}

bool with_base(std::string_view digits, int base, Node& node) {
  if (digits.empty()) return false;
  double as_real = 0;
  std::int64_t value = 0;
  bool fits = true;
  for (const char c : digits) {
    int digit = 99;
    if (is_digit(c)) {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    }
    if (digit >= base) return false;
    as_real = as_real * base + digit;
    if (fits && value > (std::numeric_limits<std::int64_t>::max() - digit) / base) fits = false;
    if (fits) value = value * base + digit;
  }
  node.real = as_real;
  node.kind = fits ? Kind::integer : Kind::real;
  node.integer = fits ? value : 0;
  return true;
}

}  // namespace

bool is_null_text(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

bool read_boolean(std::string_view text, Node& node) {
  const bool yes = text == "true" || text == "True" || text == "TRUE";
  if (!yes && text != "false" && text != "False" && text != "FALSE") return false;
  node.kind = Kind::boolean;
  node.boolean = yes;
  return true;
}

bool read_integer(std::string_view text, Node& node) {
  if (text.size() > 2 && text[0] == '0' && (text[1] == 'o' || text[1] == 'x')) {
    return with_base(text.substr(2), text[1] == 'o' ? 8 : 16, node);
  }
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t digits = digits_from(text, sign);
  if (digits == 0 || sign + digits != text.size()) return false;
  const std::string_view number = text[0] == '+' ? text.substr(1) : text;
  std::int64_t value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  node.real = to_double(text);
  node.kind = result.ec == std::errc() ? Kind::integer : Kind::real;
  node.integer = result.ec == std::errc() ? value : 0;
  return true;
}

bool read_real(std::string_view text, Node& node) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") {
    node.kind = Kind::real;
    node.real = std::numeric_limits<double>::quiet_NaN();
    return true;
  }
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::string_view unsigned_text = text.substr(at);
  if (unsigned_text == ".inf" || unsigned_text == ".Inf" || unsigned_text == ".INF") {
    node.kind = Kind::real;
    node.real = std::numeric_limits<double>::infinity() * (text[0] == '-' ? -1 : 1);
    return true;
  }
  const std::size_t whole = digits_from(text, at);
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_from(text, at + 1);
    if (whole == 0 && fraction == 0) return false;
    at += 1 + fraction;
  } else if (whole == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t exponent = digits_from(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  if (at != text.size()) return false;
  node.kind = Kind::real;
  node.real = to_double(text);
  return true;
}

void resolve_plain(Node& node) {
  const std::string& text = node.text;
  if (is_null_text(text)) {
    node.kind = Kind::null;
    return;
  }
  const char first = text.front();
  const bool numeric = is_digit(first) || first == '-' || first == '+' || first == '.';
  if (numeric && (read_integer(text, node) || read_real(text, node))) return;
  if (!numeric && read_boolean(text, node)) return;
  node.kind = Kind::string;
}

}  // namespace exitgate::yaml
