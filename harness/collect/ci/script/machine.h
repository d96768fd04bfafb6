// The states that a script goes through, and what its commands do to them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/ci/script/text.h"
#include "harness/shell/syntax.h"

namespace exitgate::collect::ci::script {

struct State {
  std::map<std::string, std::string> variables;
  std::vector<std::string> arguments;                      // of the function that runs
  std::map<std::string, const shell::Command*> functions;  // their bodies
  std::string input;                                       // what stands on standard input
  std::string output;
  std::map<std::string, std::string> files;  // what was written, by the variable that names the file
  int status = 0;
  int substituted = 0;    // the status of the last `$( )` of a command, 0 for none
  bool left = false;      // `exit`: nothing more runs
  bool returned = false;  // from the function
  bool leaving_loop = false;
  bool next_round = false;
  bool stops_at_errors = false;
  bool pipefail = false;
  bool looked = false;  // a condition asked for what is looked at
  int branch = 0;       // how many branches it is in that depend on it
  std::string why;      // what was not known where paths parted
};

using States = std::vector<State>;

// One command with its words: adds to `into` the states that it can leave `state` in.
void run_command(const std::vector<std::string>& words, State state, States& into);

// `[`, `test` and `[[`: nullopt where it is not known.
std::optional<bool> run_test(const std::vector<std::string>& words, bool patterns, std::string& why);

// ((…)) and $((…)): nullopt where it is not known. May set variables.
std::optional<long long> calculate(std::string_view text, State& state);

// `text` by a pattern of the shell, `*` and `?`; nullopt where it is not known.
std::optional<bool> matches_pattern(std::string_view text, std::string_view pattern);

// Whether a regular expression is found in the text: alternatives of plain words, with anchors. nullopt for
// any other and where it is not known.
std::optional<bool> finds(std::string_view text, std::string_view expression, bool ignore_case,
                          bool extended);

// Adds `state` with each status that the command can have.
void part(State state, const std::string& why, States& into);

}  // namespace exitgate::collect::ci::script
