// The simple commands of a shell script, for whoever asks what it runs. How they stand to each other is in its
// tree (harness/shell/syntax.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/shell/syntax.h"

namespace exitgate::commands {

using shell::Dialect;

struct ShellCommand {
  // Quotes and redirections are gone, assignments before the program too. `$x`, `$(…)` and `${{ … }}` stay as
  // they are written, each within one word.
  std::vector<std::string> words;
  std::vector<bool> quoted;  // of each word, whether it begins with a quote
  std::string input;         // of a here-document or here-string, "" for none
  int line = 0;              // of its first word, from 1
  int input_line = 0;        // of the first line of its input
  bool defined =
      false;  // it calls a function that the script itself defines; the function's commands are listed
  bool redirected = false;  // its output or input is a file
  bool in_function = false;
  bool piped = false;  // its output is the input of the next
  // The parentheses and `$( )` that it is in, a number for each, outermost first: a `cd` there holds up to the
  // closing one.
  std::vector<int> subshells;
};

// All simple commands, each at its number: those in `$( )`, backticks, subshells, loops, conditions and
// functions as well, the ones in `$( )` before the command around them.
std::vector<ShellCommand> commands_of(const shell::Script& script);

// The same of a text, which is read as far as it goes.
std::vector<ShellCommand> parse_shell(std::string_view script, Dialect dialect = Dialect::posix);

// A text split into words as a shell does, quotes taken off: an option's value that is a command line.
std::vector<std::string> split_words(std::string_view text);

}  // namespace exitgate::commands
