// The records of tools/, in the order in which they read.
#include <algorithm>
#include <cctype>

#include "harness/collect/migrations/tool.h"
#include "harness/collect/migrations/tool_list.h"

namespace exitgate::collect {

namespace {

// "--+goosedown" for "-- +goose Down".
std::string without_blanks(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      bare += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return bare;
}

}  // namespace

const std::vector<Tool>& all_tools() {
  static const std::vector<Tool> all = [] {
    std::vector<Tool> tools;
    for (const auto& records : tool_list()) {
      for (auto& one : records()) tools.push_back(std::move(one));
    }
    std::stable_sort(tools.begin(), tools.end(),
                     [](const Tool& a, const Tool& b) { return a.recognized < b.recognized; });
    return tools;
  }();
  return all;
}

const Tool* find_tool(std::string_view name) {
  const auto& all = all_tools();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Tool& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string state_query(std::string_view query, std::string_view table) {
  std::string filled(query);
  constexpr std::string_view kMark = "{table}";
  for (std::size_t at = 0; (at = filled.find(kMark, at)) != std::string::npos; at += table.size())
    filled.replace(at, kMark.size(), table);
  return filled;
}

std::string state_table(const Tool& tool) {
  if (!tool.state_table.empty()) return tool.state_table;
  return tool.tables.empty() ? "" : tool.tables.front();
}

bool begins_section(std::string_view line, std::string_view comment) {
  return !comment.empty() && !line.empty() && line.front() == comment.front() &&
         without_blanks(line).starts_with(without_blanks(comment));
}

bool has_section(std::string_view text, std::string_view comment) {
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view line = text.substr(start, end - start);
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (begins_section(line, comment)) return true;
    start = end + 1;
  }
  return false;
}

}  // namespace exitgate::collect
