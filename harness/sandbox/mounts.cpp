#include "harness/sandbox/mounts.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace exitgate::sandbox {

namespace {

// Not in every C library yet.
struct Attributes {
  std::uint64_t set;
  std::uint64_t clear;
  std::uint64_t propagation;
  std::uint64_t user_namespace;
};
constexpr long kMountSetattr = 442;
constexpr std::uint64_t kReadOnly = 1;
constexpr std::uint64_t kNoSuid = 2;
constexpr unsigned kRecursive = 0x8000;

bool set_attributes(const char* path, std::uint64_t set, std::uint64_t clear, unsigned flags) {
  const Attributes attributes{set, clear, 0, 0};
  return ::syscall(kMountSetattr, AT_FDCWD, path, flags, &attributes, sizeof attributes) == 0;
}

bool bind(const char* from, const char* at, unsigned long flags) {
  return ::mount(from, at, nullptr, MS_BIND | flags, nullptr) == 0;
}

// "/proc/self/fd/12/name", without a heap.
class PathOf {
 public:
  explicit PathOf(int file, const char* name = "") {
    append("/proc/self/fd/");
    std::array<char, 12> digits{};
    std::size_t at = digits.size() - 1;
    do digits[--at] = static_cast<char>('0' + file % 10);
    while ((file /= 10) > 0 && at > 0);
    append(digits.data() + at);
    if (*name != '\0') append("/");
    append(name);
  }
  const char* text() const { return path_.data(); }

 private:
  void append(const char* text) {
    while (*text != '\0' && length_ + 1 < path_.size()) path_[length_++] = *text++;
  }
  std::array<char, 4200> path_{};
  std::size_t length_ = 0;
};

// As many tools as a home may have.
constexpr std::size_t kMostShown = 512;

MountFailure failed(const char* call, const char* path) {
  return {call, path, errno};
}

// A bound that a fork bomb cannot outrun: the numbers of its process namespace. Before Linux 6.14 they were those of the whole
// machine, which are not ours to change; there, who watches has to be faster.
void bound_processes() {
  utsname machine{};
  if (::uname(&machine) != 0) return;
  char* rest = nullptr;
  const long major = std::strtol(machine.release, &rest, 10);
  const long minor = *rest == '.' ? std::strtol(rest + 1, nullptr, 10) : 0;
  if (major < 6 || (major == 6 && minor < 14)) return;
  const int file = ::open("/proc/sys/kernel/pid_max", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t put = ::write(file, "4096", 4);
  ::close(file);
}

MountFailure make(const View& view, int memory) {
  for (const auto& one : view.made) {
    const char* const name = one.name.c_str();
    bool good = true;
    switch (one.kind) {
      case View::Made::Kind::folder:
        good = ::mkdirat(memory, name, one.mode) == 0 || errno == EEXIST;
        break;
      case View::Made::Kind::file: {
        const int file = ::openat(memory, name, O_WRONLY | O_CREAT | O_CLOEXEC, one.mode);
        good = file >= 0;
        if (good) ::close(file);
        break;
      }
      case View::Made::Kind::link:
        good = ::symlinkat(one.target.c_str(), memory, name) == 0 || errno == EEXIST;
    }
    if (!good) return failed("make", name);
  }
  return {};
}

}  // namespace

MountFailure make_mounts(const View& view, const char* memory_options, bool processes) {
  const mode_t mask = ::umask(0);
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("mount", "/");
  std::array<int, kMostShown> shown{};
  std::size_t count = 0;
  for (const auto& one : view.shown) {
    if (count == shown.size()) break;
    shown[count] = ::open(one.path.c_str(), O_PATH | O_CLOEXEC);
    // A tool that has just been removed is no loss.
    if (shown[count] < 0 && one.writable) return failed("open", one.path.c_str());
    ++count;
  }
  if (!set_attributes("/", kReadOnly | kNoSuid, 0, kRecursive)) return failed("mount_setattr", "/");
  if (::mount("exitgate", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, memory_options) != 0)
    return failed("mount", "/tmp");
  const int memory = ::open("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (memory < 0) return failed("open", "/tmp");
  if (const MountFailure failure = make(view, memory); failure.call != nullptr) return failure;
  ::umask(mask);
  for (const auto& cover : view.covers) {
    const PathOf source(memory, cover.name.c_str());
    if (!bind(source.text(), cover.at.c_str(), 0)) return failed("mount", cover.at.c_str());
    // Once in some hundred times it stays busy under load (seen on Linux 6.18). What is written there goes with the command, and
    // its folders cannot be written to anyway.
    if (!cover.writable && !set_attributes(cover.at.c_str(), kReadOnly, 0, 0) && errno != EBUSY)
      return failed("mount_setattr", cover.at.c_str());
  }
  for (std::size_t at = 0; at < count; ++at) {
    if (shown[at] < 0) continue;
    const auto& one = view.shown[at];
    const PathOf source(shown[at]);
    if (!bind(source.text(), one.path.c_str(), MS_REC)) return failed("mount", one.path.c_str());
    if (one.writable && !set_attributes(one.path.c_str(), 0, kReadOnly, 0))
      return failed("mount_setattr", one.path.c_str());
    ::close(shown[at]);
  }
  for (const auto& one : view.hidden) {
    const PathOf source(memory, one.folder ? kNoFolder : kNoFile);
    if (!bind(source.text(), one.path.c_str(), 0) && errno != ENOENT)
      return failed("mount", one.path.c_str());
  }
  ::close(memory);
  if (processes) {
    if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
      return failed("mount", "/proc");
    bound_processes();
    // Read-only: root could do harm by /proc/sys and /proc/sysrq-trigger.
    if (!set_attributes("/proc", kReadOnly, 0, 0)) return failed("mount_setattr", "/proc");
  }
  if (::chdir("/") != 0) return failed("chdir", "/");
  return {};
}

}  // namespace exitgate::sandbox
