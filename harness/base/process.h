// Other programs: started in a process group of their own, under a deadline, with the environment they are
// given, and ended with everything they started.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate {

struct Command {
  std::vector<std::string> arguments;    // arguments[0] is looked up on PATH
  std::filesystem::path directory = {};  // empty: the current one
  // "NAME=value" entries; nullopt inherits ours.
  std::optional<std::vector<std::string>> environment = std::nullopt;
  std::string input = {};              // standard input; empty: /dev/null
  std::chrono::milliseconds limit{0};  // 0: none. At the limit the whole process group is killed
  bool merge_error = false;            // standard error into `output`
  // Called with each piece of output as it comes, instead of keeping it in ProcessResult::output.
  std::function<void(std::string_view)> on_output = {};
  // The same of standard error, where it is not merged.
  std::function<void(std::string_view)> on_error = {};
  // Called with the process group's id once it has started, for one who must be able to end it when we cannot.
  std::function<void(pid_t)> on_start = {};
  // Called in the forked child, before the program starts: system calls alone. It may fork again, and return in the
  // process that is to become the program.
  std::function<void()> before_exec = {};
  // Another user to become before the program starts; needs root.
  struct Identity {
    uid_t user;
    gid_t group;
  };
  std::optional<Identity> run_as = std::nullopt;
};

struct ProcessResult {
  int exit_code = -1;  // -1 when it did not exit by itself
  int signal = 0;      // that ended it, else 0
  bool timed_out = false;
  std::string output;
  std::string error;
  std::chrono::milliseconds duration{0};

  bool ok() const { return exit_code == 0; }
  // "exit code 3", "killed by signal 9 (Killed)", "no answer within 30 s".
  std::string outcome() const;
};

// Runs to the end. Whatever is left of the process group is killed afterwards.
// Throws Undecided when the program cannot be started ("cannot run 'alembic': No such file or directory").
ProcessResult run(const Command& command);

// A program that is talked to (git cat-file --batch). Killed with its group when the object goes.
class Process {
 public:
  // Standard error is kept apart and readable by error() after finish().
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void write(std::string_view text);            // throws Undecided when the program has gone
  std::string read_line();                      // without the newline; throws Undecided at the end of output
  std::string read_exactly(std::size_t bytes);  // throws Undecided when fewer come
  pid_t pid() const { return pid_; }

 private:
  bool fill();
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string name_;
  std::string buffer_;
  std::size_t start_ = 0;
};

// Full path of a program on PATH, or nullopt.
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace exitgate
