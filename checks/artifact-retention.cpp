#include <fmt/format.h>

#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

std::string shown_name(const Row& row, int column) {
  return row.is_null(column) ? "an artifact without a name" : fmt::format("'{}'", row.text(column));
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto least = with.integer("min-days");
  const bool unreadable = report_unreadable_workflows(facts, report);
  for (const Row& row :
       facts.query("SELECT file, line, job, position, name, retention, retention_days, "
                   "  file IN " +
                   kGitLabFiles +
                   " FROM ci.artifact "
                   "WHERE direction = 'upload' AND on_pull_request IN ('yes', 'maybe', 'failure') "
                   "ORDER BY file, line")) {
    report.examined();
    const auto key =
        fmt::format("{}:{}:{}", row.text(0), row.text(2), row.is_null(4) ? "artifact" : row.text(4));
    const auto days = row.optional_integer(6);
    const bool gitlab = row.boolean(7);
    const auto hint = gitlab ? fmt::format("write `expire_in: {} days` under `artifacts:`", least)
                             : fmt::format("write `retention-days: {}` under `with:`", least);
    if (days && *days >= least) continue;
    if (gitlab && !row.is_null(5) && row.text(5) == "never") continue;
    if (days && (*days > 0 || gitlab)) {
      report.fail({key, row.text(0), row.integer(1),
                   fmt::format("{} is deleted after {} day{}, an audit needs it for {}", shown_name(row, 4),
                               *days, *days == 1 ? "" : "s", least),
                   hint});
    } else if (days || row.is_null(5)) {
      report.fail({key, row.text(0), row.integer(1),
                   fmt::format("{} is kept for as long as the repository's settings happen to say: {}",
                               shown_name(row, 4),
                               days     ? "`retention-days: 0` means the default"
                               : gitlab ? "it has no `expire_in`"
                                        : "it has no `retention-days`"),
                   hint});
    } else {
      report.undecided({key, row.text(0), row.integer(1),
                        fmt::format("{} is kept for `{}`{}, a value that only the run knows",
                                    shown_name(row, 4), row.text(5), gitlab ? "" : " days"),
                        hint});
    }
  }
  if (report.examined_count() == 0 && !unreadable) report.skip("no pull request uploads an artifact");
}

const Check check{
    .name = "artifact-retention",
    .title = "Artifacts of pull-request jobs are kept for at least so many days",
    .why =
        "An artifact that is gone when somebody asks proves nothing. Without `retention-days` the "
        "repository's "
        "settings decide, which no commit records.",
    .domains = {"ci"},
    .parameters = {{"min-days", Parameter::integer, "30", "the fewest days that an artifact must be kept"}},
    .run = run};
const Registered registered(check);

}  // namespace
