#include "harness/collect/ci/gitlab/scalar.h"

#include <algorithm>
#include <string>

#include "harness/base/text.h"

namespace exitgate::collect::ci::gitlab {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::size_t digits(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// "2024-05-01", and whatever goes on behind it.
std::size_t date_end(std::string_view text) {
  if (digits(text, 0) != 4 || text.size() < 8 || text[4] != '-') return 0;
  const std::size_t month = digits(text, 5);
  const std::size_t dash = 5 + month;
  if (month < 1 || month > 2 || dash >= text.size() || text[dash] != '-') return 0;
  const std::size_t day = digits(text, dash + 1);
  return day < 1 || day > 2 ? 0 : dash + 1 + day;
}

int number(std::string_view text) {
  int value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

bool is_time_of_day(std::string_view text) {
  const std::size_t hours = digits(text, 0);
  return (hours == 1 || hours == 2) && text.size() >= hours + 6 && text[hours] == ':' &&
         digits(text, hours + 1) == 2 && text[hours + 3] == ':' && digits(text, hours + 4) >= 2;
}

}  // namespace

bool is_unknown(const yaml::Node& node) {
  return node.tag == kUnknown || (node.is_scalar() && node.text.find("$[[") != std::string::npos);
}

std::optional<bool> boolean_of(const yaml::Node& node) {
  if (node.kind == yaml::Kind::boolean) return node.boolean;
  if (!node.is_string() || node.quoted) return std::nullopt;
  const std::string text = lower(node.text);
  if (text == "yes" || text == "on") return true;
  if (text == "no" || text == "off") return false;
  return std::nullopt;
}

bool is_integer(const yaml::Node& node) {
  if (node.kind == yaml::Kind::integer) return true;
  if (!node.is_string() || node.quoted) return false;
  std::string_view text = node.text;
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !is_digit(text[0])) return false;
  // Digits with '_' or ',' in between, or in base 60: "1:30".
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '_' || c == ','; });
  const std::size_t colon = text.find(':');
  if (plain) return true;
  if (colon == std::string_view::npos || digits(text, 0) != colon) return false;
  const std::string_view rest = text.substr(colon + 1);
  return digits(rest, 0) == rest.size() && (rest.size() == 2 ? rest[0] <= '5' : rest.size() == 1);
}

bool is_number(const yaml::Node& node) {
  // "1e3" without a point is a string to Psych.
  if (node.kind == yaml::Kind::real) return node.text.find('.') != std::string::npos;
  return is_integer(node);
}

bool is_string(const yaml::Node& node) {
  return node.is_scalar() && !node.is_null() && !boolean_of(node) && !is_number(node);
}

bool is_date(const yaml::Node& node) {
  if (!node.is_string() || node.quoted) return false;
  const std::string_view text = node.text;
  const std::size_t end = date_end(text);
  if (end == 0) return false;
  const std::size_t dash = text.rfind('-', end - 1);
  const int month = number(text.substr(5, dash - 5));
  const int day = number(text.substr(dash + 1, end - dash - 1));
  if (end == text.size()) {
    // What is no day of the calendar stays a string.
    constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 && day <= kDays[month - 1] &&
           !(month == 2 && day == 29 && number(text.substr(0, 4)) % 4 != 0);
  }
  std::string_view rest = text.substr(end);
  if (rest[0] != 'T' && rest[0] != 't' && rest[0] != ' ' && rest[0] != '\t') return false;
  rest.remove_prefix(1);
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '\t')) rest.remove_prefix(1);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 && is_time_of_day(rest);
}

bool is_blank(const yaml::Node& node) {
  if (node.is_sequence()) return node.items.empty() && node.tag.empty();
  if (node.is_mapping()) return node.entries.empty();
  if (const auto value = boolean_of(node)) return !*value;
  return node.is_null() || trim(node.text).empty();
}

}  // namespace exitgate::collect::ci::gitlab
