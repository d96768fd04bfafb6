#include "harness/schema/sql_syntax.h"

#include <array>
#include <cctype>
#include <optional>
#include <vector>

namespace exitgate::schema {

namespace {

// Behind the literal or quoted name that starts at `at`.
std::size_t behind_quotes(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t end = at + 1; end < text.size(); ++end) {
    if (text[end] != quote) continue;
    if (end + 1 < text.size() && text[end + 1] == quote) {
      ++end;
    } else {
      return end + 1;
    }
  }
  return text.size();
}

// Where the parenthesis that opens at `open` closes; nullopt when it does not.
std::optional<std::size_t> closing(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size();) {
    if (text[at] == '\'' || text[at] == '"') {
      at = behind_quotes(text, at);
      continue;
    }
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at;
    ++at;
  }
  return std::nullopt;
}

// The word outside of all parentheses and quotes; npos when it is not there.
std::size_t find_outside(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, word.size(), word) == 0) return at;
    if (text[at] == '\'' || text[at] == '"') {
      at = behind_quotes(text, at);
    } else if (text[at] == '(') {
      const auto end = closing(text, at);
      if (!end) return std::string_view::npos;
      at = *end + 1;
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

// "a FROM b FOR c" at " FROM " and " FOR ": {a, b, c}. Words that are not there are left out, in their order.
std::vector<std::string> parts_at(std::string_view text, std::initializer_list<std::string_view> words) {
  std::vector<std::string> parts;
  for (const auto word : words) {
    const std::size_t at = find_outside(text, word);
    if (at == std::string_view::npos) continue;
    parts.push_back(with_calls(text.substr(0, at)));
    text.remove_prefix(at + word.size());
  }
  parts.push_back(with_calls(text));
  return parts;
}

std::string call(std::string_view name, const std::vector<std::string>& arguments) {
  std::string text(name);
  text += '(';
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (at > 0) text += ", ";
    text += arguments[at];
  }
  return text + ")";
}

std::string without_parentheses(const std::string& text) {
  if (text.empty() || text.front() != '(' || closing(text, 0) != text.size() - 1) return text;
  return text.substr(1, text.size() - 2);
}

std::optional<std::string> trimmed(std::string_view inside) {
  constexpr std::array<std::array<std::string_view, 2>, 3> kSides = {
      {{"BOTH ", "btrim"}, {"LEADING ", "ltrim"}, {"TRAILING ", "rtrim"}}};
  for (const auto& [side, name] : kSides) {
    if (!inside.starts_with(side)) continue;
    inside.remove_prefix(side.size());
    if (inside.starts_with("FROM ")) return call(name, {with_calls(inside.substr(5))});
    const auto parts = parts_at(inside, {" FROM "});
    if (parts.size() == 2) return call(name, {parts[1], parts[0]});
  }
  return std::nullopt;
}

// Of "NAME(inside)"; nullopt when it is none of those that are written otherwise.
std::optional<std::string> as_call(std::string_view name, std::string_view inside) {
  if (name == "TRIM") return trimmed(inside);
  if (name == "EXTRACT") {
    const auto parts = parts_at(inside, {" FROM "});
    if (parts.size() == 2) return call("date_part", {"'" + parts[0] + "'::text", parts[1]});
  }
  if (name == "POSITION") {
    const auto parts = parts_at(inside, {" IN "});
    if (parts.size() == 2) {
      return call("\"position\"", {without_parentheses(parts[1]), without_parentheses(parts[0])});
    }
  }
  if (name == "SUBSTRING" && find_outside(inside, " FROM ") != std::string_view::npos) {
    return call("\"substring\"", parts_at(inside, {" FROM ", " FOR "}));
  }
  if (name == "OVERLAY" && find_outside(inside, " PLACING ") != std::string_view::npos) {
    return call("\"overlay\"", parts_at(inside, {" PLACING ", " FROM ", " FOR "}));
  }
  return std::nullopt;
}

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

}  // namespace

std::string with_calls(std::string_view definition) {
  std::string text;
  for (std::size_t at = 0; at < definition.size();) {
    const char c = definition[at];
    if (c == '\'' || c == '"') {
      const std::size_t end = behind_quotes(definition, at);
      text += definition.substr(at, end - at);
      at = end;
      continue;
    }
    if (c != '(') {
      text += c;
      ++at;
      continue;
    }
    const auto end = closing(definition, at);
    if (!end) return text + std::string(definition.substr(at));
    const std::string_view inside = definition.substr(at + 1, *end - at - 1);
    std::size_t word = text.size();
    while (word > 0 && in_word(text[word - 1])) --word;
    const std::string name = text.substr(word);
    constexpr std::string_view kZone = " AT TIME ZONE ";
    const auto rewritten = as_call(name, inside);
    const std::size_t zone = name.empty() ? find_outside(inside, kZone) : std::string_view::npos;
    if (rewritten) {
      text.resize(word);
      text += *rewritten;
    } else if (zone != std::string_view::npos) {
      text += call("timezone",
                   {with_calls(inside.substr(zone + kZone.size())), with_calls(inside.substr(0, zone))});
    } else {
      text += '(' + with_calls(inside) + ')';
    }
    at = *end + 1;
  }
  return text;
}

}  // namespace exitgate::schema
