#include "harness/check/shell.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/commands/shell.h"
#include "harness/commands/tools.h"
#include "harness/commands/wrappers.h"

namespace exitgate::check {

namespace {

constexpr int kDeepest = 5;  // of scripts in each other

void add_commands(std::string_view script, int depth, std::vector<std::vector<std::string>>& all) {
  for (auto& command : commands::parse_shell(script)) {
    const commands::Unwrapped inner = commands::unwrap(command.words);
    const std::string program = commands::program_name(command.words[0]);
    const bool reads_input = (program == "bash" || program == "sh") && !command.input.empty();
    all.push_back(std::move(command.words));
    if (depth == kDeepest) continue;
    if (inner.what == commands::Unwrapped::script) add_commands(inner.text, depth + 1, all);
    if (reads_input) add_commands(command.input, depth + 1, all);
  }
}

constexpr std::array<std::string_view, 22> kOnlyNames = {
    "install", "add",  "uninstall", "download", "echo",   "printf",   "grep",  "rg",
    "which",   "cat",  "ls",        "cp",       "mv",     "rm",       "mkdir", "sed",
    "type",    "test", "[",         "[[",       "export", "--version"};

bool only_names(const std::vector<std::string>& command, std::size_t before) {
  for (std::size_t i = 0; i < command.size(); ++i) {
    if (command[i] == "--version" || command[i] == "--help") return true;
    if (i < before && std::find(kOnlyNames.begin(), kOnlyNames.end(), command[i]) != kOnlyNames.end())
      return true;
  }
  return false;
}

}  // namespace

std::vector<std::vector<std::string>> shell_commands(std::string_view script) {
  std::vector<std::vector<std::string>> commands;
  add_commands(script, 0, commands);
  return commands;
}

bool matches(const std::vector<std::string>& command, std::string_view pattern) {
  std::vector<std::string> wanted;
  for (auto& word : split(pattern, ' ')) {
    if (!word.empty()) wanted.push_back(std::move(word));
  }
  if (wanted.empty()) return false;
  std::size_t found = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < command.size() && found < wanted.size(); ++i) {
    const std::string_view word = command[i];
    const auto slash = word.rfind('/');
    const auto base = slash == std::string_view::npos ? word : word.substr(slash + 1);
    if (glob_match(wanted[found], word) || glob_match(wanted[found], base)) {
      if (found == 0) first = i;
      ++found;
    }
  }
  return found == wanted.size() && !only_names(command, first);
}

}  // namespace exitgate::check
