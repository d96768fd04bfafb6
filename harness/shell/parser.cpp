#include "harness/shell/parser.h"

#include <utility>

#include "harness/base/characters.h"

namespace exitgate::shell {

List Parser::script() {
  List all = list(true);
  if (!documents_.empty()) read_documents();
  return all;
}

// Up to a closing word or parenthesis, which is not taken; of the whole script up to its end.
List Parser::list(bool top) {
  List all;
  while (true) {
    skip_newlines();
    if (at_end()) return all;
    const bool closes = peek() == ')' || begins(";;") || begins(";&") || (!powershell_ && at_closing_word());
    if (closes) {
      if (!top) return all;
      problem("a word stands where a command should");
      const auto end = text_.find_first_of(" \t\r\n;&|()<>", at_ + 1);
      at_ = peek() == ')' || peek() == ';' ? at_ + 1 : std::min(end, text_.size());
      continue;
    }
    if (peek() == ';') {
      problem("a command is missing");
      ++at_;
      continue;
    }
    const std::size_t before = at_;
    List::Item item{and_or(), false};
    skip_blanks();
    if (peek() == ';' && peek(1) != ';' && peek(1) != '&') {
      ++at_;
    } else if (peek() == '&') {
      ++at_;
      item.background = true;
    } else if (!at_end() && peek() != '\n' && peek() != ')' && peek() != ';' && !at_closing_word()) {
      problem("a word stands where a command should");
    }
    if (!item.and_or.items.empty()) all.items.push_back(std::move(item));
    if (at_ == before) {
      problem("a command is missing");
      ++at_;
    }
  }
}

AndOr Parser::and_or() {
  AndOr all;
  auto before = AndOr::Operator::first;
  while (true) {
    Pipeline one = pipeline();
    if (!one.commands.empty()) {
      all.items.push_back({all.items.empty() ? AndOr::Operator::first : before, std::move(one)});
    }
    skip_blanks();
    if (take("&&")) {
      before = AndOr::Operator::and_then;
    } else if (take("||")) {
      before = AndOr::Operator::or_else;
    } else {
      return all;
    }
    skip_newlines();
  }
}

Pipeline Parser::pipeline() {
  Pipeline all;
  skip_blanks();
  bool prefixed = false;
  while (true) {
    if (take_reserved_word("!")) {
      all.negated = !all.negated;
    } else if (take_reserved_word("time")) {
      skip_blanks();
      take_reserved_word("-p");
    } else if (!take_reserved_word("coproc")) {
      break;
    }
    prefixed = true;
    skip_blanks();
  }
  while (true) {
    Command one = command();
    const bool empty = one.kind == Command::Kind::simple && one.words.empty() && one.assignments.empty() &&
                       one.redirections.empty();
    if (!empty) {
      all.commands.push_back(std::move(one));
    } else if (!prefixed || peek() == '|') {
      problem("a command is missing");
    }
    skip_blanks();
    if (peek() != '|' || peek(1) == '|') return all;
    ++at_;
    if (peek() == '&') ++at_;
    skip_newlines();
  }
}

Command Parser::command() {
  const Nesting nesting(*this);
  skip_blanks();
  Command one;
  one.line = line_here();
  if (powershell_) {
    powershell_statement(one);
    return one;
  }
  if (at_closing_word()) return one;  // where a command should stand
  if (!compound(one)) {
    simple(one);
    return one;
  }
  while (redirection(one.redirections)) {
  }
  return one;
}

void Parser::simple(Command& one) {
  one.words.reserve(4);  // as many as most have
  while (true) {
    skip_blanks();
    if (at_end()) break;
    const char c = peek();
    if (c == '\n' || c == ';' || c == '|' || c == ')') break;
    if (c == '&' && (powershell_ || peek(1) != '>')) break;
    if (c == '(') {
      if (one.words.size() == 1 && one.assignments.empty() && at_function_parentheses()) {
        at_ = text_.find(')', at_) + 1;
        return function(one);
      }
      if (!one.words.empty()) problem("a parenthesis stands in a command");
      break;
    }
    if (redirection(one.redirections)) continue;
    if (one.words.empty()) {
      if (const auto length = assignment_length(); length > 0) {
        one.assignments.push_back(assignment(length));
        continue;
      }
    }
    const std::size_t before = at_;
    Word next = word();
    // `local x=(a b)`
    if (peek() == '(' && at_ > before && text_[at_ - 1] == '=') array(next);
    if (at_ == before) break;
    one.words.push_back(std::move(next));
  }
  if (!one.words.empty()) number(one);
}

// `name ( )`: at the opening one.
bool Parser::at_function_parentheses() const {
  const auto close = text_.find_first_not_of(" \t", at_ + 1);
  return close != std::string_view::npos && text_[close] == ')';
}

// Behind its head; its name is the only word.
void Parser::function(Command& one) {
  one.kind = Command::Kind::function;
  one.text = written(one.words[0]);
  if (powershell_) return;
  skip_newlines();
  const Nesting nesting(*this);
  auto body = std::make_unique<Command>();
  body->line = line_here();
  if (!compound(*body)) return problem("a function has no body");
  while (redirection(body->redirections)) {
  }
  one.body = std::move(body);
}

// Of `name=`, `name+=`, `name[…]=` here; 0 when a word is none.
std::size_t Parser::assignment_length() const {
  std::size_t at = at_;
  while (at < text_.size() && is_word_char(text_[at])) ++at;
  if (at == at_ || (text_[at_] >= '0' && text_[at_] <= '9')) return 0;
  if (at < text_.size() && text_[at] == '[') {
    int open = 0;
    for (; at < text_.size() && text_[at] != '\n'; ++at) {
      if (text_[at] == '[') ++open;
      if (text_[at] == ']' && --open == 0) break;
    }
    if (at >= text_.size() || text_[at] != ']') return 0;
    ++at;
  }
  if (at < text_.size() && text_[at] == '+') ++at;
  return at < text_.size() && text_[at] == '=' ? at + 1 - at_ : 0;
}

Assignment Parser::assignment(std::size_t length) {
  Assignment one;
  std::string_view head = text_.substr(at_, length - 1);
  if (head.ends_with('+')) {
    one.append = true;
    head.remove_suffix(1);
  }
  one.subscript = head.ends_with(']');
  one.name = head.substr(0, head.find('['));
  at_ += length;
  if (peek() == '(') {
    array(one.value);
  } else {
    one.value = word();
  }
  return one;
}

void Parser::array(Word& into) {
  const Nesting nesting(*this);
  ++at_;
  Part part;
  part.kind = Part::Kind::array;
  while (true) {
    skip_newlines();
    if (at_end()) {
      problem("an array is not closed");
      break;
    }
    if (take(")")) break;
    const std::size_t before = at_;
    Word item = word();
    if (peek() == '(' && at_ > before && text_[at_ - 1] == '=') array(item);
    if (at_ == before) {
      problem("an array holds what is not a word");
      ++at_;
      continue;
    }
    part.items.push_back(std::move(item));
  }
  into.parts.push_back(std::move(part));
}

Script parse(std::string_view text, Dialect dialect) {
  Script script;
  script.list = Parser(text, dialect, script, 1, 0).script();
  return script;
}

}  // namespace exitgate::shell
