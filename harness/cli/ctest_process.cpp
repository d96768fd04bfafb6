#include "harness/cli/ctest_process.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/output.h"

namespace exitgate::cli {

namespace {

// "96% tests passed, 2 tests failed out of 53", and since CMake 4.2 without "tests" twice.
bool is_count_of_tests(std::string_view line) {
  const std::size_t percent = line.find_first_not_of("0123456789");
  return percent != 0 && percent != std::string_view::npos &&
         line.substr(percent).starts_with("% tests passed");
}

bool is_noise(std::string_view line) {
  constexpr std::string_view kNoise[] = {"Internal ctest changing into directory: ",
                                         "Test project ",
                                         "Errors while running CTest",
                                         "No tests were found!!!",
                                         "Output from these tests are in: ",
                                         "Use \"--rerun-failed"};
  return std::any_of(std::begin(kNoise), std::end(kNoise),
                     [&](std::string_view noise) { return line.starts_with(noise); });
}

// Reads until ctest has ended; what a process that it left behind still writes is not waited for.
void show_output(int from, pid_t child, CTestOutput& output, int& status) {
  std::array<char, 4096> buffer{};
  bool ended = false;
  for (;;) {
    pollfd ready{from, POLLIN, 0};
    const int got = ::poll(&ready, 1, ended ? 0 : 100);
    if (got > 0) {
      const ssize_t size = ::read(from, buffer.data(), buffer.size());
      if (size > 0) {
        const auto lines = output.add({buffer.data(), static_cast<std::size_t>(size)});
        if (!lines.empty()) say(lines);
        continue;
      }
      if (size < 0 && errno == EINTR) continue;
      break;  // all have closed it
    }
    if (ended) return;
    ended = ::waitpid(child, &status, WNOHANG) == child;
  }
  while (!ended && ::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

bool CTestOutput::shows(std::string_view line) {
  closed_ = closed_ || is_count_of_tests(line);
  return !closed_ && !is_noise(line);
}

std::string CTestOutput::add(std::string_view piece) {
  std::string shown;
  for (;;) {
    const std::size_t end = piece.find('\n');
    pending_ += piece.substr(0, end);
    if (end == std::string_view::npos) return shown;
    piece.remove_prefix(end + 1);
    if (shows(pending_)) {
      shown += pending_ + "\n";
    } else if (closed_) {
      closing_ += pending_ + "\n";
    }
    pending_.clear();
  }
}

std::string CTestOutput::finish() {
  return pending_.empty() ? "" : add("\n");
}

CTestEnd run_ctest(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  std::fflush(nullptr);
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Undecided(fmt::format("cannot start ctest: {}", std::strerror(errno)));
  const pid_t self = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw Undecided(fmt::format("cannot start ctest: {}", std::strerror(errno)));
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != self) ::_exit(127);
    ::dup2(ends[1], STDOUT_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    ::execvp("ctest", pointers.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  ::signal(SIGINT, SIG_IGN);
  CTestOutput output;
  int status = 0;
  show_output(ends[0], child, output, status);
  ::close(ends[0]);
  if (const auto rest = output.finish(); !rest.empty()) say(rest);
  if (WIFSIGNALED(status)) return {0, WTERMSIG(status), output.closing()};
  return {WEXITSTATUS(status), 0, output.closing()};
}

}  // namespace exitgate::cli
