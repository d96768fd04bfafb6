// What gates of a team's own looked at: files, commands and queries.
#include <fmt/core.h>

#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

constexpr std::size_t kMost = 60;

void write_files(Page& page, const RunView& run) {
  if (!run.has("asked")) return;
  const auto requests =
      rows_of(run,
              "SELECT r.gate AS gate, r.kind AS kind, r.question AS question, r.examined AS examined, "
              "r.found AS found, "
              "(SELECT count(*) FROM asked.problem p WHERE p.gate = r.gate AND NOT p.example AND p.file IS "
              "NOT NULL) AS unread "
              "FROM asked.request r WHERE NOT r.example ORDER BY r.gate",
              [](const Row& row) {
                return std::vector{
                    code(row.text("gate")), plain(row.text("kind")), code(row.text("question")),
                    plain(fmt::format("{} of {} files", row.integer("found"), row.integer("examined"))),
                    plain(fmt::format("{}", row.integer("unread")))};
              });
  if (requests.empty()) return;
  page.table({"gate", "check", "asked", "found in", "could not be read"}, requests, kMost,
             in_store("asked", "SELECT * FROM request WHERE NOT example"));
}

void write_commands(Page& page, const RunView& run) {
  if (!run.has("commands")) return;
  const auto commands = rows_of(
      run,
      "SELECT gate, command, outcome, milliseconds, network, log, file, line FROM commands.run ORDER BY gate",
      [](const Row& row) {
        return std::vector{code(row.text("gate")),
                           code(row.text("command")),
                           plain(row.text("outcome")),
                           plain(fmt::format("{}", row.integer("milliseconds"))),
                           plain(row.boolean("network") ? "yes" : "no"),
                           code(row.text("log")),
                           code_place(row.text("file"), row.integer("line"))};
      });
  if (!commands.empty())
    page.table({"gate", "command", "outcome", "ms", "network", "log", "declared at"}, commands, kMost,
               in_store("commands", "SELECT * FROM run"));
}

void write_queries(Page& page, const RunView& run) {
  if (!run.has("answers")) return;
  const auto queries = rows_of(
      run, "SELECT gate, of, query, state, reason, found, file, line FROM answers.query ORDER BY gate",
      [](const Row& row) {
        return std::vector{code(row.text("gate")), plain(row.text("of")), code(row.text("query")),
                           plain(row.text("state") == "answered"
                                     ? fmt::format("{} rows", row.integer("found"))
                                     : fmt::format("{}: {}", row.text("state"), row.text("reason"))),
                           code_place(row.text("file"), row.integer("line"))};
      });
  if (!queries.empty())
    page.table({"gate", "database", "query", "answer", "declared at"}, queries, kMost,
               in_store("answers", "SELECT * FROM query"));
}

}  // namespace

bool has_own_gates(const RunView& run) {
  return run.has("asked") || run.has("commands") || run.has("answers");
}

void write_own_gates(Page& page, const RunView& run) {
  write_files(page, run);
  write_commands(page, run);
  write_queries(page, run);
}

}  // namespace exitgate::report
