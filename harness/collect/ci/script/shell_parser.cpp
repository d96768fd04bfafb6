#include <algorithm>
#include <array>

#include "harness/base/characters.h"
#include "harness/collect/ci/script/shell.h"

namespace exitgate::collect::ci::script {

namespace {

constexpr int kDeepest = 40;

[[noreturn]] void give_up(const char* why) {
  throw NotDecided(std::string("the script cannot be read: ") + why);
}

class Parser {
 public:
  Parser(std::string_view text, int depth) : text_(text), depth_(depth) {
    if (depth > kDeepest) give_up("it is nested too deeply");
  }

  List script() {
    List all = list({});
    skip_lines();
    if (!at_end()) give_up("a word stands where a command should");
    return all;
  }

 private:
  bool at_end() const { return at_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool begins(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool take(std::string_view what) {
    if (!begins(what)) return false;
    at_ += what.size();
    return true;
  }

  void skip_blanks() {
    while (!at_end()) {
      if (peek() == ' ' || peek() == '\t' || peek() == '\r') {
        ++at_;
      } else if (begins("\\\n")) {
        at_ += 2;
      } else if (peek() == '#' && (at_ == 0 || std::string_view(" \t\n;&|()").find(text_[at_ - 1]) !=
                                                   std::string_view::npos)) {
        while (!at_end() && peek() != '\n') ++at_;
      } else {
        return;
      }
    }
  }

  void skip_lines() {
    while (true) {
      skip_blanks();
      if (peek() != '\n' && (peek() != ';' || peek(1) == ';')) return;
      ++at_;
    }
  }

  // The reserved word here, without taking it.
  bool word_is(std::string_view word) const {
    if (!begins(word)) return false;
    const char next = peek(word.size());
    return next == '\0' || std::string_view(" \t\r\n;&|()").find(next) != std::string_view::npos;
  }

  bool take_word(std::string_view word) {
    skip_lines();
    if (!word_is(word)) return false;
    at_ += word.size();
    return true;
  }

  void expect(std::string_view word) {
    if (!take_word(word)) give_up("a compound command is not closed");
  }

  List list(const std::vector<std::string_view>& ends) {
    List all;
    while (true) {
      skip_lines();
      if (at_end() || peek() == ')' || begins(";;")) return all;
      if (std::any_of(ends.begin(), ends.end(), [&](auto end) { return word_is(end); })) return all;
      all.items.push_back(and_or());
      skip_blanks();
      if (peek() == '&' && peek(1) != '&') ++at_;
    }
  }

  std::shared_ptr<List> shared(const std::vector<std::string_view>& ends) {
    return std::make_shared<List>(list(ends));
  }

  AndOr and_or() {
    AndOr all;
    std::string operation;
    while (true) {
      all.items.emplace_back(operation, pipeline());
      skip_blanks();
      if (take("&&")) {
        operation = "&&";
      } else if (take("||")) {
        operation = "||";
      } else {
        return all;
      }
      skip_lines();
    }
  }

  Pipeline pipeline() {
    Pipeline all;
    skip_blanks();
    while (word_is("!")) {
      ++at_;
      all.negated = !all.negated;
      skip_blanks();
    }
    while (true) {
      all.commands.push_back(command());
      skip_blanks();
      if (peek() != '|' || peek(1) == '|') return all;
      ++at_;
      if (peek() == '&') ++at_;
      skip_lines();
    }
  }

  Command command() {
    const Nesting nesting(*this);
    skip_blanks();
    Command one = compound();
    while (redirection(one)) {
    }
    return one;
  }

  Command compound() {
    Command one;
    if (take_here("[[")) return test();
    if (begins("((")) return arithmetic();
    if (take_here("{")) {
      one.kind = Command::Kind::group;
      one.lists.push_back(shared({"}"}));
      expect("}");
    } else if (take("(")) {
      one.kind = Command::Kind::subshell;
      one.lists.push_back(shared({}));
      if (!take(")")) give_up("a parenthesis is not closed");
    } else if (take_here("if")) {
      choice(one);
    } else if (word_is("while") || word_is("until")) {
      one.kind = Command::Kind::loop;
      one.until = begins("until");
      at_ += 5;
      one.lists.push_back(shared({"do"}));
      expect("do");
      one.lists.push_back(shared({"done"}));
      expect("done");
    } else if (take_here("for")) {
      each(one);
    } else if (take_here("case")) {
      cases(one);
    } else {
      if (take_here("function")) skip_blanks();
      return simple();
    }
    return one;
  }

  bool take_here(std::string_view word) {
    if (!word_is(word)) return false;
    at_ += word.size();
    return true;
  }

  void choice(Command& one) {
    one.kind = Command::Kind::choice;
    do {
      one.lists.push_back(shared({"then"}));
      expect("then");
      one.lists.push_back(shared({"elif", "else", "fi"}));
    } while (take_word("elif"));
    if (take_word("else")) one.lists.push_back(shared({"fi"}));
    expect("fi");
  }

  void each(Command& one) {
    one.kind = Command::Kind::each;
    skip_blanks();
    if (begins("((")) give_up("it counts in a loop");
    while (is_word_char(peek())) one.text += text_[at_++];
    one.all_arguments = !take_word("in");
    skip_blanks();
    while (!at_end() && peek() != ';' && peek() != '\n') {
      one.words.push_back(word());
      skip_blanks();
    }
    expect("do");
    one.lists.push_back(shared({"done"}));
    expect("done");
  }

  void cases(Command& one) {
    one.kind = Command::Kind::cases;
    skip_blanks();
    one.words.push_back(word());
    expect("in");
    while (!take_word("esac")) {
      if (at_end()) give_up("`case` is not closed");
      take("(");
      std::vector<Word> patterns;
      do {
        skip_blanks();
        patterns.push_back(word());
        skip_blanks();
      } while (take("|"));
      if (!take(")")) give_up("a pattern of `case` is not closed");
      one.patterns.push_back(std::move(patterns));
      one.lists.push_back(shared({"esac"}));
      skip_lines();
      if (take(";;&") || take(";&")) give_up("`case` falls through");
      take(";;");
    }
  }

  Command test() {
    Command one;
    one.kind = Command::Kind::test;
    while (true) {
      skip_blanks();
      if (peek() == '\n') {
        ++at_;
        continue;
      }
      if (at_end()) give_up("`[[` is not closed");
      if (take_here("]]")) return one;
      if (const std::string operation = test_operator(); !operation.empty()) {
        one.words.push_back({{{Part::Kind::literal, operation, false}}});
        continue;
      }
      if (take_here("=~")) {
        one.words.push_back({{{Part::Kind::literal, "=~", false}}});
        skip_blanks();
        one.words.push_back(regular_expression());
        continue;
      }
      one.words.push_back(word());
    }
  }

  std::string test_operator() {
    for (const std::string_view operation : {"&&", "||", "(", ")", "<", ">"}) {
      if (take(operation)) return std::string(operation);
    }
    return "";
  }

  // Up to white space that is in no parenthesis.
  Word regular_expression() {
    const std::size_t begin = at_;
    int open = 0;
    char quote = '\0';
    for (; !at_end(); ++at_) {
      const char c = peek();
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        ++open;
      } else if (c == ')') {
        --open;
      } else if (open <= 0 && (c == ' ' || c == '\t' || c == '\n')) {
        break;
      }
    }
    const std::string_view all = text_.substr(begin, at_ - begin);
    if (all.find('$') == std::string_view::npos || all.find_first_of("({") == std::string_view::npos) {
      if (all.find_first_of("()|") == std::string_view::npos) {
        Parser inner(all, depth_ + 1);
        return inner.word();
      }
    }
    std::string bare;
    for (const char c : all) {
      if (c != '"' && c != '\'') bare += c;
    }
    return {{{Part::Kind::literal, bare, true}}};
  }

  Command arithmetic() {
    Command one;
    one.kind = Command::Kind::arithmetic;
    at_ += 2;
    one.text = until_closed("))");
    return one;
  }

  // Text up to `end` where no parenthesis is open.
  std::string until_closed(std::string_view end) {
    std::string text;
    int open = 0;
    while (!at_end()) {
      if (open == 0 && take(end)) return text;
      if (peek() == '(') ++open;
      if (peek() == ')') --open;
      text += text_[at_++];
    }
    give_up("an arithmetic expression is not closed");
  }

  Command simple() {
    Command one;
    while (true) {
      skip_blanks();
      if (at_end() || std::string_view("\n;&|()").find(peek()) != std::string_view::npos) {
        if (peek() == '(' && one.words.size() == 1 && peek(1) == ')') {
          at_ += 2;
          return function(one);
        }
        if (peek() == '(') give_up("a parenthesis stands in a command");
        if (begins("&>")) {
          redirection(one);
          continue;
        }
        break;
      }
      if (redirection(one)) continue;
      one.words.push_back(word());
      // An array is not followed.
      if (peek() == '(' && at_ > 0 && text_[at_ - 1] == '=') array(one);
    }
    if (one.words.empty() && one.redirections.empty()) give_up("a command is missing");
    return one;
  }

  // name=(a b c): kept as one text of words.
  void array(Command& one) {
    ++at_;
    Word& name = one.words.back();
    bool first = true;
    while (true) {
      skip_blanks();
      while (peek() == '\n') {
        ++at_;
        skip_blanks();
      }
      if (at_end()) give_up("an array is not closed");
      if (take(")")) return;
      if (!first) name.parts.push_back({Part::Kind::literal, " ", true});
      first = false;
      Word item = word();
      for (Part& part : item.parts) name.parts.push_back(std::move(part));
    }
  }

  Command function(const Command& named) {
    Command one;
    one.kind = Command::Kind::function;
    if (named.words[0].parts.size() != 1) give_up("a function has no plain name");
    one.text = named.words[0].parts[0].text;
    skip_lines();
    const Command body = command();
    if (body.kind != Command::Kind::group) give_up("a function has no braces");
    one.lists = body.lists;
    return one;
  }

  bool redirection(Command& into) {
    skip_blanks();
    const std::size_t begin = at_;
    std::string operation;
    while (peek() >= '0' && peek() <= '9') operation += text_[at_++];
    if (begins("&>")) operation += text_[at_++];
    if (peek() != '<' && peek() != '>') {
      at_ = begin;
      return false;
    }
    if (begins("<(") || begins(">(")) give_up("a process stands for a file");
    if (take("<<<")) {
      operation = "<<<";
    } else if (begins("<<")) {
      here_document(into);
      return true;
    } else {
      for (const std::string_view one : {">>", ">&", "<&", ">|", ">", "<"}) {
        if (!take(one)) continue;
        operation += one;
        break;
      }
    }
    skip_blanks();
    into.redirections.push_back({operation, word()});
    return true;
  }

  void here_document(Command& into) {
    at_ += 2;
    const bool strip = take("-");
    skip_blanks();
    std::string end;
    bool literal = false;
    while (!at_end() && std::string_view(" \t\r\n;&|)").find(peek()) == std::string_view::npos) {
      const char c = text_[at_++];
      if (c == '\'' || c == '"' || c == '\\') {
        literal = true;
      } else {
        end += c;
      }
    }
    // Its text stands behind this line: looked for at once, and left out when the line ends.
    const std::size_t line_end = text_.find('\n', at_);
    std::string body;
    if (line_end == std::string_view::npos) give_up("a here-document is not closed");
    std::size_t from = line_end + 1;
    std::size_t behind = text_.size();
    while (from < text_.size()) {
      const std::size_t stop = std::min(text_.find('\n', from), text_.size());
      std::string_view line = text_.substr(from, stop - from);
      if (line.ends_with('\r')) line.remove_suffix(1);
      while (strip && line.starts_with('\t')) line.remove_prefix(1);
      from = std::min(stop + 1, text_.size());
      if (line == end) {
        behind = from;
        break;
      }
      body += line;
      body += '\n';
    }
    Word word;
    if (literal) {
      word.parts.push_back({Part::Kind::literal, body, true});
    } else {
      Parser inner(body, depth_ + 1);
      word = inner.quoted_text('\0');
    }
    into.redirections.push_back({"<<<", std::move(word)});
    rest_ = std::string(text_.substr(0, line_end + 1)) + std::string(text_.substr(behind));
    text_ = rest_;
  }

  Word word() {
    Word all;
    const std::size_t begin = at_;
    while (!at_end()) {
      const char c = peek();
      if (std::string_view(" \t\r\n;&|()<>").find(c) != std::string_view::npos) break;
      if (c == '\\') {
        ++at_;
        if (peek() == '\n') {
          ++at_;
          continue;
        }
        literal(all, std::string(1, peek()), true);
        ++at_;
      } else if (c == '\'') {
        const std::size_t close = text_.find('\'', at_ + 1);
        if (close == std::string_view::npos) give_up("a quote is not closed");
        literal(all, std::string(text_.substr(at_ + 1, close - at_ - 1)), true);
        at_ = close + 1;
      } else if (c == '"') {
        ++at_;
        Word inner = quoted_text('"');
        if (inner.parts.empty()) inner.parts.push_back({Part::Kind::literal, "", true});
        for (Part& part : inner.parts) all.parts.push_back(std::move(part));
      } else if (c == '$' || c == '`') {
        expansion(all, false);
      } else {
        literal(all, std::string(1, c), false);
        ++at_;
      }
    }
    if (at_ == begin) give_up("a word is missing");
    return all;
  }

  static void literal(Word& into, const std::string& text, bool quoted) {
    if (!into.parts.empty() && into.parts.back().kind == Part::Kind::literal &&
        into.parts.back().quoted == quoted) {
      into.parts.back().text += text;
    } else {
      into.parts.push_back({Part::Kind::literal, text, quoted});
    }
  }

  // Up to `end`, which is taken; '\0': all of it.
  Word quoted_text(char end) {
    Word all;
    while (!at_end()) {
      const char c = peek();
      if (end != '\0' && c == end) {
        ++at_;
        return all;
      }
      if (c == '\\' && std::string_view("$`\"\\\n").find(peek(1)) != std::string_view::npos) {
        if (peek(1) != '\n') literal(all, std::string(1, peek(1)), true);
        at_ += 2;
      } else if (c == '$' || c == '`') {
        expansion(all, true);
      } else {
        literal(all, std::string(1, c), true);
        ++at_;
      }
    }
    if (end != '\0') give_up("a quote is not closed");
    return all;
  }

  void expansion(Word& into, bool quoted) {
    const Nesting nesting(*this);
    if (take("`")) {
      const std::size_t close = text_.find('`', at_);
      if (close == std::string_view::npos) give_up("a command in backquotes is not closed");
      Parser inner(text_.substr(at_, close - at_), depth_ + 1);
      into.parts.push_back({Part::Kind::command, "", quoted, std::make_shared<List>(inner.script())});
      at_ = close + 1;
    } else if (take("$((")) {
      into.parts.push_back({Part::Kind::arithmetic, until_closed("))"), quoted});
    } else if (take("$(")) {
      into.parts.push_back({Part::Kind::command, "", quoted, shared({})});
      skip_lines();
      if (!take(")")) give_up("`$(` is not closed");
    } else if (take("${")) {
      std::string name;
      int open = 1;
      while (!at_end()) {
        if (peek() == '{') ++open;
        if (peek() == '}' && --open == 0) break;
        name += text_[at_++];
      }
      if (!take("}")) give_up("`${` is not closed");
      into.parts.push_back({Part::Kind::variable, name, quoted});
    } else if (begins("$'") && !quoted) {
      ++at_;
    } else {
      ++at_;
      std::string name;
      if (is_word_char(peek()) && !(peek() >= '0' && peek() <= '9')) {
        while (is_word_char(peek())) name += text_[at_++];
      } else if (std::string_view("?#@*!$-0123456789").find(peek()) != std::string_view::npos && !at_end()) {
        name = text_[at_++];
      } else {
        literal(into, "$", quoted);
        return;
      }
      into.parts.push_back({Part::Kind::variable, name, quoted});
    }
  }

  struct Nesting {
    explicit Nesting(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kDeepest) give_up("it is nested too deeply");
    }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    Parser& parser_;
  };

  std::string_view text_;
  std::string rest_;  // what is left of the text when a here-document was taken out
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

List parse_shell(std::string_view text) {
  return Parser(text, 0).script();
}

std::string plain(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (c != kUnknown && c != kLooked) bare += c;
  }
  return bare;
}

}  // namespace exitgate::collect::ci::script
