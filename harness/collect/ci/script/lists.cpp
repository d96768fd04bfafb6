#include <optional>

#include "harness/collect/ci/script/interpreter.h"

namespace exitgate::collect::ci::script {

using shell::AndOr;
using shell::Command;
using shell::List;
using shell::Pipeline;
using shell::Redirection;

void Interpreter::add(States& into, State state) {
  if (into.size() >= kMostStates) throw NotDecided("the script can take too many paths");
  into.push_back(std::move(state));
}

void Interpreter::add_all(States& into, States states) {
  for (State& one : states) add(into, std::move(one));
}

States Interpreter::run(const List& list, State state, bool tested) {
  States states;
  states.push_back(std::move(state));
  return run(list, std::move(states), tested);
}

States Interpreter::run(const List& list, States states, bool tested) {
  const Depth depth(*this);
  for (const List::Item& one : list.items) {
    States next;
    for (State& state : states) {
      if (stopped(state)) {
        add(next, std::move(state));
      } else if (!one.background) {
        run(one.and_or, std::move(state), tested, next);
      } else {
        // What becomes of it is known to `wait` alone.
        States ended;
        run(one.and_or, std::move(state), true, ended);
        for (State& each : ended) {
          if (each.status != 0 || stopped(each))
            throw NotDecided("the script runs a command in the background");
          add(next, std::move(each));
        }
      }
    }
    states = std::move(next);
  }
  return states;
}

void Interpreter::run(const AndOr& and_or, State state, bool tested, States& into) {
  States states;
  states.push_back(std::move(state));
  for (const AndOr::Item& item : and_or.items) {
    const Pipeline& pipeline = item.pipeline;
    const bool last = &item == &and_or.items.back();
    States next;
    for (State& one : states) {
      const bool goes_on = !stopped(one) && (item.before == AndOr::Operator::first ||
                                             (item.before == AndOr::Operator::and_then) == (one.status == 0));
      if (!goes_on) {
        add(next, std::move(one));
        continue;
      }
      States ended = run(pipeline, std::move(one), tested || !last);
      for (State& each : ended) {
        // `set -e`: but for what is tested by `if`, `!`, `&&` and `||`.
        if (last && !tested && !pipeline.negated && each.status != 0 && each.stops_at_errors &&
            !stopped(each))
          each.left = true;
        add(next, std::move(each));
      }
    }
    states = std::move(next);
  }
  add_all(into, std::move(states));
}

States Interpreter::run(const Pipeline& pipeline, State state, bool tested) {
  States states;
  if (pipeline.commands.size() == 1) {
    run(pipeline.commands[0], std::move(state), tested || pipeline.negated, states);
  } else {
    states = piped(pipeline, state, tested || pipeline.negated);
  }
  if (pipeline.negated) {
    for (State& one : states) {
      if (!stopped(one)) one.status = one.status == 0 ? 1 : 0;
    }
  }
  return states;
}

// Each command in a shell of its own, its input the output of the one before.
States Interpreter::piped(const Pipeline& pipeline, const State& before, bool tested) {
  struct Running {
    State shell;
    std::string input;
    int failed = 0;
  };
  std::vector<Running> running;
  running.push_back({before, before.input, 0});
  for (const Command& command : pipeline.commands) {
    const bool last = &command == &pipeline.commands.back();
    std::vector<Running> next;
    for (Running& one : running) {
      State inner = before;
      inner.files = one.shell.files;
      inner.why = one.shell.why;
      inner.input = one.input;
      inner.output.clear();
      States ended;
      run(command, std::move(inner), tested, ended);
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

namespace {

// The variable that names the file, "" for another.
std::string file_of(const shell::Word& target) {
  return std::string(shell::parameter_name(target));
}

bool is_output(const Redirection& one) {
  if (one.descriptor > 1) return false;
  for (const std::string_view operation : {">", ">>", ">|", "&>", "&>>"}) {
    if (one.operation == operation) return true;
  }
  return false;
}

}  // namespace

void Interpreter::run(const Command& command, State state, bool tested, States& into) {
  constexpr int kMostSteps = 5000;
  if (++steps_ > kMostSteps) throw NotDecided("the script takes too many steps");
  const Depth depth(*this);
  if (command.redirections.empty()) return run_bare(command, std::move(state), tested, into);
  std::string file;
  bool to_file = false;
  bool away = false;
  const std::string input = state.input;
  const std::string output = state.output;
  for (const Redirection& one : command.redirections) {
    if (one.document) {
      state.input = text_of(one.document->text, state);
    } else if (one.operation == "<<<") {
      state.input = text_of(one.target, state) + '\n';
    } else if (one.operation == "<") {
      const auto& parts = one.target.parts;
      const bool process = parts.size() == 1 && parts[0].kind == shell::Part::Kind::process;
      state.input = process ? output_of(*parts[0].commands, state) + '\n' : std::string(1, kUnknown);
    } else if (is_output(one)) {
      to_file = true;
      file = file_of(one.target);
    } else if (one.operation == ">&" && one.descriptor <= 1) {
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

void Interpreter::run_bare(const Command& command, State state, bool tested, States& into) {
  switch (command.kind) {
    case Command::Kind::simple:
      return simple(command, std::move(state), tested, into);
    case Command::Kind::test:
      return test(command, std::move(state), into);
    case Command::Kind::arithmetic: {
      const auto value = calculate(command.text, state);
      return decide(value ? std::optional(*value != 0) : std::nullopt, std::move(state), into);
    }
    case Command::Kind::group:
      return add_all(into, run(command.lists[0], std::move(state), tested));
    case Command::Kind::subshell:
      return subshell(command, std::move(state), tested, into);
    case Command::Kind::branches:
      return branches(command, 0, std::move(state), tested, into);
    case Command::Kind::loop:
      return loop(command, std::move(state), tested, into);
    case Command::Kind::each:
      return each(command, std::move(state), tested, into);
    case Command::Kind::counted:
      throw NotDecided("a loop of the script counts");
    case Command::Kind::select:
      throw NotDecided("the script asks with `select`");
    case Command::Kind::cases:
      return cases(command, std::move(state), tested, into);
    case Command::Kind::function:
      state.functions[command.text] = command.body.get();
      state.status = 0;
      return add(into, std::move(state));
  }
}

void Interpreter::subshell(const Command& command, State state, bool tested, States& into) {
  const State before = state;
  for (State& one : run(command.lists[0], std::move(state), tested)) {
    State behind = before;
    behind.output = one.output;
    behind.files = one.files;
    behind.status = one.status;
    behind.why = one.why;
    add(into, std::move(behind));
  }
}

}  // namespace exitgate::collect::ci::script
