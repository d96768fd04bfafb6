// What a function of a script runs when it is called: `retry 3 pytest` with `retry() { shift; "$@"; }`.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "harness/shell/syntax.h"

namespace exitgate::commands {

// The functions that a script defines, by their names. They live as long as the script.
using Functions = std::map<std::string, const shell::Command*, std::less<>>;
Functions functions_of(const shell::Script& script);

struct CalledCommand {
  std::vector<std::string> words;
  bool argument_runs = false;  // its program is what the function is given
};

struct FunctionCall {
  // The commands that are given an argument of the call, with the arguments in place.
  std::vector<CalledCommand> commands;
  // It runs what stands in a variable that cannot be followed.
  bool opaque = false;
};

// `words`: the call itself, the function's name first.
FunctionCall call_function(const Functions& functions, std::span<const std::string> words);

// Whether the program is what the function around the command is given: `"$@"`, `timeout 5 "$@"`, `bash -c "$1"`.
bool runs_arguments(std::span<const std::string> words);

}  // namespace exitgate::commands
