// How a contained program ended.
#pragma once

namespace exitgate::sandbox {

// Why the sandbox ended it, or could not start it.
enum class Ending : int { none, memory, disk, processes, setup };

// Most processes that it may have at a time.
inline constexpr int kMostProcesses = 1024;

// In memory that the processes share.
struct Report {
  volatile bool ended = false;  // the program, with `status`
  volatile int status = 0;      // as of waitpid
  volatile Ending ending = Ending::none;
};

}  // namespace exitgate::sandbox
