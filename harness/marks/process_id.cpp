#include "harness/marks/process_id.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include "harness/base/text.h"

namespace exitgate::marks {

namespace {

struct Stat {
  ProcessId id;
  std::string program;
  char state = 'X';
  pid_t parent = 0;
};

template <typename Number>
bool parse_number(std::string_view text, Number& number) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size();
}

// /proc/PID/stat: "PID (PROGRAM) STATE PARENT … START …"; the program's name may hold anything, ')' too.
std::optional<Stat> read_stat(pid_t pid) {
  const int file = ::open(fmt::format("/proc/{}/stat", pid).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return std::nullopt;
  std::array<char, 2048> buffer{};
  const ssize_t got = ::read(file, buffer.data(), buffer.size());
  ::close(file);
  if (got <= 0) return std::nullopt;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(got));
  const auto open = text.find('(');
  const auto close = text.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close + 2 > text.size())
    return std::nullopt;
  const auto fields = split(text.substr(close + 2), ' ');  // the first one is field 3
  constexpr std::size_t kParent = 4 - 3;
  constexpr std::size_t kStart = 22 - 3;
  Stat stat;
  stat.id.pid = pid;
  stat.program = text.substr(open + 1, close - open - 1);
  if (fields.size() <= kStart || fields[0].size() != 1 || !parse_number(fields[kParent], stat.parent) ||
      !parse_number(fields[kStart], stat.id.start)) {
    return std::nullopt;
  }
  stat.state = fields[0][0];
  return stat;
}

}  // namespace

std::string ProcessId::name() const {
  return fmt::format("{}-{}", pid, start);
}

std::optional<ProcessId> process_named(const std::string& name) {
  const auto dash = name.find('-');
  ProcessId id;
  if (dash == std::string::npos || !parse_number(std::string_view(name).substr(0, dash), id.pid) ||
      !parse_number(std::string_view(name).substr(dash + 1), id.start)) {
    return std::nullopt;
  }
  return id;
}

ProcessId process_id_of(pid_t pid) {
  const auto stat = read_stat(pid);
  return stat ? stat->id : ProcessId{pid, 0};
}

ProcessId this_process() {
  return process_id_of(::getpid());
}

ProcessId parent_process() {
  return process_id_of(::getppid());
}

bool is_alive(const ProcessId& process) {
  const auto stat = read_stat(process.pid);
  return stat && stat->id == process && stat->state != 'Z' && stat->state != 'X';
}

bool is_ancestor(const ProcessId& process) {
  pid_t at = ::getppid();
  while (at > 0) {
    const auto stat = read_stat(at);
    if (!stat) return false;
    if (stat->id == process) return true;
    at = stat->parent;
  }
  return false;
}

std::string program_of(const ProcessId& process) {
  const auto stat = read_stat(process.pid);
  return stat && stat->id == process ? stat->program : "process";
}

}  // namespace exitgate::marks
