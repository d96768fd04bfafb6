// Workflows and artifacts.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

void write_workflow_files(Page& page, const RunView& run) {
  const auto files = rows_of(
      run,
      "SELECT file, name, provider, problem, (SELECT group_concat(event, ', ') FROM (SELECT DISTINCT event "
      "FROM ci.trigger t WHERE t.file = w.file ORDER BY event)) AS events FROM ci.workflow w ORDER BY file",
      [](const Row& row) {
        return std::vector{
            code(row.text("file")), plain(row.text("name")), plain(row.text("events")),
            row.is_null("problem") ? "yes" : fmt::format("no: {}", plain(row.text("problem")))};
      });
  page.paragraph(fmt::format("{}:", count_of(files.size(), "workflow file")));
  if (!files.empty()) page.table({"file", "name", "events", "read"}, files);
  page.commands({"git ls-tree --name-only $C .github/workflows/",
                 sqlite_command("ci", "SELECT file, name, problem FROM workflow")});
  if (!run.has("repo")) return;
  const auto others = rows_of(run,
                              "SELECT path FROM repo.file WHERE path LIKE '.github/workflows/%' AND path NOT "
                              "IN (SELECT file FROM ci.workflow) ORDER BY path",
                              [](const Row& row) { return std::vector{code(row.text("path"))}; });
  if (!others.empty()) {
    page.paragraph("In the same folder, and no workflow:");
    page.table({"file"}, others);
  }
}

void write_pull_requests(Page& page, const RunView& run) {
  page.heading(3, "PR-triggered workflows");
  const auto triggers =
      rows_of(run,
              "SELECT file, line, event, filters FROM ci.trigger WHERE event LIKE 'pull_request%' ORDER BY "
              "file, line",
              [](const Row& row) {
                return std::vector{code_place(row.text("file"), row.integer("line")), code(row.text("event")),
                                   row.text("filters") == "{}" ? "" : code(row.text("filters"))};
              });
  const auto workflows =
      run.facts->integer("SELECT count(DISTINCT file) FROM ci.trigger WHERE event LIKE 'pull_request%'")
          .value_or(0);
  page.paragraph(fmt::format("{} triggered by pull requests:",
                             count_of(static_cast<std::size_t>(workflows), "workflow")));
  if (!triggers.empty()) page.table({"where", "event", "filters"}, triggers);
  page.commands(
      {"git grep -n pull_request $C -- .github/workflows    # more: lines that only mention the event",
       sqlite_command("ci", "SELECT * FROM trigger WHERE event LIKE 'pull_request%'")});
  const auto jobs =
      rows_of(run, "SELECT on_pull_request, count(*) AS jobs FROM ci.job GROUP BY 1 ORDER BY 2 DESC, 1",
              [](const Row& row) {
                return std::vector{code(row.text("on_pull_request")), std::to_string(row.integer("jobs"))};
              });
  if (!jobs.empty()) {
    page.paragraph(
        prose("Jobs by what a pull request does with them, through reusable workflows, `needs` and `if:`:"));
    page.table({"on a pull request", "jobs"}, jobs);
  }
}

}  // namespace

void write_workflows(Page& page, const RunView& run) {
  if (!collected(page, run, "ci")) return;
  write_workflow_files(page, run);
  write_pull_requests(page, run);
}

void write_artifacts(Page& page, const RunView& run) {
  if (!collected(page, run, "ci")) return;
  std::size_t kept = 0;
  const auto steps =
      rows_of(run,
              "SELECT file, line, direction, action, ref, pin, name, retention, retention_days, "
              "if_no_files_found, condition, on_pull_request FROM ci.artifact ORDER BY file, line",
              [&](const Row& row) {
                if (!row.is_null("retention_days")) ++kept;
                std::string action = row.text("action");
                if (!row.is_null("ref")) action += "@" + row.text("ref");
                return std::vector{code_place(row.text("file"), row.integer("line")),
                                   plain(row.text("direction")),
                                   code(action),
                                   plain(row.text("pin")),
                                   code(row.text("name")),
                                   code(row.text("retention")),
                                   code(row.text("if_no_files_found")),
                                   code(row.text("condition")),
                                   code(row.text("on_pull_request"))};
              });
  page.paragraph(
      fmt::format("{}, {} of them with a retention in days:", count_of(steps.size(), "artifact step"), kept));
  if (!steps.empty()) {
    page.table({"where", "direction", "action", "pin", "name", "retention-days", "if-no-files-found", "if",
                "on a pull request"},
               steps);
  }
  page.commands({"git grep -nE 'upload-artifact|download-artifact|retention-days' $C -- .github",
                 sqlite_command("ci", "SELECT * FROM artifact")});
}

}  // namespace exitgate::report
