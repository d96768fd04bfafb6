#include "harness/collect/environment/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace exitgate::collect::environment {

namespace {

// The value behind `key` and its separator on the first line of `file` that starts with it.
std::string value_in(const std::string& file, std::string_view key, char separator) {
  std::string text;
  try {
    text = read_file(file);
  } catch (const Error&) {
    return "";
  }
  for (const auto& line : split(text, '\n')) {
    const std::size_t at = line.find(separator);
    if (at == std::string::npos || trim(std::string_view(line).substr(0, at)) != key) continue;
    std::string_view value = trim(std::string_view(line).substr(at + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return std::string(value);
  }
  return "";
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe_machine() {
  std::vector<std::pair<std::string, std::string>> found;
  const auto add = [&](const char* name, std::string value) {
    if (!value.empty()) found.emplace_back(name, std::move(value));
  };
  add("system", value_in("/etc/os-release", "PRETTY_NAME", '='));
  utsname kernel{};
  if (::uname(&kernel) == 0) {
    add("kernel", std::string(kernel.sysname) + " " + kernel.release);
    add("architecture", kernel.machine);
  }
  add("processor", value_in("/proc/cpuinfo", "model name", ':'));
  const long processors = ::sysconf(_SC_NPROCESSORS_ONLN);
  if (processors > 0) add("processors", std::to_string(processors));
  const long pages = ::sysconf(_SC_PHYS_PAGES);
  const long page = ::sysconf(_SC_PAGESIZE);
  if (pages > 0 && page > 0) add("memory_mib", std::to_string(pages / 1024 * page / 1024));
  add("superuser", ::geteuid() == 0 ? "1" : "0");
  std::error_code ignored;
  add("container", std::filesystem::exists("/.dockerenv", ignored) ||
                           std::filesystem::exists("/run/.containerenv", ignored)
                       ? "1"
                       : "0");
  return found;
}

}  // namespace exitgate::collect::environment
