// Variables of those who send SQL, which PostgreSQL's parser does not know.
#include <algorithm>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

namespace {

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool in_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}

std::size_t name_end(std::string_view text, std::size_t at) {
  while (at < text.size() && in_name(text[at])) ++at;
  return at;
}

// Past what is quoted from `at` on, or `at`.
std::size_t quoted_end(std::string_view text, std::size_t at) {
  const auto past = [&](std::string_view mark, std::size_t from) {
    const std::size_t found = text.find(mark, from);
    return found == std::string_view::npos ? text.size() : found + mark.size();
  };
  if (text[at] == '\'' || text[at] == '"') return past(text.substr(at, 1), at + 1);
  if (text.substr(at, 2) == "--") return past("\n", at);
  if (text.substr(at, 2) == "/*") return past("*/", at + 2);
  if (text[at] == '$') {
    const std::size_t end = name_end(text, at + 1);
    if (end < text.size() && text[end] == '$') return past(text.substr(at, end + 1 - at), end + 1);
  }
  return at;
}

// A variable of Python's at `at`: its end, or `at`.
std::size_t python_variable(std::string_view text, std::size_t at) {
  if (text[at] == ':') {
    const bool first = at == 0 || (text[at - 1] != ':' && text[at - 1] != ']' && !in_name(text[at - 1]));
    return first && at + 1 < text.size() && begins_name(text[at + 1]) ? name_end(text, at + 1) : at;
  }
  if (text.substr(at, 2) == "%s") return at + 2;
  if (text.substr(at, 2) == "%(") {
    const std::size_t close = text.find(")s", at);
    if (close != std::string_view::npos && name_end(text, at + 2) == close) return close + 2;
  }
  return at;
}

// A variable of psql's, with what it stands for.
std::size_t psql_variable(std::string_view text, std::size_t at, std::string& value) {
  if (text[at] != ':' || at + 1 >= text.size() || (at > 0 && text[at - 1] == ':')) return at;
  const char next = text[at + 1];
  if (next == '\'' || next == '"') {
    const std::size_t end = name_end(text, at + 2);
    if (end == at + 2 || end >= text.size() || text[end] != next) return at;
    value = text.substr(at + 1, end - at);
    return end + 1;
  }
  if (!begins_name(next)) return at;
  const std::size_t end = name_end(text, at + 1);
  value = text.substr(at + 1, end - at - 1);
  return end;
}

}  // namespace

std::string without_variables(std::string_view sql, Variables of) {
  std::string plain;
  plain.reserve(sql.size());
  for (std::size_t at = 0; at < sql.size();) {
    std::size_t end = quoted_end(sql, at);
    if (end > at) {
      plain += sql.substr(at, end - at);
      at = end;
      continue;
    }
    std::string value = "(exitgate_value)";
    end = of == Variables::python ? python_variable(sql, at) : psql_variable(sql, at, value);
    if (end > at) {
      plain += value;
      at = end;
    } else if (of == Variables::python && (sql.substr(at, 2) == "\\:" || sql.substr(at, 2) == "%%")) {
      plain += sql[at + 1] == ':' ? ':' : '%';
      at += 2;
    } else {
      plain += sql[at++];
    }
  }
  return plain;
}

}  // namespace exitgate::collect
