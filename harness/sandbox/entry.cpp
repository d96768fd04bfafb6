#include "harness/sandbox/entry.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/sandbox/mounts.h"
#include "harness/sandbox/overseer.h"
#include "harness/sandbox/system_calls.h"

namespace exitgate::sandbox {

struct Entry::Shared {
  Report report;
  int error = 0;
  std::array<char, 32> call{};
  std::array<char, 256> path{};
};

namespace {

// Where the kernel keeps the words that we were started with, which /proc shows to everybody.
std::pair<char*, char*> words_of_ours() {
  static const std::pair<char*, char*> found = [] {
    std::pair<char*, char*> range{nullptr, nullptr};
    const std::string text = read_file("/proc/self/stat");
    // The 48th field is where the arguments begin, the 51st where the environment ends.
    std::size_t at = text.rfind(')');
    for (int field = 2; field < 48 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
    if (at == std::string::npos) return range;
    std::array<std::uintptr_t, 4> places{};
    const char* rest = text.c_str() + at;
    for (auto& place : places) {
      char* end = nullptr;
      place = std::strtoull(rest, &end, 10);
      rest = end;
    }
    if (places[0] == 0 || places[1] != places[2] || places[3] < places[0]) return range;
    return std::pair{std::bit_cast<char*>(places[0]), std::bit_cast<char*>(places[3])};
  }();
  return found;
}

void no_signals_blocked() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void default_signals() {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal != SIGKILL && signal != SIGSTOP) ::signal(signal, SIG_DFL);
  }
}

// For the guard and the init: nobody waits for the end of what they hold open.
void let_go_of_files() {
  const int null = ::open("/dev/null", O_RDWR);
  for (const int standard : {0, 1, 2}) ::dup2(null, standard);
  ::syscall(SYS_close_range, 3, ~0U, 0);
}

// The guard: ends with the init, as the program did.
[[noreturn]] void guard(pid_t init, const Report& report) {
  ::prctl(PR_SET_NAME, "exitgate-guard");
  sigset_t heard;
  ::sigemptyset(&heard);
  for (const int signal : {SIGCHLD, SIGQUIT, SIGTERM, SIGINT}) ::sigaddset(&heard, signal);
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(init, &status, WNOHANG);
    if (ended == init) break;
    const int signal = ::sigwaitinfo(&heard, nullptr);
    if (signal == SIGQUIT || signal == SIGTERM || signal == SIGINT) ::kill(init, SIGKILL);
  }
  if (!report.ended) ::kill(::getpid(), SIGKILL);
  if (WIFEXITED(report.status)) ::_exit(WEXITSTATUS(report.status));
  no_signals_blocked();
  ::kill(::getpid(), WTERMSIG(report.status));
  ::_exit(128 + WTERMSIG(report.status));
}

}  // namespace

Entry::Entry(const Containment& allowed, const Namespaces& namespaces, const Room& room)
    : allowed_(allowed), user_(namespaces.user()), network_(namespaces.network()), room_(room) {
  if (allowed_.files) view_ = view_of(room_.sight);
  memory_options_ = fmt::format("mode=0755,size={}m", room_.memory_mb > 0 ? room_.memory_mb : 1024);
  for (const auto& folder : room_.measured) measured_.push_back(folder.string());
  std::tie(words_, words_end_) = words_of_ours();
  void* const page =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw Undecided("no memory for the sandbox");
  shared_ = new (page) Shared;
}

Entry::~Entry() {
  ::munmap(shared_, sizeof(Shared));
}

Ending Entry::ending() const {
  return shared_->report.ending;
}

std::string Entry::setup_problem() const {
  return fmt::format("{} {}: {}", shared_->call.data(), shared_->path.data(), std::strerror(shared_->error));
}

void Entry::fail(const char* what, const char* path) const {
  const int reason = errno;
  shared_->error = reason;
  std::strncpy(shared_->call.data(), what, shared_->call.size() - 1);
  std::strncpy(shared_->path.data(), path, shared_->path.size() - 1);
  shared_->report.ending = Ending::setup;
  ::_exit(127);
}

void Entry::enter() const {
  const pid_t parent = ::getppid();
  default_signals();
  sigset_t heard;
  ::sigemptyset(&heard);
  for (const int signal : {SIGCHLD, SIGQUIT, SIGTERM, SIGINT}) ::sigaddset(&heard, signal);
  ::sigprocmask(SIG_SETMASK, &heard, nullptr);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  if (user_ >= 0 && ::setns(user_, CLONE_NEWUSER) != 0) fail("setns", "user");
  if (network_ >= 0 && ::setns(network_, CLONE_NEWNET) != 0) fail("setns", "net");
  const int flags = (allowed_.files ? CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS : 0) |
                    (allowed_.processes ? CLONE_NEWPID : 0);
  if (flags != 0 && ::unshare(flags) != 0) fail("unshare", "");
  // Entering a user namespace has made the kernel forget it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(127);
  const pid_t guardian = ::getpid();
  const pid_t init = ::fork();
  if (init < 0) fail("fork", "");
  if (init > 0) {
    ::prctl(PR_SET_DUMPABLE, 0);
    if (words_ != nullptr) std::memset(words_, 0, static_cast<std::size_t>(words_end_ - words_));
    let_go_of_files();
    guard(init, shared_->report);
  }
  if (allowed_.processes) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  } else {
    // Who kills the guard's group must leave it: it has to end the others, which no kernel does for it.
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != guardian) ::_exit(127);
  }
  become_init();
}

// Returns in the child that is to become the program.
void Entry::become_init() const {
  ::prctl(PR_SET_NAME, "exitgate-init");
  if (allowed_.files) {
    const MountFailure failed = make_mounts(view_, memory_options_.c_str(), allowed_.processes);
    if (failed.call != nullptr) {
      errno = failed.error;
      fail(failed.call, failed.path);
    }
  }
  if (!allowed_.processes) ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Its memory is a copy of ours, with all that we know.
  ::prctl(PR_SET_DUMPABLE, 0);
  if (words_ != nullptr) std::memset(words_, 0, static_cast<std::size_t>(words_end_ - words_));
  const pid_t program = ::fork();
  if (program < 0) fail("fork", "");
  if (program > 0) {
    let_go_of_files();
    Limited limited;
    limited.memory = room_.memory_mb << 20U;
    limited.disk = room_.disk_mb << 20U;
    limited.measured = measured_.data();
    limited.measured_count = measured_.size();
    limited.in_memory = allowed_.files ? "/tmp" : nullptr;
    limited.own_processes = allowed_.processes;
    limited.server = room_.server;
    oversee(program, limited, shared_->report);
  }
  ::setsid();
  drop_privileges();
  // Changing the user forgets it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Whatever is open but is not meant to be: not for the program.
  ::syscall(SYS_close_range, 3, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  no_signals_blocked();
}

void Entry::drop_privileges() const {
  // Without a view of its own, the run's folder may be open to a privileged user alone.
  const bool drops = allowed_.files || room_.run_as;
  if (drops) {
    ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    for (unsigned long capability = 0; capability < 64; ++capability)
      ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  }
  if (const auto& who = room_.run_as;
      who && (::setgroups(1, &who->group) != 0 || ::setgid(who->group) != 0 || ::setuid(who->user) != 0)) {
    fail("setuid", "");
  }
  if (drops) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    if (::syscall(SYS_capset, &header, none) != 0) fail("capset", "");
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("prctl", "no_new_privs");
  filter_system_calls();
}

}  // namespace exitgate::sandbox
