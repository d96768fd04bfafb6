#include "harness/sandbox/namespaces.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>
#include <string>

#include "harness/base/error.h"

namespace exitgate::sandbox {

namespace {

// What the child that makes the namespaces says.
struct Answer {
  int error = 0;
  char call = ' ';  // 'u'nshare, 'l'oopback
};

bool raise_loopback() {
  const int any = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (any < 0) return false;
  ifreq request{};
  std::memcpy(request.ifr_name, "lo", 3);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const bool up = ::ioctl(any, SIOCSIFFLAGS, &request) == 0;
  const int reason = errno;
  ::close(any);
  errno = reason;
  return up;
}

[[noreturn]] void make_namespaces(int flags, int told) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  Answer answer;
  if (::unshare(flags) != 0) {
    answer = {errno, 'u'};
  } else if ((flags & CLONE_NEWNET) != 0 && !raise_loopback()) {
    answer = {errno, 'l'};
  }
  [[maybe_unused]] const ssize_t put = ::write(told, &answer, sizeof answer);
  for (;;) ::pause();  // until we are killed: the namespaces are there as long as somebody is in them
}

bool write_to(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool good = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int reason = errno;
  ::close(file);
  errno = reason;
  return good;
}

// Everybody keeps the number he has.
bool map_users(pid_t child, const std::optional<Command::Identity>& other) {
  const std::string folder = fmt::format("/proc/{}/", child);
  std::string users = fmt::format("{0} {0} 1\n", ::geteuid());
  std::string groups = fmt::format("{0} {0} 1\n", ::getegid());
  if (other) {
    users += fmt::format("{0} {0} 1\n", other->user);
    if (other->group != ::getegid()) groups += fmt::format("{0} {0} 1\n", other->group);
  } else if (!write_to(folder + "setgroups", "deny")) {
    return false;
  }
  return write_to(folder + "gid_map", groups) && write_to(folder + "uid_map", users);
}

}  // namespace

Namespaces::Namespaces(const Containment& allowed, bool own_network,
                       const std::optional<Command::Identity>& other) {
  const int flags =
      (allowed.user_namespace ? CLONE_NEWUSER : 0) | (allowed.network && own_network ? CLONE_NEWNET : 0);
  if (flags == 0) return;
  // One at a time: the child of another thread would hold our pipe open, and that ours has gone would not be seen.
  static std::mutex alone;
  const std::lock_guard lock(alone);
  std::array<int, 2> told{-1, -1};
  if (::pipe2(told.data(), O_CLOEXEC) != 0) throw Undecided("cannot make a pipe for the sandbox");
  const pid_t child = ::fork();
  if (child == 0) make_namespaces(flags, told[1]);
  std::string problem;
  if (child < 0) {
    problem = fmt::format("fork: {}", std::strerror(errno));
  } else {
    Answer answer;
    ssize_t got = 0;
    ::close(told[1]);
    told[1] = -1;
    while ((got = ::read(told[0], &answer, sizeof answer)) < 0 && errno == EINTR) {
    }
    if (got != sizeof answer) {
      problem = "the process that makes the namespaces has gone";
    } else if (answer.error != 0) {
      problem = fmt::format("{}: {}", answer.call == 'u' ? "unshare" : "the loopback of its network",
                            std::strerror(answer.error));
    } else if (allowed.user_namespace && !map_users(child, other)) {
      problem = fmt::format("mapping its user: {}", std::strerror(errno));
    } else {
      const auto hold = [&](const char* name) {
        return ::open(fmt::format("/proc/{}/ns/{}", child, name).c_str(), O_RDONLY | O_CLOEXEC);
      };
      if ((flags & CLONE_NEWUSER) != 0 && (user_ = hold("user")) < 0) problem = std::strerror(errno);
      if ((flags & CLONE_NEWNET) != 0 && (network_ = hold("net")) < 0) problem = std::strerror(errno);
    }
  }
  for (const int end : told) {
    if (end >= 0) ::close(end);
  }
  if (child > 0) {
    ::kill(child, SIGKILL);
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (!problem.empty()) {
    close();
    throw Undecided(fmt::format("cannot make a namespace for the target's commands: {}", problem));
  }
}

Namespaces::~Namespaces() {
  close();
}

void Namespaces::close() {
  for (int* const held : {&user_, &network_}) {
    if (*held >= 0) ::close(*held);
    *held = -1;
  }
}

}  // namespace exitgate::sandbox
