#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "harness/shell/parser.h"

namespace exitgate::shell {

namespace {

// What is more than a letter of a word.
constexpr auto kSpecial = [] {
  std::array<bool, 256> table{};
  for (const char one : std::string_view(" \t\r\n()|<>;&'\"$\\`"))
    table[static_cast<unsigned char>(one)] = true;
  return table;
}();

bool is_special(char c) {
  return kSpecial[static_cast<unsigned char>(c)];
}

}  // namespace

void Parser::literal(Word& into, std::string_view text, bool quoted) {
  if (!into.parts.empty() && into.parts.back().kind == Part::Kind::literal &&
      into.parts.back().quoted == quoted) {
    into.parts.back().text += text;
    return;
  }
  Part& part = into.parts.emplace_back();
  part.text = text;
  part.quoted = quoted;
}

Word Parser::word(Place place) {
  Word all;
  const std::size_t begin = at_;
  int open = 0;  // parentheses of a regular expression
  while (!at_end()) {
    const char c = peek();
    switch (c) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        if (open == 0) return all;
        literal(all, text_.substr(at_++, 1), false);
        break;
      case '(':
      case ')':
      case '|':
      case '<':
      case '>':
      case ';':
      case '&':
        if (place == Place::regular_expression && (c == '(' || c == '|' || open > 0)) {
          open += c == '(' ? 1 : c == ')' ? -1 : 0;
          literal(all, text_.substr(at_++, 1), false);
        } else if (c == '(' && extended_pattern(all, begin)) {
          continue;
        } else if ((c == '<' || c == '>') && peek(1) == '(' && !powershell_ && place == Place::command) {
          at_ += 2;
          substitution(all, false, Part::Kind::process, at_ - 2);
        } else {
          return all;
        }
        break;
      case '\'':
        single_quoted(all);
        break;
      case '"':
        ++at_;
        double_quoted(all);
        break;
      case '$':
        if (peek(1) == '\'' && !powershell_) {
          at_ += 2;
          ansi_quoted(all);
        } else if (peek(1) == '"' && !powershell_) {
          at_ += 2;
          double_quoted(all);
        } else {
          dollar(all, false);
        }
        break;
      case '\\':
      case '`':
        if (at_continuation()) {
          at_ += peek(1) == '\n' ? 2 : 3;
        } else if (c == (powershell_ ? '`' : '\\') || (c == '\\' && !powershell_)) {
          literal(all, at_ + 1 < text_.size() ? text_.substr(at_ + 1, 1) : text_.substr(at_, 1), true);
          at_ = std::min(at_ + 2, text_.size());
        } else if (c == '`') {
          backquoted(all, false);
        } else {
          literal(all, text_.substr(at_++, 1), false);
        }
        break;
      default: {
        std::size_t end = at_ + 1;
        while (end < text_.size() && !is_special(text_[end])) ++end;
        literal(all, text_.substr(at_, end - at_), false);
        at_ = end;
      }
    }
  }
  return all;
}

// `@(a|b)` and the like, of which the text is kept; false when the parenthesis does not belong to one.
bool Parser::extended_pattern(Word& into, std::size_t begin) {
  if (at_ == begin || powershell_) return false;
  if (std::string_view("?*+@!").find(text_[at_ - 1]) == std::string_view::npos) return false;
  int open = 0;
  std::size_t end = at_;
  for (; end < text_.size() && text_[end] != '\n'; ++end) {
    if (text_[end] == '(') ++open;
    if (text_[end] == ')' && --open == 0) break;
  }
  if (end >= text_.size() || text_[end] != ')') return false;
  literal(into, text_.substr(at_, end + 1 - at_), false);
  at_ = end + 1;
  return true;
}

void Parser::single_quoted(Word& into) {
  const std::size_t begin = ++at_;
  while (!at_end() && peek() != '\'') {
    if (peek() == '$' && begins("${{")) {
      const auto end = expression_end(at_);
      at_ = end == std::string_view::npos ? text_.size() : end;
    } else {
      at_ = std::min(text_.find_first_of("'$", at_ + 1), text_.size());
    }
  }
  literal(into, text_.substr(begin, at_ - begin), true);
  if (at_end()) problem("a quote is not closed");
  at_ = std::min(at_ + 1, text_.size());
}

// Behind the opening one.
void Parser::double_quoted(Word& into) {
  const char escape = powershell_ ? '`' : '\\';
  const std::size_t before = into.parts.size();
  while (!at_end()) {
    const char c = peek();
    if (c == '"') {
      ++at_;
      if (into.parts.size() == before) literal(into, "", true);
      return;
    }
    if (c == escape && at_ + 1 < text_.size()) {
      const char next = peek(1);
      if (next != '\n') {
        const bool kept = std::string_view("\"\\$`").find(next) == std::string_view::npos;
        literal(into, text_.substr(kept ? at_ : at_ + 1, kept ? 2 : 1), true);
      }
      at_ += 2;
    } else if (c == '$') {
      dollar(into, true);
    } else if (c == '`' && !powershell_) {
      backquoted(into, true);
    } else {
      const auto end = std::min(text_.find_first_of("\"$`\\", at_ + 1), text_.size());
      literal(into, text_.substr(at_, end - at_), true);
      at_ = end;
    }
  }
  problem("a quote is not closed");
}

// $'…', behind its opening quote: escapes as those of C.
void Parser::ansi_quoted(Word& into) {
  std::string text;
  const auto number = [&](std::size_t most, int base) {
    unsigned value = 0;
    std::size_t length = 0;
    while (length < most && at_ + length < text_.size() &&
           std::isxdigit(static_cast<unsigned char>(peek(length))) != 0)
      ++length;
    const char* first = text_.data() + at_;
    at_ += static_cast<std::size_t>(std::from_chars(first, first + length, value, base).ptr - first);
    text += static_cast<char>(value);
  };
  while (!at_end() && peek() != '\'') {
    const char c = text_[at_++];
    if (c != '\\' || at_end()) {
      text += c;
      continue;
    }
    constexpr std::string_view kLetters = "abefnrtv";
    constexpr std::string_view kBytes = "\a\b\033\f\n\r\t\v";
    const char next = peek();
    if (const auto letter = kLetters.find(next); letter != std::string_view::npos) {
      text += kBytes[letter];
      ++at_;
    } else if (next >= '0' && next <= '7') {
      number(3, 8);
    } else if (next == 'x') {
      ++at_;
      number(2, 16);
    } else {
      if (std::string_view("'\"\\?").find(next) == std::string_view::npos) text += c;
      text += next;
      ++at_;
    }
  }
  literal(into, text, true);
  if (at_end()) problem("a quote is not closed");
  at_ = std::min(at_ + 1, text_.size());
}

void append_written(const Word& word, std::string& into) {
  for (const Part& part : word.parts) {
    switch (part.kind) {
      case Part::Kind::parameter:
        into += part.braced ? "${" : "$";
        into += part.text;
        if (part.braced) into += '}';
        break;
      case Part::Kind::arithmetic:
        into += "$((" + part.text + "))";
        break;
      default:
        into += part.text;
    }
  }
}

std::string written(const Word& word) {
  std::string text;
  append_written(word, text);
  return text;
}

std::string_view parameter_name(const Word& word) {
  if (word.parts.size() != 1 || word.parts[0].kind != Part::Kind::parameter) return "";
  return word.parts[0].text;
}

}  // namespace exitgate::shell
