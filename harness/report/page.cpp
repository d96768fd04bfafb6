#include "harness/report/page.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/report/markup.h"

namespace exitgate::report {

namespace {

// Marks are control characters, which plain text never holds.
constexpr char kCode = '\x01';
constexpr char kStrong = '\x02';
constexpr char kEnd = '\x03';

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
  return printable(result);
}

std::string marked(char mark, std::string_view text) {
  return text.empty() ? "" : mark + one_line(text) + kEnd;
}

// Calls `render(mark, piece)` for each run of text under one mark; the mark is 0 for plain text.
template <typename Render>
void each_piece(const Inline& text, Render render) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const char mark = rest[0] == kCode || rest[0] == kStrong ? rest[0] : '\0';
    if (mark != '\0') rest.remove_prefix(1);
    constexpr std::string_view kMarks = "\x01\x02";
    const std::size_t end = mark != '\0' ? rest.find(kEnd) : rest.find_first_of(kMarks);
    render(mark, rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end == std::string_view::npos ? rest.size() : end));
    if (mark != '\0' && !rest.empty()) rest.remove_prefix(1);
  }
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

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
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

std::string code_span(std::string_view text) {
  const std::string fence(longest_run(text, '`') + 1, '`');
  const bool padded = text.front() == '`' || text.back() == '`' || trim(text).empty();
  return padded ? fmt::format("{0} {1} {0}", fence, text) : fmt::format("{0}{1}{0}", fence, text);
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

std::string markdown_table(const std::vector<std::vector<Inline>>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += '|';
    for (const auto& cell : rows[i]) text += fmt::format(" {} |", without_bars(inline_markdown(cell)));
    text += '\n';
    if (i > 0) continue;
    text += '|';
    for (std::size_t column = 0; column < rows[i].size(); ++column) text += " --- |";
    text += '\n';
  }
  return text;
}

std::string markdown_commands(const std::vector<std::string>& lines) {
  std::size_t ticks = 2;
  for (const auto& line : lines) ticks = std::max(ticks, longest_run(line, '`'));
  const std::string fence(ticks + 1, '`');
  return fmt::format("{0}sh\n{1}\n{0}\n", fence, join(lines, "\n"));
}

std::string without_marks(const Inline& text) {
  std::string result;
  each_piece(text, [&](char, std::string_view piece) { result += piece; });
  return result;
}

std::string html_table(const std::vector<std::vector<Inline>>& rows) {
  // A table that is wider than the screen is scrolled by its own box, by the keyboard too.
  std::string text = "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table";
  for (const auto& column : rows[0])
    text += (&column == &rows[0][0] ? ": " : ", ") + xml_escape(without_marks(column));
  text += "\"><table>\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += "<tr>";
    for (const auto& cell : rows[i])
      text += fmt::format("<{0}>{1}</{0}>", i == 0 ? "th" : "td", inline_html(cell));
    text += "</tr>\n";
  }
  return text + "</table></div>\n";
}

}  // namespace

Inline plain(std::string_view text) {
  return one_line(text);
}
Inline code(std::string_view text) {
  return marked(kCode, text);
}
Inline strong(std::string_view text) {
  return marked(kStrong, text);
}

Inline prose(std::string_view text) {
  const auto parts = split(text, '`');
  if (parts.size() % 2 == 0) return plain(text);  // one that is not closed is only a character
  Inline result;
  for (std::size_t i = 0; i < parts.size(); ++i) result += i % 2 == 0 ? plain(parts[i]) : code(parts[i]);
  return result;
}

Inline code_place(std::string_view file, long long line) {
  return line > 0 && !file.empty() ? code(fmt::format("{}:{}", file, line)) : code(file);
}

std::string inline_markdown(const Inline& text) {
  std::string result;
  each_piece(text, [&](char mark, std::string_view piece) {
    if (mark == kCode) {
      result += code_span(piece);
    } else if (mark == kStrong) {
      result += fmt::format("**{}**", escaped(piece));
    } else {
      result += escaped(piece);
    }
  });
  return result;
}

std::string inline_html(const Inline& text) {
  std::string result;
  each_piece(text, [&](char mark, std::string_view piece) {
    const std::string safe = xml_escape(piece);
    if (mark == kCode) {
      result += fmt::format("<code>{}</code>", safe);
    } else if (mark == kStrong) {
      result += fmt::format("<strong>{}</strong>", safe);
    } else {
      result += safe;
    }
  });
  return result;
}

void Page::heading(int level, const Inline& text) {
  blocks_.push_back({Block::Kind::heading, level, {{text}}});
}
void Page::paragraph(const Inline& text) {
  blocks_.push_back({Block::Kind::paragraph, 0, {{text}}});
}
void Page::list(const std::vector<Inline>& items) {
  blocks_.push_back({Block::Kind::list, 0, {items}});
}

void Page::commands(const std::vector<std::string>& lines) {
  std::vector<std::string> clean;
  clean.reserve(lines.size());
  for (const auto& line : lines) clean.push_back(one_line(line));
  blocks_.push_back({Block::Kind::commands, 0, {clean}});
}

void Page::table(const std::vector<std::string>& header, const std::vector<std::vector<Inline>>& rows,
                 std::size_t most, const Inline& rest) {
  const std::size_t shown = most > 0 ? std::min(most, rows.size()) : rows.size();
  std::vector<std::vector<Inline>> all = {header};
  all.insert(all.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(shown));
  blocks_.push_back({Block::Kind::table, 0, std::move(all)});
  if (shown < rows.size()) paragraph(fmt::format("… and {} more: {}", rows.size() - shown, rest));
}

std::string Page::markdown() const {
  std::string text;
  for (const auto& block : blocks_) {
    if (!text.empty()) text += '\n';
    switch (block.kind) {
      case Block::Kind::heading:
        text += fmt::format("{} {}\n", std::string(static_cast<std::size_t>(block.level), '#'),
                            inline_markdown(block.rows[0][0]));
        break;
      case Block::Kind::paragraph:
        text += inline_markdown(block.rows[0][0]) + "\n";
        break;
      case Block::Kind::commands:
        text += markdown_commands(block.rows[0]);
        break;
      case Block::Kind::list:
        for (const auto& item : block.rows[0]) text += fmt::format("- {}\n", inline_markdown(item));
        break;
      case Block::Kind::table:
        text += markdown_table(block.rows);
        break;
    }
  }
  return text;
}

std::string Page::html() const {
  std::string text;
  for (const auto& block : blocks_) {
    switch (block.kind) {
      case Block::Kind::heading:
        text += fmt::format("<h{0}>{1}</h{0}>\n", block.level, inline_html(block.rows[0][0]));
        break;
      case Block::Kind::paragraph:
        text += fmt::format("<p>{}</p>\n", inline_html(block.rows[0][0]));
        break;
      case Block::Kind::commands: {
        std::string lines;
        for (const auto& line : block.rows[0]) lines += xml_escape(line) + "\n";
        text += fmt::format("<pre tabindex=\"0\" role=\"region\" aria-label=\"Commands\">{}</pre>\n", lines);
        break;
      }
      case Block::Kind::list:
        text += "<ul>\n";
        for (const auto& item : block.rows[0]) text += fmt::format("<li>{}</li>\n", inline_html(item));
        text += "</ul>\n";
        break;
      case Block::Kind::table:
        text += html_table(block.rows);
        break;
    }
  }
  return text;
}

}  // namespace exitgate::report
