#include "harness/rows/kept_values.h"

#include <algorithm>
#include <iterator>
#include <numeric>

#include "harness/base/text.h"
#include "harness/rows/catalog.h"

namespace exitgate::rows {
namespace {

std::string name_of(const ContentTable& table, const ContentColumn& column) {
  const bool plain = !column.name.empty() && std::all_of(column.name.begin(), column.name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  return table.name + "." + (plain ? column.name : "\"" + column.name + "\"");
}

constexpr std::size_t kLong = 6;  // bytes of a text that is hardly there twice by chance

// Whether finding these values elsewhere means something: t and f, or some small numbers, are everywhere.
bool is_telling(const std::set<std::string>& values) {
  return std::any_of(values.begin(), values.end(), [](const auto& one) { return one.size() >= kLong; });
}

std::set<std::string> values_of(const ContentTable& table, std::size_t column, const ColumnPair& pair) {
  std::set<std::string> values;
  for (const auto& row : table.rows) {
    if (const auto value = compared(pair, row[column])) values.insert(*value);
  }
  return values;
}

std::vector<std::size_t> all_rows(const ContentTable& table) {
  std::vector<std::size_t> rows(table.rows.size());
  std::iota(rows.begin(), rows.end(), 0U);
  return rows;
}

}  // namespace

KeptValues::KeptValues(const Contents& before, const Contents& after) : after_(after) {
  for (const auto& table : before.tables) {
    auto& columns = known_[table.oid];
    for (const auto& column : table.columns) columns.insert(column.number);
  }
}

bool KeptValues::is_new(const ContentTable& table, const ContentColumn& column) const {
  const auto known = known_.find(table.oid);
  return known == known_.end() || !known->second.contains(column.number);
}

std::string KeptValues::in_same_rows(const ContentTable& table, std::size_t column,
                                     const std::vector<std::size_t>& rows, const ContentTable& now,
                                     const std::vector<int>& matches) const {
  std::string part;
  for (std::size_t other = 0; other < now.columns.size(); ++other) {
    const bool fresh = is_new(now, now.columns[other]);
    const bool same = now.oid == table.oid && now.columns[other].number == table.columns[column].number;
    if (same) continue;
    const ColumnPair pair = {column, other, Comparable(table.columns[column], now.columns[other])};
    bool whole = true;
    bool within = true;
    std::size_t looked = 0;
    std::size_t longest = 0;
    std::set<std::string> values;
    bool same_nulls = false;  // a row is NULL in both
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      if (table.rows[row][column] || matches[row] < 0) continue;
      same_nulls = same_nulls || !now.rows[static_cast<std::size_t>(matches[row])][other];
    }
    for (const auto row : rows) {
      const Value& value = table.rows[row][column];
      if (!value || matches[row] < 0) continue;
      ++looked;
      const Value& found = now.rows[static_cast<std::size_t>(matches[row])][other];
      values.insert(*value);
      longest = std::max(longest, value->size());
      whole = whole && found && compared(pair, found) == compared(pair, value);
      within = within && found && found->find(*value) != std::string::npos;
    }
    if (looked == 0) break;
    // A default in a new column is no copy of a column that has one value; columns that were there may be equal by chance.
    const bool copied = fresh ? values.size() >= 2 || same_nulls || is_telling(values) : is_telling(values);
    if (whole && copied) return name_of(now, now.columns[other]);
    if (within && longest >= 3 && part.empty()) part = name_of(now, now.columns[other]);
  }
  return part;
}

std::string KeptValues::elsewhere(const ContentTable& table, std::size_t column,
                                  const std::vector<std::size_t>& rows, const ContentTable* now,
                                  const std::vector<std::string>& tables) const {
  for (const auto& other : after_.tables) {
    if (&other == now || (!other.complete && table.complete)) continue;
    for (std::size_t at = 0; at < other.columns.size(); ++at) {
      if (!is_new(other, other.columns[at])) continue;
      const ColumnPair pair = {column, at, Comparable(table.columns[column], other.columns[at])};
      std::set<std::string> values;
      for (const auto row : rows) {
        if (const auto value = compared(pair, table.rows[row][column])) values.insert(*value);
      }
      if (values.empty()) continue;
      // Small numbers count in a column of the same name alone, or beside others of the table.
      const bool beside = std::find(tables.begin(), tables.end(), other.name) != tables.end();
      if (!is_telling(values) && !beside && other.columns[at].name != table.columns[column].name) continue;
      const auto there = values_of(other, at, pair);
      if (std::includes(there.begin(), there.end(), values.begin(), values.end()))
        return name_of(other, other.columns[at]);
    }
  }
  return {};
}

std::string KeptValues::column(const ContentTable& table, std::size_t column,
                               const std::vector<std::size_t>& rows, const ContentTable* now,
                               const std::vector<int>& matches) const {
  if (!table.complete) {
    // Of a large table, the same number of values with the same digest.
    for (const auto& other : after_.tables) {
      for (const auto& one : other.columns) {
        if (is_new(other, one) && one.values == table.columns[column].values &&
            one.digest == table.columns[column].digest && one.values > 0)
          return name_of(other, one);
      }
    }
    return {};
  }
  if (now != nullptr && now->complete) {
    if (auto found = in_same_rows(table, column, rows, *now, matches); !found.empty()) return found;
  }
  return elsewhere(table, column, rows, now, {});
}

std::string KeptValues::rows(const ContentTable& table, const std::vector<std::size_t>& rows,
                             const ContentTable* now) const {
  if (rows.empty() || !table.complete) return {};
  ContentTable sought = table;
  sought.key.clear();
  sought.rows.clear();
  for (const auto row : rows) sought.rows.push_back(table.rows[row]);
  for (const auto& other : after_.tables) {
    if (&other == now || !other.complete || other.rows.size() < rows.size() || other.parent != 0) continue;
    const auto pairs = pairs_by_name(sought, other);
    // Each column that has a value must be there.
    bool all = !pairs.empty();
    for (std::size_t column = 0; column < sought.columns.size() && all; ++column) {
      const bool has_values = std::any_of(sought.rows.begin(), sought.rows.end(),
                                          [&](const auto& row) { return row[column].has_value(); });
      all = !has_values || std::any_of(pairs.begin(), pairs.end(),
                                       [&](const ColumnPair& pair) { return pair.before == column; });
    }
    if (!all) continue;
    const auto matches = match_rows(sought, other, pairs);
    bool equal = true;
    for (std::size_t row = 0; row < matches.size() && equal; ++row) {
      equal =
          matches[row] >= 0 && std::all_of(pairs.begin(), pairs.end(), [&](const ColumnPair& pair) {
            const auto value = compared(pair, sought.rows[row][pair.before]);
            return !value ||
                   value == compared(pair, other.rows[static_cast<std::size_t>(matches[row])][pair.after]);
          });
    }
    if (equal) return other.name;
  }
  return {};
}

std::string KeptValues::table(const ContentTable& table) const {
  if (!table.complete) {
    for (const auto& other : after_.tables) {
      if (known_.contains(other.oid) || other.count < table.count) continue;
      const auto pairs = pairs_by_name(table, other);
      if (pairs.size() == table.columns.size() &&
          std::all_of(pairs.begin(), pairs.end(), [&](const ColumnPair& pair) {
            return table.columns[pair.before].digest == other.columns[pair.after].digest;
          }))
        return other.name;
    }
    return {};
  }
  if (table.rows.empty()) return {};
  const auto rows_of = all_rows(table);
  if (auto found = rows(table, rows_of, nullptr); !found.empty()) return found;
  // Where each column is; those of small numbers when it is known where the others are.
  std::vector<std::string> found_in(table.columns.size());
  std::vector<std::string> tables;
  for (const bool last : {false, true}) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      if (table.columns[column].values == 0 || !found_in[column].empty()) continue;
      found_in[column] = elsewhere(table, column, rows_of, nullptr, tables);
      if (found_in[column].empty() && last) return {};
    }
    for (const auto& other : after_.tables) {
      if (std::any_of(found_in.begin(), found_in.end(),
                      [&](const auto& one) { return one.starts_with(other.name + "."); }))
        tables.push_back(other.name);
    }
  }
  std::vector<std::string> places;
  for (auto& one : found_in) {
    if (!one.empty() && std::find(places.begin(), places.end(), one) == places.end())
      places.push_back(std::move(one));
  }
  return join(places, ", ");
}

}  // namespace exitgate::rows
