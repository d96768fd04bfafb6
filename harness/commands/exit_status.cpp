#include "harness/commands/exit_status.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/commands/shell.h"

namespace exitgate::commands {

namespace {

using shell::AndOr;
using shell::Command;
using shell::List;
using shell::Pipeline;
using shell::written;

// What surely succeeds, and changes nothing that is looked at later.
bool is_harmless(const ShellCommand& command) {
  constexpr std::array<std::string_view, 4> kHarmless = {"true", ":", "echo", "printf"};
  if (command.redirected || command.defined) return false;
  if (command.words[0] == "exit") return command.words.size() == 2 && command.words[1] == "0";
  return std::find(kHarmless.begin(), kHarmless.end(), command.words[0]) != kHarmless.end();
}

// `exit 1` and the like.
bool fails_on_purpose(const ShellCommand& command) {
  const auto& words = command.words;
  return words[0] == "false" ||
         ((words[0] == "exit" || words[0] == "return") && (words.size() < 2 || words[1] != "0"));
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

// What a command is part of: the construct around it, that around this, and so on to the script.
struct Place {
  enum Kind {
    list,       // the `at`-th of `in_list`
    and_or,     // the `at`-th of `in_and_or`
    pipeline,   // the `at`-th of `in_pipeline`
    group,      // of braces, or of a branch of `case`
    subshell,   // of parentheses
    condition,  // of the `if` that is `command`
    branch,     // a body of that
    loop_condition,
    loop_body,
    function,
  };
  Kind kind = list;
  const Place* around = nullptr;
  std::size_t at = 0;
  const List* in_list = nullptr;
  const AndOr* in_and_or = nullptr;
  const Pipeline* in_pipeline = nullptr;
  const Command* command = nullptr;

  std::size_t size() const {
    return kind == list     ? in_list->items.size()
           : kind == and_or ? in_and_or->items.size()
                            : in_pipeline->commands.size();
  }
  bool is_last() const { return at + 1 == size(); }
};

class Statuses {
 public:
  Statuses(std::string_view text, ShellOptions options) : text_(text), script_(shell::parse(text)) {
    commands_ = commands_of(script_);
    for (const auto& command : commands_) {
      options_.push_back(options);
      take_set(command, options);
    }
    failures_.resize(commands_.size(), {Failure::unknown, ""});  // of what stands in `$( )`
    visit(script_.list, nullptr);
  }

  std::vector<Failure> all() && { return std::move(failures_); }

 private:
  void visit(const List& list, const Place* around) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      const Place item{.kind = Place::list, .around = around, .at = i, .in_list = &list};
      const AndOr& and_or = list.items[i].and_or;
      for (std::size_t j = 0; j < and_or.items.size(); ++j) {
        const Place operand{.kind = Place::and_or, .around = &item, .at = j, .in_and_or = &and_or};
        const Pipeline& pipeline = and_or.items[j].pipeline;
        for (std::size_t k = 0; k < pipeline.commands.size(); ++k) {
          const Place part{.kind = Place::pipeline, .around = &operand, .at = k, .in_pipeline = &pipeline};
          visit(pipeline.commands[k], part);
        }
      }
    }
  }

  void visit(const Command& command, const Place& place) {
    if (command.number >= 0) {
      const auto number = static_cast<std::size_t>(command.number);
      failures_[number] = failure_of(number, place);
    }
    Place within{.kind = Place::group, .around = &place, .command = &command};
    for (std::size_t i = 0; i < command.lists.size(); ++i) {
      within.kind = kind_of(command, i);
      visit(command.lists[i], &within);
    }
    if (command.body) {
      within.kind = Place::function;
      visit(*command.body, within);
    }
  }

  static Place::Kind kind_of(const Command& command, std::size_t list) {
    switch (command.kind) {
      case Command::Kind::subshell:
        return Place::subshell;
      case Command::Kind::branches:
        return is_condition(command, list) ? Place::condition : Place::branch;
      case Command::Kind::loop:
        return list == 0 ? Place::loop_condition : Place::loop_body;
      case Command::Kind::each:
      case Command::Kind::select:
      case Command::Kind::counted:
        return Place::loop_body;
      default:
        return Place::group;
    }
  }

  // Whether a list of an `if` is asked for: the last one is not, which is a body or that of `else`.
  static bool is_condition(const Command& branches, std::size_t list) {
    return list % 2 == 0 && list + 1 < branches.lists.size();
  }

  // The commands and assignments of a part, those within other commands too, but not what stands in `$( )`:
  // whether `asked` holds for one of them.
  template <typename Asked>
  static bool any_of(const List& list, const Asked& asked) {
    return std::any_of(list.items.begin(), list.items.end(), [&](const auto& item) {
      return std::any_of(item.and_or.items.begin(), item.and_or.items.end(),
                         [&](const auto& operand) { return any_of(operand.pipeline, asked); });
    });
  }
  template <typename Asked>
  static bool any_of(const Pipeline& pipeline, const Asked& asked) {
    return std::any_of(pipeline.commands.begin(), pipeline.commands.end(),
                       [&](const auto& command) { return any_of(command, asked); });
  }
  template <typename Asked>
  static bool any_of(const Command& command, const Asked& asked) {
    if (command.lists.empty() && !command.body) return asked(command);
    return std::any_of(command.lists.begin(), command.lists.end(),
                       [&](const auto& list) { return any_of(list, asked); }) ||
           (command.body && any_of(*command.body, asked));
  }

  const ShellCommand* listed(const Command& command) const {
    return command.number < 0 ? nullptr : &commands_[static_cast<std::size_t>(command.number)];
  }

  // Takes a list or a pipeline.
  template <typename Part>
  bool all_harmless(const Part& part) const {
    return !any_of(part, [&](const Command& command) {
      const ShellCommand* one = listed(command);
      return one == nullptr || !is_harmless(*one);
    });
  }

  bool may_fail_on_purpose(const Pipeline& pipeline) const {
    return any_of(pipeline, [&](const Command& command) {
      const ShellCommand* one = listed(command);
      return one != nullptr && fails_on_purpose(*one);
    });
  }

  bool looks_at_status(const AndOr& and_or) const {
    const auto asks = [](std::string_view text) {
      return mentions(text, "$?") || mentions(text, "PIPESTATUS");
    };
    return std::any_of(and_or.items.begin(), and_or.items.end(), [&](const auto& operand) {
      return any_of(operand.pipeline, [&](const Command& command) {
        if (asks(command.text)) return true;
        for (const auto& one : command.assignments) {
          if (asks(written(one.value))) return true;
        }
        const ShellCommand* one = listed(command);
        return one != nullptr && std::any_of(one->words.begin(), one->words.end(), asks);
      });
    });
  }

  // Of its first command.
  std::string words_of(const Command& command) const {
    if (const ShellCommand* one = listed(command)) return join(one->words, " ");
    if (command.body) return words_of(*command.body);
    for (const List& list : command.lists) {
      if (!list.items.empty()) return words_of(list.items[0].and_or);
    }
    std::string text;
    for (const auto& one : command.assignments) text += one.name + "=" + written(one.value) + " ";
    return text;
  }
  std::string words_of(const AndOr& and_or) const { return words_of(and_or.items[0].pipeline.commands[0]); }

  // Within what stands before `&&` or `||`, after `!` or in a condition `set -e` has no effect.
  static bool errexit_is_off(const Place* place) {
    for (; place != nullptr; place = place->around) {
      if (place->kind == Place::and_or && !place->is_last()) return true;
      if (place->kind == Place::pipeline && place->in_pipeline->negated) return true;
      if (place->kind == Place::condition || place->kind == Place::loop_condition) return true;
    }
    return false;
  }

  // Where the part of a pipeline or the subshell stands that ends with what stands here, and not the script
  // itself.
  static const Place* behind_process(const Place* place) {
    for (; place != nullptr; place = place->around) {
      if (place->kind == Place::subshell) return place->around;
      if (place->kind == Place::pipeline && place->size() > 1) return place;
    }
    return nullptr;
  }

  // Whether what comes later may look at what the command left: its log, its report.
  bool is_looked_at_later(std::size_t number) const {
    constexpr std::array<std::string_view, 10> kAsks = {"check", "verif", "assert",  "result", "fail",
                                                        "gate",  "parse", "validat", "summar", "status"};
    constexpr std::array<std::string_view, 13> kKeep = {"echo", "printf", "tee",   "cat",  "cp",   "mv", "rm",
                                                        "ls",   "mkdir",  "touch", "head", "tail", "set"};
    constexpr std::array<std::string_view, 8> kPrograms = {"grep", "egrep", "rg", "test",
                                                           "[",    "[[",    "jq", "diff"};
    return std::any_of(
        commands_.begin() + static_cast<std::ptrdiff_t>(number) + 1, commands_.end(), [&](const auto& later) {
          const auto& words = later.words;
          if (std::find(kKeep.begin(), kKeep.end(), words[0]) != kKeep.end()) return false;
          if (fails_on_purpose(later)) return true;
          if (std::find(kPrograms.begin(), kPrograms.end(), words[0]) != kPrograms.end()) return true;
          return std::any_of(words.begin(), words.end(), [&](const auto& word) {
            const auto small = lower(word);
            return std::any_of(kAsks.begin(), kAsks.end(), [&](auto ask) { return mentions(small, ask); });
          });
        });
  }

  static bool is_in_function(const Place* place) {
    for (; place != nullptr; place = place->around) {
      if (place->kind == Place::function) return true;
    }
    return false;
  }

  Failure failure_of(std::size_t number, const Place& place) const {
    if (is_in_function(&place)) return {Failure::unknown, ""};
    Failure failure = trace(options_[number], &place);
    if (failure.is_lost() && is_looked_at_later(number)) return {Failure::unknown, ""};
    return failure;
  }

  Failure trace(const ShellOptions& options, const Place* place) const {
    Failure::Kind why = Failure::no_errexit;  // the script goes on
    bool ends = true;                         // by `set -e`
    while (place != nullptr) {
      switch (place->kind) {
        case Place::pipeline:
          if (!place->is_last() && !options.pipefail) {
            if (mentions(text_, "PIPESTATUS") || mentions(text_, "pipestatus")) return {Failure::unknown, ""};
            return {Failure::pipe, words_of(place->in_pipeline->commands.back())};
          }
          if (place->in_pipeline->negated) return {Failure::unknown, ""};
          break;
        case Place::and_or: {
          const auto& operands = place->in_and_or->items;
          std::size_t next = place->at + 1;
          while (next < operands.size() && operands[next].before == AndOr::Operator::and_then) ++next;
          if (next < operands.size()) return fallback(*place->in_and_or, next);
          if (!place->is_last()) {
            ends = false;
            why = Failure::and_list;
          }
          break;
        }
        case Place::list: {
          const auto& items = place->in_list->items;
          if (items[place->at].background) return {Failure::unknown, ""};
          if (ends && options.errexit && !errexit_is_off(place->around)) {
            const Place* behind = behind_process(place->around);
            if (behind == nullptr) return {Failure::counts, ""};
            place = behind;
            continue;
          }
          if (!place->is_last()) {
            if (looks_at_status(items[place->at + 1].and_or)) return {Failure::unknown, ""};
            return {why, words_of(items.back().and_or)};
          }
          break;
        }
        case Place::condition:
          return {all_but_condition_harmless(*place->command) ? Failure::condition : Failure::unknown, ""};
        case Place::loop_condition:
        case Place::loop_body:
        case Place::function:
          return {Failure::unknown, ""};
        default:
          break;
      }
      place = place->around;
    }
    return {Failure::counts, ""};
  }

  bool all_but_condition_harmless(const Command& branches) const {
    for (std::size_t i = 0; i < branches.lists.size(); ++i) {
      if (is_condition(branches, i)) {
        if (i > 0) return false;
      } else if (!all_harmless(branches.lists[i])) {
        return false;
      }
    }
    return !mentions(text_, "GITHUB_OUTPUT") && !mentions(text_, "GITHUB_ENV");
  }

  Failure fallback(const AndOr& and_or, std::size_t at) const {
    const Pipeline& instead = and_or.items[at].pipeline;
    if (may_fail_on_purpose(instead)) return {Failure::counts, ""};
    if (at + 1 < and_or.items.size() || !all_harmless(instead)) return {Failure::unknown, ""};
    return {Failure::fallback, "|| " + words_of(instead.commands[0])};
  }

  std::string_view text_;
  shell::Script script_;
  std::vector<ShellCommand> commands_;
  std::vector<ShellOptions> options_;  // where each command stands
  std::vector<Failure> failures_;
};

}  // namespace

std::vector<Failure> failures(std::string_view script, ShellOptions options) {
  return Statuses(script, options).all();
}

}  // namespace exitgate::commands
