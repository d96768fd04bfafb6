// What runs the tree of a script: lists, pipelines and redirections (lists.cpp), compound commands (compound.cpp),
// words and simple commands (words.cpp). Single commands are those of machine.h.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "harness/collect/ci/script/machine.h"
#include "harness/shell/syntax.h"

namespace exitgate::collect::ci::script {

class Interpreter {
 public:
  // `tested`: it stands where `set -e` has no effect.
  States run(const shell::List& list, States states, bool tested);
  States run(const shell::List& list, State state, bool tested);

 private:
  struct Depth;

  static bool stopped(const State& state) {
    return state.left || state.returned || state.leaving_loop || state.next_round;
  }
  static void add(States& into, State state);
  static void add_all(States& into, States states);

  // lists.cpp
  void run(const shell::AndOr& and_or, State state, bool tested, States& into);
  States run(const shell::Pipeline& pipeline, State state, bool tested);
  States piped(const shell::Pipeline& pipeline, const State& before, bool tested);
  void run(const shell::Command& command, State state, bool tested, States& into);
  void run_bare(const shell::Command& command, State state, bool tested, States& into);
  void subshell(const shell::Command& command, State state, bool tested, States& into);

  // compound.cpp
  static void decide(std::optional<bool> holds, State state, States& into);
  static States next_round(States ended, States& into);
  void test(const shell::Command& command, State state, States& into);
  void branches(const shell::Command& command, std::size_t at, State state, bool tested, States& into);
  void loop(const shell::Command& command, State state, bool tested, States& into);
  void each(const shell::Command& command, State state, bool tested, States& into);
  void cases(const shell::Command& command, State state, bool tested, States& into);

  // words.cpp
  void simple(const shell::Command& command, State state, bool tested, States& into);
  void call(const shell::Command& body, std::vector<std::string> arguments, State state, bool tested,
            States& into);
  std::string assigned(const shell::Assignment& one, State& state);
  std::string counted(std::string text);
  std::string text_of(const shell::Word& word, State& state);
  std::string pattern_of(const shell::Word& word, State& state);
  std::vector<std::string> words_of(const shell::Word& word, State& state);
  std::string value_of(const shell::Part& part, State& state);
  std::string output_of(const shell::List& list, State& state);

  static constexpr std::size_t kMostStates = 64;
  static constexpr int kMostRounds = 100;

  int depth_ = 0;
  int steps_ = 0;
  std::size_t bytes_ = 0;
};

struct Interpreter::Depth {
  explicit Depth(Interpreter& interpreter) : interpreter_(interpreter) {
    constexpr int kDeepest = 60;
    if (++interpreter_.depth_ > kDeepest) throw NotDecided("the script calls itself too deeply");
  }
  ~Depth() { --interpreter_.depth_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;

 private:
  Interpreter& interpreter_;
};

// The value of $x or ${x…}, `name` what stands behind the dollar or within the braces.
std::string parameter_value(const std::string& name, const State& state);

}  // namespace exitgate::collect::ci::script
