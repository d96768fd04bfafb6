// Hooks, dumps and checksum tooling, as the source code has them.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

constexpr std::size_t kMost = 60;

std::vector<std::string> mention_cells(const Row& row) {
  return {code_place(row.text("file"), row.integer("line")), plain(row.text("context")),
          code(row.text("text"))};
}

}  // namespace

void write_hooks(Page& page, const RunView& run) {
  if (!collected(page, run, "code")) return;
  page.heading(3, "Session-scoped fixtures");
  const auto fixtures = rows_of(
      run, "SELECT file, line, name, framework FROM code.fixture WHERE scope = 'session' ORDER BY file, line",
      [](const Row& row) {
        return std::vector{code_place(row.text("file"), row.integer("line")), code(row.text("name")),
                           plain(row.text("framework"))};
      });
  if (fixtures.empty()) {
    page.paragraph("No fixture has the scope of a session.");
  } else {
    page.table({"where", "fixture", "framework"}, fixtures);
  }
  page.commands({"git grep -nE 'scope *= *.session' $C -- '*.py'",
                 sqlite_command("code", "SELECT * FROM fixture WHERE scope = 'session'")});
  page.heading(3, "Session hooks");
  const auto hooks = rows_of(run,
                             "SELECT file, line, name, framework FROM code.hook WHERE name IN "
                             "('pytest_sessionstart', 'pytest_sessionfinish') ORDER BY file, line",
                             [](const Row& row) {
                               return std::vector{code_place(row.text("file"), row.integer("line")),
                                                  code(row.text("name")), plain(row.text("framework"))};
                             });
  if (hooks.empty()) {
    page.paragraph(prose("Neither `pytest_sessionstart` nor `pytest_sessionfinish` is defined."));
  } else {
    page.table({"where", "hook", "framework"}, hooks);
  }
  const auto others = run.facts
                          ->integer(
                              "SELECT count(*) FROM code.hook WHERE name NOT IN ('pytest_sessionstart', "
                              "'pytest_sessionfinish')")
                          .value_or(0);
  if (others > 0) {
    page.paragraph(
        fmt::format("Besides these, {}.", count_of(static_cast<std::size_t>(others), "other pytest hook")));
  }
  page.commands({"git grep -nE 'pytest_sessionstart|pytest_sessionfinish' $C",
                 sqlite_command("code", "SELECT * FROM hook")});
  const auto problems =
      rows_of(run, "SELECT file, reason FROM code.problem ORDER BY file", [](const Row& row) {
        return std::vector{code(row.text("file")), plain(row.text("reason"))};
      });
  if (!problems.empty()) {
    page.paragraph("Files of which nothing or not everything could be told:");
    page.table({"file", "reason"}, problems, kMost, in_store("code", "SELECT * FROM problem"));
  }
}

void write_snapshots(Page& page, const RunView& run) {
  page.heading(3, "Where the repository dumps a schema");
  if (collected(page, run, "code")) {
    const auto dumps = rows_of(run,
                               "SELECT file, line, context, text FROM code.mention WHERE term = 'pg_dump' "
                               "AND context <> 'document' ORDER BY file, line",
                               mention_cells);
    if (dumps.empty()) {
      page.paragraph(prose("No script, workflow or SQL file mentions `pg_dump`."));
    } else {
      page.table({"where", "context", "text"}, dumps, kMost,
                 in_store("code", "SELECT * FROM mention WHERE term = 'pg_dump'"));
    }
    page.commands({"git grep -nE 'pg_dump|schema-only' $C",
                   sqlite_command("code", "SELECT * FROM mention WHERE term IN ('pg_dump', 'schema-only')")});
  }
  page.heading(3, "Dumped in this run");
  if (!collected(page, run, "schema")) return;
  const auto parts =
      rows_of(run,
              "SELECT path, bytes, sha256, repeated, problem FROM schema.part WHERE name = 'schema-dump' "
              "ORDER BY path",
              [](const Row& row) {
                return std::vector{code(row.text("path")), std::to_string(row.integer("bytes")),
                                   code(row.text("sha256")),
                                   std::string(row.is_null("repeated")   ? "not tried"
                                               : row.boolean("repeated") ? "the same"
                                                                         : "different"),
                                   plain(row.text("problem"))};
              });
  if (parts.empty()) {
    page.paragraph("No dump was made.");
  } else {
    page.table({"file", "bytes", "SHA-256", "dumped again", "problem"}, parts);
  }
}

void write_tooling(Page& page, const RunView& run) {
  if (!collected(page, run, "code")) return;
  const auto files = rows_of(
      run,
      "SELECT file, min(line) AS first_line, count(*) AS lines, group_concat(DISTINCT term) AS terms, "
      "(SELECT text FROM code.mention f WHERE f.file = m.file AND f.term IN ('manifest', 'sha256', "
      "'checksum') AND f.context = 'code' ORDER BY f.line LIMIT 1) AS first FROM code.mention m WHERE term "
      "IN ('manifest', 'sha256', 'checksum') AND context = 'code' GROUP BY file ORDER BY file",
      [](const Row& row) {
        return std::vector{code_place(row.text("file"), row.integer("first_line")),
                           std::to_string(row.integer("lines")), plain(row.text("terms")),
                           code(row.text("first"))};
      });
  if (files.empty()) {
    page.paragraph("No code mentions a manifest, a checksum or SHA-256.");
  } else {
    page.paragraph(
        fmt::format("{} whose code speaks of manifests, checksums or SHA-256, with the first such line:",
                    count_of(files.size(), "file")));
    page.table({"where", "lines", "terms", "first"}, files, kMost, "the commands below list them");
  }
  page.commands(
      {"git grep -niE 'manifest|sha256|checksum' $C",
       sqlite_command("code",
                      "SELECT * FROM mention WHERE term IN ('manifest', 'sha256', 'checksum') AND context = "
                      "'code'")});
}

}  // namespace exitgate::report
