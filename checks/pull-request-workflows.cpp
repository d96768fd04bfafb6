#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto least = with.integer("at-least");
  std::int64_t running = 0;
  for (const Row& row :
       facts.query(std::string(kRuns) +
                   "SELECT w.file AS file, coalesce(w.name, w.file) AS name, p.line AS line, "
                   "  (SELECT count(*) FROM ci.job j WHERE j.file = w.file AND "
                   "    j.on_pull_request IN ('yes', 'maybe', 'failure')) AS jobs "
                   "FROM ci.workflow w LEFT JOIN pull_request p ON p.file = w.file ORDER BY 1")) {
    report.examined();
    if (row.is_null("line")) continue;
    const auto jobs = row.integer("jobs");
    report.note(fmt::format("{}:{}: '{}' runs on pull requests, {} of its jobs {}", row.text("file"),
                            row.integer("line"), row.text("name"), jobs, jobs == 1 ? "does" : "do"));
    if (jobs > 0) ++running;
  }
  if (running >= least || unreadable) return;
  report.fail({.key = "pull-request-workflows",
               .file = "",
               .line = 0,
               .message = fmt::format(
                   "{} run{} a job on pull requests (of {}), {} asked for: nothing looks at a change before "
                   "it is merged",
                   running == 0 ? std::string("no workflow")
                                : count_of(static_cast<std::size_t>(running), "workflow"),
                   running <= 1 ? "s" : "", report.examined_count(),
                   least == 1 ? "1 is" : fmt::format("{} are", least)),
               .hint = Providers(facts).of_most().pull_request_hint});
}

const Check check{.name = "pull-request-workflows",
                  .title = "Workflows run on pull requests",
                  .why =
                      "Without a workflow that a pull request starts there is no run whose evidence could be "
                      "kept. The notes list the workflows that there are.",
                  .domains = {"ci"},
                  .parameters = {{"at-least", Parameter::integer, "1",
                                  "how many workflows must run a job on pull requests"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
