#include "harness/sandbox/overseer.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>

#include "harness/sandbox/watch.h"

namespace exitgate::sandbox {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;

std::int64_t now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

class Overseer {
 public:
  Overseer(const Limited& limited, Report& report)
      : limited_(limited), report_(report), below_(limited.own_processes ? 0 : ::getpid()) {
    last_free_ = free_now();
    next_look_ = began_ + count_every();
    next_full_look_ = began_ + look_every();
    next_measure_ = began_ + measure_every();
  }

  [[noreturn]] void run(pid_t program) {
    sigset_t heard;
    ::sigemptyset(&heard);
    ::sigaddset(&heard, SIGCHLD);
    // That the guard has been killed.
    if (!limited_.own_processes) ::sigaddset(&heard, SIGTERM);
    // Before thousands of others, when they are not to have the processor to themselves.
    ::setpriority(PRIO_PROCESS, 0, -20);
    for (;;) {
      if (reap(program)) break;
      const std::int64_t wait = std::max<std::int64_t>(next_look_ - now(), 0);
      const timespec time{wait / 1'000'000'000, wait % 1'000'000'000};
      if (::sigtimedwait(&heard, nullptr, &time) == SIGTERM) break;
      if (now() < next_look_) continue;
      if (limited_.own_processes && processes_now(kMostProcesses) > kMostProcesses) stop(Ending::processes);
      if (now() >= next_full_look_) {
        look();
        next_full_look_ = now() + look_every();
      }
      next_look_ = now() + count_every();
    }
    end();
  }

 private:
  std::int64_t look_every() const {
    return (limited_.server || !limited_.own_processes ? 100 : 20) * kMillisecond;
  }
  // A fork bomb is fast; but waking up costs something as well, and most commands take long.
  std::int64_t count_every() const {
    return limited_.own_processes ? std::min(look_every(), 10 * kMillisecond) : look_every();
  }
  std::int64_t measure_every() const {
    return std::max((limited_.server ? 1000 : 250) * kMillisecond, 20 * last_cost_);
  }

  // True when the program has ended.
  bool reap(pid_t program) {
    int status = 0;
    for (pid_t ended = 0; (ended = ::waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended != program) continue;
      report_.status = status;
      report_.ended = true;
      return true;
    }
    return false;
  }

  void look() {
    const Taken taken = taken_now(below_);
    if (taken.processes > kMostProcesses) stop(Ending::processes);
    if (limited_.memory > 0) {
      const std::int64_t files = limited_.in_memory == nullptr ? 0 : used_bytes(limited_.in_memory);
      const std::int64_t page = ::sysconf(_SC_PAGESIZE);
      // What they share is counted for each first: that is cheap, and most are far from the limit.
      if (taken.pages * page + files > limited_.memory &&
          proportional_bytes(below_) + files > limited_.memory)
        stop(Ending::memory);
    }
    if (limited_.disk > 0) look_at_disk();
  }

  void look_at_disk() {
    const std::int64_t free = free_now();
    const bool shrank = last_free_ >= 0 && free >= 0 && last_free_ - free > limited_.disk / 16;
    if (now() < next_measure_ && !shrank) return;
    const std::int64_t began = now();
    // The server's folder is measured with all that is in the others: a little more, so that who fills is ended first.
    const std::int64_t most = limited_.server ? limited_.disk + limited_.disk / 16 : limited_.disk;
    std::int64_t bytes = 0;
    for (std::size_t at = 0; at < limited_.measured_count && bytes <= most; ++at)
      bytes += folder_bytes(limited_.measured[at].c_str(), most - bytes);
    if (bytes > most) stop(Ending::disk);
    last_cost_ = now() - began;
    last_free_ = free;
    next_measure_ = now() + measure_every();
  }

  std::int64_t free_now() const {
    return limited_.measured_count == 0 ? -1 : free_bytes(limited_.measured[0].c_str());
  }

  [[noreturn]] void stop(Ending why) {
    report_.ending = why;
    end();
  }

  [[noreturn]] void end() const {
    // In a process namespace of our own, the kernel kills all others when we end.
    if (!limited_.own_processes) {
      const timespec moment{0, 1'000'000};
      for (int round = 0; round < 2000; ++round) {
        const int killed = kill_below(below_);
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {
        }
        if (killed == 0) break;
        ::nanosleep(&moment, nullptr);
      }
    }
    ::_exit(0);
  }

  const Limited& limited_;
  Report& report_;
  pid_t below_;
  std::int64_t began_ = now();
  std::int64_t last_cost_ = 0;
  std::int64_t last_free_ = -1;
  std::int64_t next_look_ = 0;
  std::int64_t next_full_look_ = 0;
  std::int64_t next_measure_ = 0;
};

}  // namespace

void oversee(pid_t program, const Limited& limited, Report& report) {
  Overseer(limited, report).run(program);
}

}  // namespace exitgate::sandbox
