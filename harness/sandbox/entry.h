// One program's way into the sandbox.
//
// The process that is forked for it (Command::before_exec) becomes three: a guard, which stays outside and ends as the program
// did; an init, which makes the view of the files, watches the limits and is the first process of a process namespace, so that
// with its end the kernel ends all others; and the program. Between fork and exec only system calls are made.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/process.h"
#include "harness/sandbox/containment.h"
#include "harness/sandbox/ending.h"
#include "harness/sandbox/namespaces.h"
#include "harness/sandbox/view.h"

namespace exitgate::sandbox {

struct Room {
  Sight sight;
  std::vector<std::filesystem::path> measured;  // folders whose content counts as disk
  std::int64_t memory_mb = 0;                   // 0: no limit
  std::int64_t disk_mb = 0;
  bool server = false;                           // it runs for long: watched less often, ended by SIGQUIT
  std::optional<Command::Identity> run_as = {};  // as root
};

class Entry {
 public:
  Entry(const Containment& allowed, const Namespaces& namespaces, const Room& room);
  ~Entry();
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  // In the forked child. Returns in the process that is to become the program.
  void enter() const;

  // The descriptors that enter() needs; -1 where there is none.
  int user() const { return user_; }
  int network() const { return network_; }

  // Afterwards, in the parent.
  Ending ending() const;
  // "mount /proc: Operation not permitted", when it could not be set up.
  std::string setup_problem() const;

 private:
  struct Shared;
  void become_init() const;
  [[noreturn]] void fail(const char* what, const char* path) const;
  void drop_privileges() const;

  Containment allowed_;
  int user_ = -1;
  int network_ = -1;
  Room room_;
  View view_;
  std::string memory_options_;
  std::vector<std::string> measured_;
  // Where the words of our command line and our environment lie, which a fork has as well.
  char* words_ = nullptr;
  char* words_end_ = nullptr;
  Shared* shared_ = nullptr;  // with the processes that are forked
};

}  // namespace exitgate::sandbox
