// The commands of a shell script as its text tells them. Nothing is run, and no variable is expanded.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::commands {

// What stands behind a command, and decides what its exit status does.
enum class Separator { end, pipe, or_else, and_then, background };

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
  Separator separator = Separator::end;
  int subshell = 0;  // how many parentheses it is in: a `cd` there holds up to the closing one
};

enum class Dialect { posix, powershell };

// All simple commands in the order of the text: those in `$( )`, backticks, subshells, loops, conditions and
// functions as well. Comments, keywords and patterns of `case` are not commands. Text that no shell would take
// is read as far as it goes.
std::vector<ShellCommand> parse_shell(std::string_view script, Dialect dialect = Dialect::posix);

// What a script consists of, in the order of the text, for whoever asks how its commands stand to each other.
struct ShellToken {
  enum Kind {
    command,     // the command `index` of those that parse_shell() gives
    assignment,  // `status=$?` before a command, or alone
    keyword,     // `text`: "if", "then", "{", "!", …
    boundary,    // `separator`, also where nothing stands before it
    open,        // of a subshell
    close,
    function,  // the head of a definition: what stands next is its body
    pattern,   // a pattern of `case`
  };
  Kind kind = command;
  std::size_t index = 0;
  std::string text;
  Separator separator = Separator::end;
  bool substituted =
      false;  // within `$( )` or backticks, whose tokens come before those of the command around them
};

// The same, and its tokens.
std::vector<ShellCommand> parse_shell(std::string_view script, Dialect dialect,
                                      std::vector<ShellToken>& tokens);

// A text split into words as a shell does, quotes taken off: an option's value that is a command line.
std::vector<std::string> split_words(std::string_view text);

}  // namespace exitgate::commands
