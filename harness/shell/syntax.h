// A shell script as a tree, after the grammar of bash. Nothing is run, and nothing is expanded.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::shell {

enum class Dialect {
  posix,       // sh and bash
  powershell,  // its commands, pipelines and parentheses; its statements are read as if they were commands
};

struct List;
struct Word;

struct Part {
  enum class Kind {
    literal,     // `text`, quotes and backslashes taken off
    parameter,   // $x, ${x:-y}: `text` is what stands behind the dollar or within the braces
    command,     // $(…), `…`: `commands`; `text` is all of it as written
    process,     // <(…), >(…): likewise
    arithmetic,  // $((…)): `text` stands between the parentheses
    expression,  // ${{ … }} of GitHub: `text` is all of it
    array,       // `items` of name=(…)
  };
  Kind kind = Kind::literal;
  std::string text;
  bool quoted = false;  // its value is not split into words, and has no pattern
  bool braced = false;  // of a parameter
  std::unique_ptr<List> commands;
  std::vector<Word> items;  // of a parameter one of the commands within its braces, if there are any
};

struct Word {
  std::vector<Part> parts;
};

struct Assignment {
  std::string name;
  bool subscript = false;  // name[…]=
  bool append = false;     // +=
  Word value;
};

struct HereDocument {
  Word text;
  int line = 0;  // of its first line
};

struct Redirection {
  int descriptor = -1;    // 2 of `2>`; -1 when none is written
  std::string operation;  // ">", ">>", ">&", ">|", "&>", "&>>", "<", "<&", "<>", "<<<", "<<"
  Word target;            // a file, or the text of "<<<"
  int line = 0;
  std::shared_ptr<HereDocument> document;  // of "<<"
};

struct Command {
  enum class Kind {
    simple,      // `assignments` and `words`, either may be empty
    test,        // [[ … ]]: `words` between the brackets, operators too
    arithmetic,  // ((…)): `text`
    group,       // { … }: one list
    subshell,    // ( … ): one list
    branches,    // if: condition, body, condition, body, …, and a list for `else`
    loop,        // while, until: condition, body
    each,        // for: `text` is the variable and `words` the items; one list, the body
    select,      // select: likewise
    counted,     // for ((…)): `text` is what stands in the parentheses; one list
    cases,       // `words` is the subject; one list for each of `arms`
    function,    // `text` is its name, which is also the only one of `words`; `body`
  };
  Kind kind = Kind::simple;
  int line = 0;  // of its first word, from 1
  // Of a simple command with words and of a test: its place among those of the script, in the order in which they
  // end: what stands in `$( )` comes before the command around it. -1 for any other.
  int number = -1;
  std::vector<Assignment> assignments;
  std::vector<Word> words;
  std::string text;
  bool until = false;          // of a loop
  bool all_arguments = false;  // of a `for` without `in`
  std::vector<List> lists;
  struct Arm {
    std::vector<Word> patterns;
    bool falls_through = false;  // `;&` and `;;&`
  };
  std::vector<Arm> arms;
  std::unique_ptr<Command> body;
  std::vector<Redirection> redirections;
};

struct Pipeline {
  bool negated = false;
  std::vector<Command> commands;  // one at least
};

struct AndOr {
  enum class Operator { first, and_then, or_else };
  struct Item {
    Operator before = Operator::first;
    Pipeline pipeline;
  };
  std::vector<Item> items;  // one at least
};

struct List {
  struct Item {
    AndOr and_or;
    bool background = false;
  };
  std::vector<Item> items;
};

struct Script {
  List list;
  int commands = 0;     // how many have a number
  std::string problem;  // the first place at which the text is not of the grammar; "" when all of it is
};

// A text that no shell would take is read as far as it goes: what closes nothing is passed over, and what is
// not closed ends where the next closing word of something around it stands.
Script parse(std::string_view text, Dialect dialect = Dialect::posix);

// The word as it is written, without quotes: `$x`, `$(…)` and `${{ … }}` stay; the items of an array do not.
std::string written(const Word& word);
void append_written(const Word& word, std::string& into);

// The name of the word when it is nothing but a parameter without operators, "" else.
std::string_view parameter_name(const Word& word);

}  // namespace exitgate::shell
