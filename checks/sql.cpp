#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/declared_tables.h"
#include "harness/check/query_validation.h"

namespace exitgate::check {
namespace {

constexpr std::string_view kMessage = "message";

// A gate only asks: what else SQLite can do (ATTACH another file, PRAGMA) is none of its business.
void require_query(const std::string& query, std::string_view parameter) {
  const auto text = lower(trim(query));
  if (!text.starts_with("select") && !text.starts_with("with") && !text.starts_with("values")) {
    throw UsageError(fmt::format("parameter '{}' must be one SELECT statement", parameter),
                     "query: " + std::string(trim(query)));
  }
}

const std::vector<std::string>& known_columns() {
  static const std::vector<std::string> known = {"file", "line", "message", "hint", "key"};
  return known;
}

// Throws what `fail` makes of a message and a hint.
template <typename Fail>
std::set<std::string> checked_columns(std::span<const std::string> names, const Fail& fail) {
  std::set<std::string> columns;
  const auto& known = known_columns();
  for (const auto& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      fail(fmt::format("the query gives a column '{}'{}; the columns are file, line, message, hint and key",
                       name, did_you_mean(name, known)),
           "name them with AS: SELECT file, line, 'why' AS message");
    }
    if (!columns.insert(name).second)
      fail(fmt::format("the query gives the column '{}' twice", name), "name one of them otherwise");
  }
  if (!columns.contains(std::string(kMessage)))
    fail("the query gives no column 'message'", "say what is wrong: SELECT file, line, 'why' AS message");
  return columns;
}

// Without `examined`: the rows of the table that the query names first. Where another table that it reads is empty, none:
// what is joined with nothing has no rows either, and whoever asks what is missing there says so by `examined`.
std::int64_t rows_looked_at(const Facts& facts, const std::string& query) {
  std::optional<std::int64_t> first;
  for (const auto& [domain, table] : named_tables(query)) {
    const auto rows = facts.integer(fmt::format("SELECT count(*) FROM {}.{}", domain, table)).value_or(0);
    if (rows == 0) return 0;
    if (!first) first = rows;
  }
  return first.value_or(0);
}

void validate(const Parameters& with) {
  const auto query = with.string("query");
  const auto examined = with.string("examined");
  require_right_query("query", query);
  checked_columns(try_on_declared(query).columns, [](const std::string& message, const std::string& hint) {
    throw ParameterError("query", message, hint);
  });
  if (!examined.empty()) {
    require_right_query("examined", examined);
    return;
  }
  // What is named without its domain cannot be counted by its name.
  const auto named = named_tables(query);
  std::set<NamedTable> read;
  for (const auto& [column, times] : try_on_declared(query).reads) {
    if (column.domain != "main" && column.domain != "temp") read.insert({column.domain, column.table});
  }
  if (named.empty() || std::set<NamedTable>(named.begin(), named.end()) != read) {
    throw ParameterError(
        "examined",
        "parameter 'examined' must be given where the query names a table without its domain, or none",
        "count what the query looked at: SELECT count(*) FROM ci.job");
  }
}

// What the facts say could not be read, of the domains that the query reads: rows may be missing that would be findings.
struct Unread {
  std::string_view domain;
  std::string_view table;  // a query that reads this column has seen to it by itself
  std::string_view column;
  std::string_view rows;       // with the columns file, line and reason
  std::string_view only = {};  // the tables that it is about; all of the domain
};
constexpr std::array<Unread, 6> kUnread = {{
    {"ci", "workflow", "problem",
     "SELECT file, 0 AS line, problem AS reason FROM ci.workflow WHERE problem IS NOT NULL"},
    {"ci", "action_file", "problem",
     "SELECT file, 0 AS line, problem AS reason FROM ci.action_file WHERE problem IS NOT NULL"},
    {"ci", "problem", "reason", "SELECT file, line, reason FROM ci.problem"},
    {"code", "problem", "reason",
     "SELECT file, 0 AS line, reason FROM code.problem WHERE language IS NOT NULL"},
    {"code", "problem", "reason", "SELECT file, 0 AS line, reason FROM code.problem WHERE language IS NULL",
     "mention"},
    {"tests", "problem", "reason", "SELECT file, line, path || ': ' || reason AS reason FROM tests.problem"},
}};

void report_unread(const Facts& facts, const std::string& query, const std::string& examined,
                   Report& report) {
  std::set<NamedTable> tables;
  std::set<facts::ColumnRead> columns;
  for (const auto& sql : {query, examined}) {
    if (sql.empty()) continue;
    for (const auto& [column, times] : try_on_declared(sql).reads) {
      tables.insert({column.domain, column.table});
      columns.insert(column);
    }
  }
  for (const auto& unread : kUnread) {
    const bool about = std::any_of(tables.begin(), tables.end(), [&](const NamedTable& one) {
      return one.domain == unread.domain && (unread.only.empty() || one.table == unread.only);
    });
    const bool seen_to =
        columns.contains({std::string(unread.domain), std::string(unread.table), std::string(unread.column)});
    if (!about || seen_to || !facts.has(unread.domain)) continue;
    for (const Row& row : facts.query(unread.rows)) {
      report.undecided({fmt::format("unread:{}", row.text("file")), row.text("file"), row.integer("line"),
                        fmt::format("it could not be read, so that the query may have missed something: {}",
                                    row.text("reason")),
                        fmt::format("fix it, or let the query say what such a file means: it is in {}.{}",
                                    unread.domain, unread.table)});
    }
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto query = with.string("query");
  const auto examined = with.string("examined");
  require_query(query, "query");
  if (examined.empty()) {
    report.examined(rows_looked_at(facts, query));
  } else {
    require_query(examined, "examined");
    const auto count = facts.integer(examined);
    if (!count) throw Undecided("the query of 'examined' gives no number", "query: " + examined);
    report.examined(*count);
  }

  auto rows = facts.query(query);
  const auto columns = checked_columns(
      rows.column_names(),
      [](const std::string& message, const std::string& hint) { throw UsageError(message, hint); });
  const auto text = [&](const Row& row, const std::string& column) {
    return columns.contains(column) ? row.text(column) : "";
  };
  for (const Row& row : rows) {
    report.fail({text(row, "key"), text(row, "file"), columns.contains("line") ? row.integer("line") : 0,
                 row.is_null("message") ? "the query's message is NULL here" : row.text("message"),
                 text(row, "hint")});
  }
  report_unread(facts, query, examined, report);
  if (report.examined_count() == 0 && report.findings().empty() && report.undecided_findings().empty() &&
      with.boolean("skip-when-empty")) {
    report.skip(with.string("skip-reason"));
  }
}

const Check check{
    .name = "sql",
    .title = "A query over the facts gives no row",
    .why = "A rule of one's own, without a rebuild: each row that the query gives is a finding.",
    .domains = {},
    .parts = Parts{"tables of {query}", "tables of {examined}"},
    .parameters = {{"query", Parameter::string, std::nullopt,
                    "a SELECT over the fact tables; columns by name: message, and file, line, hint, key "
                    "where there are"},
                   {"examined", Parameter::string, "\"\"",
                    "a SELECT that counts what the query looked at; default: the rows of the table that it "
                    "names first, and "
                    "none where another table that it reads is empty"},
                   {"domains", Parameter::strings, "[]",
                    "fact stores that the queries read; those that they name are always among them"},
                   {"skip-when-empty", Parameter::boolean, "false",
                    "skip instead of an error when nothing was examined"},
                   {"skip-reason", Parameter::string, "\"there is nothing to look at\"", "what a skip says"}},
    .run = run,
    .validate = validate};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
