// A shell script as a tree: as much of bash as people write to look at the results of jobs.
//
// In texts two bytes have a meaning of their own: kUnknown stands for a text that only the run knows, kLooked
// before one that came from what the script is asked about (the results of jobs). They go with the text
// wherever the script puts it.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exitgate::collect::ci::script {

constexpr char kUnknown = '\x01';
constexpr char kLooked = '\x02';

// What a script does cannot be told; the message says why, in words for people.
class NotDecided : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct List;

struct Part {
  enum class Kind { literal, variable, command, arithmetic };
  Kind kind = Kind::literal;
  std::string text;  // the literal, the variable's name with what stands behind it in ${…}, the arithmetic
  bool quoted = false;  // not split into words
  std::shared_ptr<List> commands = {};
};

struct Word {
  std::vector<Part> parts;
};

struct Redirection {
  std::string operation;  // ">", ">>", "<", "<<<"; "2>" and the like, "&>"
  Word target;            // of "<<<" and a here-document its text
};

struct Command {
  enum class Kind { simple, test, arithmetic, group, subshell, choice, loop, each, cases, function };
  Kind kind = Kind::simple;
  std::vector<Word>
      words;           // of a simple command; of [[ ]] its parts; of `for` the items; of `case` the subject
  std::string text;    // ((…)); the variable of `for`; the name of a function
  bool until = false;  // of a loop
  bool all_arguments = false;  // of a `for` without `in`
  std::vector<std::shared_ptr<List>>
      lists;  // if: condition, body, condition, body, …, else; loop: condition, body
  std::vector<std::vector<Word>> patterns;  // of `case`, one for each list
  std::vector<Redirection> redirections;
};

struct Pipeline {
  bool negated = false;
  std::vector<Command> commands;
};

struct AndOr {
  std::vector<std::pair<std::string, Pipeline>> items;  // with the operator before each: "", "&&", "||"
};

struct List {
  std::vector<AndOr> items;
};

// Throws NotDecided.
List parse_shell(std::string_view text);

// Without the two bytes.
std::string plain(std::string_view text);

}  // namespace exitgate::collect::ci::script
