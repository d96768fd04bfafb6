#include <fmt/core.h>

#include <string>
#include <vector>

#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

std::size_t behind_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote == '\'' || quote == '"') {
    const bool escapes = quote == '\'' && at > 0 && (text[at - 1] == 'E' || text[at - 1] == 'e');
    for (std::size_t end = at + 1; end < text.size(); ++end) {
      if (escapes && text[end] == '\\') {
        ++end;
      } else if (text[end] == quote) {
        if (end + 1 < text.size() && text[end + 1] == quote) {
          ++end;
        } else {
          return end + 1;
        }
      }
    }
    return text.size();
  }
  if (quote == '$') {
    std::size_t end = at + 1;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
      ++end;
    if (end >= text.size() || text[end] != '$') return at;
    const std::string_view tag = text.substr(at, end + 1 - at);
    const std::size_t close = text.find(tag, end + 1);
    return close == std::string_view::npos ? text.size() : close + tag.size();
  }
  return at;
}

namespace {

// Position of the bracket that closes the one at `open`, npos when there is none.
std::size_t closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size();) {
    const std::size_t behind = behind_quoted(text, at);
    if (behind > at) {
      at = behind;
      continue;
    }
    const char c = text[at];
    if (c == '(' || c == '[') ++depth;
    if ((c == ')' || c == ']') && --depth == 0) return at;
    ++at;
  }
  return std::string_view::npos;
}

// The elements of "a, b(c, d), 'e,f'".
std::vector<std::string> elements(std::string_view text) {
  std::vector<std::string> result;
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t behind = behind_quoted(text, at);
    if (behind > at) {
      at = behind;
      continue;
    }
    const char c = text[at];
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      result.emplace_back(text.substr(start, at - start));
      start = at + 1;
      while (start < text.size() && text[start] == ' ') ++start;
      at = start;
      continue;
    }
    ++at;
  }
  result.emplace_back(text.substr(start));
  return result;
}

// A type's name and "[]" at `at`; returns the name without "[]" and moves `at` behind, or "" when it is not one.
std::string array_type(std::string_view text, std::size_t& at) {
  // As format_type writes them: words, dots, quoted names, a modifier in parentheses, "with time zone".
  std::size_t end = at;
  while (end < text.size()) {
    const std::size_t behind = text[end] == '"' ? behind_quoted(text, end) : end;
    if (behind > end) {
      end = behind;
    } else if (text[end] == '(') {
      const std::size_t close = closing(text, end);
      if (close == std::string_view::npos) return "";
      end = close + 1;
    } else if (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_' ||
               text[end] == '.' || text[end] == ' ') {
      ++end;
    } else {
      break;
    }
  }
  if (text.substr(end, 2) != "[]") return "";
  std::string type(text.substr(at, end - at));
  if (type.empty() || type.front() == ' ' || type.back() == ' ') return "";
  at = end + 2;
  return type;
}

}  // namespace

std::string normal_expression(std::string_view text) {
  constexpr std::string_view kArray = "(ARRAY[";
  if (text.find(kArray) == std::string_view::npos) return std::string(text);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t behind = behind_quoted(text, at);
    if (behind > at) {
      result += text.substr(at, behind - at);
      at = behind;
      continue;
    }
    if (text.substr(at, kArray.size()) == kArray) {
      const std::size_t bracket = at + kArray.size() - 1;
      const std::size_t end = closing(text, bracket);
      if (end != std::string_view::npos && text.substr(end, 4) == "])::") {
        std::size_t type_at = end + 4;
        const std::string type = array_type(text, type_at);
        if (!type.empty()) {
          // A cast of an array is the cast of each of its elements; of arrays in arrays it is not so simple.
          const std::string_view inside = text.substr(bracket + 1, end - bracket - 1);
          if (inside.find("ARRAY[") == std::string_view::npos) {
            std::string each;
            for (const auto& element : elements(inside)) {
              if (!each.empty()) each += ", ";
              each += fmt::format("({})::{}", element, type);
            }
            result += "ARRAY[" + each + "]";
            at = type_at;
            continue;
          }
        }
      }
    }
    result += text[at++];
  }
  return result;
}

}  // namespace exitgate::collect::schema
