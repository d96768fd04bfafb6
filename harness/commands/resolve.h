// What the commands of a step come to: wrappers looked through, and the scripts, targets and files of the commit
// that they call read.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/commands/files.h"
#include "harness/commands/shell.h"
#include "harness/commands/tools.h"

namespace exitgate::commands {

// One call on the way: `npm test` leads to line 12 of package.json.
struct Link {
  std::string command;
  std::string file;
  int line = 0;
};

struct Command {
  Kind kind = Kind::unknown;
  std::string tool;         // the program that decided: "vitest"; "" where only its name or nothing did
  std::string text;         // the command that is run in the end, without wrappers: "vitest run"
  std::string written;      // the command of the step itself: "npm test"
  int line = 0;             // of that, from 1 in the step's script
  std::vector<Link> chain;  // the calls between the two
};

// A script of a package.json, a recipe of a Makefile, …
struct Script {
  std::string text;
  int line = 0;
  std::vector<std::string> before;  // others of the file that run before it
};
struct ScriptFile {
  std::string path;
  std::string name;  // of a package
  std::map<std::string, Script> scripts;
  std::string first;  // the target that runs when none is named
};

// The formats. An empty file where the text cannot be read.
ScriptFile read_package(const std::string& path,
                        const std::string& text);  // package.json, composer.json, deno.json
ScriptFile read_makefile(const std::string& path, const std::string& text);
ScriptFile read_justfile(const std::string& path, const std::string& text);
ScriptFile read_taskfile(const std::string& path, const std::string& text);
ScriptFile read_tox(const std::string& path, const std::string& text);  // "testenv" is what others inherit

// Resolves the scripts of one commit; what files say is read once.
class Resolver {
 public:
  explicit Resolver(Files& files);
  ~Resolver();

  // `directory`: where the script runs, from the root; kUnknownDirectory when that is not known. `tests_expected`: the
  // step or its job is called a test, so that a program is not known to be none for not speaking of tests.
  std::vector<Command> resolve(std::string_view script, std::string_view directory,
                               Dialect dialect = Dialect::posix, bool tests_expected = false);

 private:
  friend class Run;
  struct Cache;
  Files& files_;
  std::unique_ptr<Cache> cache_;
  bool tests_expected_ = false;
};

}  // namespace exitgate::commands
