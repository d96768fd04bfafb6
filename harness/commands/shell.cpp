#include "harness/commands/shell.h"

#include <set>
#include <utility>

namespace exitgate::commands {

namespace {

class Collector {
 public:
  explicit Collector(const shell::Script& script) : commands_(static_cast<std::size_t>(script.commands)) {
    visit(script.list);
    for (auto& command : commands_) {
      if (command.words.empty()) push(command, "", false);  // none: each number is in the tree
      command.defined = functions_.contains(command.words[0]);
    }
  }

  std::vector<ShellCommand> all() && { return std::move(commands_); }

 private:
  void visit(const shell::List& list) {
    for (const auto& item : list.items) {
      for (const auto& operand : item.and_or.items) {
        const auto& parts = operand.pipeline.commands;
        for (std::size_t i = 0; i < parts.size(); ++i) visit(parts[i], i + 1 < parts.size());
      }
    }
  }

  void visit_subshell(const shell::List& list) {
    subshells_.push_back(++last_subshell_);
    visit(list);
    subshells_.pop_back();
  }

  void visit(const shell::Command& command, bool piped) {
    using Kind = shell::Command::Kind;
    for (const auto& one : command.assignments) visit(one.value);
    for (const auto& word : command.words) visit(word);
    for (const auto& one : command.redirections) visit(one.document ? one.document->text : one.target);
    for (const auto& arm : command.arms) {
      for (const auto& pattern : arm.patterns) visit(pattern);
    }
    for (const auto& list : command.lists)
      command.kind == Kind::subshell ? visit_subshell(list) : visit(list);
    if (command.kind == Kind::function) functions_.insert(command.text);
    if (command.body) {
      ++functions_open_;
      visit(*command.body, false);
      --functions_open_;
    }
    if (command.number >= 0) add(command, piped);
  }

  void visit(const shell::Word& word) {
    for (const auto& part : word.parts) {
      if (part.commands) visit_subshell(*part.commands);
      for (const auto& item : part.items) visit(item);
    }
  }

  void add(const shell::Command& command, bool piped) {
    ShellCommand& one = commands_[static_cast<std::size_t>(command.number)];
    const bool test = command.kind == shell::Command::Kind::test;
    one.words.reserve(command.words.size() + (test ? 2 : 0));
    if (test) push(one, "[[", false);
    for (const auto& word : command.words)
      push(one, written(word), !word.parts.empty() && word.parts[0].quoted);
    if (test) push(one, "]]", false);
    for (const auto& redirection : command.redirections) {
      if (redirection.document) {
        one.input = written(redirection.document->text);
        one.input_line = redirection.document->line;
      } else if (redirection.operation == "<<<") {
        one.input = written(redirection.target);
        one.input_line = redirection.line;
      } else if (redirection.operation != ">&") {
        one.redirected = true;
      }
    }
    one.line = command.line;
    one.in_function = functions_open_ > 0;
    one.piped = piped;
    one.subshells = subshells_;
  }

  static void push(ShellCommand& one, std::string word, bool quoted) {
    one.words.push_back(std::move(word));
    one.quoted.push_back(quoted);
  }

  std::vector<ShellCommand> commands_;
  std::set<std::string, std::less<>> functions_;
  int functions_open_ = 0;
  std::vector<int> subshells_;
  int last_subshell_ = 0;
};

}  // namespace

std::vector<ShellCommand> commands_of(const shell::Script& script) {
  return Collector(script).all();
}

std::vector<ShellCommand> parse_shell(std::string_view script, Dialect dialect) {
  return commands_of(shell::parse(script, dialect));
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  for (auto& command : parse_shell(text)) {
    for (auto& word : command.words) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace exitgate::commands
