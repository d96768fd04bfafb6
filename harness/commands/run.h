// The resolving of one script; resolve.cpp and node_scripts.cpp share it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/commands/functions.h"
#include "harness/commands/resolve.h"

namespace exitgate::commands {

// What is known where a command stands.
struct Context {
  std::string directory;
  Dialect dialect = Dialect::posix;
  std::vector<Link> chain;
  bool in_container = false;
  bool in_file = false;  // the last call of the chain is a script file: its line is that of the command
};

class Run {
 public:
  Run(Resolver& resolver, std::vector<Command>& found) : resolver_(resolver), found_(found) {}

  void script(std::string_view text, const Context& context, int first_line);
  void command(std::vector<std::string> words, const Context& context);

  // The script or target `name` of `file` (and what runs before it), called by `words`; false when it has none.
  bool call(const ScriptFile* file, const std::string& name, std::span<const std::string> words,
            const Context& context);

 private:
  using Reader = ScriptFile (*)(const std::string& path, const std::string& text);

  bool function(const Functions& functions, std::span<const std::string> words, const Context& context);

  // Each is false when the command is none of its own.
  bool node(std::span<const std::string> words, const Context& context);
  bool node_task(const std::string& name, std::span<const std::string> words, const Context& context,
                 std::span<const std::string> packages, bool all);
  bool task_runner(std::span<const std::string> words, const Context& context);
  bool tox(std::span<const std::string> words, const Context& context);
  bool make(std::span<const std::string> words, const Context& context);
  bool composer(std::span<const std::string> words, const Context& context);
  // A program of the commit whose text does not speak of tests, or text that is given to an interpreter; false when it
  // may test.
  bool harmless_program(std::span<const std::string> words, const Context& context);
  bool variable(std::vector<std::string> words, const Context& context);
  bool script_file(const std::string& path, std::span<const std::string> words, const Context& context);

  void add(Kind kind, std::string tool, std::span<const std::string> words, const Context& context);
  // A call that the commit does not explain: by the names that it calls.
  void by_names(std::span<const std::string> names, std::span<const std::string> words,
                const Context& context);
  const ScriptFile* file(const std::string& path, Reader read);
  const ScriptFile* package_of(const std::string& directory);

  static constexpr std::size_t kDeepest = 6;  // calls in each other
  static constexpr std::size_t kMost = 2000;  // commands of a step
  static constexpr std::size_t kMostOpen = 100;

  // A command of a step itself, which other steps may have as well.
  void step_command(const ShellCommand& command, const Context& context);

  Resolver& resolver_;
  std::vector<Command>& found_;
  std::string written_;
  int line_ = 0;
  std::string input_;  // of the command that is being resolved
  int wrapped_ = 0;
  std::set<std::string> open_;  // calls that are being resolved
  std::set<std::string> made_;  // targets that a command of the step has made already
  std::size_t steps_ = 0;
};

struct Resolver::Cache {
  std::map<std::string, std::optional<ScriptFile>> files;
  std::unordered_map<std::string, std::vector<Command>> scripts;  // files, with the calls from them on
  std::unordered_map<std::string, std::vector<Command>>
      commands;  // of steps, by all that decides what they come to
};

}  // namespace exitgate::commands
