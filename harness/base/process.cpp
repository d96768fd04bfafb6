#include "harness/base/process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <grp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate {

namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  std::array<int, 2> ends{-1, -1};
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      throw Undecided(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(0);
    close(1);
  }
  void close(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
  int release(std::size_t end) {
    const int fd = ends[end];
    ends[end] = -1;
    return fd;
  }
};

// Where PATH of the *given* environment finds the program, as a shell would.
std::string resolve(const Command& command) {
  const std::string& name = command.arguments.at(0);
  if (name.find('/') != std::string::npos) return name;
  std::string path;
  if (command.environment) {
    for (const auto& entry : *command.environment) {
      if (entry.rfind("PATH=", 0) == 0) path = entry.substr(5);
    }
  } else if (const char* ours = std::getenv("PATH")) {
    path = ours;
  }
  for (const auto& folder : split(path, ':')) {
    std::string candidate = (folder.empty() ? std::string(".") : folder) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0 && !std::filesystem::is_directory(candidate)) return candidate;
  }
  return "";
}

// Everything is prepared before fork: between fork and exec only async-signal-safe calls are made.
pid_t spawn(const Command& command, int in, int out, int err) {
  const std::string program = resolve(command);
  if (program.empty()) {
    throw Undecided(fmt::format("cannot run '{}': not found on PATH", command.arguments.at(0)),
                    "install it, or put it on PATH");
  }
  std::vector<char*> arguments;
  for (const auto& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  if (command.environment) {
    for (const auto& entry : *command.environment) environment.push_back(const_cast<char*>(entry.c_str()));
    environment.push_back(nullptr);
  }
  char** const given = command.environment ? environment.data() : ::environ;
  const std::string directory = command.directory.string();
  Pipe failure;
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw Undecided(fmt::format("cannot start '{}': {}", program, std::strerror(errno)));
  if (child == 0) {
    ::setpgid(0, 0);
    if (command.run_as && (::setgroups(1, &command.run_as->group) != 0 ||
                           ::setgid(command.run_as->group) != 0 || ::setuid(command.run_as->user) != 0)) {
      const int reason = errno;
      [[maybe_unused]] const ssize_t told = ::write(failure.ends[1], &reason, sizeof reason);
      ::_exit(127);
    }
    // Only now: changing the user forgets it. A child must not outlive us, even when we are killed.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(127);
    if (command.before_exec) command.before_exec();
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    if (::dup2(in, 0) >= 0 && ::dup2(out, 1) >= 0 && ::dup2(err, 2) >= 0 &&
        (directory.empty() || ::chdir(directory.c_str()) == 0)) {
      ::execve(program.c_str(), arguments.data(), given);
    }
    const int reason = errno;
    [[maybe_unused]] const ssize_t told = ::write(failure.ends[1], &reason, sizeof reason);
    ::_exit(127);
  }
  ::setpgid(child, child);
  failure.close(1);
  int reason = 0;
  ssize_t got = 0;
  do got = ::read(failure.ends[0], &reason, sizeof reason);
  while (got < 0 && errno == EINTR);
  if (got > 0) {
    ::waitpid(child, nullptr, 0);
    throw Undecided(fmt::format("cannot run '{}': {}", command.arguments.at(0), std::strerror(reason)));
  }
  return child;
}

int open_null(int flags) {
  const int fd = ::open("/dev/null", flags | O_CLOEXEC);
  if (fd < 0) throw Undecided(fmt::format("cannot open /dev/null: {}", std::strerror(errno)));
  return fd;
}

}  // namespace

std::string ProcessResult::outcome() const {
  if (timed_out) return fmt::format("no end within {:.3g} s", static_cast<double>(duration.count()) / 1000.0);
  if (signal != 0) return fmt::format("killed by signal {} ({})", signal, ::strsignal(signal));
  return fmt::format("exit code {}", exit_code);
}

ProcessResult run(const Command& command) {
  Pipe in;
  Pipe out;
  Pipe err;
  const int null_in = command.input.empty() ? open_null(O_RDONLY) : -1;
  const auto started = Clock::now();
  pid_t child = -1;
  try {
    child = spawn(command, null_in >= 0 ? null_in : in.ends[0], out.ends[1],
                  command.merge_error ? out.ends[1] : err.ends[1]);
  } catch (...) {
    if (null_in >= 0) ::close(null_in);
    throw;
  }
  if (null_in >= 0) ::close(null_in);
  if (command.on_start) command.on_start(child);
  in.close(0);
  out.close(1);
  err.close(1);
  if (command.input.empty()) in.close(1);

  ProcessResult finished;
  std::string_view unsent = command.input;
  int status = 0;
  bool reaped = false;
  // The group may leave a daemon behind that keeps the pipes open, so the child's end ends the reading, not
  // only the end of its output.
  while (!reaped || out.ends[0] >= 0 || err.ends[0] >= 0) {
    if (!reaped && ::waitpid(child, &status, WNOHANG) == child) {
      reaped = true;
      ::kill(-child, SIGKILL);
    }
    int wait = reaped ? 0 : 20;
    if (out.ends[0] < 0 && err.ends[0] < 0 && !reaped) {
      ::usleep(500);
      wait = 0;
    }
    std::array<pollfd, 3> polled{
        {{out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}, {in.ends[1], POLLOUT, 0}}};
    if (in.ends[1] >= 0) ::signal(SIGPIPE, SIG_IGN);
    const int ready = ::poll(polled.data(), polled.size(), wait);
    bool read_any = false;
    const auto drain = [&](Pipe& pipe, const pollfd& state, bool standard) {
      if (pipe.ends[0] < 0 || (state.revents & (POLLIN | POLLHUP | POLLERR)) == 0) return;
      char buffer[1 << 16];
      const ssize_t got = ::read(pipe.ends[0], buffer, sizeof buffer);
      if (got > 0) {
        read_any = true;
        const std::string_view piece(buffer, static_cast<std::size_t>(got));
        const auto& sink = standard ? command.on_output : command.on_error;
        if (sink) {
          sink(piece);
        } else {
          (standard ? finished.output : finished.error) += piece;
        }
      } else if (got == 0 || errno != EINTR) {
        pipe.close(0);
      }
    };
    if (ready > 0) {
      drain(out, polled[0], true);
      drain(err, polled[1], false);
      if (in.ends[1] >= 0 && polled[2].revents != 0) {
        const ssize_t put = ::write(in.ends[1], unsent.data(), std::min<std::size_t>(unsent.size(), 1 << 12));
        if (put > 0) unsent.remove_prefix(static_cast<std::size_t>(put));
        if (unsent.empty() || (put < 0 && errno != EINTR && errno != EAGAIN)) in.close(1);
      }
    }
    if (reaped && !read_any) break;
    if (command.limit.count() > 0 && !reaped && Clock::now() - started >= command.limit) {
      finished.timed_out = true;
      ::kill(-child, SIGKILL);
      ::waitpid(child, &status, 0);
      reaped = true;
    }
  }
  finished.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
  if (WIFEXITED(status) && !finished.timed_out) finished.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
  return finished;
}

Process::Process(const Command& command) : name_(command.arguments.at(0)) {
  Pipe in;
  Pipe out;
  const int null_error = open_null(O_WRONLY);
  try {
    pid_ = spawn(command, in.ends[0], out.ends[1], null_error);
  } catch (...) {
    ::close(null_error);
    throw;
  }
  ::close(null_error);
  input_ = in.release(1);
  output_ = out.release(0);
}

Process::~Process() {
  ::close(input_);
  ::close(output_);
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::write(std::string_view text) {
  ::signal(SIGPIPE, SIG_IGN);
  while (!text.empty()) {
    const ssize_t put = ::write(input_, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw Undecided(fmt::format("'{}' has ended: {}", name_, std::strerror(errno)));
    text.remove_prefix(static_cast<std::size_t>(put));
  }
}

bool Process::fill() {
  if (start_ > 0) {
    buffer_.erase(0, start_);
    start_ = 0;
  }
  char piece[1 << 16];
  ssize_t got = 0;
  do got = ::read(output_, piece, sizeof piece);
  while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  buffer_.append(piece, static_cast<std::size_t>(got));
  return true;
}

std::string Process::read_line() {
  std::size_t searched = start_;
  for (;;) {
    const std::size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(start_, end - start_);
      start_ = end + 1;
      return line;
    }
    searched = buffer_.size() - start_;
    if (!fill()) throw Undecided(fmt::format("'{}' ended before its answer was complete", name_));
  }
}

std::string Process::read_exactly(std::size_t bytes) {
  while (buffer_.size() - start_ < bytes) {
    if (!fill()) throw Undecided(fmt::format("'{}' ended before its answer was complete", name_));
  }
  std::string piece = buffer_.substr(start_, bytes);
  start_ += bytes;
  return piece;
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
  const std::string found = resolve(Command{.arguments = {std::string(name)}});
  if (found.empty()) return std::nullopt;
  return found;
}

}  // namespace exitgate
