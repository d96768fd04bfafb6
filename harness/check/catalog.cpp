#include "harness/check/catalog.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/provisioning.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {

std::vector<std::string> snapshots_to_judge(const Facts& facts, Report& report) {
  for (const schema::Problem& problem : facts.rows<schema::Problem>(
           "WHERE snapshot IS NULL OR snapshot IN ('migrated', 'live') ORDER BY snapshot, reason")) {
    report.undecided({fmt::format("{}:{}", problem.snapshot.value_or(""), problem.reason), "", 0,
                      problem.reason, problem.hint.value_or("")});
  }
  std::vector<std::string> names;
  for (const schema::Snapshot& snapshot :
       facts.rows<schema::Snapshot>("WHERE name IN ('migrated', 'live') ORDER BY name DESC")) {
    names.push_back(snapshot.name);
  }
  if (!names.empty() || !report.undecided_findings().empty()) return names;
  if (has_no_plan(facts)) {
    skip_without_plan(facts, report);
  } else {
    report.undecided({"snapshot", "", 0, "there is no snapshot of a database to look at",
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
  }
  return names;
}

std::string in_snapshot(const std::string& snapshot) {
  return snapshot == "live" ? " (in the live database)" : "";
}

std::vector<std::string> listed(std::string_view definition, std::size_t from) {
  std::vector<std::string> items;
  const auto begin = definition.find('(', from);
  if (begin == std::string_view::npos) return items;
  std::string item;
  int depth = 0;
  char quote = '\0';
  for (std::size_t i = begin; i < definition.size(); ++i) {
    const char c = definition[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(') {
      if (depth++ == 0) continue;
    } else if (c == ')') {
      if (--depth == 0) {
        items.emplace_back(trim(item));
        return items;
      }
    } else if (c == ',' && depth == 1) {
      items.emplace_back(trim(item));
      item.clear();
      continue;
    }
    item += c;
  }
  return {};
}

namespace {

// The column of an index's item: `a` of `a DESC NULLS LAST`, `"a b"` of `"a b" text_pattern_ops`; an
// expression is given whole, and is the name of no column.
std::string column_of(const std::string& item) {
  if (item.starts_with('"')) {
    auto end = item.find('"', 1);
    while (end != std::string::npos && end + 1 < item.size() && item[end + 1] == '"')
      end = item.find('"', end + 2);
    return end == std::string::npos ? item : item.substr(0, end + 1);
  }
  return item.find('(') != std::string::npos ? item : item.substr(0, item.find(' '));
}

}  // namespace

bool leads_with(const std::vector<std::string>& items, const std::vector<std::string>& columns) {
  if (items.size() < columns.size()) return false;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (std::find(columns.begin(), columns.end(), column_of(items[i])) == columns.end()) return false;
  }
  return true;
}

std::string excerpt(const std::string& text, const std::string& other) {
  constexpr std::size_t kRoom = 60;
  std::size_t same = 0;
  while (same < text.size() && same < other.size() && text[same] == other[same]) ++same;
  auto begin = same > kRoom / 2 ? same - kRoom / 2 : 0;
  // Not within a character.
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U) --begin;
  auto end = std::min(text.size(), begin + kRoom);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  std::string part = text.substr(begin, end - begin);
  for (char& c : part) {
    if (c == '\n' || c == '\t' || c == '\r') c = ' ';
  }
  return fmt::format("{}{}{}", begin > 0 ? "..." : "", part, end < text.size() ? "..." : "");
}

}  // namespace exitgate::check
