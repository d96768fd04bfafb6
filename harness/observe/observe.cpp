#include "harness/observe/observe.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/base/error.h"
#include "harness/observe/log.h"
#include "harness/observe/names.h"
#include "harness/observe/reader.h"

namespace exitgate::observe {

std::vector<std::string> settings() {
  return {std::string("log_line_prefix=").append(kLinePrefix),
          "log_statement=all",
          "log_duration=on",
          "log_disconnections=on",
          "log_parameter_max_length=-1",
          "log_min_error_statement=error",
          "log_min_messages=warning",
          "log_error_verbosity=default",
          "track_counts=on"};
}

Mark mark(const database::Cluster& cluster, database::Connection& connection) {
  Mark mark;
  mark.database = connection.database();
  mark.installed = connection
                       .query(
                           "SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'pg_exitgate_end' AND "
                           "evtenabled = 'A'")
                       .rows() > 0;
  const auto rows = connection.query(
      "SELECT c.oid, c.relkind, pg_catalog.quote_ident(n.nspname) || '.' || "
      "pg_catalog.quote_ident(c.relname), "
      "i.indrelid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace LEFT "
      "JOIN "
      "pg_catalog.pg_index i ON i.indexrelid = c.oid WHERE n.nspname !~ '^pg_(?!temp)' AND n.nspname <> "
      "'information_schema'");
  for (int row = 0; row < rows.rows(); ++row) {
    const std::string kind(kind_of_relation(rows.text(row, 1)));
    if (kind.empty()) continue;
    mark.relations[static_cast<Oid>(rows.integer(row, 0))] = {std::string(rows.text(row, 2)), kind,
                                                              static_cast<Oid>(rows.integer(row, 3))};
  }
  const auto keys = connection.query(
      "SELECT confrelid, conrelid FROM pg_catalog.pg_constraint WHERE contype = 'f' AND confrelid <> "
      "conrelid");
  for (int row = 0; row < keys.rows(); ++row)
    mark.references.emplace(static_cast<Oid>(keys.integer(row, 0)), static_cast<Oid>(keys.integer(row, 1)));
  // A server logs a statement before it tells the client of its end, and each record is written at once.
  std::error_code problem;
  mark.offset = std::filesystem::file_size(cluster.log_path(), problem);
  if (problem) throw Undecided("the server's log cannot be read: " + problem.message());
  return mark;
}

std::vector<Statement> read(const database::Cluster& cluster, const Mark& from, const Options& options) {
  std::ifstream file(cluster.log_path(), std::ios::binary);
  if (!file || !file.seekg(static_cast<std::streamoff>(from.offset)))
    throw Undecided("the server's log cannot be read");
  const std::string log((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  Reader reader(from);
  for (const auto& record : records_of(log)) reader.read(record);
  return reader.take(options);
}

}  // namespace exitgate::observe
