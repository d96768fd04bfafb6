#include "harness/database/supervisor.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"

namespace exitgate::database {

namespace {

// All that the supervisor needs, made before fork: afterwards only system calls are made, since another
// thread of ours may have held any lock at that moment.
struct Prepared {
  std::string folder;
  std::string log;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::optional<Command::Identity> run_as;
  const sandbox::Entry* entry = nullptr;
  int lifeline = -1;
  int report = -1;
};

void pause_ms(long milliseconds) {
  const timespec time{milliseconds / 1000, (milliseconds % 1000) * 1'000'000};
  ::nanosleep(&time, nullptr);
}

pid_t start_server(const Prepared& prepared) {
  const pid_t supervisor = ::getpid();
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setpgid(0, 0);
  const int log = ::open(prepared.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log >= 0) {
    ::dup2(log, 1);
    ::dup2(log, 2);
  }
  if (prepared.entry != nullptr) {
    prepared.entry->enter();
    ::execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
    ::_exit(127);
  }
  const auto& who = prepared.run_as;
  if (who && (::setgroups(1, &who->group) != 0 || ::setgid(who->group) != 0 || ::setuid(who->user) != 0)) {
    ::_exit(127);
  }
  // Should the supervisor itself be killed, the server ends at once; after the change of user, which forgets this.
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (::getppid() != supervisor) ::_exit(127);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal, SIG_DFL);
  ::execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
  ::_exit(127);
}

// Whether the environment that the process was started with names the folder.
bool belongs_to(const char* pid, const std::string& folder) {
  std::array<char, 64> path{};
  std::size_t at = 0;
  const auto append = [&](const char* text) {
    while (*text != '\0' && at + 1 < path.size()) path[at++] = *text++;
  };
  append("/proc/");
  append(pid);
  append("/environ");
  const int file = ::open(path.data(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  // Pieces overlap by the folder's length, so that a name over a border is seen.
  static std::array<char, 1 << 16> buffer;
  std::size_t kept = 0;
  bool found = false;
  for (;;) {
    const ssize_t got = ::read(file, buffer.data() + kept, buffer.size() - kept);
    if (got <= 0) break;
    const std::size_t filled = kept + static_cast<std::size_t>(got);
    if (::memmem(buffer.data(), filled, folder.data(), folder.size()) != nullptr) {
      found = true;
      break;
    }
    kept = std::min(filled, folder.size());
    std::memmove(buffer.data(), buffer.data() + filled - kept, kept);
  }
  ::close(file);
  return found;
}

// Kills every process of the folder; true when there was one.
bool kill_strays(const std::string& folder) {
  const int proc = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (proc < 0) return false;
  alignas(8) static std::array<char, 1 << 15> entries;
  bool any = false;
  for (;;) {
    const long got = ::syscall(SYS_getdents64, proc, entries.data(), entries.size());
    if (got <= 0) break;
    for (long at = 0; at < got;) {
      // struct linux_dirent64: inode (8), offset (8), length (2), type (1), name
      unsigned short length = 0;
      std::memcpy(&length, entries.data() + at + 16, sizeof length);
      const char* const name = entries.data() + at + 19;
      at += length;
      const long pid = std::strtol(name, nullptr, 10);
      if (pid > 1 && pid != ::getpid() && belongs_to(name, folder)) {
        ::kill(static_cast<pid_t>(pid), SIGKILL);
        any = true;
      }
    }
  }
  ::close(proc);
  return any;
}

void remove_folder(const std::string& folder) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const char* const program : {"/bin/rm", "/usr/bin/rm"}) {
      ::execl(program, "rm", "-rf", "--", folder.c_str(), static_cast<char*>(nullptr));
    }
    ::_exit(127);
  }
  if (child > 0) ::waitpid(child, nullptr, 0);
}

class Groups {
 public:
  // One line of the lifeline: "+123" or "-123".
  void take(const char* line) {
    const auto group = static_cast<pid_t>(std::strtol(line + 1, nullptr, 10));
    if (group <= 1) return;
    for (pid_t& known : groups_) {
      if (line[0] == '+' && known == 0) {
        known = group;
        return;
      }
      if (line[0] == '-' && known == group) {
        known = 0;
        return;
      }
    }
  }
  void kill_all() const {
    for (const pid_t group : groups_) {
      if (group != 0) ::kill(-group, SIGKILL);
    }
  }

 private:
  std::array<pid_t, 64> groups_{};
};

[[noreturn]] void supervise(const Prepared& prepared) {
  ::prctl(PR_SET_NAME, "exitgate-keeper");
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT, SIGUSR1, SIGUSR2})
    ::signal(signal, SIG_IGN);
  Groups groups;
  pid_t server = 0;
  bool told = false;
  std::array<char, 256> line{};
  std::size_t length = 0;
  for (;;) {
    pollfd polled{prepared.lifeline, POLLIN, 0};
    ::poll(&polled, 1, server > 0 ? 100 : -1);
    if (server > 0 && ::waitpid(server, nullptr, WNOHANG) == server) server = -1;
    if (server < 0 && !told) {
      told = true;
      [[maybe_unused]] const ssize_t wrote = ::write(prepared.report, "!", 1);
    }
    if (polled.revents == 0) continue;
    char byte = 0;
    const ssize_t got = ::read(prepared.lifeline, &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    if (byte != '\n') {
      if (length + 1 < line.size()) line[length++] = byte;
      continue;
    }
    line[length] = '\0';
    length = 0;
    if (line[0] == 's' && server == 0) {
      server = start_server(prepared);
    } else {
      groups.take(line.data());
    }
  }
  groups.kill_all();
  if (server > 0) {
    ::kill(server, SIGQUIT);  // immediate shutdown: also frees its shared memory
    int waited = 0;
    while (waited < 3000 && ::waitpid(server, nullptr, WNOHANG) != server) {
      pause_ms(2);
      waited += 2;
    }
    if (waited >= 3000) {
      ::kill(server, SIGKILL);
      ::waitpid(server, nullptr, 0);
    }
  }
  for (int round = 0; round < 20 && kill_strays(prepared.folder); ++round) pause_ms(2);
  remove_folder(prepared.folder);
  ::_exit(0);
}

void keep_only(std::array<int, 4> kept) {
  // Whoever waits for the end of our output must not wait for us.
  const int null = ::open("/dev/null", O_RDWR);
  for (const int standard : {0, 1, 2}) ::dup2(null, standard);
  std::sort(kept.begin(), kept.end());
  int from = 3;
  for (const int file : kept) {
    if (file < 3) continue;
    if (from < file) ::syscall(SYS_close_range, from, file - 1, 0);
    from = file + 1;
  }
  ::syscall(SYS_close_range, from, ~0U >> 1, 0);
}

}  // namespace

Supervisor::Supervisor(const std::filesystem::path& folder, const Server& server) {
  Prepared prepared;
  prepared.folder = folder.string();
  prepared.log = server.log.string();
  for (const auto& argument : server.arguments)
    prepared.arguments.push_back(const_cast<char*>(argument.c_str()));
  prepared.arguments.push_back(nullptr);
  for (const auto& entry : server.environment)
    prepared.environment.push_back(const_cast<char*>(entry.c_str()));
  prepared.environment.push_back(nullptr);
  prepared.run_as = server.run_as;
  prepared.entry = server.entry;
  std::array<int, 2> lifeline{-1, -1};
  std::array<int, 2> report{-1, -1};
  const auto close_all = [&] {
    for (const int end : {lifeline[0], lifeline[1], report[0], report[1]}) {
      if (end >= 0) ::close(end);
    }
  };
  if (::pipe2(lifeline.data(), O_CLOEXEC) != 0 || ::pipe2(report.data(), O_CLOEXEC) != 0) {
    const std::string reason = std::strerror(errno);
    close_all();
    throw Undecided(fmt::format("cannot make a pipe: {}", reason));
  }
  prepared.lifeline = lifeline[0];
  prepared.report = report[1];
  const pid_t child = ::fork();
  if (child < 0) {
    const std::string reason = std::strerror(errno);
    close_all();
    throw Undecided(fmt::format("cannot start the database's supervisor: {}", reason));
  }
  if (child == 0) {
    // Forked twice: an orphan is in nobody's tree of processes to kill.
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    const bool contained = prepared.entry != nullptr;
    keep_only({prepared.lifeline, prepared.report, contained ? prepared.entry->user() : -1,
               contained ? prepared.entry->network() : -1});
    supervise(prepared);
  }
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  ::close(lifeline[0]);
  ::close(report[1]);
  lifeline_ = lifeline[1];
  report_ = report[0];
}

Supervisor::~Supervisor() {
  ::close(lifeline_);
  // The end of the report is the end of the supervisor, and so of all that it was to end.
  pollfd polled{report_, POLLIN, 0};
  char byte = 0;
  while (::poll(&polled, 1, 10'000) > 0 && ::read(report_, &byte, 1) > 0) {
  }
  ::close(report_);
}

void Supervisor::tell(std::string_view words) {
  // Less than a pipe takes at once, so lines of two threads do not mix.
  [[maybe_unused]] const ssize_t wrote = ::write(lifeline_, words.data(), words.size());
}

void Supervisor::adopt(pid_t group) {
  tell(fmt::format("+{}\n", group));
}
void Supervisor::release(pid_t group) {
  tell(fmt::format("-{}\n", group));
}
void Supervisor::start() {
  tell("s\n");
}

void end_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

bool Supervisor::server_has_ended() {
  pollfd polled{report_, POLLIN, 0};
  char byte = 0;
  if (!ended_ && ::poll(&polled, 1, 0) > 0) ended_ = ::read(report_, &byte, 1) >= 0;
  return ended_;
}

}  // namespace exitgate::database
