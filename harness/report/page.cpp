#include "harness/report/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::report {

namespace {

// One line of readable text: what would end a line or move a cursor is replaced.
std::string one_line(std::string_view text) {
  std::string result;
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      result += "␤";
    } else if (c == '\t') {
      result += ' ';
    } else if (byte < 0x20 || byte == 0x7f) {
      result += "\xEF\xBF\xBD";
    } else {
      result += c;
    }
  }
  return result;
}

// A bar ends a cell wherever it stands, in code too, unless there is a backslash before it.
std::string without_bars(std::string_view cell) {
  std::string result;
  for (const char c : cell) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string result;
  for (const char c : one_line(text)) {
    switch (c) {
      case '<':
        result += "&lt;";
        break;
      case '&':
        result += "&amp;";
        break;
      case '\\':
      case '`':
      case '*':
      case '_':
      case '[':
      case ']':
      case '#':
      case '~':
      case '$':
        result += '\\';
        result += c;
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string code(std::string_view text) {
  if (text.empty()) return "";
  const std::string inner = one_line(text);
  const std::string fence(longest_run(inner, '`') + 1, '`');
  const bool padded = inner.front() == '`' || inner.back() == '`' || trim(inner).empty();
  return padded ? fmt::format("{0} {1} {0}", fence, inner) : fmt::format("{0}{1}{0}", fence, inner);
}

std::string code_place(std::string_view file, long long line) {
  if (file.empty()) return "";
  return line > 0 ? code(fmt::format("{}:{}", file, line)) : code(file);
}

void Page::heading(int level, std::string_view text) {
  if (!text_.empty()) text_ += '\n';
  text_ += fmt::format("{} {}\n", std::string(static_cast<std::size_t>(level), '#'), plain(text));
}

void Page::paragraph(std::string_view markdown) {
  text_ += fmt::format("\n{}\n", markdown);
}

void Page::fenced(std::string_view language, const std::vector<std::string>& lines) {
  std::size_t ticks = 2;
  for (const auto& line : lines) ticks = std::max(ticks, longest_run(line, '`'));
  const std::string fence(ticks + 1, '`');
  text_ += fmt::format("\n{}{}\n", fence, language);
  for (const auto& line : lines) text_ += one_line(line) + '\n';
  text_ += fence + '\n';
}

void Page::commands(const std::vector<std::string>& lines) {
  fenced("sh", lines);
}
void Page::block(const std::vector<std::string>& lines) {
  fenced("text", lines);
}

void Page::list(const std::vector<std::string>& items) {
  text_ += '\n';
  for (const auto& item : items) text_ += fmt::format("- {}\n", item);
}

void Page::table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                 std::size_t most, std::string_view rest) {
  text_ += fmt::format("\n| {} |\n|", join(header, " | "));
  for (std::size_t i = 0; i < header.size(); ++i) text_ += " --- |";
  text_ += '\n';
  const std::size_t shown = most > 0 ? std::min(most, rows.size()) : rows.size();
  for (std::size_t i = 0; i < shown; ++i) {
    text_ += '|';
    for (const auto& cell : rows[i]) text_ += fmt::format(" {} |", without_bars(cell));
    text_ += '\n';
  }
  if (shown < rows.size()) paragraph(fmt::format("… and {} more: {}", rows.size() - shown, rest));
}

}  // namespace exitgate::report
