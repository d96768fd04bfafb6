#include "harness/commands/exit_status.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/commands/shell.h"
#include "harness/commands/shell_tree.h"

namespace exitgate::commands {

namespace {

// What surely succeeds, and changes nothing that is looked at later.
bool is_harmless(const ShellCommand& command) {
  constexpr std::array<std::string_view, 4> kHarmless = {"true", ":", "echo", "printf"};
  if (command.redirected || command.defined) return false;
  if (command.words[0] == "exit") return command.words.size() == 2 && command.words[1] == "0";
  return std::find(kHarmless.begin(), kHarmless.end(), command.words[0]) != kHarmless.end();
}

bool mentions(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

// `set -euo pipefail` and the like.
void take_set(const ShellCommand& command, ShellOptions& options) {
  if (command.words[0] != "set") return;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string& word = command.words[i];
    if (word.size() < 2 || (word[0] != '-' && word[0] != '+')) continue;
    const bool on = word[0] == '-';
    if (mentions(word, "e")) options.errexit = on;
    if (!mentions(word, "o") || i + 1 == command.words.size()) continue;
    const std::string& name = command.words[++i];
    if (name == "pipefail") options.pipefail = on;
    if (name == "errexit") options.errexit = on;
  }
}

class Statuses {
 public:
  Statuses(std::string_view script, ShellOptions options) : script_(script) {
    commands_ = parse_shell(script, Dialect::posix, tokens_);
    tree_ = shell_tree(tokens_);
    for (const auto& command : commands_) {
      options_.push_back(options);
      take_set(command, options);
    }
    failures_.resize(commands_.size(), {Failure::unknown, ""});  // of what stands in `$( )`
    visit(*tree_);
  }

  std::vector<Failure> all() && { return std::move(failures_); }

 private:
  void visit(const ShellNode& node) {
    if (node.kind == ShellNode::command) failures_[node.index] = failure_of(node);
    for (const auto& child : node.children) visit(*child);
  }

  bool all_harmless(const ShellNode& node) const {
    if (node.kind == ShellNode::command) return is_harmless(commands_[node.index]);
    if (node.kind == ShellNode::assignment) return false;
    return std::all_of(node.children.begin(), node.children.end(),
                       [&](const auto& one) { return all_harmless(*one); });
  }

  // Whether an `exit 1` or the like stands in it.
  bool may_fail_on_purpose(const ShellNode& node) const {
    if (node.kind == ShellNode::command) {
      const auto& words = commands_[node.index].words;
      return words[0] == "false" ||
             ((words[0] == "exit" || words[0] == "return") && (words.size() < 2 || words[1] != "0"));
    }
    return std::any_of(node.children.begin(), node.children.end(),
                       [&](const auto& one) { return may_fail_on_purpose(*one); });
  }

  bool looks_at_status(const ShellNode& node) const {
    if (node.kind == ShellNode::assignment)
      return mentions(node.text, "$?") || mentions(node.text, "PIPESTATUS");
    if (node.kind == ShellNode::command) {
      const auto& words = commands_[node.index].words;
      return mentions(node.text, "$?") || std::any_of(words.begin(), words.end(), [](const auto& word) {
               return mentions(word, "$?") || mentions(word, "PIPESTATUS");
             });
    }
    return std::any_of(node.children.begin(), node.children.end(),
                       [&](const auto& one) { return looks_at_status(*one); });
  }

  std::string words_of(const ShellNode& node) const {
    if (node.kind == ShellNode::command) return join(commands_[node.index].words, " ");
    return node.children.empty() ? node.text : words_of(*node.children.front());
  }

  // Within what stands before `&&` or `||`, after `!` or in a condition `set -e` has no effect.
  static bool errexit_is_off(const ShellNode& node) {
    for (const ShellNode* at = &node; at->parent != nullptr; at = at->parent) {
      const ShellNode& parent = *at->parent;
      const bool first = at->place() == 0;
      if (parent.kind == ShellNode::and_or && at->place() + 1 < parent.children.size()) return true;
      if (parent.kind == ShellNode::pipeline && parent.negated) return true;
      if (parent.kind == ShellNode::loop && parent.children.size() == 2 && first) return true;
      if (is_condition(*at)) return true;
    }
    return false;
  }

  static bool is_condition(const ShellNode& node) {
    const ShellNode& parent = *node.parent;
    return parent.kind == ShellNode::branches && node.place() % 2 == 0 &&
           node.place() + 1 < parent.children.size();
  }

  // The part of a pipeline or the subshell that ends with it, where that is not the script itself.
  static const ShellNode* process_of(const ShellNode& node) {
    for (const ShellNode* at = &node; at->parent != nullptr; at = at->parent) {
      if (at->kind == ShellNode::subshell) return at;
      if (at->parent->kind == ShellNode::pipeline && at->parent->children.size() > 1) return at;
    }
    return nullptr;
  }

  // Whether what comes later may look at what the command left: its log, its report.
  bool is_looked_at_later(std::size_t index) const {
    constexpr std::array<std::string_view, 10> kAsks = {"check", "verif", "assert",  "result", "fail",
                                                        "gate",  "parse", "validat", "summar", "status"};
    constexpr std::array<std::string_view, 13> kKeep = {"echo", "printf", "tee",   "cat",  "cp",   "mv", "rm",
                                                        "ls",   "mkdir",  "touch", "head", "tail", "set"};
    constexpr std::array<std::string_view, 8> kPrograms = {"grep", "egrep", "rg", "test",
                                                           "[",    "[[",    "jq", "diff"};
    return std::any_of(
        commands_.begin() + static_cast<std::ptrdiff_t>(index) + 1, commands_.end(), [&](const auto& later) {
          const auto& words = later.words;
          if (std::find(kKeep.begin(), kKeep.end(), words[0]) != kKeep.end()) return false;
          if (words[0] == "false" ||
              ((words[0] == "exit" || words[0] == "return") && (words.size() < 2 || words[1] != "0")))
            return true;
          if (std::find(kPrograms.begin(), kPrograms.end(), words[0]) != kPrograms.end()) return true;
          return std::any_of(words.begin(), words.end(), [&](const auto& word) {
            const auto small = lower(word);
            return std::any_of(kAsks.begin(), kAsks.end(), [&](auto ask) { return mentions(small, ask); });
          });
        });
  }

  static bool is_in_function(const ShellNode& node) {
    for (const ShellNode* at = node.parent; at != nullptr; at = at->parent) {
      if (at->kind == ShellNode::function) return true;
    }
    return false;
  }

  Failure failure_of(const ShellNode& command) const {
    if (is_in_function(command)) return {Failure::unknown, ""};
    Failure failure = trace(command);
    if (failure.is_lost() && is_looked_at_later(command.index)) return {Failure::unknown, ""};
    return failure;
  }

  Failure trace(const ShellNode& command) const {
    const ShellOptions& options = options_[command.index];
    Failure::Kind why = Failure::no_errexit;  // the script goes on
    bool ends = true;                         // by `set -e`
    const ShellNode* node = &command;
    while (node->parent != nullptr) {
      const ShellNode& parent = *node->parent;
      const std::size_t place = node->place();
      switch (parent.kind) {
        case ShellNode::pipeline:
          if (place + 1 < parent.children.size() && !options.pipefail) {
            if (mentions(script_, "PIPESTATUS") || mentions(script_, "pipestatus"))
              return {Failure::unknown, ""};
            return {Failure::pipe, words_of(*parent.children.back())};
          }
          if (parent.negated) return {Failure::unknown, ""};
          break;
        case ShellNode::and_or: {
          std::size_t next = place;
          while (next < parent.separators.size() && parent.separators[next] == Separator::and_then) ++next;
          if (next + 1 < parent.children.size()) return fallback(parent, next + 1);
          if (place + 1 < parent.children.size()) {
            ends = false;
            why = Failure::and_list;
          }
          break;
        }
        case ShellNode::list: {
          if (parent.separators[place] == Separator::background) return {Failure::unknown, ""};
          if (ends && options.errexit && !errexit_is_off(*node)) {
            const ShellNode* process = process_of(*node);
            if (process == nullptr) return {Failure::counts, ""};
            node = process;
            continue;
          }
          if (place + 1 < parent.children.size()) {
            if (looks_at_status(*parent.children[place + 1])) return {Failure::unknown, ""};
            return {why, words_of(*parent.children.back())};
          }
          break;
        }
        case ShellNode::branches:
          if (!is_condition(*node)) break;
          return {all_but_condition_harmless(parent) ? Failure::condition : Failure::unknown, ""};
        case ShellNode::loop:
        case ShellNode::function:
          return {Failure::unknown, ""};
        default:
          break;
      }
      node = &parent;
    }
    return {Failure::counts, ""};
  }

  bool all_but_condition_harmless(const ShellNode& branches) const {
    for (std::size_t i = 0; i < branches.children.size(); ++i) {
      const ShellNode& child = *branches.children[i];
      if (is_condition(child)) {
        if (i > 0) return false;
      } else if (!all_harmless(child)) {
        return false;
      }
    }
    return !mentions(script_, "GITHUB_OUTPUT") && !mentions(script_, "GITHUB_ENV");
  }

  Failure fallback(const ShellNode& and_or, std::size_t place) const {
    const ShellNode& instead = *and_or.children[place];
    if (may_fail_on_purpose(instead)) return {Failure::counts, ""};
    if (place + 1 < and_or.children.size() || !all_harmless(instead)) return {Failure::unknown, ""};
    return {Failure::fallback, "|| " + words_of(instead)};
  }

  std::string_view script_;
  std::vector<ShellToken> tokens_;
  std::vector<ShellCommand> commands_;
  std::unique_ptr<ShellNode> tree_;
  std::vector<ShellOptions> options_;  // where each command stands
  std::vector<Failure> failures_;
};

}  // namespace

std::vector<Failure> failures(std::string_view script, ShellOptions options) {
  return Statuses(script, options).all();
}

}  // namespace exitgate::commands
