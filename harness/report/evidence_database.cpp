// How the schema comes about: migrations against create_all, and what provisioning it here gave.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/report/evidence.h"
#include "harness/report/findings.h"

namespace exitgate::report {

namespace {

using facts::Row;

constexpr std::size_t kMost = 60;

std::string required(const Row& read) {
  if (read.is_null("required")) return "cannot be told";
  return read.boolean("required") ? "yes" : "no: it has a default";
}

void write_code(Page& page, const RunView& run) {
  page.heading(3, "Tables made by code");
  if (!collected(page, run, "code")) return;
  const auto calls = rows_of(run, "SELECT file, line, callee, kind FROM code.schema_call ORDER BY file, line",
                             [](const Row& row) {
                               return std::vector{code_place(row.text("file"), row.integer("line")),
                                                  code(row.text("callee")), code(row.text("kind"))};
                             });
  if (calls.empty()) {
    page.paragraph(
        prose("No code, setting or command makes or drops tables past the migrations: by syntax, so "
              "comments, strings "
              "and documents do not count."));
  } else {
    page.table({"where", "call", "kind"}, calls, kMost, in_store("code", "SELECT * FROM schema_call"));
  }
  page.commands({"git grep -nE 'create_all|drop_all' $C", sqlite_command("code", "SELECT * FROM schema_call"),
                 sqlite_command("code", "SELECT * FROM mention WHERE term IN ('create_all', 'drop_all')")});

  page.heading(3, "The guard on DATABASE_URL");
  const auto reads = rows_of(run,
                             "SELECT file, line, condition, required FROM code.environment_read WHERE "
                             "variable = 'DATABASE_URL' ORDER BY file, line",
                             [](const Row& row) {
                               return std::vector{code_place(row.text("file"), row.integer("line")),
                                                  required(row), code(row.text("condition"))};
                             });
  if (reads.empty()) {
    page.paragraph(prose("No Python code reads `DATABASE_URL`."));
  } else {
    page.table({"where", "required", "when"}, reads, kMost,
               in_store("code", "SELECT * FROM environment_read"));
  }
  page.commands({"git grep -n DATABASE_URL $C -- '*.py'",
                 sqlite_command("code", "SELECT * FROM environment_read WHERE variable = 'DATABASE_URL'")});
}

void write_graph(Page& page, const RunView& run) {
  page.heading(3, "Migrations");
  if (!collected(page, run, "migrations")) return;
  const auto graphs =
      rows_of(run,
              "SELECT id, tool, config, location, (SELECT count(*) FROM migrations.revision r WHERE "
              "r.environment = e.id) AS revisions, (SELECT group_concat(id, ', ') FROM (SELECT id FROM "
              "migrations.head h WHERE h.environment = e.id ORDER BY id)) AS heads, (SELECT group_concat(id, "
              "', ') FROM (SELECT id FROM migrations.base b WHERE b.environment = e.id ORDER BY id)) AS "
              "bases FROM migrations.environment e ORDER BY id",
              [](const Row& row) {
                return std::vector{code(row.text("id")),
                                   plain(row.text("tool")),
                                   code(row.text("config")),
                                   code(row.text("location")),
                                   std::to_string(row.integer("revisions")),
                                   code(row.text("heads")),
                                   code(row.text("bases"))};
              });
  if (graphs.empty()) {
    page.paragraph("The commit declares no migrations that are known to this program.");
  } else {
    page.table({"graph", "tool", "configuration", "location", "revisions", "heads", "bases"}, graphs);
  }
  const auto problems = rows_of(
      run, "SELECT file, line, reason FROM migrations.problem ORDER BY file, line, reason",
      [](const Row& row) {
        return std::vector{code_place(row.text("file"), row.integer("line")), plain(row.text("reason"))};
      });
  if (!problems.empty()) page.table({"where", "could not be told"}, problems);
  std::vector<std::string> commands;
  for (const auto& row : rows_of(run,
                                 "SELECT list FROM migrations.tool WHERE list IS NOT NULL AND name IN "
                                 "(SELECT tool FROM migrations.environment) ORDER BY name",
                                 [](const Row& found) { return std::vector{found.text("list")}; })) {
    commands.push_back(row[0] + "    # runs the project's code; the facts were read without it");
  }
  commands.push_back(sqlite_command("migrations", "SELECT * FROM head"));
  page.commands(commands);
}

void write_calls(Page& page, const RunView& run) {
  page.heading(3, "Where migrations are run");
  if (!collected(page, run, "code")) return;
  const auto calls =
      rows_of(run,
              "SELECT file, line, term, context, text FROM code.mention WHERE (term LIKE 'alembic %' OR term "
              "LIKE 'command.%') AND context IN ('code', 'string') ORDER BY file, line",
              [](const Row& row) {
                return std::vector{code_place(row.text("file"), row.integer("line")),
                                   plain(row.text("context")), code(row.text("text"))};
              });
  if (calls.empty()) {
    page.paragraph("No script, workflow or program runs Alembic; documents that speak of it do not count.");
  } else {
    page.table({"where", "context", "text"}, calls, kMost,
               in_store("code", "SELECT * FROM mention WHERE term LIKE 'alembic %'"));
  }
  page.commands(
      {"git grep -nE 'alembic (upgrade|downgrade|current|heads)|command\\.(upgrade|downgrade)' $C",
       sqlite_command("code", "SELECT * FROM mention WHERE term LIKE 'alembic %' OR term LIKE 'command.%'")});
}

void write_ci_steps(Page& page, const RunView& run) {
  page.heading(3, "Migrations and tests in CI");
  if (!collected(page, run, "ci")) return;
  const auto jobs = rows_of(
      run,
      "SELECT s.file AS file, s.line AS line, s.job AS job, s.image AS image, (SELECT min(line) FROM ci.step "
      "m WHERE m.file = s.file AND m.job = s.job AND m.run LIKE '%alembic%upgrade%') AS migrates, (SELECT "
      "min(line) FROM ci.step t WHERE t.file = s.file AND t.job = s.job AND t.run LIKE '%pytest%') AS tests "
      "FROM ci.service s WHERE s.image LIKE '%postgres%' ORDER BY s.file, s.line",
      [](const Row& row) {
        const auto step = [&](const char* column) {
          return row.is_null(column) ? std::string("none")
                                     : code_place(row.text("file"), row.integer(column));
        };
        return std::vector{code_place(row.text("file"), row.integer("line")), code(row.text("job")),
                           code(row.text("image")), step("migrates"), step("tests")};
      });
  if (jobs.empty()) {
    page.paragraph("No job has a PostgreSQL service.");
  } else {
    page.paragraph(prose(
        "Jobs with a PostgreSQL service, with the first step that runs `alembic … upgrade` and `pytest`:"));
    page.table({"service", "job", "image", "migrates", "tests"}, jobs);
  }
  page.commands({"git grep -nE 'services:|postgres|DATABASE_URL|alembic|pytest' $C -- .github/workflows",
                 sqlite_command("ci", "SELECT * FROM service")});
}

// What was left out, by the reason.
void write_parts_not_run(Page& page, const RunView& run) {
  // A store from before there were parts.
  if (rows_of(run, "SELECT 1 FROM schema.sqlite_schema WHERE name = 'work'", [](const Row&) {
        return std::vector<std::string>{};
      }).empty())
    return;
  const auto left_out =
      rows_of(run,
              "SELECT not_run, group_concat(part, ', ') AS parts FROM schema.work WHERE not_run IS NOT NULL "
              "GROUP BY not_run ORDER BY not_run",
              [](const Row& row) {
                return std::vector{plain(row.text("parts")), plain(row.text("not_run"))};
              });
  if (!left_out.empty()) page.table({"not run", "why"}, left_out);
  if (const auto origin = reused_from(run); !origin.empty()) {
    page.paragraph(prose(fmt::format(
        "Not provisioned in this run: what stands below was taken unchanged from {} (`--reuse`). What "
        "the "
        "key of it does not see, a step that reads the network or the clock, may have changed since.",
        origin)));
  }
}

// Where the target's commands ran, and what they could reach.
void write_sandbox(Page& page, const RunView& run) {
  // A store from before there was one.
  if (run.facts->integer("SELECT count(*) FROM schema.sqlite_schema WHERE name = 'sandbox'") == 0) return;
  const auto amount = [](const Row& row, const char* column) {
    return row.is_null(column) ? std::string("no limit") : fmt::format("{} MB", row.integer(column));
  };
  const auto network = [](const std::string& word) {
    return word == "none"   ? "the throwaway server alone"
           : word == "open" ? "open, by `network: true`"
                            : "not contained";
  };
  const auto rows =
      rows_of(run, "SELECT network, files, processes, memory_mb, disk_mb, reason FROM schema.sandbox",
              [&](const Row& row) {
                return std::vector{prose(network(row.text("network"))),
                                   plain(row.text("files")),
                                   plain(row.text("processes")),
                                   amount(row, "memory_mb"),
                                   amount(row, "disk_mb"),
                                   plain(row.text("reason"))};
              });
  if (rows.empty()) return;
  page.table({"network of the commands", "files", "processes", "memory", "disk", "why not contained"}, rows);
}

void write_provisioned(Page& page, const RunView& run) {
  page.heading(3, "Provisioned in this run");
  if (!collected(page, run, "schema")) return;
  const auto plans = rows_of(run, "SELECT source, reason FROM schema.plan", [](const Row& row) {
    return std::vector{code(row.text("source")), plain(row.text("reason"))};
  });
  if (!plans.empty()) page.table({"declared by", "why"}, plans);
  write_parts_not_run(page, run);
  // Archives of 0.1 have no such table.
  if (run.facts->integer("SELECT count(*) FROM schema.sqlite_schema WHERE name = 'server'") != 0) {
    const auto servers = rows_of(
        run, "SELECT version, origin, reason, package, sha256 FROM schema.server", [](const Row& row) {
          return std::vector{plain("PostgreSQL " + row.text("version")), plain(row.text("origin")),
                             plain(row.text("reason")), code(row.text("package")), code(row.text("sha256"))};
        });
    if (!servers.empty()) {
      page.table({"embedded server", "found", "why this one", "package", "SHA-256 of the package"}, servers);
    }
  }
  write_sandbox(page, run);
  const auto steps =
      rows_of(run,
              "SELECT snapshot, position, command, outcome, duration_ms FROM schema.provisioning ORDER BY "
              "snapshot, position",
              [](const Row& row) {
                return std::vector{code(row.text("snapshot")), std::to_string(row.integer("position")),
                                   code(row.text("command")), plain(row.text("outcome")),
                                   std::to_string(row.integer("duration_ms"))};
              });
  if (!steps.empty()) page.table({"provisioning", "step", "command", "outcome", "ms"}, steps);
  const auto snapshots =
      rows_of(run,
              "SELECT name, server_version, fingerprint, (SELECT count(*) FROM schema.object o WHERE "
              "o.snapshot = s.name) AS objects, (SELECT group_concat(revision, ', ') FROM (SELECT revision "
              "FROM schema.migration_state m WHERE m.snapshot = s.name ORDER BY revision)) AS revisions FROM "
              "schema.snapshot s ORDER BY name",
              [](const Row& row) {
                return std::vector{code(row.text("name")), plain(row.text("server_version")),
                                   std::to_string(row.integer("objects")), code(row.text("fingerprint")),
                                   code(row.text("revisions"))};
              });
  if (snapshots.empty()) {
    page.paragraph("No database was read.");
  } else {
    page.table({"snapshot", "server", "objects", "fingerprint", "at revision"}, snapshots);
  }
  const auto problems = rows_of(run, "SELECT snapshot, reason, hint FROM schema.problem", [](const Row& row) {
    return std::vector{code(row.text("snapshot")), plain(row.text("reason")), plain(row.text("hint"))};
  });
  if (!problems.empty()) page.table({"snapshot", "could not be decided", "what to do"}, problems);
  page.commands(
      {sqlite_command("schema", "SELECT name, fingerprint FROM snapshot"),
       sqlite_command("schema", "SELECT kind, identity, sha256 FROM object WHERE snapshot = 'migrated'")});
}

}  // namespace

void write_provisioning(Page& page, const RunView& run) {
  write_code(page, run);
  write_graph(page, run);
  write_calls(page, run);
  write_ci_steps(page, run);
  write_provisioned(page, run);
  write_upgrade(page, run);
  write_target_runs(page, run);
  write_test_reports(page, run);
}

}  // namespace exitgate::report
