#include "harness/expression/value.h"

#include <fmt/core.h>
#include <locale.h>

#include <algorithm>
#include <charconv>
#include <clocale>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cwctype>
#include <limits>

#include "harness/base/text.h"

namespace exitgate::expression {

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char upper_ascii(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

std::uint32_t upper_letter(std::uint32_t letter) {
  static const locale_t utf8 = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (utf8 == nullptr) return letter;
  const auto changed = static_cast<std::uint32_t>(::towupper_l(static_cast<wint_t>(letter), utf8));
  // .NET keeps 'ı' and 'ſ': nothing outside ASCII becomes ASCII.
  return changed < 0x80 ? letter : changed;
}

void append_utf8(std::string& out, std::uint32_t letter) {
  const auto byte = [&](std::uint32_t bits) { out += static_cast<char>(bits); };
  if (letter < 0x80) {
    byte(letter);
  } else if (letter < 0x800) {
    byte(0xC0 | (letter >> 6));
    byte(0x80 | (letter & 0x3F));
  } else if (letter < 0x10000) {
    byte(0xE0 | (letter >> 12));
    byte(0x80 | ((letter >> 6) & 0x3F));
    byte(0x80 | (letter & 0x3F));
  } else {
    byte(0xF0 | (letter >> 18));
    byte(0x80 | ((letter >> 12) & 0x3F));
    byte(0x80 | ((letter >> 6) & 0x3F));
    byte(0x80 | (letter & 0x3F));
  }
}

double digits(std::string_view text, int base) {
  if (text.empty()) return kNan;
  double value = 0;
  for (const char c : text) {
    int digit = 99;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit >= base) return kNan;
    value = value * base + digit;
  }
  return value;
}

// Digits with at most one '.', then maybe an exponent.
bool is_decimal(std::string_view text) {
  std::size_t at = !text.empty() && (text[0] == '+' || text[0] == '-') ? 1 : 0;
  const auto run = [&] {
    const std::size_t begin = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return at - begin;
  };
  std::size_t count = run();
  if (at < text.size() && text[at] == '.') {
    ++at;
    count += run();
  }
  if (count == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (run() == 0) return false;
  }
  return at == text.size();
}

std::string_view trim_space(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

}  // namespace

std::string upper(std::string_view text) {
  if (is_ascii(text)) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), upper_ascii);
    return out;
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      out += upper_ascii(text[i++]);
      continue;
    }
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || i + length > text.size()) {
      out += text[i++];
      continue;
    }
    std::uint32_t letter = lead & (0xFFU >> (length + 1));
    for (std::size_t j = 1; j < length; ++j)
      letter = (letter << 6) | (static_cast<unsigned char>(text[i + j]) & 0x3FU);
    append_utf8(out, upper_letter(letter));
    i += length;
  }
  return out;
}

const Value* Object::find(std::string_view key) const {
  const std::string wanted = upper(key);
  for (const auto& [name, value] : members) {
    if (name.size() == key.size() || !is_ascii(name)) {
      if (upper(name) == wanted) return &value;
    }
  }
  return nullptr;
}

double parse_number(std::string_view text) {
  text = trim_space(text);
  if (text.empty()) return 0;
  if (is_decimal(text)) return std::strtod(std::string(text).c_str(), nullptr);
  if (text.starts_with("0x")) return digits(text.substr(2), 16);
  if (text.starts_with("0o")) return digits(text.substr(2), 8);
  if (text == "Infinity" || text == "+Infinity") return std::numeric_limits<double>::infinity();
  if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
  return kNan;
}

std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number > 0 ? "Infinity" : "-Infinity";
  if (number == 0) return "0";
  return fmt::format("{:.15G}", number);
}

bool Value::truthy() const {
  switch (kind()) {
    case ValueKind::null:
      return false;
    case ValueKind::boolean:
      return boolean();
    case ValueKind::number:
      return number() != 0 && !std::isnan(number());
    case ValueKind::string:
      return !text().empty();
    default:
      return true;
  }
}

double Value::as_number() const {
  switch (kind()) {
    case ValueKind::null:
      return 0;
    case ValueKind::boolean:
      return boolean() ? 1 : 0;
    case ValueKind::number:
      return number();
    case ValueKind::string:
      return parse_number(text());
    default:
      return kNan;
  }
}

std::string Value::as_text() const {
  switch (kind()) {
    case ValueKind::null:
      return "";
    case ValueKind::boolean:
      return boolean() ? "true" : "false";
    case ValueKind::number:
      return number_text(number());
    case ValueKind::string:
      return text();
    case ValueKind::array:
      return "Array";
    case ValueKind::object:
      return "Object";
  }
  return "";
}

bool equals(const Value& left, const Value& right) {
  if (left.kind() != right.kind()) {
    if (!left.is_primitive() || !right.is_primitive()) return false;
    return left.as_number() == right.as_number();  // NaN equals nothing
  }
  if (left.kind() == ValueKind::string) return upper(left.text()) == upper(right.text());
  return left.same(right);
}

namespace {

// Both turned into one kind that has an order; false when there is none.
template <typename Compare>
bool ordered(const Value& left, const Value& right, Compare compare) {
  if (!left.is_primitive() || !right.is_primitive()) return false;
  if (left.kind() == ValueKind::string && right.kind() == ValueKind::string) {
    return compare(upper(left.text()).compare(upper(right.text())), 0);
  }
  if (left.is_null() && right.is_null()) return false;
  return compare(left.as_number(), right.as_number());
}

}  // namespace

bool greater(const Value& left, const Value& right) {
  return ordered(left, right, [](auto a, auto b) { return a > b; });
}

bool less(const Value& left, const Value& right) {
  return ordered(left, right, [](auto a, auto b) { return a < b; });
}

namespace {

// nullopt when there is nothing there, which is not the same as a null in a filtered array.
std::optional<Value> index_one(const Value& value, const Value& at) {
  if (value.kind() == ValueKind::object) {
    if (!at.is_primitive()) return std::nullopt;
    const Value* found = value.object().find(at.as_text());
    if (found == nullptr) return std::nullopt;
    return *found;
  }
  if (value.kind() == ValueKind::array) {
    const double position = std::floor(at.as_number());
    const auto& items = value.array().items;
    if (!(position >= 0) || !(position < static_cast<double>(items.size()))) return std::nullopt;
    return items[static_cast<std::size_t>(position)];
  }
  return std::nullopt;
}

void append_all(std::vector<Value>& items, const Value& value) {
  if (value.kind() == ValueKind::array) {
    items.insert(items.end(), value.array().items.begin(), value.array().items.end());
  } else if (value.kind() == ValueKind::object) {
    for (const auto& [name, member] : value.object().members) items.push_back(member);
  }
}

}  // namespace

Value index(const Value& value, const Value& at) {
  if (value.kind() == ValueKind::array && value.array().filtered) {
    Array found{{}, true};
    for (const Value& item : value.array().items) {
      if (auto one = index_one(item, at)) found.items.push_back(std::move(*one));
    }
    return Value(std::move(found));
  }
  return index_one(value, at).value_or(Value());
}

Value all_of(const Value& value) {
  Array found{{}, true};
  if (value.kind() == ValueKind::array && value.array().filtered) {
    for (const Value& item : value.array().items) append_all(found.items, item);
  } else {
    append_all(found.items, value);
  }
  return Value(std::move(found));
}

}  // namespace exitgate::expression
