#include "harness/rows/losses.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <tuple>

#include "harness/base/text.h"
#include "harness/rows/kept_values.h"
#include "harness/rows/row_matching.h"
#include "harness/rows/type_comparison.h"

namespace exitgate::rows {
namespace {

// A value in a message, no longer than a line has room for.
std::string shown(const Value& value) {
  constexpr std::size_t kMost = 60;
  if (!value) return "NULL";
  return "'" + (value->size() <= kMost ? *value : printable(value->substr(0, kMost)) + "…") + "'";
}

class Comparison {
 public:
  Comparison(const Contents& before, const Contents& after, Phase phase)
      : before_(before), after_(after), phase_(phase), kept_(before, after) {
    for (const auto& table : before.tables) before_by_oid_[table.oid] = &table;
    for (const auto& table : after.tables) {
      after_by_oid_[table.oid] = &table;
      after_by_name_[table.name] = &table;
    }
  }

  std::vector<Loss> run() {
    for (const auto& table : before_.tables) {
      const auto now = after_by_oid_.find(table.oid);
      if (table.parent != 0) {
        if (now == after_by_oid_.end()) partition_gone(table);
      } else if (now != after_by_oid_.end()) {
        same_table(table, *now->second);
      } else {
        table_gone(table);
      }
    }
    sequences();
    std::sort(losses_.begin(), losses_.end(), [](const Loss& one, const Loss& other) {
      return std::tie(one.relation, one.kind, one.name, one.detail) <
             std::tie(other.relation, other.kind, other.name, other.detail);
    });
    return std::move(losses_);
  }

 private:
  Loss& add(LossKind kind, const ContentTable& table) {
    losses_.push_back({.phase = phase_, .kind = kind, .relation = table.name});
    return losses_.back();
  }

  static void keep(Loss& loss, std::string place) {
    if (!place.empty()) loss.kept_in = std::move(place);
  }

  Oid root_of(const ContentTable& partition) const {
    Oid root = partition.parent;
    for (auto found = before_by_oid_.find(root); found != before_by_oid_.end() && found->second->parent != 0;
         found = before_by_oid_.find(root))
      root = found->second->parent;
    return root;
  }

  // Its rows may have gone into another partition.
  void partition_gone(const ContentTable& partition) {
    const Oid root = root_of(partition);
    if (!after_by_oid_.contains(root) || partition.kind == 'p') return;
    std::vector<std::size_t> all(partition.rows.size());
    std::iota(all.begin(), all.end(), 0U);
    auto place = kept_.rows(partition, all, nullptr);
    if (place == after_by_oid_.at(root)->name) return;
    Loss& loss = add(LossKind::table, partition);
    loss.count = loss.total = partition.count;
    loss.detail = "partition of " + before_by_oid_.at(root)->name;
    keep(loss, place);
  }

  void table_gone(const ContentTable& table) {
    const auto same_name = after_by_name_.find(table.name);
    const ContentTable* successor = nullptr;
    if (same_name != after_by_name_.end() && !before_by_oid_.contains(same_name->second->oid))
      successor = same_name->second;
    if (successor != nullptr && table.complete && successor->complete) {
      const auto pairs = pairs_by_name(table, *successor);
      const auto matches = match_rows(table, *successor, pairs);
      const bool some = std::any_of(matches.begin(), matches.end(), [](int match) { return match >= 0; });
      if (!some && !table.rows.empty()) successor = nullptr;
    }
    Loss& loss = add(LossKind::table, table);
    loss.count = loss.total = table.count;
    if (successor == nullptr) {
      keep(loss, kept_.table(table));
      if (!loss.kept_in && same_name != after_by_name_.end()) loss.detail = "made anew without its rows";
      if (loss.kept_in) {
        const auto heir = after_by_name_.find(*loss.kept_in);
        if (heir != after_by_name_.end()) heirs_[heir->second->oid] = &table;
      }
      return;
    }
    loss.detail = "made anew";
    loss.kept_in = successor->name;
    heirs_[successor->oid] = &table;
    compare(table, *successor, pairs_by_name(table, *successor));
  }

  void same_table(const ContentTable& table, const ContentTable& now) {
    if (table.name != now.name) add(LossKind::renamed, table).detail = now.name;
    compare(table, now, pairs_by_number(table, now));
  }

  void compare(const ContentTable& table, const ContentTable& now, const std::vector<ColumnPair>& pairs) {
    const bool complete = table.complete && now.complete;
    std::vector<int> matches;
    if (complete) matches = match_rows(table, now, pairs);
    rows_gone(table, now, matches, complete);
    std::vector<bool> there(table.columns.size(), false);
    for (const auto& pair : pairs) {
      there[pair.before] = true;
      const ContentColumn& before = table.columns[pair.before];
      const ContentColumn& after = now.columns[pair.after];
      if (before.name != after.name) {
        Loss& loss = add(LossKind::renamed, table);
        loss.name = before.name;
        loss.detail = after.name;
      }
      if (complete ? values_changed(table, now, pair, matches) : counts_changed(table, now, before, after))
        continue;
      if (holds_less(before, after, before_.enumerations, after_.enumerations)) {
        Loss& loss = add(LossKind::narrowed, table);
        loss.name = before.name;
        loss.count = 0;
        loss.total = before.values;
        loss.detail = types_of(before, after);
      }
    }
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      if (there[column]) continue;
      std::vector<std::size_t> rows;
      for (std::size_t row = 0; row < table.rows.size(); ++row) {
        if (table.rows[row][column]) rows.push_back(row);
      }
      Loss& loss = add(LossKind::column, table);
      loss.name = table.columns[column].name;
      loss.count = loss.total = table.columns[column].values;
      loss.detail = table.columns[column].type;
      keep(loss, kept_.column(table, column, rows, &now, matches));
    }
  }

  std::string types_of(const ContentColumn& before, const ContentColumn& after) const {
    if (before.type != after.type) return before.type + " -> " + after.type;
    if (before.enumeration != after.enumeration) {
      std::string gone;
      const auto had = before_.enumerations.find(before.enumeration);
      const auto has = after_.enumerations.find(after.enumeration);
      if (had == before_.enumerations.end() || has == after_.enumerations.end()) return before.type;
      for (const auto& [label, oid] : had->second) {
        if (!has->second.contains(label)) gone += (gone.empty() ? "" : ", ") + shown(label);
      }
      return fmt::format("{} without {}", before.type, gone);
    }
    return before.type;
  }

  void rows_gone(const ContentTable& table, const ContentTable& now, const std::vector<int>& matches,
                 bool complete) {
    std::vector<std::size_t> gone;
    std::int64_t count = table.count - now.count;
    if (complete) {
      for (std::size_t row = 0; row < matches.size(); ++row) {
        if (matches[row] < 0) gone.push_back(row);
      }
      // Those of partitions that were taken out are elsewhere still.
      if (table.kind == 'p') {
        std::erase_if(gone, [&](std::size_t row) { return is_in_detached(table, row); });
      }
      count = static_cast<std::int64_t>(gone.size());
    }
    if (const auto told = partition_losses_of(table); told > 0) count -= told;
    if (count <= 0) return;
    Loss& loss = add(LossKind::rows, table);
    loss.count = count;
    loss.total = table.count;
    if (complete && !gone.empty()) keep(loss, kept_.rows(table, gone, &now));
  }

  // Of partitions that are gone with their rows: they are told by themselves.
  std::int64_t partition_losses_of(const ContentTable& table) {
    if (table.kind != 'p') return 0;
    std::int64_t count = 0;
    for (const auto& one : before_.tables) {
      if (one.parent == 0 || one.kind == 'p' || after_by_oid_.contains(one.oid) || root_of(one) != table.oid)
        continue;
      std::vector<std::size_t> all(one.rows.size());
      std::iota(all.begin(), all.end(), 0U);
      const auto now = after_by_oid_.find(table.oid);
      if (now != after_by_oid_.end() && kept_.rows(one, all, nullptr) == now->second->name) continue;
      count += one.count;
    }
    return count;
  }

  bool is_in_detached(const ContentTable& root, std::size_t row) const {
    return std::any_of(before_.tables.begin(), before_.tables.end(), [&](const ContentTable& one) {
      if (one.parent == 0 || root_of(one) != root.oid) return false;
      const auto now = after_by_oid_.find(one.oid);
      if (now == after_by_oid_.end() || now->second->parent != 0 || !one.complete) return false;
      const auto pairs = pairs_by_name(root, one);
      return std::any_of(one.rows.begin(), one.rows.end(), [&](const auto& other) {
        return std::all_of(pairs.begin(), pairs.end(), [&](const ColumnPair& pair) {
          return root.rows[row][pair.before] == other[pair.after];
        });
      });
    });
  }

  // The label that a value of an enum had before, when it only has another name now.
  bool is_renamed_label(const ContentColumn& before, const ContentColumn& after, const std::string& was,
                        const std::string& is) const {
    if (before.enumeration == 0 || before.enumeration != after.enumeration) return false;
    const auto had = before_.enumerations.find(before.enumeration);
    const auto has = after_.enumerations.find(after.enumeration);
    if (had == before_.enumerations.end() || has == after_.enumerations.end()) return false;
    const auto one = had->second.find(was);
    const auto other = has->second.find(is);
    return one != had->second.end() && other != has->second.end() && one->second == other->second;
  }

  bool values_changed(const ContentTable& table, const ContentTable& now, const ColumnPair& pair,
                      const std::vector<int>& matches) {
    const ContentColumn& before = table.columns[pair.before];
    const ContentColumn& after = now.columns[pair.after];
    std::vector<std::size_t> changed;
    std::string example;
    std::string label;
    for (std::size_t row = 0; row < matches.size(); ++row) {
      const Value& was = table.rows[row][pair.before];
      if (!was || matches[row] < 0) continue;
      const Value& is = now.rows[static_cast<std::size_t>(matches[row])][pair.after];
      if (compared(pair, is) == compared(pair, was)) continue;
      if (is && is_renamed_label(before, after, *was, *is)) {
        if (label.empty()) label = shown(was) + " -> " + shown(is);
        continue;
      }
      if (changed.empty()) example = shown(was) + " -> " + shown(is);
      changed.push_back(row);
    }
    if (!label.empty()) {
      Loss& loss = add(LossKind::renamed, table);
      loss.name = before.name;
      loss.detail = label;
    }
    if (changed.empty()) return false;
    Loss& loss = add(LossKind::values, table);
    loss.name = before.name;
    loss.count = static_cast<std::int64_t>(changed.size());
    loss.total = before.values;
    loss.detail =
        before.type == after.type ? example : fmt::format("{} -> {}: {}", before.type, after.type, example);
    keep(loss, kept_.column(table, pair.before, changed, &now, matches));
    return true;
  }

  // Of a table that is too large for its rows to be kept.
  bool counts_changed(const ContentTable& table, const ContentTable& now, const ContentColumn& before,
                      const ContentColumn& after) {
    const bool fewer = after.values < before.values &&
                       before.values - after.values > std::max<std::int64_t>(0, table.count - now.count);
    const bool others = !before.digest.empty() && !after.digest.empty() && before.type == after.type &&
                        table.count == now.count && before.values == after.values &&
                        before.digest != after.digest;
    if (!fewer && !others) return false;
    Loss& loss = add(LossKind::values, table);
    loss.name = before.name;
    if (fewer) loss.count = before.values - after.values;
    loss.total = before.values;
    loss.detail = fewer ? "by the number of values that are not NULL"
                        : "by a digest of all values: how many are others is not known";
    return true;
  }

  // The largest value that the column of a sequence has; nullopt for none.
  static std::optional<std::int64_t> largest(const std::map<Oid, const ContentTable*>& tables,
                                             const ContentSequence& sequence) {
    const auto table = tables.find(sequence.table);
    if (table == tables.end() || !table->second->complete) return std::nullopt;
    std::optional<std::int64_t> most;
    for (std::size_t column = 0; column < table->second->columns.size(); ++column) {
      if (table->second->columns[column].number != sequence.column) continue;
      for (const auto& row : table->second->rows) {
        std::int64_t number = 0;
        if (!row[column]) continue;
        const auto [end, error] =
            std::from_chars(row[column]->data(), row[column]->data() + row[column]->size(), number);
        if (error == std::errc() && end == row[column]->data() + row[column]->size() &&
            (!most || number > *most))
          most = number;
      }
    }
    return most;
  }

  void sequences() {
    std::map<Oid, const ContentSequence*> now;
    for (const auto& one : after_.sequences) now[one.oid] = &one;
    for (const auto& one : before_.sequences) {
      const auto found = now.find(one.oid);
      if (found == now.end()) continue;
      const bool back = one.increment > 0 ? found->second->next < one.next : found->second->next > one.next;
      if (!back) continue;
      const auto table = before_by_oid_.find(one.table);
      losses_.push_back({.phase = phase_,
                         .kind = LossKind::values,
                         .relation = table == before_by_oid_.end() ? one.name : table->second->name});
      losses_.back().name = "sequence " + one.name;
      losses_.back().detail = fmt::format("next {} -> {}", one.next, found->second->next);
    }
    // A table that took the place of another one, and counts from the start again.
    for (const auto& one : after_.sequences) {
      const auto most = largest(after_by_oid_, one);
      const auto heir = heirs_.find(one.table);
      if (!most || one.increment <= 0 || *most < one.next || heir == heirs_.end()) continue;
      const bool was_right =
          std::any_of(before_.sequences.begin(), before_.sequences.end(), [&](const ContentSequence& old) {
            const auto before_most = largest(before_by_oid_, old);
            return old.table == heir->second->oid && before_most && *before_most < old.next;
          });
      if (!was_right) continue;
      Loss& loss = add(LossKind::values, *heir->second);
      loss.name = "sequence " + one.name;
      loss.detail = fmt::format("next is {}, and there are rows up to {}", one.next, *most);
    }
  }

  const Contents& before_;
  const Contents& after_;
  Phase phase_;
  KeptValues kept_;
  std::map<Oid, const ContentTable*> before_by_oid_;
  std::map<Oid, const ContentTable*> after_by_oid_;
  std::map<std::string, const ContentTable*> after_by_name_;
  std::map<Oid, const ContentTable*> heirs_;  // tables that took the place of those that are gone
  std::vector<Loss> losses_;
};

}  // namespace

std::vector<Loss> losses(const Contents& before, const Contents& after, Phase phase) {
  return Comparison(before, after, phase).run();
}

}  // namespace exitgate::rows
