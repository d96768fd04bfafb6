#include "harness/rows/outcome.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::rows {
namespace {

// Between the outcomes of two statements, and between the fields of one: no message has them.
constexpr char kRecord = '\x1e';
constexpr char kField = '\x1f';

// A DO block leaves nothing behind in the catalogs, where a function would be seen by the target's event triggers.
std::vector<Outcome> run(database::Connection& connection, const std::vector<std::string>& bodies) {
  if (bodies.empty()) return {};
  std::string sql =
      "DO $exitgate$ DECLARE told text := ''; got text; s text; k text; c text; m text; x text; BEGIN\n";
  for (const auto& body : bodies) {
    sql += fmt::format(
        "got := ''; BEGIN {} told := told || E'\\x1f\\x1f\\x1f\\x1f\\x1f' || coalesce(got, '') || E'\\x1e';\n"
        "EXCEPTION WHEN OTHERS OR ASSERT_FAILURE THEN GET STACKED DIAGNOSTICS s = RETURNED_SQLSTATE, k = "
        "CONSTRAINT_NAME, "
        "c = COLUMN_NAME, m = MESSAGE_TEXT, x = PG_EXCEPTION_CONTEXT;\n"
        "told := told || concat_ws(E'\\x1f', s, k, c, m, x, '') || E'\\x1e'; END;\n",
        body);
  }
  sql +=
      "PERFORM pg_catalog.set_config('exitgate.told', told, false); END $exitgate$;\n"
      "SELECT pg_catalog.current_setting('exitgate.told')";
  const auto answer = connection.query(sql);
  std::vector<Outcome> outcomes;
  for (const auto& record : split(answer.text(0, 0), kRecord)) {
    auto fields = split(record, kField);
    if (fields.size() < 6) continue;
    outcomes.push_back({fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]});
  }
  if (outcomes.size() != bodies.size())
    throw Undecided(fmt::format("{} outcomes of {} statements", outcomes.size(), bodies.size()));
  return outcomes;
}

}  // namespace

std::vector<Outcome> try_statements(database::Connection& connection,
                                    const std::vector<std::string>& statements, bool without_triggers) {
  std::vector<std::string> bodies;
  bodies.reserve(statements.size());
  for (const auto& statement : statements) {
    std::string body;
    if (without_triggers) body += "SET LOCAL session_replication_role = replica; ";
    body += fmt::format("EXECUTE {}; GET DIAGNOSTICS got = ROW_COUNT; ", connection.literal(statement));
    body += without_triggers ? "SET LOCAL session_replication_role = origin; "
                             : "SET CONSTRAINTS ALL IMMEDIATE; ";
    bodies.push_back(std::move(body));
  }
  return run(connection, bodies);
}

std::vector<Outcome> try_values(database::Connection& connection,
                                const std::vector<std::string>& expressions) {
  std::vector<std::string> bodies;
  bodies.reserve(expressions.size());
  for (const auto& one : expressions)
    bodies.push_back(fmt::format("EXECUTE {} INTO got; ", connection.literal("SELECT (" + one + ")::text")));
  return run(connection, bodies);
}

}  // namespace exitgate::rows
