// The rehearsal of the upgrade: what each statement did to a base with rows in it, and what was lost.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

constexpr std::size_t kMost = 60;

std::string milliseconds(const Row& row, const char* column) {
  return row.is_null(column) ? "" : fmt::format("{:.1f}", static_cast<double>(row.integer(column)) / 1000);
}

std::string count_of_total(const Row& row) {
  if (row.is_null("count")) return "";
  if (row.is_null("total")) return std::to_string(row.integer("count"));
  return fmt::format("{} of {}", row.integer("count"), row.integer("total"));
}

void write_outcome(Page& page, const RunView& run) {
  const auto outcomes = rows_of(
      run,
      "SELECT outcome, reason, substr(base, 1, 12) AS base, revisions, seed, traffic, duration_ms FROM "
      "rehearsal.upgrade",
      [](const Row& row) {
        return std::vector{
            plain(row.text("outcome")),
            plain(row.text("reason")),
            code(row.text("base")),
            std::to_string(row.integer("revisions")),
            plain(row.text("seed")),
            plain(row.boolean("traffic") ? "yes" : "no"),
            row.is_null("duration_ms") ? std::string() : std::to_string(row.integer("duration_ms"))};
      });
  page.table({"outcome", "why", "from", "new revisions", "rows", "readers and writers meanwhile", "ms"},
             outcomes);
  if (const auto origin = run.facts->text("SELECT reused FROM rehearsal.upgrade WHERE reused IS NOT NULL"))
    page.paragraph(prose(
        fmt::format("Not rehearsed in this run: it was taken unchanged from {} (`--reuse`).", *origin)));
  const auto steps = rows_of(
      run,
      "SELECT phase, command, outcome, duration_ms, reason, file, line FROM rehearsal.step ORDER BY position",
      [](const Row& row) {
        return std::vector{plain(row.text("phase")),   code(row.text("command")),
                           plain(row.text("outcome")), std::to_string(row.integer("duration_ms")),
                           plain(row.text("reason")),  code_place(row.text("file"), row.integer("line"))};
      });
  if (!steps.empty()) page.table({"for", "command", "outcome", "ms", "error", "where"}, steps);
}

void write_statements(Page& page, const RunView& run) {
  const auto statements = rows_of(
      run,
      "SELECT phase, file, line, text, outcome, (SELECT group_concat(one, ', ') FROM (SELECT DISTINCT l.mode "
      "|| ' on ' "
      "|| l.relation AS one FROM rehearsal.lock l WHERE l.statement = s.position AND l.of_base AND l.kind <> "
      "'index' AND "
      "l.blocks IN ('writes', 'reads and writes') ORDER BY 1)) AS locks, (SELECT max(l.held_us) FROM "
      "rehearsal.lock l "
      "WHERE l.statement = s.position AND l.of_base AND l.blocks IN ('writes', 'reads and writes')) AS held, "
      "(SELECT "
      "group_concat(one, ', ') FROM (SELECT DISTINCT p.kind || ' ' || p.relation AS one FROM rehearsal.pass "
      "p WHERE "
      "p.statement = s.position AND p.of_base ORDER BY 1)) AS passes FROM rehearsal.statement s ORDER BY "
      "position",
      [](const Row& row) {
        return std::vector{plain(row.text("phase")),  code_place(row.text("file"), row.integer("line")),
                           code(row.text("text")),    plain(row.text("locks")),
                           milliseconds(row, "held"), plain(row.text("passes")),
                           plain(row.text("outcome"))};
      });
  if (statements.empty()) return;
  page.paragraph(
      prose("Each statement that changes something, with the locks that keep readers or writers of the "
            "base's tables "
            "waiting, and what was done to all of their rows:"));
  page.table({"during", "where", "statement", "lock", "held, ms", "all rows", "outcome"}, statements, kMost,
             in_store("rehearsal", "SELECT * FROM statement"));
}

void write_losses(Page& page, const RunView& run) {
  const auto losses = rows_of(
      run,
      "SELECT l.phase AS phase, l.kind AS kind, l.relation AS relation, l.name AS name, l.count AS count, "
      "l.total AS "
      "total, l.detail AS detail, l.kept_in AS kept_in, s.file AS file, s.line AS line FROM rehearsal.loss l "
      "LEFT JOIN "
      "rehearsal.statement s ON s.position = l.statement ORDER BY l.phase, l.relation, l.kind, l.name",
      [](const Row& row) {
        return std::vector{plain(row.text("phase")),   plain(row.text("kind")),
                           code(row.text("relation")), code(row.text("name")),
                           count_of_total(row),        plain(row.text("detail")),
                           code(row.text("kept_in")),  code_place(row.text("file"), row.integer("line"))};
      });
  if (losses.empty()) {
    page.paragraph("Nothing that the base had was seen to be lost.");
  } else {
    page.table({"after", "lost", "table", "name", "how much", "how", "found in", "where"}, losses, kMost,
               in_store("rehearsal", "SELECT * FROM loss"));
  }
  const auto differences = rows_of(
      run, "SELECT change, kind, identity FROM rehearsal.difference ORDER BY kind, identity",
      [](const Row& row) {
        return std::vector{plain(row.text("change")), plain(row.text("kind")), code(row.text("identity"))};
      });
  if (!differences.empty()) {
    page.paragraph("After the way back, the schema differs from the base's:");
    page.table({"change", "kind", "object"}, differences, kMost,
               in_store("rehearsal", "SELECT * FROM difference"));
  }
}

void write_rest(Page& page, const RunView& run) {
  const auto waited = rows_of(
      run,
      "SELECT session, relation, transactions, longest_wait_us, problem FROM rehearsal.traffic ORDER BY "
      "longest_wait_us DESC, session, relation LIMIT 10",
      [](const Row& row) {
        return std::vector{plain(row.text("session")), code(row.text("relation")),
                           std::to_string(row.integer("transactions")), milliseconds(row, "longest_wait_us"),
                           plain(row.text("problem"))};
      });
  if (!waited.empty()) page.table({"session", "table", "transactions", "longest wait, ms", "error"}, waited);
  const auto problems = rows_of(
      run, "SELECT subject, reason, hint FROM rehearsal.problem ORDER BY subject, reason",
      [](const Row& row) {
        return std::vector{plain(row.text("subject")), plain(row.text("reason")), plain(row.text("hint"))};
      });
  if (!problems.empty())
    page.table({"of", "could not be told", "what to do"}, problems, kMost,
               in_store("rehearsal", "SELECT * FROM problem"));
  page.commands({sqlite_command("rehearsal", "SELECT * FROM statement"),
                 sqlite_command("rehearsal", "SELECT * FROM loss"),
                 sqlite_command("rehearsal", "SELECT * FROM lock WHERE of_base")});
}

}  // namespace

void write_upgrade(Page& page, const RunView& run) {
  if (!run.has("rehearsal")) return;
  page.heading(3, "The upgrade, rehearsed");
  write_outcome(page, run);
  if (run.facts->integer("SELECT count(*) FROM rehearsal.step").value_or(0) == 0) return;
  write_statements(page, run);
  write_losses(page, run);
  write_rest(page, run);
}

}  // namespace exitgate::report
