#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/facts/tables/answers.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

using facts::answers::Answer;
using facts::answers::QueryState;
using Query = facts::answers::Query;

bool is_select(std::string_view query) {
  const auto text = lower(trim(query));
  return text.starts_with("select") || text.starts_with("with") || text.starts_with("values") ||
         text.starts_with("table");
}

void validate(const Parameters& with) {
  for (const char* const parameter : {"query", "examined"}) {
    const auto query = with.string(parameter);
    if (query.empty() && std::string_view(parameter) == "examined") continue;
    if (!is_select(query))
      throw ParameterError(parameter, fmt::format("parameter '{}' must be one SELECT statement", parameter),
                           fmt::format("query: {}", trim(query)));
  }
  const auto of = with.string("of");
  if (of != "migrated" && of != "live")
    throw ParameterError("of", fmt::format("parameter 'of' must be 'migrated' or 'live', not '{}'", of),
                         "migrated: what the migrations make; live: the database that --database names");
}

// "table=orders, rows=3"
std::string all_of(const Json& data) {
  std::vector<std::string> parts;
  for (const auto& [name, value] : data.members())
    parts.push_back(fmt::format("{}={}", name, value.is_string() ? value.text() : "NULL"));
  return printable(join(parts, ", "));
}

Finding finding_of(const Json& data) {
  const auto text = [&](const char* name) {
    const auto* value = data.find(name);
    return value != nullptr && value->is_string() ? printable(value->text()) : std::string();
  };
  const auto line = text("line");
  const bool digits =
      !line.empty() && line.size() < 10 && line.find_first_not_of("0123456789") == std::string::npos;
  const auto message = text("message");
  return {text("key"), text("file"), digits ? std::stoll(line) : 0, message.empty() ? all_of(data) : message,
          text("hint")};
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto query = facts.row<Query>("WHERE gate = ?", {with.gate()});
  if (!query) {
    const auto reason =
        facts.text("SELECT reason FROM answers.problem WHERE gate = ?1 OR gate IS NULL", {with.gate()});
    throw Undecided(reason ? "its query was not asked: " + *reason : "its query was not asked");
  }
  const bool live = with.string("of") == "live";
  if (query->state == QueryState::no_database) {
    report.skip(query->reason.value_or("there is no database"),
                live ? "give one with --database URL" : "declare how it is made under `database:`");
    return;
  }
  if (query->state == QueryState::failed) {
    throw Undecided(fmt::format("{}:{}: the query failed: {}", query->file, query->line,
                                printable(query->reason.value_or("no reason is given"))));
  }
  report.examined(query->examined.value_or(0));
  std::int64_t shown = 0;
  for (const Answer& answer : facts.rows<Answer>("WHERE gate = ? ORDER BY position", {with.gate()})) {
    report.fail(finding_of(Json::parse(answer.data)));
    ++shown;
  }
  if (query->found > shown) {
    report.fail({"more rows", "", 0,
                 fmt::format("{} more rows, of which no more is kept", query->found - shown), ""});
  }
}

std::string literal(std::string_view text) {
  std::string sql = "'";
  for (const char byte : text) sql += byte == '\'' ? std::string("''") : std::string(1, byte);
  return sql + "'";
}

// The answer as if it had this row alone. What the columns are only the server knows, so the row has to be given.
std::string counterexample(const Parameters& with, const Json& example) {
  if (example.is_null()) return "";
  if (!example.is_object() || example.members().empty())
    throw UsageError("it must be a row of the answer", "write its columns: {table: orders}");
  Json data = Json::object();
  std::vector<std::string> columns;
  for (const auto& [name, value] : example.members()) {
    if (value.is_structured()) throw UsageError(fmt::format("the column '{}' must have one value", name));
    columns.push_back(name);
    data[name] = value.is_null() ? Json() : Json(value.is_string() ? value.text() : value.dump());
  }
  const auto gate = literal(with.gate());
  return fmt::format(
      "INSERT OR REPLACE INTO answers.query VALUES ({0}, '', 0, {1}, {2}, 'answered', NULL, {3}, 1, 1);\n"
      "DELETE FROM answers.answer WHERE gate = {0};\nINSERT INTO answers.answer VALUES ({0}, 1, {4})",
      gate, literal(with.string("of")), literal(with.string("query")), literal(Json(columns).dump()),
      literal(data.dump()));
}

const Check check{
    .name = "database",
    .title = "A query of the database gives no row",
    .why = "A rule of one's own about the schema or the rows, asked of the database itself.",
    .domains = {"answers"},
    .parts = Parts{"queries"},
    .parameters =
        {{"query", Parameter::string, std::nullopt,
          "one SELECT; each row is a finding, with the columns message, file, line, hint and key where there "
          "are, and "
          "all columns in the message where there is no message"},
         {"of", Parameter::string, "\"migrated\"",
          "'migrated': the database that the migrations make; 'live': the one that --database names"},
         {"examined", Parameter::string, "\"\"",
          "a SELECT that counts what the query looked at; default: the tables of the database"}},
    .run = run,
    .validate = validate,
    .counterexample = counterexample};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
