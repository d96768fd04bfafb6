#include <algorithm>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/script/machine.h"

namespace exitgate::collect::ci::script {

namespace {

// Not glob_match(): in a pattern of the shell `\` makes the letter behind it stand for itself (which is how quoted
// text gets into one), where the globs of gate files and paths have no escapes.
bool fits(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t i = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  while (at < text.size()) {
    if (i < pattern.size() && pattern[i] == '*') {
      star = i++;
      retry = at;
      continue;
    }
    const bool escaped = i + 1 < pattern.size() && pattern[i] == '\\';
    const std::size_t width = escaped ? 2 : 1;
    if (i < pattern.size() && ((!escaped && pattern[i] == '?') || pattern[i + width - 1] == text[at])) {
      i += width;
      ++at;
    } else if (star != std::string_view::npos) {
      i = star + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  while (i < pattern.size() && pattern[i] == '*') ++i;
  return i == pattern.size();
}

// `@(a|b)` and the like.
bool has_extended_pattern(std::string_view pattern) {
  for (std::size_t i = 1; i < pattern.size(); ++i) {
    if (pattern[i] == '(' && std::string_view("?*+@!").find(pattern[i - 1]) != std::string_view::npos)
      return true;
  }
  return false;
}

struct Alternative {
  std::string text;
  bool at_start = false;
  bool at_end = false;
};

// The alternatives of "a|b", "^(a|b)$", "(^| )a( |$)"-like ones not among them.
std::optional<std::vector<Alternative>> alternatives(std::string_view expression, bool extended) {
  bool start = false;
  bool end = false;
  std::string text(expression);
  if (extended && text.size() > 2 && text.find('(') != std::string::npos) {
    start = text.starts_with("^(");
    end = text.ends_with(")$");
    const std::size_t open = start ? 1 : 0;
    const std::size_t close = text.size() - (end ? 2 : 1);
    if (text[open] != '(' || text[close] != ')') return std::nullopt;
    text = text.substr(open + 1, close - open - 1);
  }
  std::vector<Alternative> all(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    Alternative& one = all.back();
    if (c == '\\' && i + 1 < text.size()) {
      const char next = text[++i];
      if (next == '|' && !extended) {
        all.emplace_back();
      } else if (next == 'b' || next == '<' || next == '>') {
        continue;  // the end of a word: results are words
      } else if (std::string_view(".*[]^$\\/\"-{}").find(next) != std::string_view::npos ||
                 (extended && std::string_view("()|+?").find(next) != std::string_view::npos)) {
        one.text += next;
      } else {
        return std::nullopt;
      }
    } else if (c == '|' && extended) {
      all.emplace_back();
    } else if (c == '^' && one.text.empty()) {
      one.at_start = true;
    } else if (c == '$' && (i + 1 == text.size() || (extended && text[i + 1] == '|') ||
                            (!extended && text.substr(i + 1).starts_with("\\|")))) {
      one.at_end = true;
    } else if (c == '*' || c == '[' || c == '.' ||
               (extended && std::string_view("()+?{}").find(c) != std::string_view::npos)) {
      return std::nullopt;
    } else {
      one.text += c;
    }
  }
  for (Alternative& one : all) {
    one.at_start = one.at_start || start;
    one.at_end = one.at_end || end;
  }
  return all;
}

}  // namespace

std::optional<bool> matches_pattern(std::string_view text, std::string_view pattern) {
  const std::string bare = plain(pattern);
  if (bare == "*") return true;
  if (is_unknown(text) || is_unknown(pattern) || bare.find('[') != std::string::npos) {
    if (bare.find('[') == std::string::npos || is_unknown(text) || is_unknown(pattern)) return std::nullopt;
    if (bare.find("\\[") == std::string::npos) return std::nullopt;
  }
  if (has_extended_pattern(bare)) return std::nullopt;
  return fits(plain(text), bare);
}

std::optional<bool> finds(std::string_view text, std::string_view expression, bool ignore_case,
                          bool extended) {
  if (is_unknown(text) || is_unknown(expression)) return std::nullopt;
  std::string in = plain(text);
  std::string bare = plain(expression);
  if (ignore_case) {
    in = lower(in);
    bare = lower(bare);
  }
  const auto all = alternatives(bare, extended);
  if (!all) return std::nullopt;
  return std::any_of(all->begin(), all->end(), [&](const Alternative& one) {
    if (one.at_start && one.at_end) return in == one.text;
    if (one.at_start) return in.starts_with(one.text);
    if (one.at_end) return in.ends_with(one.text);
    return in.find(one.text) != std::string::npos;
  });
}

}  // namespace exitgate::collect::ci::script
