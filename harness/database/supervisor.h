// A process that outlives us by moments, to clean up whatever happens to us.
//
// It is neither a child of ours nor a member of our session (a test driver that ends its tests looks for both), it
// holds the reading end of a pipe, and when that pipe closes, because we let go of it or died, it ends the
// server and the programs that were started for the run, and removes the folder.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/process.h"
#include "harness/sandbox/entry.h"

namespace exitgate::database {

class Supervisor {
 public:
  // The server that start() starts as a child of the supervisor; its output goes to `log`.
  struct Server {
    std::vector<std::string> arguments;  // arguments[0] is the full path
    std::vector<std::string> environment;
    std::filesystem::path log;
    std::optional<Command::Identity> run_as;
    // How it gets into its sandbox, which also makes it run as another user; nullptr: there is none.
    const sandbox::Entry* entry = nullptr;
  };

  // Takes over `folder`: it and all in it goes when this object goes. Processes whose environment names the
  // folder are ended as well: what a migration leaves running is told by that, whatever session it hides in.
  Supervisor(const std::filesystem::path& folder, const Server& server);
  ~Supervisor();  // waits until all is ended and removed
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // A process group to kill at the end, until it is released.
  void adopt(pid_t group);
  void release(pid_t group);

  void start();
  bool server_has_ended();  // by itself, or it could not be started

 private:
  void tell(std::string_view words);

  int lifeline_ = -1;  // we write; its end is our end
  int report_ = -1;    // we read: a byte when the server has ended; its end is the supervisor's end
  bool ended_ = false;
};

// From now on we are killed when the process that started us goes: a test driver that was killed must not
// leave its tests, and so their servers, to run on for minutes.
void end_with_parent();

}  // namespace exitgate::database
