#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/check/check.h"

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

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto query = with.string("query");
  const auto examined = with.string("examined");
  require_query(query, "query");
  require_query(examined, "examined");

  const auto count = facts.integer(examined);
  if (!count) throw Undecided("the query of 'examined' gives no number", "query: " + examined);
  report.examined(*count);

  auto rows = facts.query(query);
  std::set<std::string> columns;
  const std::vector<std::string> known = {"file", "line", "message", "hint", "key"};
  for (const auto& name : rows.column_names()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw UsageError(
          fmt::format("the query gives a column '{}'{}; the columns are file, line, message, hint and key",
                      name, did_you_mean(name, known)),
          "name them with AS: SELECT file, line, 'why' AS message");
    }
    if (!columns.insert(name).second) {
      throw UsageError(fmt::format("the query gives the column '{}' twice", name),
                       "name one of them otherwise");
    }
  }
  if (!columns.contains(std::string(kMessage))) {
    throw UsageError("the query gives no column 'message'",
                     "say what is wrong: SELECT file, line, 'why' AS message");
  }
  const auto text = [&](const Row& row, const std::string& column) {
    return columns.contains(column) ? row.text(column) : "";
  };
  for (const Row& row : rows) {
    report.fail({text(row, "key"), text(row, "file"), columns.contains("line") ? row.integer("line") : 0,
                 text(row, "message"), text(row, "hint")});
  }
  if (report.examined_count() == 0 && report.findings().empty() && with.boolean("skip-when-empty")) {
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
                   {"examined", Parameter::string, std::nullopt,
                    "a SELECT that counts what the query looked at"},
                   {"domains", Parameter::strings, std::nullopt,
                    "fact stores that the queries read: ci, code, repo, ..."},
                   {"skip-when-empty", Parameter::boolean, "false",
                    "skip instead of an error when nothing was examined"},
                   {"skip-reason", Parameter::string, "\"there is nothing to look at\"", "what a skip says"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
