// Makes a view of the files, in a mount namespace of our own. System calls alone, for a child after fork.
#pragma once

#include "harness/sandbox/view.h"

namespace exitgate::sandbox {

struct MountFailure {
  const char* call = nullptr;  // nullptr: all is well
  const char* path = "";
  int error = 0;
};

// `memory`: options of the file system in memory. `processes`: with a /proc of our own process namespace.
MountFailure make_mounts(const View& view, const char* memory, bool processes);

}  // namespace exitgate::sandbox
