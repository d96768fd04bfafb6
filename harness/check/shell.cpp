#include "harness/check/shell.h"

#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/characters.h"
#include "harness/base/text.h"

namespace exitgate::check {

namespace {

constexpr std::string_view kSpace = " \t";

// Lines with continuations joined.
std::vector<std::string> logical_lines(std::string_view script) {
  std::vector<std::string> lines;
  bool continued = false;
  for (auto& line : split(script, '\n')) {
    if (line.ends_with('\r')) line.pop_back();
    const bool continues = line.ends_with('\\');
    if (continues) line.pop_back();
    if (continued) {
      lines.back() += ' ' + line;
    } else {
      lines.push_back(std::move(line));
    }
    continued = continues;
  }
  return lines;
}

// The word that ends the here-document begun on this line: `cat <<'EOF' > file` gives EOF.
std::optional<std::string> here_document_end(std::string_view line) {
  const auto at = line.find("<<");
  if (at == std::string_view::npos || line.substr(at).starts_with("<<<")) return std::nullopt;
  auto rest = line.substr(at + 2);
  while (!rest.empty() && (rest.front() == '-' || rest.front() == '\'' || rest.front() == '"' ||
                           rest.front() == '\\' || rest.front() == ' ')) {
    rest.remove_prefix(1);
  }
  std::string word;
  for (const char c : rest) {
    if (!is_word_char(c)) break;
    word += c;
  }
  return word.empty() ? std::nullopt : std::optional(word);
}

bool read_by_shell(std::string_view line) {
  for (const auto& word : split(line.substr(0, line.find("<<")), ' ')) {
    if (word == "bash" || word == "sh" || word.ends_with("/bash") || word.ends_with("/sh")) return true;
  }
  return false;
}

bool ends_command(char c) {
  return c == ';' || c == '&' || c == '|' || c == '(' || c == ')' || c == '`';
}

class Splitter {
 public:
  explicit Splitter(std::vector<std::vector<std::string>>& commands) : commands_(commands) {}

  void line(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '#' && word_.empty() && !in_word_) break;
      if (c == '\\' && i + 1 < text.size()) {
        word_ += text[++i];
        in_word_ = true;
      } else if (c == '\'' || c == '"') {
        in_word_ = true;
      } else if (kSpace.find(c) != std::string_view::npos) {
        end_word();
      } else if (ends_command(c) && !(c == '&' && i > 0 && text[i - 1] == '>')) {  // `2>&1` goes on
        end_command();
      } else {
        word_ += c;
        in_word_ = true;
      }
    }
    end_command();
  }

 private:
  void end_word() {
    if (in_word_ || !word_.empty()) command_.push_back(word_);
    word_.clear();
    in_word_ = false;
  }
  void end_command() {
    end_word();
    if (!command_.empty()) commands_.push_back(std::move(command_));
    command_.clear();
  }

  std::vector<std::vector<std::string>>& commands_;
  std::vector<std::string> command_;
  std::string word_;
  bool in_word_ = false;
};

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
  Splitter splitter(commands);
  std::optional<std::string> until;
  for (const auto& line : logical_lines(script)) {
    if (until) {
      if (trim(line) == *until) until.reset();
      continue;
    }
    splitter.line(line);
    if (!read_by_shell(line)) until = here_document_end(line);
  }
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
