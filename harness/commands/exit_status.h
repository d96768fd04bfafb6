// What becomes of a script's own exit status when one of its commands fails, as far as the text tells.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::commands {

// How the shell begins: `bash -eo pipefail`.
struct ShellOptions {
  bool errexit = true;
  bool pipefail = false;
};

struct Failure {
  enum Kind {
    counts,      // the script fails, too
    unknown,     // the script looks at it, or the text does not tell
    pipe,        // lost: only the last command of a pipeline counts, which is `by`
    fallback,    // lost: `by` runs instead, and succeeds
    and_list,    // lost: what stands before `&&` does not end the script
    no_errexit,  // lost: the script goes on, and its last command counts
    condition,   // lost: it is asked for in an `if`, of which no branch fails
  };
  Kind kind = counts;
  std::string by;
  bool is_lost() const { return kind != counts && kind != unknown; }
};

// Of each command that parse_shell() gives of the script, in its order.
std::vector<Failure> failures(std::string_view script, ShellOptions options);

}  // namespace exitgate::commands
