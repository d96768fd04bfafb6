#include "harness/sandbox/watch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace exitgate::sandbox {

namespace {

constexpr std::int64_t kLeastOfAFile = 4096;
constexpr int kDeepest = 128;

// Calls `each` with the name and the type of every entry of an open folder, until it returns false.
template <typename Each>
void for_each_entry(int folder, const Each& each) {
  alignas(8) std::array<char, 1 << 12> entries;
  for (;;) {
    const long got = ::syscall(SYS_getdents64, folder, entries.data(), entries.size());
    if (got <= 0) return;
    for (long at = 0; at < got;) {
      // struct linux_dirent64: inode (8), offset (8), length (2), type (1), name
      unsigned short length = 0;
      std::memcpy(&length, entries.data() + at + 16, sizeof length);
      const auto type = static_cast<unsigned char>(entries[static_cast<std::size_t>(at) + 18]);
      const char* const name = entries.data() + at + 19;
      at += length;
      if (!each(name, type)) return;
    }
  }
}

// What /proc/PID/`file` says, in `buffer`; its length, 0 when there is nothing.
template <std::size_t Size>
std::size_t read_of(int proc, const char* pid, const char* file, std::array<char, Size>& buffer) {
  std::array<char, 64> path{};
  std::size_t at = 0;
  for (const char* const part : {pid, "/", file}) {
    for (const char* letter = part; *letter != '\0' && at + 1 < path.size(); ++letter) path[at++] = *letter;
  }
  const int open = ::openat(proc, path.data(), O_RDONLY | O_CLOEXEC);
  if (open < 0) return 0;
  const ssize_t got = ::read(open, buffer.data(), buffer.size() - 1);
  ::close(open);
  const std::size_t length = got > 0 ? static_cast<std::size_t>(got) : 0;
  buffer[length] = '\0';
  return length;
}

struct Stat {
  pid_t parent = 0;
  char state = '?';
  std::int64_t pages = 0;
  bool ok = false;
};

Stat stat_of(int proc, const char* pid) {
  std::array<char, 1024> text;
  Stat found;
  if (read_of(proc, pid, "stat", text) == 0) return found;
  // The name may hold anything; what follows its last parenthesis are "state parent ...", and 21 fields on the pages.
  const char* rest = std::strrchr(text.data(), ')');
  if (rest == nullptr || rest[1] == '\0') return found;
  rest += 2;
  found.state = *rest;
  int field = 3;
  for (const char* letter = rest; *letter != '\0'; ++letter) {
    if (*letter != ' ') continue;
    ++field;
    if (field == 4) found.parent = static_cast<pid_t>(std::strtol(letter + 1, nullptr, 10));
    if (field == 24) {
      found.pages = std::strtoll(letter + 1, nullptr, 10);
      break;
    }
  }
  found.ok = true;
  return found;
}

struct Listed {
  pid_t pid;
  pid_t parent;
  std::int64_t pages;
  bool below;
};

// Enough for a fork bomb to be noticed; static: the stack of a child may be small.
std::array<Listed, 8192> listed;

// All processes, and which of them come from `root`.
std::size_t list_processes(int proc, pid_t root) {
  std::size_t count = 0;
  for_each_entry(proc, [&](const char* name, unsigned char) {
    if (name[0] < '1' || name[0] > '9') return true;
    const auto pid = static_cast<pid_t>(std::strtol(name, nullptr, 10));
    const Stat stat = stat_of(proc, name);
    if (stat.ok && stat.state != 'Z') listed[count++] = {pid, stat.parent, stat.pages, root == 0 && pid != 1};
    return count < listed.size();
  });
  if (root == 0) return count;
  for (bool more = true; more;) {
    more = false;
    for (std::size_t at = 0; at < count; ++at) {
      if (listed[at].below) continue;
      const bool known =
          listed[at].parent == root ||
          std::any_of(listed.begin(), listed.begin() + static_cast<std::ptrdiff_t>(count),
                      [&](const Listed& one) { return one.below && one.pid == listed[at].parent; });
      if (known) more = listed[at].below = true;
    }
  }
  return count;
}

int open_proc() {
  return ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

// "Pss:   123 kB" of smaps_rollup.
std::int64_t proportional_of(int proc, pid_t pid) {
  std::array<char, 16> name{};
  std::size_t at = name.size() - 1;
  for (long rest = pid; rest > 0 && at > 0; rest /= 10) name[--at] = static_cast<char>('0' + rest % 10);
  std::array<char, 2048> text;
  if (read_of(proc, name.data() + at, "smaps_rollup", text) == 0) return -1;
  const char* const found = std::strstr(text.data(), "\nPss:");
  return found == nullptr ? -1 : std::strtoll(found + 5, nullptr, 10) * 1024;
}

std::int64_t measure(int folder, std::int64_t enough, int depth) {
  std::int64_t bytes = 0;
  for_each_entry(folder, [&](const char* name, unsigned char) {
    if (name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'))) return true;
    struct stat state {};
    if (::fstatat(folder, name, &state, AT_SYMLINK_NOFOLLOW) != 0) return true;
    std::int64_t own = static_cast<std::int64_t>(state.st_blocks) * 512;
    if (S_ISREG(state.st_mode) && state.st_nlink > 1) own /= static_cast<std::int64_t>(state.st_nlink);
    bytes += std::max(own, kLeastOfAFile);
    if (S_ISDIR(state.st_mode) && depth < kDeepest) {
      const int below = ::openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (below >= 0) {
        bytes += measure(below, enough - bytes, depth + 1);
        ::close(below);
      }
    }
    return bytes <= enough;
  });
  return bytes;
}

}  // namespace

int processes_now(int enough) {
  const int proc = open_proc();
  if (proc < 0) return 0;
  int count = -1;
  for_each_entry(proc, [&](const char* name, unsigned char) {
    if (name[0] >= '1' && name[0] <= '9') ++count;
    return count <= enough;
  });
  ::close(proc);
  return count;
}

Taken taken_now(pid_t below) {
  Taken taken;
  const int proc = open_proc();
  if (proc < 0) return taken;
  const std::size_t count = list_processes(proc, below);
  for (std::size_t at = 0; at < count; ++at) {
    if (!listed[at].below) continue;
    ++taken.processes;
    taken.pages += listed[at].pages;
  }
  ::close(proc);
  return taken;
}

std::int64_t proportional_bytes(pid_t below) {
  const int proc = open_proc();
  if (proc < 0) return -1;
  const std::size_t count = list_processes(proc, below);
  const long page = ::sysconf(_SC_PAGESIZE);
  std::int64_t bytes = 0;
  for (std::size_t at = 0; at < count; ++at) {
    if (!listed[at].below) continue;
    const std::int64_t own = proportional_of(proc, listed[at].pid);
    bytes += own < 0 ? listed[at].pages * page : own;
  }
  ::close(proc);
  return bytes;
}

int kill_below(pid_t root) {
  const int proc = open_proc();
  if (proc < 0) return 0;
  const std::size_t count = list_processes(proc, root);
  ::close(proc);
  int killed = 0;
  for (std::size_t at = 0; at < count; ++at) {
    if (listed[at].below && ::kill(listed[at].pid, SIGKILL) == 0) ++killed;
  }
  return killed;
}

std::int64_t folder_bytes(const char* folder, std::int64_t enough) {
  const int open = ::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (open < 0) return 0;
  const std::int64_t bytes = measure(open, enough, 0);
  ::close(open);
  return bytes;
}

std::int64_t free_bytes(const char* folder) {
  struct statfs state {};
  if (::statfs(folder, &state) != 0) return -1;
  return static_cast<std::int64_t>(state.f_bfree) * static_cast<std::int64_t>(state.f_bsize);
}

std::int64_t used_bytes(const char* folder) {
  struct statfs state {};
  if (::statfs(folder, &state) != 0) return 0;
  return static_cast<std::int64_t>(state.f_blocks - state.f_bfree) * static_cast<std::int64_t>(state.f_bsize);
}

}  // namespace exitgate::sandbox
