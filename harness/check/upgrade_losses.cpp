#include "harness/check/upgrade_losses.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace exitgate::check {

namespace {

using migrations::StatementKind;
using rehearsal::LossKind;

// What the catalogs show when it goes.
constexpr std::array<StatementKind, 13> kShownByCatalogs = {
    StatementKind::drop_table,       StatementKind::drop_column,     StatementKind::drop_view,
    StatementKind::drop_function,    StatementKind::drop_constraint, StatementKind::drop_trigger,
    StatementKind::drop_policy,      StatementKind::drop_type,       StatementKind::drop_unique_index,
    StatementKind::drop_schema,      StatementKind::drop_cascade,    StatementKind::rename,
    StatementKind::alter_column_type};
constexpr std::array<StatementKind, 3> kShownByRows = {StatementKind::truncate, StatementKind::delete_all,
                                                       StatementKind::update_all};

template <std::size_t N>
bool is_one_of(StatementKind kind, const std::array<StatementKind, N>& kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

bool changes_rows(const std::string& command) {
  return command == "UPDATE" || command == "DELETE" || command == "MERGE" || command == "TRUNCATE TABLE" ||
         command == "TRUNCATE" || command == "DO" || command == "SELECT" || command == "CALL";
}

// Words of the statement that does what is read, in capitals; all else of its kind is not told by its text.
std::string_view word_of(StatementKind kind) {
  switch (kind) {
    case StatementKind::alter_column_type:
      return "TYPE";
    case StatementKind::set_not_null:
      return "NOT NULL";
    case StatementKind::rename:
      return "RENAME";
    case StatementKind::truncate:
      return "TRUNCATE";
    case StatementKind::delete_all:
      return "DELETE";
    case StatementKind::update_all:
      return "UPDATE";
    case StatementKind::undecided:
      return "";
    default:
      return to_text(kind).starts_with("drop-") ? "DROP" : "";
  }
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// As a whole word.
bool names(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_name_character(text[at - 1])) &&
        (end == text.size() || !is_name_character(text[end])))
      return true;
  }
  return false;
}

// 'orders.note' as its parts, without quotes.
std::vector<std::string> parts_of(std::string object) {
  std::erase(object, '"');
  return object.empty() ? std::vector<std::string>() : split(object, '.');
}

// Whether an operation of a program was given to the server as this statement: its kind and all names of its object.
bool is_given_as(const migrations::Statement& read, const std::string& text) {
  const auto word = word_of(read.kind);
  const auto parts = parts_of(read.object.value_or(""));
  if (word.empty() || parts.empty() || lower(text).find(lower(word)) == std::string::npos) return false;
  return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) { return names(text, part); });
}

bool is_compatible(StatementKind kind, LossKind lost) {
  switch (lost) {
    case LossKind::table:
      return kind == StatementKind::drop_table;
    case LossKind::column:
      return kind == StatementKind::drop_column;
    case LossKind::rows:
      return kind == StatementKind::truncate || kind == StatementKind::delete_all;
    case LossKind::values:
      return kind == StatementKind::update_all || kind == StatementKind::alter_column_type;
    case LossKind::narrowed:
      return kind == StatementKind::alter_column_type;
    case LossKind::renamed:
      return kind == StatementKind::rename;
    case LossKind::object:
      return to_text(kind).starts_with("drop-");
  }
  return false;
}

// Whether a loss is what a statement of that kind about that object does, where no statement is known to have done it.
bool is_about(const migrations::Statement& read, const rehearsal::Loss& loss) {
  const auto parts = parts_of(read.object.value_or(""));
  if (parts.empty() || !is_compatible(read.kind, loss.kind)) return false;
  const std::string whole = loss.relation + " " + loss.name.value_or("");
  return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) { return names(whole, part); });
}

}  // namespace

UpgradeLosses::UpgradeLosses(const Facts& facts) {
  if (!facts.has("rehearsal")) return;
  const auto upgrade = facts.row<rehearsal::Upgrade>();
  if (!upgrade || upgrade->outcome != rehearsal::UpgradeOutcome::applied) return;
  known_ = true;
  all_rows_known_ =
      facts.integer("SELECT count(*) FROM rehearsal.problem WHERE subject <> 'way back'").value_or(0) == 0;
  for (const rehearsal::Statement& one :
       facts.rows<rehearsal::Statement>("WHERE phase = 'upgrade' ORDER BY position")) {
    if (one.file) by_place_.emplace(std::pair(*one.file, one.line.value_or(0)), statements_.size());
    statements_.push_back(one);
  }
  for (const rehearsal::Loss& loss : facts.rows<rehearsal::Loss>(
           "WHERE phase = 'upgrade' ORDER BY coalesce(statement, -1), relation, kind, name"))
    losses_.push_back(loss);
  for (const rehearsal::Filled& table : facts.rows<rehearsal::Filled>()) filled_[table.relation] = table.rows;
}

UpgradeLosses::Seen UpgradeLosses::of(const migrations::Statement& read) {
  Seen seen;
  if (!known_) return seen;
  std::vector<std::int64_t> positions;
  const auto [first, last] = by_place_.equal_range({read.file, read.line});
  for (auto at = first; at != last; ++at) positions.push_back(statements_[at->second].position);
  if (positions.empty()) {
    // Its line could not be told; SQL is given as it is written, and an operation of a program by what it is about.
    for (const auto& one : statements_) {
      if (one.file != read.file || one.line) continue;
      if (one.text.starts_with(read.text) || is_given_as(read, one.text)) positions.push_back(one.position);
    }
  }
  const auto is_its_own = [&](std::int64_t position) {
    return std::find(positions.begin(), positions.end(), position) != positions.end();
  };
  for (const auto& one : statements_) {
    if (!is_its_own(one.position)) continue;
    seen.run = seen.run || one.outcome == "ok";
    seen.rows_matter = seen.rows_matter || changes_rows(one.command);
  }
  for (std::size_t i = 0; i < losses_.size(); ++i) {
    const auto& loss = losses_[i];
    if (loss.statement ? !is_its_own(*loss.statement) : !is_about(read, loss)) continue;
    // Of two operations that one statement stands for, the first has it.
    if (asked_.insert(i).second) seen.lost.push_back(loss);
  }
  return seen;
}

bool UpgradeLosses::had_rows(const std::string& object) const {
  return std::any_of(filled_.begin(), filled_.end(), [&](const auto& table) {
    return table.second > 0 && (table.first == object || table.first.ends_with("." + object));
  });
}

bool UpgradeLosses::shows_harmless(const migrations::Statement& read, const Seen& seen) const {
  if (!seen.run || !seen.lost.empty()) return false;
  if (is_one_of(read.kind, kShownByCatalogs)) return true;
  // A loss whose statement is not known may be its doing.
  const bool all_told = std::all_of(losses_.begin(), losses_.end(),
                                    [](const rehearsal::Loss& loss) { return loss.statement.has_value(); });
  if (!all_rows_known_ || !all_told) return false;
  if (is_one_of(read.kind, kShownByRows)) return had_rows(read.object.value_or(""));
  return read.kind == StatementKind::undecided && !seen.rows_matter;
}

std::vector<UpgradeLosses::Unread> UpgradeLosses::unread() const {
  std::vector<Unread> all;
  for (std::size_t i = 0; i < losses_.size(); ++i) {
    const auto& loss = losses_[i];
    if (asked_.contains(i)) continue;
    Unread one{loss, std::nullopt};
    const auto found =
        std::find_if(statements_.begin(), statements_.end(), [&](const rehearsal::Statement& statement) {
          return loss.statement && statement.position == *loss.statement;
        });
    if (found != statements_.end()) one.statement = *found;
    all.push_back(std::move(one));
  }
  return all;
}

std::string in_words(const rehearsal::Loss& loss) {
  const auto name = loss.name.value_or("");
  const auto counted = [&](std::string_view what) {
    if (!loss.count) return fmt::format("{}s", what);
    if (!loss.total) return count_of(static_cast<std::size_t>(*loss.count), what);
    return fmt::format("{} of {}", *loss.count, count_of(static_cast<std::size_t>(*loss.total), what));
  };
  const std::string detail = loss.detail ? fmt::format(" ({})", *loss.detail) : "";
  const std::string kept =
      loss.kept_in ? fmt::format("; they were found in {} afterwards", *loss.kept_in) : "";
  switch (loss.kind) {
    case LossKind::table:
      return fmt::format("table {} is gone, with {}{}{}", loss.relation, counted("row"), detail, kept);
    case LossKind::column:
      return fmt::format("column {}.{} is gone, with {}{}{}", loss.relation, name, counted("value"), detail,
                         kept);
    case LossKind::rows:
      return fmt::format("{} of {} are gone{}{}", counted("row"), loss.relation, detail, kept);
    case LossKind::values:
      return fmt::format("{} of {}.{} are others than before{}{}", counted("value"), loss.relation, name,
                         detail, kept);
    case LossKind::narrowed:
      return fmt::format("column {}.{} holds less than before{}{}", loss.relation, name, detail, kept);
    case LossKind::renamed:
      return fmt::format("{} has another name{}: what still runs asks for the old one",
                         name.empty() ? loss.relation : fmt::format("{}.{}", loss.relation, name), detail);
    case LossKind::object:
      return fmt::format("{} of {} is gone{}", name.empty() ? "an object" : name, loss.relation, detail);
  }
  return "";
}

}  // namespace exitgate::check
