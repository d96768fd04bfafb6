#include "harness/commands/shell.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "harness/base/characters.h"
#include "harness/base/text.h"

namespace exitgate::commands {

namespace {

constexpr int kDeepest = 20;  // of substitutions in each other

constexpr std::array<std::string_view, 14> kKeywords = {
    "if", "then", "elif", "else", "fi", "while", "until", "do", "done", "{", "}", "!", "time", "coproc"};

// `NAME=value`, `NAME+=value`, `$env:NAME=value`.
bool is_assignment(std::string_view word, std::size_t quote = std::string_view::npos) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals >= quote) return false;
  auto name = word.substr(0, equals);
  if (name.back() == '+') name.remove_suffix(1);
  if (const auto bracket = name.find('['); bracket != std::string_view::npos) name = name.substr(0, bracket);
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         std::all_of(name.begin(), name.end(), is_word_char);
}

class Parser {
 public:
  Parser(std::string_view text, Dialect dialect, int line, int depth, std::vector<ShellCommand>& commands,
         std::set<std::string>& functions, std::vector<ShellToken>& tokens)
      : text_(text),
        dialect_(dialect),
        line_(line),
        depth_(depth),
        commands_(commands),
        functions_(functions),
        tokens_(tokens) {}

  void run() {
    while (at_ < text_.size()) step();
    end_command(Separator::end);
    take_documents();
  }

 private:
  struct Document {
    std::size_t command;  // its place in commands_, or kOpen while the command is not ended
    std::string end;
    bool tabs;
  };
  static constexpr std::size_t kOpen = static_cast<std::size_t>(-1);

  void token(ShellToken::Kind kind, std::string text = {}, Separator separator = Separator::end,
             std::size_t index = 0) {
    tokens_.push_back({kind, index, std::move(text), separator, depth_ > 0});
  }

  bool next_is(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void step() {
    const char c = text_[at_];
    if (c == '\r') {
      ++at_;
    } else if (c == '\n') {
      newline();
    } else if (c == ' ' || c == '\t') {
      ++at_;
      end_word();
    } else if (c == '#' && !in_word_) {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (is_continuation()) {
      at_ = text_.find('\n', at_) + 1;
      ++line_;
    } else if (c == '\\' || (c == '`' && dialect_ == Dialect::powershell)) {
      open_word();
      if (at_ + 1 < text_.size()) word_ += text_[at_ + 1];
      at_ += 2;
    } else if (c == '\'') {
      single_quoted();
    } else if (c == '"') {
      double_quoted();
    } else if (c == '$') {
      dollar();
    } else if (c == '`') {
      backticks();
    } else if (in_test_ && !(word_ == "]]" && quote_ == std::string::npos)) {
      open_word();
      word_ += c;
      ++at_;
    } else if (!operator_at()) {
      open_word();
      word_ += c;
      ++at_;
    }
  }

  bool is_continuation() const {
    const char escape = dialect_ == Dialect::powershell ? '`' : '\\';
    return text_[at_] == escape &&
           (text_.substr(at_ + 1).starts_with("\n") || text_.substr(at_ + 1).starts_with("\r\n"));
  }

  void newline() {
    ++at_;
    ++line_;
    if (in_test_ && word_ != "]]") return end_word();
    end_command(Separator::end);
    take_documents();
  }

  void open_word() {
    if (!in_word_ && command_.words.empty() && command_.line == 0) command_.line = line_;
    in_word_ = true;
  }

  void end_word() {
    if (!in_word_) return;
    in_word_ = false;
    std::string word = std::exchange(word_, {});
    const std::size_t quote = std::exchange(quote_, std::string::npos);
    const bool quoted = quote != std::string::npos;
    if (drop_next_) {
      drop_next_ = false;
      return;
    }
    if (document_next_) {
      document_next_ = false;
      documents_.push_back({kOpen, std::move(word), document_tabs_});
      return;
    }
    if (string_next_) {
      string_next_ = false;
      command_.input = std::move(word);
      command_.input_line = line_;
      return;
    }
    if (command_.words.empty() && keyword(word, quote)) return;
    command_.words.push_back(std::move(word));
    command_.quoted.push_back(quote == 0);
    if (command_.words.size() == 1 && !quoted && command_.words[0] == "[[") in_test_ = true;
    if (in_test_ && command_.words.back() == "]]") in_test_ = false;
  }

  // At the start of a command: what is no program.
  bool keyword(const std::string& word, std::size_t quote) {
    if (for_ || case_head_) {
      if (case_head_ && word == "in") {
        case_head_ = false;
        cases_.push_back(true);
      }
      if (for_ && word == "do") {
        for_ = false;
        token(ShellToken::keyword, word);
      }
      return true;
    }
    if (is_assignment(word, quote)) {
      token(ShellToken::assignment, word);
      if (word.back() == '=' && at_ < text_.size() && text_[at_] == '(') skip_parentheses();
      return true;
    }
    if (quote != std::string::npos) return false;
    if (word == "for" || word == "select") {
      token(ShellToken::keyword, word);
      return for_ = true;
    }
    if (word == "case") {
      token(ShellToken::keyword, word);
      return case_head_ = true;
    }
    if (word == "function") return function_next_ = true;
    if (word == "esac") {
      token(ShellToken::keyword, word);
      if (!cases_.empty()) cases_.pop_back();
      return true;
    }
    if (function_next_) {
      function_next_ = false;
      functions_.insert(word);
      token(ShellToken::function);
      return true;
    }
    if (std::find(kKeywords.begin(), kKeywords.end(), word) == kKeywords.end()) return false;
    token(ShellToken::keyword, word);
    return true;
  }

  // Takes an operator; false when there is none here.
  bool operator_at() {
    const char c = text_[at_];
    if (!cases_.empty() && cases_.back()) {
      // In a pattern of `case`.
      if (c == ')') {
        end_word();
        command_ = {};
        cases_.back() = false;
        token(ShellToken::pattern);
        ++at_;
        return true;
      }
      if (c == '(' || c == '|') {
        ++at_;
        end_word();
        command_ = {};
        return true;
      }
    }
    if (c == '<' || c == '>' || next_is("&>")) return redirection();
    if (next_is("&&")) return separate(2, Separator::and_then);
    if (next_is("||")) return separate(2, Separator::or_else);
    if (next_is("|&")) return separate(2, Separator::pipe);
    if (next_is(";;")) {
      separate(2, Separator::end);
      if (!cases_.empty()) cases_.back() = true;
      return true;
    }
    if (c == ';') return separate(1, Separator::end);
    if (c == '|') return separate(1, Separator::pipe);
    if (c == '&') {
      // PowerShell calls a program so: `& ./x.ps1`.
      const bool call = !in_word_ && command_.words.empty() && dialect_ == Dialect::powershell;
      return separate(1, call ? Separator::end : Separator::background);
    }
    if (c == '(') return parenthesis();
    if (c == ')') {
      separate(1, Separator::end);
      token(ShellToken::close);
      subshell_ = std::max(0, subshell_ - 1);
      return true;
    }
    return false;
  }

  bool separate(std::size_t length, Separator separator) {
    at_ += length;
    end_command(separator);
    return true;
  }

  bool parenthesis() {
    if (next_is("((") && command_.words.empty() && !in_word_) {
      skip_parentheses();
      return true;
    }
    if (in_word_ && is_assignment(word_ + "x") && word_.back() == '=') {  // an array
      skip_parentheses();
      return true;
    }
    const auto close = text_.find_first_not_of(" \t", at_ + 1);
    if (close != std::string_view::npos && text_[close] == ')' && (in_word_ || command_.words.size() == 1)) {
      end_word();
      if (!command_.words.empty()) functions_.insert(command_.words.back());
      token(ShellToken::function);
      command_ = {};
      at_ = close + 1;
      return true;
    }
    separate(1, Separator::end);
    token(ShellToken::open);
    ++subshell_;
    return true;
  }

  void skip_parentheses() {
    int open = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == '(') ++open;
      if (c == ')' && --open == 0) {
        ++at_;
        return;
      }
    }
  }

  bool redirection() {
    if (next_is("<(") || next_is(">(")) {
      ++at_;
      word_ += substitution();
      open_word();
      return true;
    }
    // `2>`: the number belongs to it.
    if (in_word_ && quote_ == std::string::npos &&
        word_.find_first_not_of("0123456789") == std::string::npos) {
      word_.clear();
      in_word_ = false;
    } else {
      end_word();
    }
    if (next_is("<<<")) {
      at_ += 3;
      string_next_ = true;
    } else if (next_is("<<")) {
      at_ += 2;
      document_tabs_ = next_is("-");
      if (document_tabs_) ++at_;
      document_next_ = true;
    } else {
      const auto from = at_;
      while (at_ < text_.size() && std::string_view("<>&|").find(text_[at_]) != std::string_view::npos) ++at_;
      if (text_.substr(from, at_ - from) != ">&") command_.redirected = true;
      drop_next_ = true;
    }
    return true;
  }

  void single_quoted() {
    open_word();
    quote_ = std::min(quote_, word_.size());
    for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
      if (next_is("${{")) {
        expression();
        --at_;
        continue;
      }
      if (text_[at_] == '\n') ++line_;
      word_ += text_[at_];
    }
    ++at_;
  }

  void double_quoted() {
    open_word();
    quote_ = std::min(quote_, word_.size());
    const char escape = dialect_ == Dialect::powershell ? '`' : '\\';
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      const char c = text_[at_];
      if (c == escape && at_ + 1 < text_.size()) {
        const char next = text_[at_ + 1];
        if (next == '\n') {
          ++line_;
        } else {
          if (std::string_view("\"\\$`").find(next) == std::string_view::npos) word_ += c;
          word_ += next;
        }
        at_ += 2;
      } else if (c == '$') {
        dollar();
      } else if (c == '`' && dialect_ == Dialect::posix) {
        backticks();
      } else {
        if (c == '\n') ++line_;
        word_ += c;
        ++at_;
      }
    }
    ++at_;
  }

  void expression() {
    const auto end = text_.find("}}", at_);
    const auto past = end == std::string_view::npos ? text_.size() : end + 2;
    for (; at_ < past; ++at_) {
      if (text_[at_] == '\n') ++line_;
      word_ += text_[at_];
    }
  }

  void dollar() {
    open_word();
    if (next_is("${{")) return expression();
    if (next_is("$((")) {
      const auto from = at_;
      ++at_;
      skip_parentheses();
      word_ += text_.substr(from, at_ - from);
    } else if (next_is("$(")) {
      ++at_;
      word_ += "$" + substitution();
    } else if (next_is("${")) {
      int open = 0;
      for (; at_ < text_.size(); ++at_) {
        const char c = text_[at_];
        if (c == '\n') ++line_;
        word_ += c;
        if (c == '{') ++open;
        if (c == '}' && --open == 0) break;
      }
      if (at_ < text_.size()) ++at_;
    } else {
      word_ += '$';
      ++at_;
    }
  }

  void backticks() {
    open_word();
    const auto end = text_.find('`', at_ + 1);
    const auto inner = text_.substr(at_ + 1, (end == std::string_view::npos ? text_.size() : end) - at_ - 1);
    nested(inner);
    word_ += "`" + std::string(inner) + "`";
    line_ += static_cast<int>(std::count(inner.begin(), inner.end(), '\n'));
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
  }

  // The text in parentheses, whose commands are added; at_ is at the opening one.
  std::string substitution() {
    const auto from = at_;
    int open = 0;
    char quote = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != 0) {
        if (c == '\\' && quote == '"') {
          ++at_;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\\') {
        ++at_;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(') {
        ++open;
      } else if (c == ')' && --open == 0) {
        break;
      }
    }
    at_ = std::min(at_, text_.size());
    const auto inner = text_.substr(from + 1, at_ - std::min(at_, from + 1));
    if (at_ < text_.size()) ++at_;
    nested(inner);
    line_ += static_cast<int>(std::count(inner.begin(), inner.end(), '\n'));
    return "(" + std::string(inner) + ")";
  }

  void nested(std::string_view inner) {
    if (depth_ >= kDeepest) return;
    Parser parser(inner, dialect_, line_, depth_ + 1, commands_, functions_, tokens_);
    parser.subshell_ = subshell_ + 1;
    parser.run();
  }

  void end_command(Separator separator) {
    end_word();
    drop_next_ = document_next_ = string_next_ = in_test_ = for_ = false;
    if (!command_.words.empty()) {
      command_.separator = separator;
      command_.subshell = subshell_;
      for (auto& document : documents_) {
        if (document.command == kOpen) document.command = commands_.size();
      }
      token(ShellToken::command, {}, separator, commands_.size());
      commands_.push_back(std::move(command_));
    }
    command_ = {};
    token(ShellToken::boundary, {}, separator);
  }

  // The here-documents that the line before has begun.
  void take_documents() {
    for (const auto& document : std::exchange(documents_, {})) {
      const int first = line_;
      std::string content;
      while (at_ < text_.size()) {
        const auto end = std::min(text_.find('\n', at_), text_.size());
        const auto line = text_.substr(at_, end - at_);
        at_ = std::min(end + 1, text_.size());
        ++line_;
        // Scripts within YAML are often indented further than their shell sees.
        if (trim(line) == document.end) break;
        content += std::string(line) + "\n";
      }
      if (document.command < commands_.size()) {
        commands_[document.command].input = std::move(content);
        commands_[document.command].input_line = first;
      }
    }
  }

  const std::string_view text_;
  const Dialect dialect_;
  std::size_t at_ = 0;
  int line_;
  const int depth_;
  std::vector<ShellCommand>& commands_;
  std::set<std::string>& functions_;
  std::vector<ShellToken>& tokens_;

  ShellCommand command_;
  std::string word_;
  bool in_word_ = false;
  std::size_t quote_ = std::string::npos;  // where in the word its first quote begins
  bool in_test_ = false;                   // within [[ ]]
  bool drop_next_ = false;
  bool document_next_ = false;
  bool document_tabs_ = false;
  bool string_next_ = false;
  bool for_ = false;            // up to `do` or the end of the line
  bool case_head_ = false;      // up to `in`
  bool function_next_ = false;  // the name of a function comes
  int subshell_ = 0;
  std::vector<bool> cases_;  // of each open `case`, whether a pattern comes
  std::vector<Document> documents_;
};

}  // namespace

std::vector<ShellCommand> parse_shell(std::string_view script, Dialect dialect) {
  std::vector<ShellToken> tokens;
  return parse_shell(script, dialect, tokens);
}

std::vector<ShellCommand> parse_shell(std::string_view script, Dialect dialect,
                                      std::vector<ShellToken>& tokens) {
  std::vector<ShellCommand> commands;
  std::set<std::string> functions;
  Parser(script, dialect, 1, 0, commands, functions, tokens).run();
  for (auto& command : commands) command.defined = functions.contains(command.words[0]);
  return commands;
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (auto& command : parse_shell(text)) {
    for (auto& word : command.words) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace exitgate::commands
