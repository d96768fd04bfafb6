#include "harness/check/query_literals.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/check/closed_columns.h"
#include "harness/check/sql_tokens.h"

namespace exitgate::check {

namespace {

// A column that stands alone, and the literals that it is compared with.
struct Comparison {
  std::size_t begin = 0;  // of the column, in bytes
  std::size_t end = 0;
  std::string column;
  std::vector<const SqlToken*> literals;
  bool like = false;
};

bool is_any_of(const SqlToken& token, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is(word); });
}

// SQLite's LIKE without ESCAPE. True where it cannot be told.
bool may_match_like(const std::string& pattern, const std::string& text) {
  if (pattern.find_first_of("*?") != std::string::npos) return true;
  std::string glob = lower(pattern);
  std::replace(glob.begin(), glob.end(), '%', '*');
  std::replace(glob.begin(), glob.end(), '_', '?');
  return glob_match(glob, lower(text));
}

class Comparisons {
 public:
  explicit Comparisons(const std::vector<SqlToken>& tokens) : tokens_(tokens) {}

  std::vector<Comparison> find() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (!begins_operand(i)) continue;
      if (tokens_[i].kind == SqlToken::string) {
        literal_first(i);
      } else if (const std::size_t end = end_of_column(i); end > i) {
        column_first(i, end);
      }
    }
    return std::move(found_);
  }

 private:
  const SqlToken* at(std::size_t i) const { return i < tokens_.size() ? &tokens_[i] : nullptr; }

  // Behind what separates whole conditions: nothing that binds as tightly as a comparison stands before it.
  bool begins_operand(std::size_t i) const {
    if (i == 0) return false;
    const SqlToken& before = tokens_[i - 1];
    if (before.is("and")) return !closes_between(i - 1);
    return is_any_of(before, {"(", ",", "where", "or", "on", "when", "then", "else", "not", "select",
                              "distinct", "having", "by"});
  }
  bool ends_operand(std::size_t i) const {
    const SqlToken* behind = at(i);
    return behind == nullptr ||
           is_any_of(*behind, {")",      ",",         ";",     "and",    "or",    "then",  "when",
                               "else",   "end",       "order", "group",  "limit", "as",    "union",
                               "except", "intersect", "where", "having", "join",  "left",  "from",
                               "inner",  "natural",   "cross", "right",  "full",  "window"});
  }
  // The AND of `x BETWEEN a AND b`.
  bool closes_between(std::size_t i) const {
    int depth = 0;
    while (i-- > 0) {
      if (tokens_[i].is(")")) ++depth;
      if (tokens_[i].is("(") && --depth < 0) return false;
      if (depth > 0) continue;
      if (tokens_[i].is("between")) return true;
      if (is_any_of(tokens_[i], {"and", "or", "where", "on", "when", "having", "select", ","})) return false;
    }
    return false;
  }

  // Of a column's name, up to `domain.table.column`; `i` where there is none.
  std::size_t end_of_column(std::size_t i) const {
    if (!tokens_[i].is_name()) return i;
    std::size_t end = i + 1;
    for (int dots = 0; dots < 2; ++dots) {
      const SqlToken* dot = at(end);
      const SqlToken* name = at(end + 1);
      if (dot == nullptr || name == nullptr || !dot->is(".") || !name->is_name()) break;
      end += 2;
    }
    return end;
  }

  Comparison of(std::size_t begin, std::size_t end) const {
    return {tokens_[begin].begin, tokens_[end - 1].end, lower(tokens_[end - 1].text), {}, false};
  }

  void literal_first(std::size_t i) {
    const SqlToken* sign = at(i + 1);
    if (sign == nullptr || at(i + 2) == nullptr || !is_any_of(*sign, {"=", "==", "<>", "!="})) return;
    const std::size_t end = end_of_column(i + 2);
    if (end == i + 2 || !ends_operand(end)) return;
    found_.push_back(of(i + 2, end));
    found_.back().literals.push_back(&tokens_[i]);
  }

  void column_first(std::size_t i, std::size_t end) {
    std::size_t next = end;
    const auto take = [&](std::initializer_list<std::string_view> words) {
      if (at(next) == nullptr || !is_any_of(*at(next), words)) return false;
      ++next;
      return true;
    };
    Comparison comparison = of(i, end);
    if (take({"is"})) {
      take({"not"});
    } else if (!take({"=", "==", "<>", "!="})) {
      take({"not"});
      if (take({"in"})) return column_in_list(std::move(comparison), next);
      if (!take({"like"})) return;
      comparison.like = true;
    }
    const SqlToken* literal = at(next);
    if (literal == nullptr || !is_literal(*literal) || !ends_operand(next + 1)) return;
    comparison.literals.push_back(literal);
    found_.push_back(std::move(comparison));
  }

  void column_in_list(Comparison comparison, std::size_t next) {
    if (at(next) == nullptr || !at(next)->is("(")) return;
    while (true) {
      const SqlToken* literal = at(++next);
      if (literal == nullptr || !is_literal(*literal)) return;
      comparison.literals.push_back(literal);
      const SqlToken* behind = at(++next);
      if (behind == nullptr || !is_any_of(*behind, {",", ")"})) return;
      if (behind->is(")")) break;
    }
    if (ends_operand(next + 1)) found_.push_back(std::move(comparison));
  }

  static bool is_literal(const SqlToken& token) { return token.kind == SqlToken::string; }

  const std::vector<SqlToken>& tokens_;
  std::vector<Comparison> found_;
};

// The column that SQLite reads at the place: what is read once less without it.
std::optional<facts::ColumnRead> resolved(std::string_view sql, const TriedQuery& tried,
                                          const Comparison& comparison) {
  std::string without(sql);
  without.replace(comparison.begin, comparison.end - comparison.begin, "NULL");
  const auto other = try_on_declared(without);
  if (!other.mistake.empty()) return std::nullopt;
  std::optional<facts::ColumnRead> column;
  for (const auto& [read, times] : tried.reads) {
    const auto found = other.reads.find(read);
    if (found != other.reads.end() && found->second >= times) continue;
    if (column) return std::nullopt;
    column = read;
  }
  return column;
}

std::optional<QueryMistake> mistake_in(const facts::ColumnRead& read, const Comparison& comparison) {
  const auto closed = closed_column(read.domain, read.table, read.column);
  if (closed.values.empty()) return std::nullopt;
  for (const SqlToken* literal : comparison.literals) {
    // '' is what many write for "is there any"; no set has it.
    const bool possible =
        literal->text.empty() ||
        std::any_of(closed.values.begin(), closed.values.end(), [&](const std::string& value) {
          return comparison.like ? may_match_like(literal->text, value) : literal->text == value;
        });
    if (possible) continue;
    const bool term = !closed.more.empty();
    const auto whole = fmt::format("{}.{}.{}", read.domain, read.table, read.column);
    return QueryMistake{
        fmt::format(
            "{} '{}'{}: {}", whole + (comparison.like ? " is never like" : " is never"), literal->text,
            did_you_mean(literal->text, closed.values),
            term ? "that term is not collected, so the comparison says the same whatever the code holds"
                 : "the comparison says the same of every row"),
        fmt::format("its values are {}{}{}", join(closed.values, ", "), term ? "; " : "", closed.more),
        literal->begin};
  }
  return std::nullopt;
}

}  // namespace

std::optional<QueryMistake> impossible_literal(std::string_view sql, const TriedQuery& tried) {
  const auto tokens = sql_tokens(sql);
  for (const Comparison& comparison : Comparisons(tokens).find()) {
    const bool may_be = std::any_of(tried.reads.begin(), tried.reads.end(), [&](const auto& read) {
      return read.first.column == comparison.column && mistake_in(read.first, comparison);
    });
    if (!may_be) continue;
    const auto column = resolved(sql, tried, comparison);
    if (!column || column->column != comparison.column) continue;
    if (auto mistake = mistake_in(*column, comparison)) return mistake;
  }
  return std::nullopt;
}

}  // namespace exitgate::check
