#include "harness/check/trigger_filters.h"

#include <algorithm>
#include <optional>

#include "harness/json/json.h"

namespace exitgate::check {

namespace {

struct Token {
  enum Kind { folders, anything, in_folder, one } kind = one;
  std::string set;  // the characters that `one` stands for
  bool optional = false;
  bool repeated = false;
};

// "a-z0" as its characters.
std::string set_of(std::string_view text) {
  std::string set;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 2 < text.size() && text[i + 1] == '-' && text[i] <= text[i + 2]) {
      for (int c = text[i]; c <= text[i + 2]; ++c) set += static_cast<char>(c);
      i += 2;
    } else {
      set += text[i];
    }
  }
  return set;
}

std::vector<Token> tokens_of(std::string_view pattern) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '*') {
      const bool two = i + 1 < pattern.size() && pattern[i + 1] == '*';
      const bool begins_folder = i == 0 || pattern[i - 1] == '/';
      if (two && begins_folder && i + 2 < pattern.size() && pattern[i + 2] == '/') {
        tokens.push_back({.kind = Token::folders, .set = ""});
        i += 2;
      } else {
        tokens.push_back({.kind = two ? Token::anything : Token::in_folder, .set = ""});
        i += two ? 1 : 0;
      }
    } else if ((c == '?' || c == '+') && !tokens.empty() && tokens.back().kind == Token::one) {
      (c == '?' ? tokens.back().optional : tokens.back().repeated) = true;
    } else if (const auto close = pattern.find(']', i + 1); c == '[' && close != std::string_view::npos) {
      tokens.push_back({.kind = Token::one, .set = set_of(pattern.substr(i + 1, close - i - 1))});
      i = close;
    } else {
      const bool escaped = c == '\\' && i + 1 < pattern.size();
      tokens.push_back({.kind = Token::one, .set = std::string(1, escaped ? pattern[++i] : c)});
    }
  }
  return tokens;
}

// The ends in `text` of what the tokens so far can match, after one more.
std::vector<bool> step(const std::vector<bool>& reached, const Token& token, std::string_view text) {
  std::vector<bool> next(reached.size());
  bool running = false;  // a run that began before goes on
  for (std::size_t i = 0; i <= text.size(); ++i) {
    switch (token.kind) {
      case Token::folders:
        running = running || reached[i];
        next[i] = reached[i] || (running && i > 0 && text[i - 1] == '/');
        break;
      case Token::anything:
        running = running || reached[i];
        next[i] = running;
        break;
      case Token::in_folder:
        running = reached[i] || (running && text[i - 1] != '/');
        next[i] = running;
        break;
      case Token::one: {
        const bool fits = i > 0 && token.set.find(text[i - 1]) != std::string::npos;
        next[i] =
            (fits && (reached[i - 1] || (token.repeated && next[i - 1]))) || (token.optional && reached[i]);
        break;
      }
    }
  }
  return next;
}

// What the last pattern that matches says; nullopt: none does.
std::optional<bool> last_word(const std::vector<std::string>& patterns, std::string_view path) {
  std::optional<bool> word;
  for (std::string_view pattern : patterns) {
    const bool excludes = pattern.starts_with('!');
    if (excludes) pattern.remove_prefix(1);
    if (filter_matches(pattern, path)) word = !excludes;
  }
  return word;
}

std::vector<std::string> strings_of(const Json& filters, std::string_view key) {
  std::vector<std::string> strings;
  const auto found = filters.find(key);
  if (found == filters.end()) return strings;
  if (found->is_string()) return {found->text()};
  if (!found->is_array()) return strings;
  for (const Json& item : found->items()) {
    if (item.is_string()) strings.push_back(item.text());
  }
  return strings;
}

}  // namespace

bool filter_matches(std::string_view pattern, std::string_view text) {
  std::vector<bool> reached(text.size() + 1);
  reached[0] = true;
  for (const Token& token : tokens_of(pattern)) reached = step(reached, token, text);
  return reached[text.size()];
}

bool TriggerFilters::on_type(std::string_view type) const {
  if (types.empty()) return type == "opened" || type == "synchronize" || type == "reopened";
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool TriggerFilters::covers(std::string_view path) const {
  if (!paths.empty()) return last_word(paths, path).value_or(false);
  return paths_ignore.empty() || !last_word(paths_ignore, path).value_or(false);
}

TriggerFilters read_trigger_filters(std::string_view json) {
  TriggerFilters filters;
  const auto read = Json::try_parse(json);
  if (!read || !read->is_object()) return filters;
  filters.types = strings_of(*read, "types");
  filters.branches = strings_of(*read, "branches");
  filters.branches_ignore = strings_of(*read, "branches-ignore");
  filters.paths = strings_of(*read, "paths");
  filters.paths_ignore = strings_of(*read, "paths-ignore");
  return filters;
}

}  // namespace exitgate::check
