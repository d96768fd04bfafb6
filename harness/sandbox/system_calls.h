// The system calls that a contained program is refused, by a seccomp filter: they would open a way to privileges that it does
// not have, or leave something behind that outlives it.
#pragma once

namespace exitgate::sandbox {

// For this process and all that come from it, for good; no_new_privs must be set. False where the kernel or the processor has
// no such filters. A system call, for a child after fork.
bool filter_system_calls();

}  // namespace exitgate::sandbox
