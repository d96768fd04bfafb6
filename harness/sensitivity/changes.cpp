#include "harness/sensitivity/changes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/facts/tables.h"

namespace exitgate::sensitivity {

namespace {

// SplitMix64: the same numbers on every machine.
class Chance {
 public:
  explicit Chance(std::string_view seed) {
    for (const char c : seed) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  }
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }

 private:
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  std::uint64_t state_ = 0xCBF29CE484222325ULL;
};

bool is_place(std::string_view column) {
  return column == "line" || column.ends_with("_line");
}

// A table with what is needed to change a row of it.
class Target {
 public:
  Target(const facts::Facts& facts, const facts::TableInfo& info, const facts::Reads& reads)
      : facts_(facts), info_(info), name_(fmt::format("{}.{}", info.domain, info.name)) {
    // Rows of a gate's own example are not of the target: they are its counterexample.
    for (std::size_t i = 0; i < info.column_count; ++i) {
      if (info.columns[i].name == "example") of_target_ = " WHERE example = 0";
    }
    rows_ = static_cast<std::size_t>(
        facts.integer(fmt::format("SELECT count(*) FROM {}{}", name_, of_target_)).value_or(0));
    for (std::size_t i = 0; i < info.column_count; ++i) {
      const auto& column = info.columns[i];
      // A path of the repository: the programs of the machine have paths too.
      const bool is_file = column.name == "file" || (column.name == "path" && info.domain == "repo");
      if (is_file && file_.empty()) file_ = column.name;
      if (column.name == "line") line_ = true;
      if (!is_place(column.name) &&
          reads.contains({std::string(info.domain), std::string(info.name), std::string(column.name)})) {
        read_.push_back(i);
      }
      if (column.type.starts_with("TEXT") && column.value_count == 0) texts_.push_back(i);
    }
    // A table of another version of the schema may lack columns; one WITHOUT ROWID is told by its first column.
    try {
      facts.integer(fmt::format("SELECT rowid FROM {}", name_));
      row_id_ = "rowid";
    } catch (const Undecided&) {
      row_id_ = info.columns[0].name;
    }
  }

  std::size_t rows() const { return rows_; }

  Change emptied() const {
    Change change = about(Kind::empty, nullptr);
    change.statement = fmt::format("DELETE FROM {}{}", name_, of_target_);
    return change;
  }

  // nullopt where this row or column has nothing to be changed into.
  std::optional<Change> any(Chance& chance) const {
    const std::string row = row_number(chance.below(rows_));
    switch (chance.below(8)) {
      case 0:
      case 1: {
        Change change = about(Kind::remove, &row);
        change.statement = fmt::format("DELETE FROM {} WHERE {} = {}", name_, row_id_, row);
        return change;
      }
      case 2:
        return added(row, chance);
      default:
        return altered(row, chance);
    }
  }

 private:
  std::string row_number(std::size_t number) const {
    return facts_
        .text(fmt::format("SELECT quote({0}) FROM {1}{3} ORDER BY {0} LIMIT 1 OFFSET {2}", row_id_, name_,
                          number, of_target_))
        .value_or("NULL");
  }

  Change about(Kind kind, const std::string* row) const {
    Change change;
    change.kind = kind;
    change.domain = info_.domain;
    change.table = info_.name;
    if (row == nullptr) return change;
    const auto of_row = fmt::format("FROM {} WHERE {} = {}", name_, row_id_, *row);
    if (!file_.empty()) change.file = facts_.text(fmt::format("SELECT {} {}", file_, of_row)).value_or("");
    if (line_) change.line = facts_.integer("SELECT line " + of_row).value_or(0);
    return change;
  }

  std::optional<Change> altered(const std::string& row, Chance& chance) const {
    if (read_.empty()) return std::nullopt;
    const auto& column = info_.columns[read_[chance.below(read_.size())]];
    const auto value =
        facts_.text(fmt::format("SELECT quote({}) FROM {} WHERE {} = {}", column.name, name_, row_id_, row));
    std::string other = column.value_count > 0               ? other_value(column, value.value_or(""), chance)
                        : column.type.starts_with("INTEGER") ? less_of(column)
                                                             : other_text(column, row, chance);
    if (other.empty()) return std::nullopt;
    Change change = about(Kind::alter, &row);
    change.column = column.name;
    change.statement =
        fmt::format("UPDATE {} SET {} = {} WHERE {} = {}", name_, column.name, other, row_id_, row);
    return change;
  }

  static std::string other_value(const facts::ColumnInfo& column, const std::string& quoted, Chance& chance) {
    std::vector<std::string> others;
    for (std::size_t i = 0; i < column.value_count; ++i) {
      auto one = fmt::format("'{}'", column.values[i].text);
      if (one != quoted) others.push_back(std::move(one));
    }
    return others.empty() ? "" : others[chance.below(others.size())];
  }

  // Yes becomes no, 90 days become 9, and what is unknown becomes known.
  static std::string less_of(const facts::ColumnInfo& column) {
    return fmt::format(
        "CASE WHEN {0} IS NULL THEN 1 WHEN {0} IN (0, 1) THEN 1 - {0} WHEN abs({0}) >= 10 THEN {0} / 10 "
        "ELSE {0} - 1 END",
        column.name);
  }

  // Nothing, what another row has there, or another name.
  std::string other_text(const facts::ColumnInfo& column, const std::string& row, Chance& chance) const {
    const bool nullable = column.type.find("NOT NULL") == std::string_view::npos;
    const auto own = fmt::format("SELECT {} FROM {} WHERE {} = {}", column.name, name_, row_id_, row);
    const bool has = facts_.text(own).has_value();
    if (!has) return "'changed'";
    switch (chance.below(3)) {
      case 0:
        if (nullable) return "NULL";
        break;
      case 1: {
        const auto another = facts_.text(fmt::format(
            "SELECT quote({0}) FROM {1} WHERE {0} IS NOT NULL AND {0} <> ({2}) ORDER BY 1 LIMIT 1",
            column.name, name_, own));
        if (another && another->size() < 10000) return *another;
        break;
      }
      default:
        break;
    }
    return fmt::format("{} || '-changed'", column.name);
  }

  std::optional<Change> added(const std::string& row, Chance& chance) const {
    if (texts_.empty()) return std::nullopt;
    const std::size_t changed = texts_[chance.below(texts_.size())];
    std::string columns;
    std::string values;
    for (std::size_t i = 0; i < info_.column_count; ++i) {
      const auto name = info_.columns[i].name;
      columns += fmt::format("{}{}", i > 0 ? ", " : "", name);
      values += i > 0 ? ", " : "";
      values += i == changed ? fmt::format("coalesce({}, '') || '-added'", name) : std::string(name);
    }
    Change change = about(Kind::add, &row);
    change.column = info_.columns[changed].name;
    change.statement = fmt::format("INSERT INTO {0} ({1}) SELECT {2} FROM {0} WHERE {3} = {4}", name_,
                                   columns, values, row_id_, row);
    return change;
  }

  const facts::Facts& facts_;
  const facts::TableInfo& info_;
  std::string name_;
  std::string row_id_;
  std::string of_target_;  // condition, "" for all rows
  std::string file_;
  bool line_ = false;
  std::size_t rows_ = 0;
  std::vector<std::size_t> read_;   // columns that somebody reads
  std::vector<std::size_t> texts_;  // columns of any text
};

}  // namespace

std::string_view name_of(Kind kind) {
  constexpr std::array<std::string_view, 4> kNames = {"empty", "remove", "alter", "add"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool is_of_target(std::string_view domain, std::string_view table) {
  return domain != "census" && table != "tally" && !(domain == "ci" && table == "provider") &&
         !(domain == "migrations" && (table == "tool" || table == "tool_command"));
}

std::vector<Change> planned_changes(const facts::Facts& facts, const facts::Reads& reads,
                                    std::string_view seed, std::size_t most) {
  std::vector<Target> targets;
  std::vector<Change> changes;
  for (const facts::TableInfo* info : facts::table_infos()) {
    if (!is_of_target(info->domain, info->name) || !facts.has(info->domain)) continue;
    const bool is_read = std::any_of(reads.begin(), reads.end(), [&](const facts::ColumnRead& read) {
      return read.domain == info->domain && read.table == info->name;
    });
    if (!is_read) continue;
    Target target(facts, *info, reads);
    if (target.rows() == 0) continue;
    changes.push_back(target.emptied());
    targets.push_back(std::move(target));
  }
  if (targets.empty()) return changes;
  Chance chance(seed);
  // A turn may find nothing to change; a store of one small table could do so for ever.
  for (std::size_t turn = 0; changes.size() < most && turn < 4 * most; ++turn) {
    if (auto change = targets[turn % targets.size()].any(chance)) changes.push_back(std::move(*change));
  }
  return changes;
}

}  // namespace exitgate::sensitivity
