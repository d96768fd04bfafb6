#include "harness/collect/schema/stand_in.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/collect/schema/relations.h"

namespace exitgate::collect::schema {

namespace {

// Without a column `oid`, and with names that mean nothing else in an expression. The same since PostgreSQL 12. The
// narrow one is told faster: the server compares the names of all columns with one another.
constexpr std::string_view kNarrow = "'pg_catalog.pg_sequence'::pg_catalog.regclass";
constexpr std::array<std::string_view, 8> kNarrowColumns = {
    "seqrelid", "seqtypid", "seqstart", "seqincrement", "seqmax", "seqmin", "seqcache", "seqcycle"};
constexpr std::string_view kWide = "'pg_catalog.pg_statistic'::pg_catalog.regclass";
constexpr std::array<std::string_view, 31> kWideColumns = {
    "starelid",    "staattnum",   "stainherit",  "stanullfrac", "stawidth",    "stadistinct", "stakind1",
    "stakind2",    "stakind3",    "stakind4",    "stakind5",    "staop1",      "staop2",      "staop3",
    "staop4",      "staop5",      "stacoll1",    "stacoll2",    "stacoll3",    "stacoll4",    "stacoll5",
    "stanumbers1", "stanumbers2", "stanumbers3", "stanumbers4", "stanumbers5", "stavalues1",  "stavalues2",
    "stavalues3",  "stavalues4",  "stavalues5"};

template <typename Columns>
int position_in(const Columns& columns, std::string_view name) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? 0 : static_cast<int>(found - columns.begin()) + 1;
}

// The number of a column of the stand-ins by its name, 0 for no such column.
int stand_in_column(std::string_view name) {
  if (name.starts_with("seq")) return position_in(kNarrowColumns, name);
  return name.starts_with("sta") ? position_in(kWideColumns, name) : 0;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Whether the word that begins at `at` and ends before `end` can be a column: no field, name of an argument or of XML.
bool may_be_column(std::string_view text, std::size_t at, std::size_t end) {
  const std::string_view before = text.substr(0, at);
  return !before.ends_with('.') && !before.ends_with(" AS ") && !before.ends_with("(NAME ") &&
         !before.ends_with("(name ") && !text.substr(end).starts_with(" =>");
}

}  // namespace

std::string stand_in_expression(std::string_view tree, std::string_view relation, std::string_view width) {
  // Not of a whole row; and wider tables have columns that no stand-in has.
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN NULL WHEN {2} <= {3} AND pg_catalog.strpos({0}::text, ':varattno 0 ') = 0 "
      "THEN '1' || pg_catalog.pg_get_expr({0}, CASE WHEN {2} <= {4} THEN {5} ELSE {6} END) "
      "ELSE '0' || pg_catalog.pg_get_expr({0}, {1}) END",
      tree, relation, width, kWideColumns.size(), kNarrowColumns.size(), kNarrow, kWide);
}

std::string with_real_names(std::string_view text, const std::function<std::string(int)>& name_of) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t behind = behind_quoted(text, at);
    std::size_t end = behind > at ? behind : at + 1;
    if (behind == at && is_word(text[at])) {
      while (end < text.size() && is_word(text[end])) ++end;
      const int column = stand_in_column(text.substr(at, end - at));
      if (column != 0 && may_be_column(text, at, end)) {
        result += name_of(column);
        at = end;
        continue;
      }
    }
    result += text.substr(at, end - at);
    at = end;
  }
  return result;
}

std::string told_expression(const Reader& reader, const RelationsWork& work, std::string_view told,
                            Oid relation) {
  if (told.empty()) return "";
  const std::string_view text = told.substr(1);
  if (told.front() == '0') return normal_expression(text);
  const auto name_of = [&](int number) {
    const Column* const found = work.column(relation, number);
    return found == nullptr ? std::string("???") : reader.in_sql(found->name);
  };
  return normal_expression(with_real_names(text, name_of));
}

}  // namespace exitgate::collect::schema
