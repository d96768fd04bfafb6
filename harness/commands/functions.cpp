#include "harness/commands/functions.h"

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/commands/shell.h"
#include "harness/commands/wrappers.h"

namespace exitgate::commands {

namespace {

using shell::Command;
using shell::List;
using shell::Part;
using shell::Word;
using Texts = std::vector<std::string>;

template <typename Visitor>
void each_command(const List& list, const Visitor& visit) {
  for (const auto& item : list.items) {
    for (const auto& operand : item.and_or.items) {
      for (const auto& command : operand.pipeline.commands) visit(command);
    }
  }
}

void collect(const List& list, Functions& functions) {
  each_command(list, [&](const Command& command) {
    if (command.kind == Command::Kind::function) functions.insert_or_assign(command.text, &command);
    for (const List& inner : command.lists) collect(inner, functions);
    if (command.body) {
      for (const List& inner : command.body->lists) collect(inner, functions);
    }
  });
}

Texts words_in(std::string_view text) {
  Texts words;
  for (auto& word : split(text, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

// One call: its arguments, and the variables that hold them.
class Call {
 public:
  Call(const Functions& functions, FunctionCall& result, int depth)
      : functions_(functions), result_(result), depth_(depth) {}

  void run(const Command& function, Texts arguments) {
    arguments_ = std::move(arguments);
    if (function.body) {
      for (const List& list : function.body->lists) visit(list);
    }
  }

 private:
  void visit(const List& list) {
    each_command(list, [&](const Command& command) {
      if (command.kind == Command::Kind::each && command.lists.size() == 1) each(command);
      if (command.kind == Command::Kind::simple) simple(command);
      for (const List& inner : command.lists) visit(inner);
    });
  }

  // `for arg in "$@"`, `for arg`: any of them.
  void each(const Command& loop) {
    Texts items = loop.all_arguments ? arguments_ : Texts();
    for (const Word& word : loop.words) {
      if (const auto known = values(word)) items.insert(items.end(), known->begin(), known->end());
    }
    if (!items.empty()) variables_[loop.text] = {items.back()};
  }

  void simple(const Command& command) {
    for (const auto& one : command.assignments) assign(one.name, one.value, one.append);
    if (command.words.empty()) return;
    const std::string program = written(command.words[0]);
    if (one_of_declarations(program)) return declare(command);
    if (program == "shift") {
      const std::size_t count = command.words.size() > 1 && written(command.words[1]).size() == 1
                                    ? written(command.words[1])[0] - '0'
                                    : 1;
      arguments_.erase(arguments_.begin(),
                       arguments_.begin() + static_cast<std::ptrdiff_t>(std::min(count, arguments_.size())));
      return;
    }
    Texts words;
    bool given = false;
    bool first_given = false;
    for (const Word& word : command.words) {
      const bool first = words.empty();
      if (auto known = values(word)) {
        given = true;
        first_given = first_given || first;
        words.insert(words.end(), known->begin(), known->end());
      } else {
        const bool variable = !word.parts.empty() && word.parts[0].kind == Part::Kind::parameter;
        if (variable && (first || program == "eval")) result_.opaque = true;
        words.push_back(written(word));
      }
    }
    if (!given || words.empty()) return;
    // `"$1"` with `retry "npm test"`
    if (first_given && words[0].find(' ') != std::string::npos) words = split_words(join(words, " "));
    if (words.empty()) return;
    if (const auto inner = functions_.find(words[0]); inner != functions_.end()) {
      constexpr int kDeepest = 4;
      if (depth_ >= kDeepest) return;
      Call(functions_, result_, depth_ + 1).run(*inner->second, {words.begin() + 1, words.end()});
      return;
    }
    result_.commands.push_back({std::move(words), first_given || program == "eval"});
  }

  static bool one_of_declarations(std::string_view program) {
    constexpr std::string_view kAll[] = {"local", "declare", "typeset", "export", "readonly"};
    return std::find(std::begin(kAll), std::end(kAll), program) != std::end(kAll);
  }

  // `local n=$1 command=("$@")`
  void declare(const Command& command) {
    for (const Word& word : command.words) {
      if (word.parts.empty() || word.parts[0].kind != Part::Kind::literal) continue;
      const std::string& head = word.parts[0].text;
      const auto equals = head.find('=');
      if (equals == std::string::npos || word.parts.size() != 2 || equals + 1 != head.size()) continue;
      if (const auto known = values(word.parts[1])) variables_[head.substr(0, equals)] = *known;
    }
  }

  void assign(const std::string& name, const Word& value, bool append) {
    const auto known = values(value);
    Texts& variable = variables_[name];
    if (!append) variable.clear();
    if (known) variable.insert(variable.end(), known->begin(), known->end());
    if (variable.empty()) variables_.erase(name);
  }

  // What the word comes to where an argument of the call is in it; nothing for any other.
  std::optional<Texts> values(const Word& word) const {
    if (word.parts.size() == 1) return values(word.parts[0]);
    std::string text;
    bool any = false;
    for (const Part& part : word.parts) {
      if (const auto known = values(part)) {
        any = true;
        text += join(*known, " ");
      } else {
        Word one;
        one.parts.push_back({part.kind, part.text, part.quoted, part.braced, nullptr, {}});
        shell::append_written(one, text);
      }
    }
    return any ? std::optional(Texts{text}) : std::nullopt;
  }

  std::optional<Texts> values(const Part& part) const {
    if (part.kind == Part::Kind::array) {
      Texts all;
      for (const Word& item : part.items) {
        const auto known = values(item);
        if (known) {
          all.insert(all.end(), known->begin(), known->end());
        } else {
          all.push_back(written(item));
        }
      }
      const bool any = std::any_of(part.items.begin(), part.items.end(),
                                   [&](const Word& item) { return values(item).has_value(); });
      return any ? std::optional(all) : std::nullopt;
    }
    if (part.kind != Part::Kind::parameter) return std::nullopt;
    auto known = values_of(part.text);
    if (!known) return std::nullopt;
    const bool list = part.text.find('@') != std::string::npos;
    if (part.quoted && !list) return Texts{join(*known, " ")};
    if (part.quoted) return known;
    return words_in(join(*known, " "));
  }

  std::optional<Texts> values_of(std::string_view name) const {
    if (name == "@" || name == "*") return arguments_;
    // ${@:2}
    if ((name.starts_with("@:") || name.starts_with("*:")) && name.size() == 3 && name[2] >= '1' &&
        name[2] <= '9')
      return from(static_cast<std::size_t>(name[2] - '1'));
    if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
      const auto at = static_cast<std::size_t>(name[0] - '1');
      return at < arguments_.size() ? Texts{arguments_[at]} : Texts{};
    }
    if (name.ends_with("[@]") || name.ends_with("[*]")) name.remove_suffix(3);
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  }

  Texts from(std::size_t at) const {
    if (at >= arguments_.size()) return {};
    return {arguments_.begin() + static_cast<std::ptrdiff_t>(at), arguments_.end()};
  }

  const Functions& functions_;
  FunctionCall& result_;
  int depth_;
  Texts arguments_;
  std::map<std::string, Texts, std::less<>> variables_;  // those that hold arguments
};

// `$@`, `${@:2}`, `$1`
bool is_argument(std::string_view word) {
  word = trim(word);
  if (word.size() < 2 || word[0] != '$') return false;
  const char name = word[1] == '{' && word.size() > 2 ? word[2] : word[1];
  return name == '@' || name == '*' || (name >= '1' && name <= '9');
}

}  // namespace

bool runs_arguments(std::span<const std::string> words) {
  Texts inner(words.begin(), words.end());
  constexpr int kMostLayers = 5;
  for (int layer = 0; layer < kMostLayers && !inner.empty(); ++layer) {
    if (is_argument(inner[0])) return true;
    Unwrapped one = unwrap(inner);
    if (one.what == Unwrapped::script) return is_argument(one.text);
    if (one.what != Unwrapped::command) return false;
    inner = std::move(one.words);
  }
  return false;
}

Functions functions_of(const shell::Script& script) {
  Functions functions;
  collect(script.list, functions);
  return functions;
}

FunctionCall call_function(const Functions& functions, std::span<const std::string> words) {
  FunctionCall result;
  const auto found = functions.find(words[0]);
  if (found == functions.end()) return result;
  if (!found->second->body) result.opaque = true;
  Call(functions, result, 0).run(*found->second, {words.begin() + 1, words.end()});
  return result;
}

}  // namespace exitgate::commands
