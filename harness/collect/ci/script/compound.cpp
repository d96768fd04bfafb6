#include "harness/collect/ci/script/interpreter.h"

namespace exitgate::collect::ci::script {

using shell::Command;
using shell::Word;

void Interpreter::decide(std::optional<bool> holds, State state, States& into) {
  if (!holds) {
    if (state.why.empty()) state.why = "a comparison of the script depends on values known only to the run";
    States both;
    part(std::move(state), "", both);
    return add_all(into, std::move(both));
  }
  state.status = *holds ? 0 : 1;
  add(into, std::move(state));
}

void Interpreter::test(const Command& command, State state, States& into) {
  std::vector<std::string> words;
  for (const Word& word : command.words) words.push_back(pattern_of(word, state));
  for (const std::string& word : words) state.looked = state.looked || is_looked(word);
  const auto holds = run_test(words, true, state.why);
  decide(holds, std::move(state), into);
}

// `at`: the condition, or the list of `else`.
void Interpreter::branches(const Command& command, std::size_t at, State state, bool tested, States& into) {
  if (at + 1 == command.lists.size()) {
    for (State& one : run(command.lists[at], std::move(state), tested)) {
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
  for (State& one : run(command.lists[at], std::move(state), true)) {
    if (one.looked) ++one.branch;
    one.looked = one.looked || before;
    if (stopped(one)) {
      add(into, std::move(one));
    } else if (one.status == 0) {
      for (State& each : run(command.lists[at + 1], std::move(one), tested)) {
        each.branch = branch;
        add(into, std::move(each));
      }
    } else {
      branches(command, at + 2, std::move(one), tested, into);
    }
  }
}

// Of the states at the end of a loop's body those that go on to its next round; the others go to `into`.
States Interpreter::next_round(States ended, States& into) {
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

void Interpreter::loop(const Command& command, State state, bool tested, States& into) {
  States open;
  open.push_back(std::move(state));
  for (int round = 0; !open.empty(); ++round) {
    if (round > kMostRounds) throw NotDecided("a loop of the script may go on for long");
    States next;
    for (State& one : run(command.lists[0], std::move(open), true)) {
      if (stopped(one) || (one.status == 0) == command.until) {
        one.status = stopped(one) ? one.status : 0;
        add(into, std::move(one));
        continue;
      }
      add_all(next, run(command.lists[1], std::move(one), tested));
    }
    open = next_round(std::move(next), into);
  }
}

void Interpreter::each(const Command& command, State state, bool tested, States& into) {
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
      add_all(next, run(command.lists[0], std::move(one), tested));
    }
    open = next_round(std::move(next), into);
  }
  add_all(into, std::move(open));
}

void Interpreter::cases(const Command& command, State state, bool tested, States& into) {
  const std::string subject = text_of(command.words[0], state);
  for (std::size_t i = 0; i < command.arms.size(); ++i) {
    bool unknown = false;
    for (const Word& pattern : command.arms[i].patterns) {
      const auto fits = matches_pattern(subject, pattern_of(pattern, state));
      if (!fits) {
        unknown = true;
      } else if (*fits) {
        if (command.arms[i].falls_through) throw NotDecided("`case` of the script falls through");
        return add_all(into, run(command.lists[i], std::move(state), tested));
      }
    }
    if (unknown) throw NotDecided("`case` of the script depends on values known only to the run");
  }
  state.status = 0;
  add(into, std::move(state));
}

}  // namespace exitgate::collect::ci::script
