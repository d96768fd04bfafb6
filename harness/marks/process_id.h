// A process, told apart from a later one that got the same number.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace exitgate::marks {

struct ProcessId {
  pid_t pid = 0;
  std::uint64_t start = 0;  // clock ticks from boot to its start: field 22 of /proc/PID/stat

  bool operator==(const ProcessId&) const = default;
  std::string name() const;  // "1234-567890": for file names
};

// "1234-567890"; nullopt for anything else.
std::optional<ProcessId> process_named(const std::string& name);

ProcessId process_id_of(pid_t pid);  // with a start of 0 when there is none
ProcessId this_process();
ProcessId parent_process();

// A zombie is not alive: it does nothing any more.
bool is_alive(const ProcessId& process);

// Whether it is the parent of this process, or the parent's parent, and so on.
bool is_ancestor(const ProcessId& process);

// The program's name as the kernel knows it, "ctest"; "process" when it is gone.
std::string program_of(const ProcessId& process);

}  // namespace exitgate::marks
