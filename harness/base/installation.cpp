#include "harness/base/installation.h"

namespace exitgate {

namespace {

std::filesystem::path from_program(const char* relative) {
  return (program_path().parent_path() / relative).lexically_normal();
}

}  // namespace

std::filesystem::path program_path() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

std::filesystem::path checks_directory() {
  auto installed = from_program(EXITGATE_CHECKS_FROM_PROGRAM);
  std::error_code ignored;
  return std::filesystem::is_directory(installed, ignored) ? installed : from_program("checks");
}

std::filesystem::path gates_directory() {
  auto folder = from_program(EXITGATE_GATES_FROM_PROGRAM);
  std::error_code ignored;
  if (!std::filesystem::exists(folder, ignored)) folder = from_program("../share/exitgate/gates");
  // A link in the build tree: messages name the files that a developer edits.
  return std::filesystem::is_symlink(folder, ignored) ? std::filesystem::canonical(folder) : folder;
}

}  // namespace exitgate
