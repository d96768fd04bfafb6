#include "harness/rows/table_filler.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::rows {
namespace {

bool has(const std::vector<int>& numbers, int number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

// Whether a default is the same each time: no function, no clock, no user.
bool is_constant(const std::string& expression) {
  const auto said = parts_of_expression(expression);
  for (const char* const word :
       {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_user",
        "session_user", "user", "current_role", "current_catalog", "current_schema"}) {
    if (said.words.contains(word)) return false;
  }
  bool in_text = false;
  for (std::size_t at = 0; at < expression.size(); ++at) {
    if (expression[at] == '\'') in_text = !in_text;
    if (in_text || expression[at] != '(' || at == 0) continue;
    std::size_t start = at;
    while (start > 0 &&
           (std::isalnum(static_cast<unsigned char>(expression[start - 1])) != 0 ||
            expression[start - 1] == '_' || expression[start - 1] == '"' || expression[start - 1] == '.'))
      --start;
    // A function's name goes before a parenthesis, and so does a type's before its modifier.
    if (start != at && (start < 2 || expression.substr(start - 2, 2) != "::")) return false;
  }
  return true;
}

// In one line that a report has room for.
std::string short_line(std::string text) {
  constexpr std::size_t kMost = 240;
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= kMost) return text;
  return valid_utf8(text.substr(
             0, text.find_last_of(' ', kMost) == std::string::npos ? kMost : text.find_last_of(' ', kMost))) +
         " …";
}

bool is_unique_violation(const Outcome& outcome) {
  return outcome.state == "23505" || outcome.state == "23P01";
}

// Whether a trigger, or a function that it called, had the last word.
bool may_be_a_trigger(const Outcome& outcome) {
  if (outcome.state == "no row") return true;
  const bool of_the_row = outcome.state.starts_with("22") || outcome.state.starts_with("23");
  if (!of_the_row) return outcome.state != "54000";
  for (const auto& line : split(outcome.context, '\n')) {
    if (line.find("function ") != std::string::npos && line.find("inline_code_block") == std::string::npos)
      return true;
  }
  return outcome.context.find("SQL statement", outcome.context.find("SQL statement") + 1) !=
         std::string::npos;
}

}  // namespace

bool TableFiller::sort_keys(const Table& table, Filled& filled) {
  itself_.clear();
  ahead_.clear();
  left_null_.clear();
  for (const auto& key : table.keys) {
    const auto done = progress_.rows.find(key.to);
    const bool outside = !catalog_.tables.contains(key.to);
    if (outside || (done != progress_.rows.end() && done->second > 0)) continue;
    std::vector<int> nullable;
    for (const int number : key.columns) {
      const Column* const column = table.column(number);
      if (column != nullptr && !column->not_null) nullable.push_back(number);
    }
    if (!nullable.empty()) {
      left_null_.insert(nullable.begin(), nullable.end());
      progress_.to_point.push_back({&table, &key});
    } else if (key.to == table.oid || key.to == table.root) {
      itself_.push_back(&key);
    } else if (done == progress_.rows.end()) {
      ahead_.push_back(&key);
    } else {
      filled.reason = fmt::format("each row must refer to one of {}, which has none", key.to_name);
      return false;
    }
  }
  return true;
}

// Sequences give their values as for an application, unless a partition's bounds or a reference say which.
void TableFiller::find_free(const Table& table) {
  free_.clear();
  for (const auto& column : table.columns) {
    const bool referring = std::any_of(table.keys.begin(), table.keys.end(), [&](const ForeignKey& key) {
      return has(key.columns, column.number) && !(key.to == table.oid && key.to_columns == key.columns);
    });
    const bool bound = !table.bounds.empty() && table.bounds.find(column.quoted) != std::string::npos;
    if (column.generated || (column.serial() && !referring && !bound)) free_.push_back(column.number);
  }
}

std::string TableFiller::next_of(const Table& table, const Column& column) {
  const std::string expression =
      column.identity == ' ' ? column.default_value
                             : fmt::format("nextval(pg_get_serial_sequence({}, {}))",
                                           connection_.literal(table.name), connection_.literal(column.name));
  const auto told = try_values(connection_, {expression});
  return told.front().ok() ? told.front().value : "1";
}

// Picks the combination whose values were used least; each further attempt takes the next best.
void TableFiller::choose(const Table& table, const Component& component, std::size_t at, Row& made, int row,
                         int attempt, bool nulls) {
  if (component.combinations.empty()) {
    std::string conditions;
    for (const auto& one : component.conditions)
      conditions += (conditions.empty() ? "" : " AND ") + one.expression;
    made.problem = component.problem.empty() ? "no values were found that fulfil " + short_line(conditions)
                                             : short_line(component.problem);
    return;
  }
  auto& used = used_[at];
  used.resize(component.columns.size());
  const auto& forced = progress_.forced[table.oid];
  std::vector<std::pair<int, std::size_t>> ranked;
  for (std::size_t place = 0; place < component.combinations.size(); ++place) {
    const auto& combination = component.combinations[place];
    int score = 0;
    bool possible = true;
    for (std::size_t column = 0; column < combination.size(); ++column) {
      const int number = component.columns[column];
      const auto must = forced.find(number);
      if (row == 0 && must != forced.end() && combination[column] != must->second) possible = false;
      if (!combination[column]) {
        score += nulls ? 6 : -2;
      } else if (!used[column].contains(*combination[column])) {
        score += 4;
      }
    }
    if (possible) ranked.emplace_back(-score, place);
  }
  if (ranked.empty()) {
    made.problem = "no values were found that fit the rows that refer to it";
    return;
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& one, const auto& other) { return one.first < other.first; });
  // Of several components, each goes on at another speed, so that all pairs of keys come up.
  const auto turn = static_cast<std::size_t>(attempt) * (component.conditions.empty() ? at + 1 : 1);
  const auto& chosen =
      component.combinations[ranked[(turn + (component.conditions.empty()
                                                 ? static_cast<std::size_t>(attempt > 0 ? row : 0)
                                                 : 0)) %
                                    ranked.size()]
                                 .second];
  for (std::size_t column = 0; column < chosen.size(); ++column)
    made.values[component.columns[column]] = chosen[column];
  if (component.conditions.empty() && nulls) {
    for (const int number : component.columns) {
      const Column* const one = table.column(number);
      if (one != nullptr && !one->not_null) made.values[number] = std::nullopt;
    }
  }
}

void TableFiller::add_independent(const Table& table, const Column& column, Row& made, int variant,
                                  bool nulls, bool defaults) {
  if (left_null_.contains(column.number) || (nulls && !column.not_null)) {
    made.values[column.number] = std::nullopt;
    return;
  }
  if (defaults && !column.default_value.empty() && is_constant(column.default_value)) return;
  if (candidates_.is_plain(column)) {
    made.values[column.number] = candidates_.plain(column, table, variant);
    return;
  }
  auto known = accepted_.find(column.number);
  if (known == accepted_.end())
    known = accepted_.emplace(column.number, candidates_.accepted(column, table, {})).first;
  const auto& values = known->second;
  if (!values.empty()) {
    made.values[column.number] = values[static_cast<std::size_t>(variant) % values.size()];
  } else if (!column.not_null) {
    made.values[column.number] = std::nullopt;
  } else if (column.default_value.empty()) {
    made.problem = fmt::format("no value of type {} was found for {}", column.type_name, column.name);
  }
}

void TableFiller::point_at_itself(const Table& table, Row& made) {
  for (const auto* const key : itself_) {
    for (std::size_t at = 0; at < key->columns.size(); ++at) {
      const Column* const to = table.column(key->to_columns[at]);
      if (to == nullptr) continue;
      if (!made.values.contains(to->number)) made.values[to->number] = next_of(table, *to);
      made.values[key->columns[at]] = made.values[to->number];
    }
  }
  for (const auto* const key : ahead_) {
    const Table& other = catalog_.tables.at(key->to);
    auto& forced = progress_.forced[key->to];
    for (std::size_t at = 0; at < key->columns.size(); ++at) {
      const Column* const to = other.column(key->to_columns[at]);
      if (to == nullptr) continue;
      if (!forced.contains(to->number)) {
        if (const auto mine = made.values.find(key->columns[at]);
            mine != made.values.end() && in_component_.contains(key->columns[at]) && mine->second) {
          forced[to->number] = *mine->second;
        } else if (to->serial()) {
          forced[to->number] = next_of(other, *to);
        } else if (candidates_.is_plain(*to)) {
          forced[to->number] = candidates_.plain(*to, other, 1).value_or("1");
        } else {
          const auto values = candidates_.accepted(*to, other, {});
          forced[to->number] = values.empty() ? "1" : values.front();
        }
      }
      made.values[key->columns[at]] = forced[to->number];
    }
  }
}

TableFiller::Row TableFiller::row_of(const Table& table, int row, int attempt, int wanted) {
  Row made;
  const bool nulls = wanted > 1 && row == wanted - 1 && attempt == 0;
  const bool defaults = (row == 1 && attempt == 0) || attempt % 3 == 2;
  const int variant = row + wanted * attempt;
  for (std::size_t at = 0; at < components_.size(); ++at)
    choose(table, components_[at], at, made, row, attempt, nulls);
  const auto& forced = progress_.forced[table.oid];
  unsigned few = 0;
  for (const auto& column : table.columns) {
    // Each at another speed, so that all of their combinations come up.
    const int own = candidates_.has_few(column) ? row + (attempt >> (few++ % 4)) : variant;
    const auto must = forced.find(column.number);
    if (row == 0 && must != forced.end() && !in_component_.contains(column.number)) {
      made.values[column.number] = must->second;
    } else if (!in_component_.contains(column.number) && !has(free_, column.number)) {
      add_independent(table, column, made, own, nulls, defaults);
    }
  }
  point_at_itself(table, made);
  return made;
}

std::string TableFiller::insert_of(const Table& table, const Row& row) const {
  if (row.values.empty()) return fmt::format("INSERT INTO {} DEFAULT VALUES", table.name);
  std::string names;
  std::string values;
  bool overriding = false;
  for (const auto& [number, value] : row.values) {
    const Column& column = *table.column(number);
    overriding = overriding || column.identity == 'a';
    names += fmt::format("{}{}", names.empty() ? "" : ", ", column.quoted);
    values += fmt::format("{}{}", values.empty() ? "" : ", ", value ? connection_.literal(*value) : "NULL");
  }
  return fmt::format("INSERT INTO {} ({}){} VALUES ({})", table.name, names,
                     overriding ? " OVERRIDING SYSTEM VALUE" : "", values);
}

bool TableFiller::add_referenced_row(const Solving& solving, const Component& component) {
  constexpr int kDepth = 2;
  constexpr std::size_t kTried = 4;
  if (depth_ >= kDepth || !component.problem.empty()) return false;
  const auto wished = without_keys(solving, component);
  for (std::size_t at = 0; at < std::min(kTried, wished.size()); ++at) {
    for (const auto* const key : component.keys) {
      const auto other = catalog_.tables.find(key->to);
      if (other == catalog_.tables.end() || key->to == solving.table.oid || key->to == solving.table.root)
        continue;
      std::map<int, std::string> forced;
      for (std::size_t column = 0; column < component.columns.size(); ++column) {
        const auto place = std::find(key->columns.begin(), key->columns.end(), component.columns[column]);
        if (place == key->columns.end() || !wished[at][column]) continue;
        forced[key->to_columns[static_cast<std::size_t>(place - key->columns.begin())]] = *wished[at][column];
      }
      if (forced.size() != key->columns.size()) continue;
      progress_.forced[key->to] = forced;
      Filled one;
      TableFiller(connection_, catalog_, candidates_, options_, progress_, depth_ + 1)
          .fill(other->second, 1, one);
      progress_.rows[key->to] += one.rows;
      if (one.rows > 0) return true;
    }
  }
  return false;
}

// A refusal by a trigger is met by other values first, then by the same ones without it.
Outcome TableFiller::try_row(const Table& table, const std::string& insert, Outcome first, bool last,
                             Filled& filled) {
  if (first.ok() && first.value == "0")
    first = {"no row", {}, {}, "an INSERT left no row: a trigger or a rule took it", {}, {}};
  if (first.ok() || !last || !table.triggers || !may_be_a_trigger(first)) return first;
  Outcome without = try_statements(connection_, {insert}, true).front();
  if (without.ok() && without.value == "0") return first;
  if (without.ok() && filled.note.empty()) filled.note = "without its triggers: " + short_line(first.message);
  return without.ok() ? without : first;
}

void TableFiller::fill(const Table& table, int wanted, Filled& filled) {
  components_.clear();
  in_component_.clear();
  accepted_.clear();
  used_.clear();
  if (!sort_keys(table, filled)) return;
  find_free(table);
  std::vector<const ForeignKey*> keys;
  for (const auto& key : table.keys) {
    const bool is_open = std::find(itself_.begin(), itself_.end(), &key) != itself_.end() ||
                         std::find(ahead_.begin(), ahead_.end(), &key) != ahead_.end() ||
                         std::any_of(key.columns.begin(), key.columns.end(),
                                     [&](int number) { return left_null_.contains(number); });
    if (!is_open) keys.push_back(&key);
  }
  auto& forced = progress_.forced[table.oid];
  const Solving solving = {connection_, candidates_, table, keys, forced, free_};
  components_ = solve(solving);
  const bool more = std::any_of(components_.begin(), components_.end(), [&](const Component& one) {
    return one.combinations.empty() && !one.keys.empty() && add_referenced_row(solving, one);
  });
  if (more) components_ = solve(solving);
  for (const auto& component : components_)
    in_component_.insert(component.columns.begin(), component.columns.end());
  if (!ahead_.empty() || !itself_.empty()) wanted = std::min(wanted, itself_.empty() ? 1 : wanted);

  std::vector<Row> rows;
  std::vector<std::string> inserts;
  const auto mark = [&](const Row& row) {
    for (std::size_t at = 0; at < components_.size(); ++at) {
      auto& used = used_[at];
      used.resize(components_[at].columns.size());
      for (std::size_t column = 0; column < used.size(); ++column) {
        if (const auto value = row.values.find(components_[at].columns[column]);
            value != row.values.end() && value->second)
          used[column].insert(*value->second);
      }
    }
  };
  std::string reason;
  for (int row = 0; row < wanted; ++row) {
    rows.push_back(row_of(table, row, 0, wanted));
    if (!rows.back().problem.empty()) reason = rows.back().problem;
    mark(rows.back());
    inserts.push_back(insert_of(table, rows.back()));
  }
  const bool pointing_ahead = !ahead_.empty();
  auto outcomes = try_statements(connection_, inserts, pointing_ahead);
  int given_up = 0;
  for (int row = 0; row < wanted; ++row) {
    const auto at = static_cast<std::size_t>(row);
    Outcome outcome = try_row(table, inserts[at], outcomes[at], false, filled);
    const int attempts = !rows[at].problem.empty() ? 0
                         : given_up == 0           ? options_.attempts
                                                   : std::min(options_.attempts, 4);
    for (int attempt = 1; !outcome.ok() && attempt < attempts; ++attempt) {
      const Row next = row_of(table, row, attempt, wanted);
      const std::string insert = insert_of(table, next);
      outcome = try_row(table, insert, try_statements(connection_, {insert}, pointing_ahead).front(),
                        attempt > 3, filled);
      if (outcome.ok()) mark(next);
    }
    if (outcome.ok()) {
      ++filled.rows;
    } else {
      ++given_up;
      if (rows[at].problem.empty() && (!is_unique_violation(outcome) || reason.empty()))
        reason = short_line(outcome.message);
    }
  }
  if (filled.rows == 0) filled.reason = reason.empty() ? "no row was accepted" : reason;
  if (filled.rows > 0 && pointing_ahead) {
    for (const auto* const key : ahead_) progress_.to_verify.push_back({&table, key});
  }
  forced.clear();
}

}  // namespace exitgate::rows
