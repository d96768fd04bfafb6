// What went wrong, in the form in which every library reports it: one message that says what happened and where,
// a hint that says what to do next, and the exit code that the program ends with.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace exitgate {

// The program's exit codes (DESIGN.md, "Program").
enum class Exit : int {
  good = 0,
  failed = 1,     // a gate failed or a verification failed
  usage = 2,      // wrong usage or configuration
  undecided = 3,  // could not decide: unreachable database, unreadable input, internal fault
};

class Error : public std::runtime_error {
 public:
  Error(Exit exit, const std::string& message, std::string hint = "")
      : std::runtime_error(message), exit_(exit), hint_(std::move(hint)) {}

  Exit exit() const { return exit_; }
  // What to do next; empty when the message says it all.
  const std::string& hint() const { return hint_; }

 private:
  Exit exit_;
  std::string hint_;
};

// Wrong usage or configuration: the user's to fix.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message, std::string hint = "")
      : Error(Exit::usage, message, std::move(hint)) {}
};

// Neither yes nor no could be said. Never to be turned into a pass.
class Undecided : public Error {
 public:
  explicit Undecided(const std::string& message, std::string hint = "")
      : Error(Exit::undecided, message, std::move(hint)) {}
};

}  // namespace exitgate
