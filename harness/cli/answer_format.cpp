#include "harness/cli/answer_format.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::cli {

namespace {

using facts::Cell;

constexpr std::size_t kNarrowest = 8;  // to which a text is cut on a terminal that is too small for it
constexpr std::string_view kSeparator = " | ";

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string text_of(const Cell& cell, std::string_view null) {
  return std::visit(Overloaded{[&](std::monostate) { return std::string(null); },
                               [](std::int64_t number) { return std::to_string(number); },
                               [](double number) { return Json(number).dump(); },
                               [](const std::string& text) { return text; }},
                    cell);
}

bool is_number(const Cell& cell) {
  return std::holds_alternative<std::int64_t>(cell) || std::holds_alternative<double>(cell);
}

// The first character of valid UTF-8 and how many bytes it has.
char32_t first_of(std::string_view text, std::size_t& bytes) {
  const auto lead = static_cast<unsigned char>(text.front());
  bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  bytes = std::min(bytes, text.size());
  if (bytes == 1) return lead;
  char32_t character = lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i)
    character = (character << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  return character;
}

// Columns that a character takes on a terminal, for the ranges that are common in names and messages.
std::size_t columns_of(char32_t character) {
  const auto in = [character](char32_t first, char32_t last) {
    return character >= first && character <= last;
  };
  if (in(0x300, 0x36F) || in(0x200B, 0x200F) || in(0xFE00, 0xFE0F)) return 0;
  if (in(0x1100, 0x115F) || in(0x2E80, 0xA4CF) || in(0xAC00, 0xD7A3) || in(0xF900, 0xFAFF) ||
      in(0xFE30, 0xFE6F) || in(0xFF00, 0xFF60) || in(0xFFE0, 0xFFE6) || in(0x1F300, 0x1FAFF) ||
      in(0x20000, 0x3FFFD))
    return 2;
  return 1;
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  std::size_t bytes = 0;
  for (; !text.empty(); text.remove_prefix(bytes)) columns += columns_of(first_of(text, bytes));
  return columns;
}

// As much of a text as fits, with an ellipsis where it does not.
std::string fitted(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::string cut;
  std::size_t columns = 0;
  std::size_t bytes = 0;
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(bytes)) {
    const auto more = columns_of(first_of(rest, bytes));
    if (columns + more + 1 > width) break;
    columns += more;
    cut.append(rest.substr(0, bytes));
  }
  return cut + "…";
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const auto columns = display_width(text);
  const std::string space(width > columns ? width - columns : 0, ' ');
  return right ? space + text : text + space;
}

// Takes from the widest columns until all fit.
void fit(std::vector<std::size_t>& widths, std::size_t width) {
  std::size_t total = kSeparator.size() * (widths.size() - 1);
  for (auto& one : widths) total += one = std::min(one, width);
  for (; total > width; --total) {
    const auto widest = std::max_element(widths.begin(), widths.end());
    if (*widest <= kNarrowest) return;
    --*widest;
  }
}

std::string trimmed_right(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string csv_field(const Cell& cell) {
  if (std::holds_alternative<std::monostate>(cell)) return "";
  const auto text = text_of(cell, "");
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

std::string as_table(const facts::Answer& answer, std::size_t width) {
  const std::size_t count = answer.columns.size();
  std::vector<std::string> names;
  std::vector<std::size_t> widths;
  for (const auto& name : answer.columns) {
    names.push_back(printable(name));
    widths.push_back(display_width(names.back()));
  }
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> numbers(count);
  std::vector<bool> texts(count);
  for (const auto& row : answer.rows) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < count; ++i) {
      cells.push_back(printable(text_of(row[i], "NULL")));
      widths[i] = std::max(widths[i], display_width(cells[i]));
      if (is_number(row[i])) numbers[i] = true;
      if (std::holds_alternative<std::string>(row[i])) texts[i] = true;
    }
    rows.push_back(std::move(cells));
  }
  if (width > 0) fit(widths, width);
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      text.append(i == 0 ? std::string_view() : kSeparator);
      text.append(padded(fitted(cells[i], widths[i]), widths[i], numbers[i] && !texts[i]));
    }
    return trimmed_right(std::move(text));
  };
  std::string text = line(names);
  for (std::size_t i = 0; i < count; ++i)
    text.append(i == 0 ? "" : "-+-").append(std::string(widths[i], '-'));
  text += "\n";
  for (const auto& row : rows) text += line(row);
  return text + fmt::format("({})\n", count_of(rows.size(), "row"));
}

std::string as_json(const facts::Answer& answer) {
  std::set<std::string> seen;
  for (const auto& name : answer.columns) {
    if (!seen.insert(name).second)
      throw UsageError(fmt::format("the query gives the column '{}' twice", name),
                       "name one of them otherwise: SELECT a.file, b.file AS other");
  }
  std::string text = "[";
  bool first = true;
  for (const auto& row : answer.rows) {
    Json object = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i)
      object[answer.columns[i]] = std::visit(
          Overloaded{[](std::monostate) { return Json(); }, [](const auto& value) { return Json(value); }},
          row[i]);
    text.append(first ? "\n  " : ",\n  ").append(object.dump());
    first = false;
  }
  return text + (first ? "]\n" : "\n]\n");
}

std::string as_csv(const facts::Answer& answer) {
  std::string text;
  for (std::size_t i = 0; i < answer.columns.size(); ++i)
    text.append(i == 0 ? "" : ",").append(csv_field(answer.columns[i]));
  text += "\r\n";
  for (const auto& row : answer.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) text.append(i == 0 ? "" : ",").append(csv_field(row[i]));
    text += "\r\n";
  }
  return text;
}

}  // namespace exitgate::cli
