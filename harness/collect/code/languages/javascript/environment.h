// Reads of environment variables in JavaScript and TypeScript.
//
// Required: what the file itself demands (`if (!process.env.X) throw …`, an assertion, a property of the value that is used
// without `?.`), and what a settings library demands. Not required: what has a default (`??`, `||`, a destructuring
// default), and what is only tested. All else is not decided: `process.env.X` that is handed on is undefined somewhere, and
// TypeScript's `!` checks nothing when the program runs.
#pragma once

#include <vector>

#include "harness/collect/code/languages/javascript/script.h"

namespace exitgate::collect::code::javascript {

// What stands for the environment in a file: `process.env`, a name that is given it, an import of it.
class Environments {
 public:
  explicit Environments(const Script& script);
  // "process.env"; "" for anything else.
  std::string_view of(Id expression) const { return of(expression, 0); }

 private:
  std::string_view of(Id expression, int depth) const;
  const Script& script_;
  bool destructured_ = false;  // `const { env } = process`
};

std::vector<EnvironmentRead> find_environment_reads(const Script& script, const Environments& environments);
// Adds those by zod, envalid, env-var, convict, joi, @t3-oss/env, znv and @nestjs/config.
void find_library_reads(const Script& script, const Environments& environments,
                        std::vector<EnvironmentRead>& found);

}  // namespace exitgate::collect::code::javascript
