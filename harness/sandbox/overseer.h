// The first process of a contained program: waits for it, watches what it takes, ends all that is left of it.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/sandbox/ending.h"

namespace exitgate::sandbox {

struct Limited {
  std::int64_t memory = 0;  // bytes; 0: no limit
  std::int64_t disk = 0;
  const std::string* measured = nullptr;
  std::size_t measured_count = 0;
  const char* in_memory = nullptr;  // where the memory's file system is seen; nullptr: there is none
  bool own_processes = false;       // the process namespace is our own
  bool server = false;
};

// Ends this process, after all others. System calls alone.
[[noreturn]] void oversee(pid_t program, const Limited& limited, Report& report);

}  // namespace exitgate::sandbox
