#include <algorithm>

#include "harness/shell/parser.h"

namespace exitgate::shell {

namespace {

bool ends_word(char c) {
  return c == '\0' || std::string_view(" \t\r\n;&|()<>").find(c) != std::string_view::npos;
}

}  // namespace

bool Parser::take(std::string_view what) {
  if (!begins(what)) return false;
  at_ += what.size();
  return true;
}

// Of the line, a comment at its end too.
void Parser::skip_blanks() {
  while (!at_end()) {
    const char c = peek();
    if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
    } else if (at_continuation()) {
      at_ += peek(1) == '\n' ? 2 : 3;
    } else if (c == '#' && (at_ == 0 || ends_word(text_[at_ - 1]))) {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (powershell_ && begins("<#")) {
      const auto end = text_.find("#>", at_);
      at_ = end == std::string_view::npos ? text_.size() : end + 2;
    } else {
      return;
    }
  }
}

// At the end of a line: takes it, and the here-documents that the line has begun.
void Parser::newline() {
  ++at_;
  if (!documents_.empty()) read_documents();
}

void Parser::skip_newlines() {
  while (true) {
    skip_blanks();
    if (peek() != '\n') return;
    newline();
  }
}

int Parser::line_here() {
  if (at_ > counted_) {
    const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(counted_);
    const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(at_, text_.size()));
    line_ += static_cast<int>(std::count(begin, end, '\n'));
    counted_ = at_;
  }
  return line_;
}

void Parser::problem(std::string_view what) {
  if (script_.problem.empty()) script_.problem = what;
}

bool Parser::reserved_word_is(std::string_view word) const {
  return begins(word) && ends_word(peek(word.size()));
}

bool Parser::take_reserved_word(std::string_view word) {
  if (!reserved_word_is(word)) return false;
  at_ += word.size();
  return true;
}

// Whether a word is here that ends a list, whichever list it is.
bool Parser::at_closing_word() const {
  switch (peek()) {
    case 't':
      return reserved_word_is("then");
    case 'e':
      return reserved_word_is("elif") || reserved_word_is("else") || reserved_word_is("esac");
    case 'f':
      return reserved_word_is("fi");
    case 'd':
      return reserved_word_is("do") || reserved_word_is("done");
    case '}':
      return reserved_word_is("}");
    default:
      return false;
  }
}

// `from` is behind `((`: where the `))` that closes them begins; npos when the parentheses are not those of
// arithmetic but two that are closed apart.
std::size_t Parser::closing_parentheses(std::size_t from) const {
  int open = 0;
  for (std::size_t at = from; at < text_.size(); ++at) {
    if (text_[at] == '(') ++open;
    if (text_[at] != ')') continue;
    if (open == 0) return text_.substr(at).starts_with("))") ? at : std::string_view::npos;
    --open;
  }
  return std::string_view::npos;
}

// `from` is at `${{`: behind the `}}` that is in none of its strings; npos when it is not closed.
std::size_t Parser::expression_end(std::size_t from) const {
  bool in_string = false;
  for (std::size_t at = from; at < text_.size(); ++at) {
    if (text_[at] == '\'') in_string = !in_string;
    if (!in_string && text_.substr(at).starts_with("}}")) return at + 2;
  }
  const auto any = text_.find("}}", from);
  return any == std::string_view::npos ? any : any + 2;
}

}  // namespace exitgate::shell
