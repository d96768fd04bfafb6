#include <algorithm>

#include "harness/base/characters.h"
#include "harness/shell/parser.h"

namespace exitgate::shell {

// At a dollar that begins no quote.
void Parser::dollar(Word& into, bool quoted) {
  const auto add = [&](Part::Kind kind, std::string_view text) {
    Part& part = into.parts.emplace_back();
    part.kind = kind;
    part.text = text;
    part.quoted = quoted;
  };
  const std::size_t begin = at_;
  if (begins("${{")) {
    const auto end = expression_end(at_);
    if (end == std::string_view::npos) problem("`${{` is not closed");
    at_ = std::min(end, text_.size());
    return add(Part::Kind::expression, text_.substr(begin, at_ - begin));
  }
  if (begins("$((")) {
    if (const auto end = closing_parentheses(at_ + 3); end != std::string_view::npos) {
      at_ = end + 2;
      return add(Part::Kind::arithmetic, text_.substr(begin + 3, end - begin - 3));
    }
  }
  if (take("$(")) return substitution(into, quoted, Part::Kind::command, begin);
  if (take("${")) return parameter(into, quoted);
  ++at_;
  std::size_t end = at_;
  if (is_word_char(peek()) && (peek() < '0' || peek() > '9')) {
    while (end < text_.size() && is_word_char(text_[end])) ++end;
  } else if (!at_end() && std::string_view("?#@*!$-0123456789").find(peek()) != std::string_view::npos) {
    ++end;
  } else {
    return literal(into, "$", quoted);
  }
  add(Part::Kind::parameter, text_.substr(at_, end - at_));
  at_ = end;
}

// `begin`: of `$(`, `<(`; behind the parenthesis.
void Parser::substitution(Word& into, bool quoted, Part::Kind kind, std::size_t begin) {
  const Nesting nesting(*this);
  auto commands = std::make_unique<List>(list(false));
  // What closes nothing is passed over, as in the script itself.
  while (!at_end() && peek() != ')') {
    problem("a word stands where a command should");
    const auto end = text_.find_first_of(" \t\r\n;&|()<>", at_ + 1);
    at_ = std::min(end, text_.size());
    for (auto& item : list(false).items) commands->items.push_back(std::move(item));
  }
  if (!take(")")) problem("`$(` is not closed");
  Part& part = into.parts.emplace_back();
  part.kind = kind;
  part.text = text_.substr(begin, at_ - begin);
  part.quoted = quoted;
  part.commands = std::move(commands);
}

void Parser::backquoted(Word& into, bool quoted) {
  const Nesting nesting(*this);
  const std::size_t begin = at_++;
  const int line = line_here();
  std::string bare;  // without the backslashes that the quotes take off
  bool escaped = false;
  std::size_t end = at_;
  for (; end < text_.size() && text_[end] != '`'; ++end) {
    if (text_[end] == '\\' && end + 1 < text_.size()) {
      const char next = text_[++end];
      const bool taken = next == '`' || next == '\\' || next == '$' || (quoted && next == '"');
      escaped = escaped || taken;
      if (!taken) bare += '\\';
    }
    bare += text_[end];
  }
  const std::string_view inner = escaped ? std::string_view(bare) : text_.substr(at_, end - at_);
  auto commands = std::make_unique<List>(
      Parser(inner, powershell_ ? Dialect::powershell : Dialect::posix, script_, line, depth_ + 1).script());
  if (end >= text_.size()) problem("a command in backquotes is not closed");
  at_ = std::min(end + 1, text_.size());
  Part& part = into.parts.emplace_back();
  part.kind = Part::Kind::command;
  part.text = text_.substr(begin, at_ - begin);
  part.quoted = quoted;
  part.commands = std::move(commands);
}

// ${…}, behind the brace.
void Parser::parameter(Word& into, bool quoted) {
  const std::size_t begin = at_;
  while (!at_end() && (is_word_char(peek()) || peek() == '!' || peek() == '#')) ++at_;
  // Of a pattern single quotes are quotes even within double ones.
  const bool pattern = std::string_view("#%/^,").find(peek()) != std::string_view::npos ||
                       (at_ > begin && text_[at_ - 1] == '#');
  int open = 1;
  Word within;
  while (!at_end()) {
    const char c = peek();
    if (c == '\\') {
      at_ += 2;
    } else if (c == '\'' && (!quoted || pattern)) {
      skip_quoted('\'');
    } else if (c == '"') {
      skip_quoted('"');
    } else if (begins("${{")) {
      const auto end = expression_end(at_);
      at_ = std::min(end, text_.size());
    } else if (begins("${")) {
      ++open;
      at_ += 2;
    } else if (begins("$(")) {
      dollar(within, quoted);
    } else if (c == '`' && !powershell_) {
      backquoted(within, quoted);
    } else if (c == '}' && --open == 0) {
      break;
    } else {
      ++at_;
    }
  }
  at_ = std::min(at_, text_.size());
  Part& part = into.parts.emplace_back();
  part.kind = Part::Kind::parameter;
  part.text = text_.substr(begin, at_ - begin);
  part.quoted = quoted;
  part.braced = true;
  if (!within.parts.empty()) part.items.push_back(std::move(within));
  if (!take("}")) problem("`${` is not closed");
}

// Past a quoted text within ${…}.
void Parser::skip_quoted(char quote) {
  for (++at_; !at_end() && peek() != quote; ++at_) {
    if (peek() == '\\' && quote == '"') ++at_;
  }
  ++at_;
}

}  // namespace exitgate::shell
