#include "harness/collect/schema/answers.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/database/provision.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/answers.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"

namespace exitgate::collect::schema {

namespace {

namespace rows = facts::answers;
namespace fs = std::filesystem;

constexpr int kMostRows = 10'000;
constexpr std::chrono::seconds kLimit(30);
constexpr const char* kTables =
    "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE "
    "c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'";

std::string one_statement(std::string_view query) {
  std::string text(trim(query));
  while (!text.empty() && text.back() == ';') text = std::string(trim(text.substr(0, text.size() - 1)));
  return text;
}

// A comment at the end of the query ends with its line.
std::string as_table(const std::string& query) {
  return fmt::format("(\n{}\n)", query);
}

rows::Query row_of(const GateQuery& asked, const redact::Redactor& redactor) {
  rows::Query row;
  row.gate = asked.gate;
  row.file = asked.file;
  row.line = asked.line;
  row.of = asked.live ? rows::QueryOf::live : rows::QueryOf::migrated;
  row.query = redactor.redact(asked.query);
  row.state = rows::QueryState::no_database;
  row.columns = "[]";
  row.found = 0;
  return row;
}

// Every value of a row as text.
std::string rows_as_json(const std::string& query) {
  return fmt::format(
      "SELECT (SELECT json_object_agg(key, value) FROM json_each_text(row_to_json(q))) FROM {} AS q LIMIT {}",
      as_table(query), kMostRows);
}

// Also of an answer without rows.
std::string column_names(const std::string& query) {
  return fmt::format(
      "SELECT (SELECT json_agg(key) FROM json_each(row_to_json(r))) FROM (SELECT q.* FROM (SELECT 1) AS one "
      "LEFT "
      "JOIN {} AS q ON false) AS r",
      as_table(query));
}

std::int64_t number(database::Connection& connection, const std::string& sql) {
  const auto result = connection.query_single(sql);
  if (result.rows() == 0 || result.is_null(0, 0)) throw Undecided("the query of 'examined' gives no number");
  return result.integer(0, 0);
}

void ask(const GateQuery& asked, database::Connection& connection, const redact::Redactor& redactor,
         facts::Store& store, rows::Query& row) {
  // Names mean what they mean to whoever connects to the database: our own connections see pg_catalog alone.
  connection.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; RESET search_path");
  const auto query = one_statement(asked.query);
  row.columns = std::string(connection.query_single(column_names(query)).text(0, 0));
  row.found = number(connection, fmt::format("SELECT count(*) FROM {} AS q", as_table(query)));
  const auto examined = one_statement(asked.examined);
  row.examined = number(connection, examined.empty() ? kTables : examined);
  const auto answer = connection.query_single(rows_as_json(query));
  for (int at = 0; at < answer.rows(); ++at) {
    Json data = Json::parse(std::string(answer.text(at, 0)));
    Json masked = Json::object();
    for (const auto& [name, value] : data.members())
      masked[name] = value.is_string() ? Json(redactor.redact(value.text())) : value;
    store.insert(rows::Answer{.gate = asked.gate, .position = at + 1, .data = masked.dump()});
  }
  row.state = rows::QueryState::answered;
  connection.query("ROLLBACK");
}

}  // namespace

std::vector<GateQuery> gate_queries(const fs::path& run) {
  std::vector<GateQuery> queries;
  const auto folder = record::RunDirectory{run}.gates();
  std::error_code none;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder, none)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const Json gate = Json::parse(read_file(file), file.string());
    if (gate.at("check").text() != "database") continue;
    const Json& with = gate.at("with");
    const auto text = [&](const char* name) {
      const auto* found = with.find(name);
      return found != nullptr && found->is_string() ? found->text() : std::string();
    };
    const auto where = gate.at("where").text();
    const std::size_t colon = where.rfind(':');
    queries.push_back({gate.at("gate").text(), where.substr(0, colon),
                       colon == std::string::npos ? 0 : std::atoi(where.c_str() + colon + 1),
                       text("of") == "live", text("query"), text("examined")});
  }
  return queries;
}

bool any_of_migrated(const std::vector<GateQuery>& queries) {
  return std::any_of(queries.begin(), queries.end(), [](const GateQuery& one) { return !one.live; });
}

void answer(const DatabaseStage& stage, const std::vector<GateQuery>& queries,
            const AskedDatabases& databases) {
  facts::Store store(stage.run / "facts", "answers");
  const database::Limits limits{.statement = kLimit, .overall = 2 * kLimit};
  for (const auto& asked : queries) {
    auto row = row_of(asked, stage.redactor);
    try {
      std::unique_ptr<database::Connection> connection;
      if (asked.live && !stage.database_url.empty()) {
        connection =
            std::make_unique<database::Connection>(database::target_of(stage.database_url), limits, true);
      } else if (!asked.live && databases.migrated != nullptr) {
        connection = databases.migrated->connect(database::kDatabaseName, databases.owner, true, limits);
      } else if (asked.live) {
        row.reason = "no live database was given";
      } else if (!databases.declared) {
        row.reason = "no database is declared that the migrations would make";
      } else {
        throw Undecided(databases.problem.empty() ? "the database was not provisioned" : databases.problem);
      }
      if (connection) ask(asked, *connection, stage.redactor, store, row);
    } catch (const std::exception& error) {
      row.state = rows::QueryState::failed;
      row.reason = stage.redactor.redact(error.what());
    }
    store.insert(row);
  }
  store.close();
}

}  // namespace exitgate::collect::schema
