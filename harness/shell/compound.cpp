#include <array>

#include "harness/base/characters.h"
#include "harness/shell/parser.h"

namespace exitgate::shell {

void Parser::expect(std::string_view word) {
  skip_newlines();
  if (!take_reserved_word(word)) problem("a compound command is not closed");
}

// False when a simple command is here.
bool Parser::compound(Command& one) {
  using Kind = Command::Kind;
  switch (peek()) {
    case '(':
      if (begins("((")) {
        if (const auto end = closing_parentheses(at_ + 2); end != std::string_view::npos) {
          one.kind = Kind::arithmetic;
          one.text = text_.substr(at_ + 2, end - at_ - 2);
          at_ = end + 2;
          return true;
        }
      }
      ++at_;
      one.kind = Kind::subshell;
      list_of(one);
      if (!take(")")) problem("a parenthesis is not closed");
      return true;
    case '{':
      if (!take_reserved_word("{")) return false;
      one.kind = Kind::group;
      list_of(one);
      expect("}");
      return true;
    case '[':
      if (!take_reserved_word("[[")) return false;
      test(one);
      return true;
    case 'i':
      if (!take_reserved_word("if")) return false;
      branches(one);
      return true;
    case 'w':
    case 'u':
      if (!reserved_word_is("while") && !reserved_word_is("until")) return false;
      loop(one);
      return true;
    case 'f':
      if (take_reserved_word("function")) {
        skip_blanks();
        one.words.push_back(word());
        skip_blanks();
        if (peek() == '(' && at_function_parentheses()) at_ = text_.find(')', at_) + 1;
        function(one);
        return true;
      }
      if (!take_reserved_word("for")) return false;
      one.kind = Kind::each;
      each(one);
      return true;
    case 's':
      if (!take_reserved_word("select")) return false;
      one.kind = Kind::select;
      each(one);
      return true;
    case 'c':
      if (!take_reserved_word("case")) return false;
      cases(one);
      return true;
    default:
      return false;
  }
}

// A command of PowerShell, or what is left of a statement: keywords and braces are passed over.
void Parser::powershell_statement(Command& one) {
  constexpr std::array<std::string_view, 17> kWords = {"if",    "then", "elif",   "else",   "fi",  "while",
                                                       "until", "do",   "done",   "for",    "{",   "}",
                                                       "!",     "time", "coproc", "select", "esac"};
  while (true) {
    skip_blanks();
    bool taken = false;
    for (const auto word : kWords) taken = taken || take_reserved_word(word);
    if (!taken) break;
  }
  one.line = line_here();
  if (take_reserved_word("function")) {
    skip_blanks();
    one.words.push_back(word());
    return function(one);
  }
  if (take("(")) {
    one.kind = Command::Kind::subshell;
    list_of(one);
    take(")");
    return;
  }
  if (peek() == '&' && peek(1) != '&') ++at_;  // `& ./x.ps1` calls a program
  simple(one);
}

void Parser::branches(Command& one) {
  one.kind = Command::Kind::branches;
  do {
    list_of(one);
    expect("then");
    list_of(one);
    skip_newlines();
  } while (take_reserved_word("elif"));
  if (take_reserved_word("else")) list_of(one);
  expect("fi");
}

void Parser::loop(Command& one) {
  one.kind = Command::Kind::loop;
  one.until = peek() == 'u';
  at_ += 5;
  list_of(one);
  expect("do");
  list_of(one);
  expect("done");
}

void Parser::each(Command& one) {
  skip_blanks();
  if (begins("((")) {
    one.kind = Command::Kind::counted;
    const auto end = closing_parentheses(at_ + 2);
    if (end == std::string_view::npos) problem("the parentheses of `for` are not closed");
    one.text = text_.substr(at_ + 2, end == std::string_view::npos ? end : end - at_ - 2);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
  } else {
    while (is_word_char(peek())) one.text += text_[at_++];
    if (one.text.empty()) problem("`for` has no variable");
    const bool named = !one.text.empty();
    if (named) skip_newlines();
    one.all_arguments = named && !take_reserved_word("in");
    while (!one.all_arguments) {
      skip_blanks();
      const std::size_t before = at_;
      Word item = word();
      if (at_ == before) break;
      one.words.push_back(std::move(item));
    }
  }
  skip_blanks();
  if (peek() == ';') ++at_;
  skip_newlines();
  // Bash takes braces, too.
  if (take_reserved_word("{")) {
    list_of(one);
    return expect("}");
  }
  expect("do");
  list_of(one);
  expect("done");
}

void Parser::cases(Command& one) {
  one.kind = Command::Kind::cases;
  skip_blanks();
  one.words.push_back(word());
  expect("in");
  while (true) {
    skip_newlines();
    if (take_reserved_word("esac")) return;
    if (at_end()) return problem("`case` is not closed");
    const std::size_t before = at_;
    take("(");
    Command::Arm arm;
    do {
      skip_blanks();
      arm.patterns.push_back(word(Place::test));
      skip_blanks();
    } while (take("|"));
    if (!take(")")) {
      problem("a pattern of `case` is not closed");
      if (at_ == before) return;
    }
    list_of(one);
    if (take(";;&") || take(";&")) {
      arm.falls_through = true;
    } else {
      take(";;");
    }
    one.arms.push_back(std::move(arm));
    if (at_ == before) return problem("`case` is not closed");
  }
}

void Parser::test(Command& one) {
  one.kind = Command::Kind::test;
  const auto add = [&](std::string_view text) {
    Word operation;
    literal(operation, text, false);
    one.words.push_back(std::move(operation));
  };
  while (true) {
    skip_newlines();
    if (at_end()) {
      problem("`[[` is not closed");
      break;
    }
    if (take_reserved_word("]]")) break;
    bool taken = false;
    for (const std::string_view operation : {"&&", "||", "(", ")", "<", ">"}) {
      if (!take(operation)) continue;
      add(operation);
      taken = true;
      break;
    }
    if (taken) continue;
    if (take_reserved_word("=~")) {
      add("=~");
      skip_blanks();
      one.words.push_back(word(Place::regular_expression));
      continue;
    }
    const std::size_t before = at_;
    Word operand = word(Place::test);
    if (at_ == before) {
      problem("`[[` holds what is not a word");
      ++at_;
      continue;
    }
    one.words.push_back(std::move(operand));
  }
  number(one);
}

}  // namespace exitgate::shell
