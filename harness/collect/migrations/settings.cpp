#include "harness/collect/migrations/settings.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && std::isspace(static_cast<unsigned char>(text[at])) != 0) ++at;
  return at;
}

bool is_quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

// Behind the quote that closes the string which begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return text.size();
}

// The same length, with blanks in the place of comments.
std::string without_comments(std::string_view text) {
  std::string plain(text);
  for (std::size_t i = 0; i < plain.size();) {
    if (is_quote(plain[i])) {
      i = end_of_string(plain, i);
    } else if (plain.compare(i, 2, "//") == 0) {
      while (i < plain.size() && plain[i] != '\n') plain[i++] = ' ';
    } else if (plain.compare(i, 2, "/*") == 0) {
      const std::size_t end = std::min(plain.find("*/", i), plain.size() - 2) + 2;
      for (; i < end; ++i) plain[i] = ' ';
    } else {
      ++i;
    }
  }
  return plain;
}

// Where the value of a key begins; npos when the key is not there at or behind `from`.
std::size_t value_of(std::string_view text, std::string_view key, std::size_t from) {
  for (std::size_t at = text.find(key, from); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at > 0 && in_name(text[at - 1])) continue;
    std::size_t end = at + key.size();
    if (end < text.size() && is_quote(text[end])) ++end;
    end = skip_blanks(text, end);
    if (text.compare(end, 2, "=>") == 0) return skip_blanks(text, end + 2);
    if (end < text.size() && (text[end] == ':' || (text[end] == '=' && text.compare(end, 2, "==") != 0)))
      return skip_blanks(text, end + 1);
  }
  return std::string_view::npos;
}

// Behind a value: at the comma, semicolon or closing bracket that ends it.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (is_quote(c)) {
      at = end_of_string(text, at);
      continue;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') {
      if (--depth < 0) return at;
    }
    if (depth == 0 && (c == ',' || c == ';')) return at;
    ++at;
  }
  return at;
}

std::vector<std::string> strings_in(std::string_view value) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < value.size();) {
    if (!is_quote(value[i])) {
      ++i;
      continue;
    }
    const std::size_t end = end_of_string(value, i);
    std::string text(value.substr(i + 1, end > i + 1 ? end - i - 2 : 0));
    if (text.find("${") == std::string::npos) found.push_back(std::move(text));
    i = end;
  }
  return found;
}

}  // namespace

std::map<std::string, std::string, std::less<>> properties(std::string_view text) {
  std::map<std::string, std::string, std::less<>> values;
  std::string open;
  for (const auto& written : split(text, '\n')) {
    std::string line = open + std::string(trim(written));
    open.clear();
    if (line.empty() || line.front() == '#' || line.front() == '!') continue;
    if (line.back() == '\\') {
      open = line.substr(0, line.size() - 1);
      continue;
    }
    const std::size_t mark = line.find_first_of("=:");
    if (mark == std::string::npos) continue;
    std::string_view key = trim(std::string_view(line).substr(0, mark));
    if (key.starts_with("export ")) key = trim(key.substr(7));
    std::string_view value = trim(std::string_view(line).substr(mark + 1));
    if (value.size() > 1 && is_quote(value.front()) && value.back() == value.front())
      value = value.substr(1, value.size() - 2);
    values[std::string(key)] = value;
  }
  return values;
}

std::vector<std::string> source_setting(std::string_view source, std::string_view key,
                                        std::string_view within) {
  const std::string plain = without_comments(source);
  const std::string_view text = plain;
  std::vector<std::string> found;
  const auto collect = [&](std::string_view part) {
    for (std::size_t at = value_of(part, key, 0); at != std::string_view::npos;
         at = value_of(part, key, at)) {
      const std::string_view value = part.substr(at, end_of_value(part, at) - at);
      auto strings = strings_in(value);
      const std::size_t call = value.find('(');
      const std::size_t quote = value.find_first_of("\"'`[");
      if (call != std::string_view::npos && call < quote && strings.size() > 1)
        strings = {join(strings, "/")};
      found.insert(found.end(), strings.begin(), strings.end());
    }
  };
  if (within.empty()) {
    collect(text);
    return found;
  }
  for (std::size_t at = value_of(text, within, 0); at != std::string_view::npos;
       at = value_of(text, within, at)) {
    if (at < text.size() && (text[at] == '{' || text[at] == '['))
      collect(text.substr(at, end_of_value(text, at) - at));
  }
  return found;
}

}  // namespace exitgate::collect
