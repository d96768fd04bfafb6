// What Exitgate knows of the programs that CI calls: which test, migrate or dump, and how.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::commands {

enum class Kind {
  test,     // runs tests
  migrate,  // brings a database to a schema
  dump,     // writes a database or its schema out
  other,    // is known to do none of these
  unknown,  // not known, or decided by something that the commit does not say
};

std::string_view kind_name(Kind kind);  // "test"

enum class Words {
  none,   // the program alone
  first,  // the first words behind the program that are no options
  any,    // any word: goals and tasks, of which a command may name several
};

// One entry of the table. Alternatives are separated by '|'; '*' and '?' are wildcards.
struct Tool {
  std::string_view program;  // base names: "pytest|py.test"
  Words where;
  std::string_view words;   // "test|nextest run"; "" for Words::none
  std::string_view unless;  // words with which it does not do so: "--list|-x test"
  Kind kind;
};
// The first entry that fits decides.
std::span<const Tool> tools();

// Programs that do none of it whatever their arguments (`echo`, `curl`, `tsc`), and all those of the table with
// arguments that no entry names. In alternatives as above, a line for each field.
std::span<const std::string_view> other_programs();

// Options of a program that take the next word as their value: "-C|-f|--file".
struct Options {
  std::string_view program;
  std::string_view with_value;
};
std::span<const Options> options();

struct Classified {
  Kind kind = Kind::unknown;
  std::string tool;  // base name of the program that decided: "pytest"; "" when unknown
};

// Programs that run what a project defines, or another program: words that are in no entry of the table are unknown,
// unless they are one of these.
struct OpenEnded {
  std::string_view program;
  std::string_view other_words;
};
std::span<const OpenEnded> open_ended();

// Of one command without wrappers, its program first.
Classified classify(std::span<const std::string> words);

// Whether `text` is one of the alternatives of `list`.
bool one_of(std::string_view list, std::string_view text);

// "/usr/bin/pytest" gives "pytest", "vendor\bin\phpunit.bat" gives "phpunit".
std::string program_name(std::string_view word);

// The words that are no options, from `from` on, values of the program's known options left out; `--` too.
std::vector<std::string> arguments(std::span<const std::string> words, std::size_t from = 1);

// Whether a text in any language speaks of tests: `test`, `spec`; not `latest`.
bool speaks_of_tests(std::string_view text);

// Whether a name (of a script, a target, a file) says that it runs tests: "test", "run-tests.sh", "test:unit",
// "e2e"; not "setup-test-db".
bool names_tests(std::string_view name);

}  // namespace exitgate::commands
