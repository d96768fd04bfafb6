#include "harness/rows/expressions.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"

namespace exitgate::rows {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

bool is_number(std::string_view text) {
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return !text.empty() && text.size() < 20 && std::count(text.begin(), text.end(), '.') <= 1 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; }) &&
         text != ".";
}

// The literal whose opening quote is at `at`, which is moved behind its closing one.
std::string literal_at(std::string_view text, std::size_t& at, bool backslashes) {
  std::string value;
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\'') {
      if (at + 1 < text.size() && text[at + 1] == '\'') {
        ++at;
      } else {
        ++at;
        break;
      }
    } else if (backslashes && text[at] == '\\' && at + 1 < text.size()) {
      ++at;
    }
    value += text[at];
  }
  return value;
}

std::string like_text(std::string_view pattern, unsigned variant) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '%') {
      text += "ab" + std::to_string(variant);
    } else if (pattern[at] == '_') {
      text += static_cast<char>('a' + variant % 26);
    } else if (pattern[at] == '\\' && at + 1 < pattern.size()) {
      text += pattern[++at];
    } else {
      text += pattern[at];
    }
  }
  return text;
}

}  // namespace

ExpressionParts parts_of_expression(std::string_view expression) {
  ExpressionParts parts;
  constexpr unsigned kVariants = 5;
  for (std::size_t at = 0; at < expression.size();) {
    const char c = expression[at];
    if (c == '\'') {
      const bool backslashes = at > 0 && expression[at - 1] == 'E';
      std::string_view before = trim(expression.substr(0, at - (backslashes ? 1 : 0)));
      if (!before.empty() && before.back() == '*') before.remove_suffix(1);
      while (!before.empty() && before.back() == '(') before.remove_suffix(1);
      before = trim(before);
      const std::string value = literal_at(expression, at, backslashes);
      if (before.ends_with("!~") || before.ends_with("!~~")) continue;
      if (before.ends_with("~~")) {
        for (unsigned variant = 0; variant < kVariants; ++variant)
          parts.patterns.push_back(like_text(value, variant));
      } else if (before.ends_with("~")) {
        for (unsigned variant = 0; variant < kVariants; ++variant) {
          if (auto text = matching_text(value, variant); !text.empty())
            parts.patterns.push_back(std::move(text));
        }
      } else {
        parts.strings.push_back(value);
        if (is_number(value)) parts.numbers.push_back(value);
      }
    } else if (c == '"') {
      const auto end = expression.find('"', at + 1);
      at = end == std::string_view::npos ? expression.size() : end + 1;
    } else if (c >= '0' && c <= '9') {
      std::size_t end = at;
      while (end < expression.size() &&
             ((expression[end] >= '0' && expression[end] <= '9') || expression[end] == '.'))
        ++end;
      const bool negative = at > 0 && expression[at - 1] == '-';
      const std::string number = (negative ? "-" : "") + std::string(expression.substr(at, end - at));
      if (is_number(number)) parts.numbers.push_back(number);
      at = end;
    } else if (is_word(c)) {
      std::size_t end = at;
      while (end < expression.size() && is_word(expression[end])) ++end;
      parts.words.insert(lower(expression.substr(at, end - at)));
      at = end;
    } else {
      ++at;
    }
  }
  return parts;
}

}  // namespace exitgate::rows
