// What a program takes: memory, processes, disk. System calls alone, for a child after fork.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace exitgate::sandbox {

// Entries of /proc, in a process namespace of our own: how many processes there are, the first left out. Cheap, so that a fork
// bomb is seen in time. Stops when they are more than `enough`.
int processes_now(int enough);

struct Taken {
  int processes = 0;
  std::int64_t pages = 0;  // resident
};

// Of the processes in /proc. `below`: only those that come from this one; 0 for all but the first (in a process namespace of
// our own).
Taken taken_now(pid_t below);
// The same in bytes, where memory that several share counts once; -1 when it cannot be read.
std::int64_t proportional_bytes(pid_t below);

// Kills all that come from this process; how many there were.
int kill_below(pid_t root);

// Bytes that a folder takes, at least 4 KiB for each file; stops when it is more than `enough`.
std::int64_t folder_bytes(const char* folder, std::int64_t enough);
// Free bytes of its file system.
std::int64_t free_bytes(const char* folder);
// Taken of the file system in memory that is mounted there.
std::int64_t used_bytes(const char* folder);

}  // namespace exitgate::sandbox
