// The parser of scripts: characters (scanner.cpp), words (words.cpp, expansions.cpp), redirections
// (redirections.cpp), lists down to simple commands (parser.cpp), and compound commands (compound.cpp).
#pragma once

#include <cstdint>

#include "harness/shell/syntax.h"

namespace exitgate::shell {

class Parser {
 public:
  // `line`: of the text's first character. `depth`: of texts and commands in each other.
  Parser(std::string_view text, Dialect dialect, Script& script, int line, int depth)
      : text_(text),
        powershell_(dialect == Dialect::powershell),
        script_(script),
        line_(line),
        depth_(depth) {}

  List script();
  // All of the text as that of a here-document.
  Word document();

 private:
  struct Nesting;
  enum class Place : std::uint8_t { command, test, regular_expression };

  // scanner.cpp
  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool begins(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool take(std::string_view what);
  bool at_continuation() const {
    return peek() == (powershell_ ? '`' : '\\') && (peek(1) == '\n' || (peek(1) == '\r' && peek(2) == '\n'));
  }
  void skip_blanks();
  void newline();
  void skip_newlines();
  int line_here();
  void problem(std::string_view what);
  bool reserved_word_is(std::string_view word) const;
  bool take_reserved_word(std::string_view word);
  bool at_closing_word() const;
  std::size_t closing_parentheses(std::size_t from) const;
  std::size_t expression_end(std::size_t from) const;

  // parser.cpp
  List list(bool top);
  AndOr and_or();
  Pipeline pipeline();
  Command command();
  void simple(Command& one);
  void function(Command& one);
  bool at_function_parentheses() const;
  std::size_t assignment_length() const;
  Assignment assignment(std::size_t length);
  void array(Word& into);
  void number(Command& one) { one.number = script_.commands++; }

  // compound.cpp
  bool compound(Command& one);
  void powershell_statement(Command& one);
  void expect(std::string_view word);
  void list_of(Command& one) { one.lists.push_back(list(false)); }
  void branches(Command& one);
  void loop(Command& one);
  void each(Command& one);
  void cases(Command& one);
  void test(Command& one);

  // redirections.cpp
  bool redirection(std::vector<Redirection>& into);
  void here_document(Redirection& one);
  void read_documents();

  // words.cpp
  Word word(Place place = Place::command);
  void single_quoted(Word& into);
  void double_quoted(Word& into);
  void ansi_quoted(Word& into);
  bool extended_pattern(Word& into, std::size_t begin);
  static void literal(Word& into, std::string_view text, bool quoted);

  // expansions.cpp
  void dollar(Word& into, bool quoted);
  void parameter(Word& into, bool quoted);
  void backquoted(Word& into, bool quoted);
  void substitution(Word& into, bool quoted, Part::Kind kind, std::size_t begin);
  void skip_quoted(char quote);

  struct OpenDocument {
    std::string end;
    bool strip_tabs;
    bool is_literal;
    std::shared_ptr<HereDocument> document;
  };

  std::string_view text_;
  const bool powershell_;
  Script& script_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;  // so far line_ has come
  int line_;
  int depth_;
  std::vector<OpenDocument> documents_;  // begun on this line
};

// Nothing more is read of a text that is nested deeper than any that people write.
struct Parser::Nesting {
  explicit Nesting(Parser& parser) : parser_(parser) {
    constexpr int kDeepest = 80;
    if (++parser_.depth_ <= kDeepest) return;
    parser_.problem("it is nested too deeply");
    parser_.at_ = parser_.text_.size();
  }
  ~Nesting() { --parser_.depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  Parser& parser_;
};

}  // namespace exitgate::shell
