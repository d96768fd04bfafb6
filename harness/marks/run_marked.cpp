#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>

#include "harness/base/error.h"
#include "harness/marks/mark_file.h"

namespace exitgate::marks {

namespace {

using Clock = std::chrono::steady_clock;

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(file, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

// What one child prints and how it ends.
class Child {
 public:
  Child(const Mark& mark, const std::function<int(const Mark&)>& work) {
    std::array<int, 2> pipe{-1, -1};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
      throw Undecided(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    std::fflush(nullptr);
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0) throw Undecided(fmt::format("cannot start a process: {}", std::strerror(errno)));
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(static_cast<int>(Exit::undecided));
      ::dup2(pipe[1], 1);
      ::dup2(pipe[1], 2);
      const int code = work(mark);
      std::fflush(nullptr);
      ::_exit(code);
    }
    ::close(pipe[1]);
    output_ = pipe[0];
    ::fcntl(output_, F_SETFL, O_NONBLOCK);
    end_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::close(output_);
    if (end_ >= 0) ::close(end_);
  }

  // The status of waitpid(), or nullopt when the time was over and the child was killed. Not the end of its output is
  // its end: a daemon may keep that open.
  std::optional<int> wait(int copy_to, std::optional<Clock::time_point> deadline) {
    constexpr int kTick = 20;  // ms; where the kernel has no pidfd_open
    for (;;) {
      int limit = end_ >= 0 ? -1 : kTick;
      if (deadline) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - Clock::now()).count();
        if (left <= 0) break;
        if (limit < 0 || left < limit) limit = static_cast<int>(left);
      }
      std::array<pollfd, 2> polled{{{open_ ? output_ : -1, POLLIN, 0}, {end_, POLLIN, 0}}};
      ::poll(polled.data(), polled.size(), limit);
      copy(copy_to);
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        copy(copy_to);
        return status;
      }
    }
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    copy(copy_to);
    return std::nullopt;
  }

 private:
  // To our own standard output and to the mark's file.
  void copy(int file) {
    std::array<char, 1 << 14> buffer;
    for (;;) {
      const ssize_t got = ::read(output_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got == 0) open_ = false;
      if (got <= 0) return;
      const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
      write_all(1, piece);
      write_all(file, piece);
    }
  }

  pid_t pid_ = -1;
  int output_ = -1;
  int end_ = -1;
  bool open_ = true;
};

}  // namespace

Mark run_marked(const record::RunDirectory& run, const Task& task,
                const std::function<int(const Mark&)>& work, const std::function<void(Mark&)>& at_end) {
  Mark mark = begin_mark(run, task);
  const auto started = Clock::now();
  const int output = open_output(run, mark);
  std::optional<Clock::time_point> deadline;
  if (task.timeout_seconds > 0) deadline = started + std::chrono::seconds(task.timeout_seconds);
  Child child(mark, work);
  const auto status = child.wait(output, deadline);
  mark.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started).count();
  mark.exit_code = static_cast<int>(Exit::undecided);
  if (!status) {
    mark.fault = fmt::format("timed out after {} s", task.timeout_seconds);
  } else if (WIFSIGNALED(*status)) {
    mark.fault =
        fmt::format("was killed by signal {} ({})", WTERMSIG(*status), ::strsignal(WTERMSIG(*status)));
  } else {
    mark.exit_code = WEXITSTATUS(*status);
  }
  mark.failed = !mark.fault.empty();
  at_end(mark);
  if (!mark.fault.empty()) {
    const auto line = fmt::format("exitgate: {} {}\n", mark.test, mark.fault);
    write_all(1, line);
    write_all(output, line);
  }
  ::close(output);
  mark.ended = true;
  end_mark(run, mark);
  return mark;
}

void end_with_parent() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
}

}  // namespace exitgate::marks
