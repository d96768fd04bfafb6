// The target's own checks of its models, and its tests, on the migrated database.
#include <fmt/core.h>

#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

constexpr std::size_t kMost = 60;

// A store from before there was such a table.
bool has_table(const RunView& run, const char* name) {
  return run.facts->integer(
             fmt::format("SELECT count(*) FROM schema.sqlite_schema WHERE name = '{}'", name)) != 0;
}

}  // namespace

void write_target_runs(Page& page, const RunView& run) {
  if (!run.has("schema") || !has_table(run, "model_check") || !has_table(run, "test_run")) return;
  const auto models = rows_of(
      run, "SELECT command, outcome, duration_ms, file, line FROM schema.model_check ORDER BY position",
      [](const Row& row) {
        return std::vector{code(row.text("command")), plain(row.text("outcome")),
                           std::to_string(row.integer("duration_ms")),
                           code_place(row.text("file"), row.integer("line"))};
      });
  if (!models.empty()) page.table({"models against migrations", "outcome", "ms", "declared"}, models);
  const auto tests =
      rows_of(run,
              "SELECT combination, command, outcome, duration_ms, log, reports FROM schema.test_run ORDER BY "
              "combination DESC, position",
              [](const Row& row) {
                return std::vector{plain(row.text("combination")), code(row.text("command")),
                                   plain(row.text("outcome")),     std::to_string(row.integer("duration_ms")),
                                   code(row.text("log")),          std::to_string(row.integer("reports"))};
              });
  if (!tests.empty())
    page.table({"tests", "command", "outcome", "ms", "log in the archive", "reports"}, tests);
  const auto changes =
      rows_of(run,
              "SELECT combination, command, identity, database, temporary, left_behind, text FROM "
              "schema.test_change ORDER BY combination DESC, position",
              [](const Row& row) {
                return std::vector{plain(row.text("combination")),
                                   plain(row.text("command")),
                                   code(row.text("identity")),
                                   code(row.text("database")),
                                   plain(row.boolean("temporary")     ? "of one session"
                                         : row.boolean("left_behind") ? "left behind"
                                                                      : "gone again"),
                                   code(row.text("text"))};
              });
  if (!changes.empty())
    page.table({"tests", "schema change", "object", "database", "afterwards", "statement"}, changes, kMost,
               in_store("schema", "SELECT * FROM test_change"));
}

}  // namespace exitgate::report
