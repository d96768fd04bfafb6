#include "harness/collect/migrations/sql_file.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

// "-- +goose Down" → 'd', "-- migrate:up transaction:false" → 'u', anything else 0.
char section(std::string_view line) {
  if (!line.starts_with("--")) return 0;
  const std::string word = lower(trim(line.substr(2)));
  constexpr std::array<std::string_view, 3> kMarks = {"+goose ", "+migrate ", "migrate:"};
  for (const auto mark : kMarks) {
    if (!word.starts_with(mark)) continue;
    const std::string_view direction = trim(std::string_view(word).substr(mark.size()));
    if (direction.starts_with("up")) return 'u';
    if (direction.starts_with("down")) return 'd';
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

void add_upgrade(std::string_view text, Statements& statements) {
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
    } else if (const char mark = section(line); mark != 0) {
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
