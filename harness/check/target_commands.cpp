#include "harness/check/target_commands.h"

#include <algorithm>
#include <vector>

#include "harness/base/text.h"

namespace exitgate::check {

namespace {
constexpr std::size_t kLines = 3;
constexpr std::size_t kLongest = 400;
constexpr std::int64_t kNotExecutable = 126;
constexpr std::int64_t kNotFound = 127;
}  // namespace

bool was_not_begun(std::string_view outcome) {
  return outcome.starts_with("not run:") || outcome.starts_with("not begun:") ||
         outcome.starts_with("cannot run");
}

bool could_not_run(std::optional<std::int64_t> exit_code) {
  return !exit_code || *exit_code == kNotExecutable || *exit_code == kNotFound;
}

std::string last_lines(std::string_view tail) {
  std::vector<std::string> lines;
  for (const auto& line : split(tail, '\n')) {
    if (const auto text = trim(line); !text.empty()) lines.emplace_back(text);
  }
  if (lines.size() > kLines) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kLines));
  std::string said = join(lines, " / ");
  if (said.size() > kLongest) said = "…" + valid_utf8(said.substr(said.size() - kLongest));
  return said;
}

}  // namespace exitgate::check
