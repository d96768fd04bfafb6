#include "harness/collect/migrations/sql_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect {

namespace {

std::vector<Sections> sections_of(const Tool* tool) {
  std::vector<Sections> all;
  if (tool != nullptr && !tool->sections.down.empty()) all.push_back(tool->sections);
  for (const auto& one : all_tools()) {
    if (one.sections.unmistakable && &one != tool) all.push_back(one.sections);
  }
  return all;
}

// 'u' where the way up begins, 'd' where the way down does, anything else 0.
char section(std::string_view line, const std::vector<Sections>& sections) {
  if (!line.starts_with("--") && !line.starts_with('#')) return 0;
  for (const auto& one : sections) {
    if (begins_section(line, one.up)) return 'u';
    if (begins_section(line, one.down)) return 'd';
  }
  return 0;
}

bool begins_copy(std::string_view line) {
  const std::string text = lower(line);
  return text.starts_with("copy ") && text.find("from stdin") != std::string::npos && text.ends_with(';');
}

Statement hidden(int line, std::string_view text, const char* reason) {
  Statement statement;
  statement.line = line;
  statement.kind = "undecided";
  statement.text = in_one_line(text);
  statement.reason = reason;
  return statement;
}

// A command of psql's own. True when it is one.
bool psql_command(std::string_view line, int number, Statements& statements) {
  if (!line.starts_with('\\')) return false;
  const std::string_view word = line.substr(0, line.find_first_of(" \t"));
  constexpr std::array<std::string_view, 4> kIncludes = {"\\i", "\\ir", "\\include", "\\include_relative"};
  if (std::find(kIncludes.begin(), kIncludes.end(), word) != kIncludes.end())
    statements.add(hidden(number, line, "the file that it includes is not read"));
  if (word == "\\gexec") statements.add(hidden(number, line, "the statement is put together at run time"));
  if (word == "\\!") statements.add(hidden(number, line, "the command that it runs is not read"));
  return true;
}

}  // namespace

std::string fill_placeholders(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string filled;
  filled.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find("${", at), text.size());
    filled += text.substr(at, begin - at);
    if (begin == text.size()) break;
    const std::size_t end = text.find('}', begin);
    const std::string name(text.substr(begin + 2, end == std::string_view::npos ? 0 : end - begin - 2));
    const bool is_name = !name.empty() && name.find_first_of(" \t\n{$") == std::string::npos;
    if (!is_name) {
      filled += "${";
      at = begin + 2;
      continue;
    }
    if (const auto known = values.find(name); known != values.end()) {
      filled += known->second;
    } else {
      for (const char c : name) filled += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    }
    at = end + 1;
  }
  return filled;
}

std::string up_part(std::string_view text, const Tool* tool) {
  const auto sections = sections_of(tool);
  std::string kept;
  kept.reserve(text.size());
  bool down = false;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    const char mark = section(trim(line), sections);
    if (mark != 0) down = mark == 'd';
    // A comment of "#" is not SQL.
    if (!down && (mark == 0 || line.starts_with("--"))) kept += line;
    if (end < text.size()) kept += '\n';
    start = end + 1;
  }
  return kept;
}

void add_upgrade(std::string_view text, Statements& statements, const Tool* tool) {
  const auto sections = sections_of(tool);
  std::string kept;
  kept.reserve(text.size());
  bool down = false;
  bool data = false;
  int number = 0;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = trim(text.substr(start, end - start));
    ++number;
    bool blank = data || down;
    if (data) {
      data = line != "\\.";
    } else if (const char mark = section(line, sections); mark != 0) {
      down = mark == 'd';
      blank = true;
    } else if (!down) {
      data = begins_copy(line);
      blank = psql_command(line, number, statements);
    }
    if (!blank) kept += text.substr(start, end - start);
    if (end < text.size()) kept += '\n';
    start = end + 1;
  }
  statements.sql(without_variables(kept, Variables::psql));
}

}  // namespace exitgate::collect
