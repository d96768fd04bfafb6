#include "harness/rows/row_matching.h"

#include <algorithm>
#include <unordered_map>

namespace exitgate::rows {
namespace {

constexpr std::size_t kMostCompared =
    300;  // rows that no key and no equal row explains: each is held against each

template <typename Same>
std::vector<ColumnPair> pairs_by(const ContentTable& before, const ContentTable& after, const Same& same) {
  std::vector<ColumnPair> pairs;
  for (std::size_t one = 0; one < before.columns.size(); ++one) {
    for (std::size_t other = 0; other < after.columns.size(); ++other) {
      if (same(before.columns[one], after.columns[other]))
        pairs.push_back({one, other, Comparable(before.columns[one], after.columns[other])});
    }
  }
  return pairs;
}

// The values of the pairs as one text.
std::string text_of(const std::vector<ColumnPair>& pairs, const std::vector<Value>& row, bool is_before) {
  std::string text;
  for (const auto& pair : pairs) {
    const auto value = compared(pair, row[is_before ? pair.before : pair.after]);
    text += value ? "=" + *value : "-";
    text += '\x1f';
  }
  return text;
}

class Matching {
 public:
  Matching(const ContentTable& before, const ContentTable& after)
      : before_(before), after_(after), matches_(before.rows.size(), -1), taken_(after.rows.size(), false) {}

  // Rows that are equal in these columns.
  void by(const std::vector<ColumnPair>& pairs) {
    if (pairs.empty()) return;
    std::unordered_map<std::string, std::vector<std::size_t>> places;
    for (std::size_t at = after_.rows.size(); at > 0; --at) {
      if (!taken_[at - 1]) places[text_of(pairs, after_.rows[at - 1], false)].push_back(at - 1);
    }
    for (std::size_t at = 0; at < before_.rows.size(); ++at) {
      if (matches_[at] >= 0) continue;
      const auto found = places.find(text_of(pairs, before_.rows[at], true));
      if (found == places.end() || found->second.empty()) continue;
      take(at, found->second.back());
      found->second.pop_back();
    }
  }

  // Rows that are equal in most of what is not NULL.
  void by_likeness(const std::vector<ColumnPair>& pairs) {
    std::vector<std::size_t> rows;
    std::vector<std::size_t> others;
    for (std::size_t at = 0; at < matches_.size(); ++at) {
      if (matches_[at] < 0) rows.push_back(at);
    }
    for (std::size_t at = 0; at < taken_.size(); ++at) {
      if (!taken_[at]) others.push_back(at);
    }
    if (rows.size() > kMostCompared || others.size() > kMostCompared) return;
    for (const auto row : rows) {
      std::size_t best = after_.rows.size();
      int most = 0;
      for (const auto other : others) {
        if (taken_[other]) continue;
        int equal = 0;
        int all = 0;
        for (const auto& pair : pairs) {
          const auto value = compared(pair, before_.rows[row][pair.before]);
          if (!value) continue;
          ++all;
          if (value == compared(pair, after_.rows[other][pair.after])) ++equal;
        }
        if (equal > most && equal * 2 >= all) {
          most = equal;
          best = other;
        }
      }
      if (best < after_.rows.size()) take(row, best);
    }
  }

  // Where no column is left to tell them by.
  void by_order() {
    for (std::size_t at = 0; at < std::min(before_.rows.size(), after_.rows.size()); ++at) take(at, at);
  }

  std::vector<int> result() { return std::move(matches_); }

 private:
  void take(std::size_t row, std::size_t other) {
    matches_[row] = static_cast<int>(other);
    taken_[other] = true;
  }

  const ContentTable& before_;
  const ContentTable& after_;
  std::vector<int> matches_;
  std::vector<bool> taken_;
};

}  // namespace

Value compared(const ColumnPair& pair, const Value& value) {
  return value ? Value(pair.comparable(*value)) : Value();
}

std::vector<ColumnPair> pairs_by_number(const ContentTable& before, const ContentTable& after) {
  return pairs_by(before, after,
                  [](const auto& one, const auto& other) { return one.number == other.number; });
}

std::vector<ColumnPair> pairs_by_name(const ContentTable& before, const ContentTable& after) {
  return pairs_by(before, after, [](const auto& one, const auto& other) { return one.name == other.name; });
}

std::vector<int> match_rows(const ContentTable& before, const ContentTable& after,
                            const std::vector<ColumnPair>& pairs) {
  Matching matching(before, after);
  std::vector<ColumnPair> key;
  for (const auto& pair : pairs) {
    const int number = before.columns[pair.before].number;
    if (std::find(before.key.begin(), before.key.end(), number) != before.key.end()) key.push_back(pair);
  }
  const bool has_key = !before.key.empty() && key.size() == before.key.size();
  if (has_key) matching.by(key);
  if (!has_key) matching.by(pairs);
  if (pairs.empty()) matching.by_order();
  matching.by_likeness(pairs);
  return matching.result();
}

}  // namespace exitgate::rows
