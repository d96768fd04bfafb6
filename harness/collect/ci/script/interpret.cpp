#include "harness/collect/ci/script/interpret.h"

#include <algorithm>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/collect/ci/script/machine.h"

namespace exitgate::collect::ci::script {

namespace {

constexpr std::size_t kMostStates = 64;
constexpr int kMostSteps = 5000;
constexpr std::size_t kMostBytes = 4U << 20;  // of all texts that it makes
constexpr int kMostRounds = 100;
constexpr int kDeepest = 60;

class Machine {
 public:
  States run(const List& list, States states, bool tested) {
    const Depth depth(*this);
    for (const AndOr& one : list.items) {
      States next;
      for (State& state : states) {
        if (stopped(state)) {
          add(next, std::move(state));
        } else {
          run(one, std::move(state), tested, next);
        }
      }
      states = std::move(next);
    }
    return states;
  }

 private:
  struct Depth {
    explicit Depth(Machine& machine) : machine_(machine) {
      if (++machine_.depth_ > kDeepest) throw NotDecided("the script calls itself too deeply");
    }
    ~Depth() { --machine_.depth_; }
    Depth(const Depth&) = delete;
    Depth& operator=(const Depth&) = delete;
    Machine& machine_;
  };

  static bool stopped(const State& state) {
    return state.left || state.returned || state.leaving_loop || state.next_round;
  }

  static void add(States& into, State state) {
    if (into.size() >= kMostStates) throw NotDecided("the script can take too many paths");
    into.push_back(std::move(state));
  }

  void run(const AndOr& and_or, State state, bool tested, States& into) {
    States states;
    states.push_back(std::move(state));
    for (std::size_t i = 0; i < and_or.items.size(); ++i) {
      const auto& [operation, pipeline] = and_or.items[i];
      const bool last = i + 1 == and_or.items.size();
      States next;
      for (State& one : states) {
        const bool goes_on = !stopped(one) && (operation.empty() || (operation == "&&") == (one.status == 0));
        if (!goes_on) {
          add(next, std::move(one));
          continue;
        }
        States ended = run(pipeline, std::move(one), tested || !last);
        for (State& each : ended) {
          // `set -e`: but for what is tested by `if`, `!`, `&&` and `||`.
          if (last && !tested && !pipeline.negated && each.status != 0 && each.stops_at_errors &&
              !stopped(each)) {
            each.left = true;
          }
          add(next, std::move(each));
        }
      }
      states = std::move(next);
    }
    for (State& one : states) add(into, std::move(one));
  }

  States run(const Pipeline& pipeline, State state, bool tested) {
    States states;
    if (pipeline.commands.size() == 1) {
      run(pipeline.commands[0], std::move(state), tested || pipeline.negated, states);
    } else {
      states = piped(pipeline, std::move(state), tested || pipeline.negated);
    }
    if (pipeline.negated) {
      for (State& one : states) {
        if (!stopped(one)) one.status = one.status == 0 ? 1 : 0;
      }
    }
    return states;
  }

  // Each command in a shell of its own, its input the output of the one before.
  States piped(const Pipeline& pipeline, State state, bool tested) {
    struct Running {
      State shell;
      std::string input;
      int failed = 0;
    };
    const State before = state;
    std::vector<Running> running;
    running.push_back({std::move(state), before.input, 0});
    for (std::size_t i = 0; i < pipeline.commands.size(); ++i) {
      const bool last = i + 1 == pipeline.commands.size();
      std::vector<Running> next;
      for (Running& one : running) {
        State inner = before;
        inner.files = one.shell.files;
        inner.why = one.shell.why;
        inner.input = one.input;
        inner.output.clear();
        States ended;
        run(pipeline.commands[i], std::move(inner), tested, ended);
        for (State& each : ended) {
          if (next.size() >= kMostStates) throw NotDecided("the script can take too many paths");
          Running behind;
          behind.failed = each.status != 0 ? each.status : one.failed;
          behind.input = each.output;
          behind.shell = before;
          behind.shell.files = each.files;
          behind.shell.why = each.why;
          behind.shell.status = last && before.pipefail ? behind.failed : each.status;
          if (last) behind.shell.output = before.output + each.output;
          next.push_back(std::move(behind));
        }
      }
      running = std::move(next);
    }
    States states;
    for (Running& one : running) add(states, std::move(one.shell));
    return states;
  }

  void run(const Command& command, State state, bool tested, States& into) {
    if (++steps_ > kMostSteps) throw NotDecided("the script takes too many steps");
    const Depth depth(*this);
    if (command.redirections.empty()) return run_bare(command, std::move(state), tested, into);
    std::string file;
    bool to_file = false;
    bool away = false;
    const std::string input = state.input;
    const std::string output = state.output;
    for (const Redirection& one : command.redirections) {
      if (one.operation == "<<<") {
        state.input = text_of(one.target, state);
        if (!state.input.ends_with('\n')) state.input += '\n';
      } else if (one.operation == "<") {
        state.input = std::string(1, kUnknown);
      } else if (one.operation == ">" || one.operation == ">>" || one.operation == "1>" ||
                 one.operation == ">|" || one.operation == "&>" || one.operation == "&>>" ||
                 one.operation == "1>>") {
        to_file = true;
        file = file_of(one.target);
      } else if (one.operation == ">&" || one.operation == "1>&") {
        away = true;  // to standard error
      }
    }
    if (to_file || away) state.output.clear();
    States ended;
    run_bare(command, std::move(state), tested, ended);
    for (State& one : ended) {
      one.input = input;
      if (to_file) one.files[file] += one.output;
      if (to_file || away) one.output = output;
      add(into, std::move(one));
    }
  }

  // The variable that names the file, "" for another.
  static std::string file_of(const Word& target) {
    if (target.parts.size() == 1 && target.parts[0].kind == Part::Kind::variable) return target.parts[0].text;
    return "";
  }

  void run_bare(const Command& command, State state, bool tested, States& into) {
    switch (command.kind) {
      case Command::Kind::simple:
        return simple(command, std::move(state), tested, into);
      case Command::Kind::test: {
        std::vector<std::string> words;
        for (const Word& word : command.words) words.push_back(quoted_pattern(word, state));
        for (const std::string& word : words) state.looked = state.looked || is_looked(word);
        const auto holds = run_test(words, true, state.why);
        return decide(holds, std::move(state), into);
      }
      case Command::Kind::arithmetic: {
        const auto value = calculate(command.text, state);
        return decide(value ? std::optional(*value != 0) : std::nullopt, std::move(state), into);
      }
      case Command::Kind::group: {
        States states;
        states.push_back(std::move(state));
        for (State& one : run(*command.lists[0], std::move(states), tested)) add(into, std::move(one));
        return;
      }
      case Command::Kind::subshell: {
        const State before = state;
        States states;
        states.push_back(std::move(state));
        for (State& one : run(*command.lists[0], std::move(states), tested)) {
          State behind = before;
          behind.output = one.output;
          behind.files = one.files;
          behind.status = one.status;
          behind.why = one.why;
          add(into, std::move(behind));
        }
        return;
      }
      case Command::Kind::choice:
        return choice(command, 0, std::move(state), tested, into);
      case Command::Kind::loop:
        return loop(command, std::move(state), tested, into);
      case Command::Kind::each:
        return each(command, std::move(state), tested, into);
      case Command::Kind::cases:
        return cases(command, std::move(state), tested, into);
      case Command::Kind::function:
        state.functions[command.text] = command.lists[0];
        state.status = 0;
        return add(into, std::move(state));
    }
  }

  static void decide(std::optional<bool> holds, State state, States& into) {
    if (!holds) {
      if (state.why.empty()) state.why = "a comparison of the script depends on values known only to the run";
      States both;
      part(std::move(state), "", both);
      for (State& one : both) add(into, std::move(one));
      return;
    }
    state.status = *holds ? 0 : 1;
    add(into, std::move(state));
  }

  void choice(const Command& command, std::size_t at, State state, bool tested, States& into) {
    if (at + 1 == command.lists.size()) {
      States ended;
      body(*command.lists[at], std::move(state), tested, ended);
      for (State& one : ended) {
        one.branch = 0;
        add(into, std::move(one));
      }
      return;
    }
    if (at >= command.lists.size()) {
      state.status = 0;
      return add(into, std::move(state));
    }
    const bool before = state.looked;
    const int branch = state.branch;
    state.looked = false;
    States states;
    states.push_back(std::move(state));
    for (State& one : run(*command.lists[at], std::move(states), true)) {
      if (one.looked) ++one.branch;
      one.looked = one.looked || before;
      if (stopped(one)) {
        add(into, std::move(one));
      } else if (one.status == 0) {
        States ended;
        body(*command.lists[at + 1], std::move(one), tested, ended);
        for (State& each : ended) {
          each.branch = branch;
          add(into, std::move(each));
        }
      } else {
        choice(command, at + 2, std::move(one), tested, into);
      }
    }
  }

  void body(const List& list, State state, bool tested, States& into) {
    States states;
    states.push_back(std::move(state));
    for (State& one : run(list, std::move(states), tested)) add(into, std::move(one));
  }

  // Of the states at the end of a loop's body those that go on to its next round; the others go to `into`.
  static States next_round(States ended, States& into) {
    States open;
    for (State& one : ended) {
      one.next_round = false;
      if (!stopped(one)) {
        open.push_back(std::move(one));
        continue;
      }
      one.leaving_loop = false;
      add(into, std::move(one));
    }
    return open;
  }

  void loop(const Command& command, State state, bool tested, States& into) {
    States open;
    open.push_back(std::move(state));
    for (int round = 0; !open.empty(); ++round) {
      if (round > kMostRounds) throw NotDecided("a loop of the script may go on for long");
      States next;
      for (State& one : run(*command.lists[0], std::move(open), true)) {
        if (stopped(one) || (one.status == 0) == command.until) {
          one.status = stopped(one) ? one.status : 0;
          add(into, std::move(one));
          continue;
        }
        body(*command.lists[1], std::move(one), tested, next);
      }
      open = next_round(std::move(next), into);
    }
  }

  void each(const Command& command, State state, bool tested, States& into) {
    std::vector<std::string> items = command.all_arguments ? state.arguments : std::vector<std::string>{};
    for (const Word& word : command.words) {
      for (std::string& item : words_of(word, state)) items.push_back(std::move(item));
    }
    if (items.size() > kMostRounds) throw NotDecided("a loop of the script may go on for long");
    States open;
    open.push_back(std::move(state));
    for (const std::string& item : items) {
      if (is_unknown(item)) throw NotDecided("a loop of the script goes over values known only to the run");
      States next;
      for (State& one : open) {
        one.variables[command.text] = item;
        body(*command.lists[0], std::move(one), tested, next);
      }
      open = next_round(std::move(next), into);
    }
    for (State& one : open) add(into, std::move(one));
  }

  void cases(const Command& command, State state, bool tested, States& into) {
    const std::string subject = text_of(command.words[0], state);
    for (std::size_t i = 0; i < command.patterns.size(); ++i) {
      bool unknown = false;
      for (const Word& pattern : command.patterns[i]) {
        const auto fits = matches_pattern(subject, quoted_pattern(pattern, state));
        if (!fits) {
          unknown = true;
        } else if (*fits) {
          return body(*command.lists[i], std::move(state), tested, into);
        }
      }
      if (unknown) throw NotDecided("`case` of the script depends on values known only to the run");
    }
    state.status = 0;
    add(into, std::move(state));
  }

  void simple(const Command& command, State state, bool tested, States& into) {
    std::vector<std::string> words;
    std::vector<std::pair<std::string, std::string>> assigned;
    state.status = 0;
    for (const Word& word : command.words) {
      if (words.empty()) {
        if (const std::string name = assigned_name(word); !name.empty()) {
          assign(word, name, state, assigned);
          continue;
        }
      }
      for (std::string& one : words_of(word, state)) words.push_back(std::move(one));
    }
    if (words.empty()) {
      for (const auto& [name, value] : assigned) state.variables[name] = value;
      return add(into, std::move(state));  // with the status of what was put into them
    }
    const std::string name = plain(words[0]);
    if (const auto function = state.functions.find(name); function != state.functions.end()) {
      const auto list = function->second;
      const std::vector<std::string> outer = state.arguments;
      state.arguments.assign(words.begin() + 1, words.end());
      States states;
      states.push_back(std::move(state));
      for (State& one : run(*list, std::move(states), tested)) {
        one.returned = false;
        one.arguments = outer;
        add(into, std::move(one));
      }
      return;
    }
    state.status = 0;
    States ended;
    run_command(words, std::move(state), ended);
    for (State& one : ended) add(into, std::move(one));
  }

  // "name" of `name=value` and "name+" of `name+=value`, "" for any other word.
  static std::string assigned_name(const Word& word) {
    if (word.parts.empty() || word.parts[0].kind != Part::Kind::literal || word.parts[0].quoted) return "";
    const std::string& text = word.parts[0].text;
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) return "";
    std::string name = text.substr(0, equals);
    const std::string_view bare =
        std::string_view(name).substr(0, name.size() - (name.ends_with('+') ? 1 : 0));
    const bool plain_name = !bare.empty() && std::all_of(bare.begin(), bare.end(), is_word_char);
    return plain_name ? name : "";
  }

  void assign(const Word& word, std::string name, State& state,
              std::vector<std::pair<std::string, std::string>>& assigned) {
    Word value = word;
    value.parts[0].text.erase(0, value.parts[0].text.find('=') + 1);
    std::string text = text_of(value, state);
    if (name.ends_with('+')) {
      name.pop_back();
      const std::string& before = state.variables[name];
      text = before + (word.parts.size() > 2 && !before.empty() && text.empty() ? " " : "") + text;
    }
    assigned.emplace_back(std::move(name), std::move(text));
  }

  std::string counted(std::string text) {
    bytes_ += text.size();
    if (bytes_ > kMostBytes) throw NotDecided("the script makes too much text");
    return text;
  }

  // Without splitting.
  std::string text_of(const Word& word, State& state) {
    std::string text;
    for (const Part& part : word.parts) text += counted(value_of(part, state));
    return text;
  }

  // A pattern in which what is quoted stands for itself: `\` before what a pattern would take otherwise.
  std::string quoted_pattern(const Word& word, State& state) {
    std::string text;
    for (const Part& part : word.parts) {
      for (const char c : counted(value_of(part, state))) {
        if (part.quoted && (c == '*' || c == '?' || c == '[' || c == '\\')) text += '\\';
        text += c;
      }
    }
    return text;
  }

  std::vector<std::string> words_of(const Word& word, State& state) {
    std::vector<std::string> words;
    bool open = false;
    for (const Part& part : word.parts) {
      if (part.kind == Part::Kind::variable && part.quoted && (part.text == "@" || part.text == "*")) {
        for (const std::string& argument : state.arguments) words.push_back(argument);
        continue;
      }
      const std::string value = counted(value_of(part, state));
      const bool array = part.kind == Part::Kind::variable && part.text.ends_with("[@]");
      if (part.kind == Part::Kind::literal || (part.quoted && !array)) {
        if (!open) words.emplace_back();
        words.back() += value;
        open = true;
        continue;
      }
      // A looked-at value makes each of its words a looked-at one.
      const bool looked = is_looked(value);
      std::string piece;
      const auto flush = [&] {
        if (plain(piece).empty() && !is_unknown(piece)) {
          piece.clear();
          return;
        }
        if (!open) words.emplace_back();
        words.back() += looked && !is_looked(piece) ? kLooked + piece : piece;
        open = true;
        piece.clear();
      };
      for (const char c : value) {
        if (c == ' ' || c == '\t' || c == '\n') {
          flush();
          open = false;
        } else {
          piece += c;
        }
      }
      flush();
    }
    return words;
  }

  std::string value_of(const Part& part, State& state) {
    switch (part.kind) {
      case Part::Kind::literal:
        return part.text;
      case Part::Kind::variable:
        return variable(part.text, state);
      case Part::Kind::arithmetic: {
        const auto value = calculate(part.text, state);
        return value ? std::to_string(*value) : std::string(1, kUnknown);
      }
      case Part::Kind::command:
        return substituted(*part.commands, state);
    }
    return "";
  }

  std::string substituted(const List& list, State& state) {
    State inner = state;
    inner.output.clear();
    States states;
    states.push_back(std::move(inner));
    States ended = run(list, std::move(states), false);
    if (ended.empty()) return "";
    bool looked = false;
    bool same = true;
    for (const State& one : ended) {
      looked = looked || is_looked(one.output) || is_looked(one.why);
      same = same && one.output == ended[0].output && one.status == ended[0].status;
    }
    if (!same) {
      state.why = ended[0].why;
      return looked ? std::string{kLooked, kUnknown} : std::string(1, kUnknown);
    }
    state.status = ended[0].status;
    std::string text = ended[0].output;
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  static std::string variable(const std::string& name, State& state) {
    if (name == "?") return std::to_string(state.status);
    if (name == "#") return std::to_string(state.arguments.size());
    if (name == "@" || name == "*") {
      std::string all;
      for (const std::string& one : state.arguments) all += (all.empty() ? "" : " ") + one;
      return all;
    }
    if (name.size() == 1 && name[0] >= '1' && name[0] <= '9') {
      const auto number = static_cast<std::size_t>(name[0] - '1');
      return number < state.arguments.size() ? state.arguments[number] : "";
    }
    std::size_t end = 0;
    while (end < name.size() && is_word_char(name[end])) ++end;
    const std::string key = name.substr(0, end);
    std::string rest = name.substr(end);
    const auto found = state.variables.find(key);
    // What the environment holds beside what is known of it.
    const bool known = found != state.variables.end();
    const std::string value = known ? found->second : std::string(1, kUnknown);
    if (rest.empty() || rest == "[@]" || rest == "[*]") return value;
    if (rest.starts_with(":-") || rest.starts_with("-") || rest.starts_with(":=")) {
      const std::string other = rest.substr(rest.starts_with("-") ? 1 : 2);
      if (!known) return other.find_first_of("$`") == std::string::npos ? other : value;
      return plain(value).empty() && !is_unknown(value) ? other : value;
    }
    if (rest == ",,") return lower(value);
    if (key.empty() && name.starts_with("#") && name.ends_with("[@]")) {
      const auto array = state.variables.find(name.substr(1, name.size() - 4));
      if (array == state.variables.end() || is_unknown(array->second)) return std::string(1, kUnknown);
      std::size_t count = 0;
      for (const auto& one : split(array->second, ' ')) count += plain(one).empty() ? 0 : 1;
      return std::to_string(count);
    }
    return is_looked(value) ? std::string{kLooked, kUnknown} : std::string(1, kUnknown);
  }

  int depth_ = 0;
  int steps_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace

Ended interpret(std::string_view text, const Start& start) {
  Ended result;
  try {
    const List list = parse_shell(text);
    State first;
    first.variables = start.environment;
    first.stops_at_errors = start.stops_at_errors;
    first.pipefail = start.pipefail;
    States states;
    states.push_back(std::move(first));
    const States ended = Machine().run(list, std::move(states), false);
    bool can_succeed = false;
    bool can_fail = false;
    for (const State& one : ended) {
      (one.status == 0 ? can_succeed : can_fail) = true;
      if (result.because.empty()) result.because = plain(one.why);
    }
    result.end = can_succeed && can_fail ? End::undecided : can_fail ? End::failure : End::success;
    if (result.end != End::undecided) result.because.clear();
    const auto written = [&](const std::string& file) {
      std::string all;
      bool same = true;
      for (const State& one : ended) {
        const auto found = one.files.find(file);
        const std::string now = found == one.files.end() ? "" : found->second;
        if (&one == &ended[0]) all = now;
        same = same && now == all;
      }
      return same ? all : std::string(1, kUnknown);
    };
    if (!ended.empty()) {
      result.outputs = written("GITHUB_OUTPUT");
      result.variables = written("GITHUB_ENV");
    }
  } catch (const NotDecided& why) {
    result = {End::undecided, why.what(), std::string(1, kUnknown), std::string(1, kUnknown)};
  }
  return result;
}

}  // namespace exitgate::collect::ci::script
