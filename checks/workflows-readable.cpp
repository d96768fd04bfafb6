#include <fmt/format.h>

#include <charconv>

#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

// Of "line 3: a tab", 3; 0 where the problem is not of a line.
std::int64_t line_in(std::string_view problem) {
  constexpr std::string_view kLine = "line ";
  std::int64_t line = 0;
  if (problem.starts_with(kLine)) {
    problem.remove_prefix(kLine.size());
    std::from_chars(problem.data(), problem.data() + problem.size(), line);
  }
  return line;
}

const char* hint(bool gitlab, bool refused) {
  if (gitlab) return "GitLab makes no pipeline while a part of the configuration cannot be read: mend it";
  if (refused) return "GitHub runs no job of it, and says so only in the Actions tab: mend it, or delete it";
  return "GitHub runs nothing of a file that it cannot read, and says so only in the Actions tab: mend it, "
         "or "
         "delete it";
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  for (const Row& row :
       facts.query("SELECT file, problem, 'workflow', provider = 'gitlab', refused FROM ci.workflow "
                   "UNION ALL SELECT file, problem, 'action', 0, 0 FROM ci.action_file ORDER BY 1")) {
    report.examined();
    if (row.is_null(1)) continue;
    report.fail({.key = row.text(0),
                 .file = row.text(0),
                 .line = line_in(row.text(1)),
                 .message = row.boolean(4)
                                ? fmt::format("GitHub refuses this workflow: {}", row.text(1))
                                : fmt::format("this {} cannot be read: {}", row.text(2), row.text(1)),
                 .hint = hint(row.boolean(3), row.boolean(4))});
  }
  // Services that only the run knows are no mistake: the gate on migrations looks at those.
  for (const Row& row :
       facts.query("SELECT file, line, reason, file IN " + kGitLabFiles +
                   " "
                   "FROM ci.problem WHERE reason NOT LIKE 'services that%' ORDER BY file, line")) {
    report.fail(
        {.key = fmt::format("{}:{}", row.text(0), row.text(2)),
         .file = row.text(0),
         .line = row.integer(1),
         .message = fmt::format("{}: what {} makes of this file cannot be told", row.text(2),
                                row.boolean(3) ? "GitLab" : "GitHub"),
         .hint = row.text(2).ends_with("its jobs are not known")
                     ? "keep a copy of it in this repository and include that, or waive this finding: no "
                       "gate looks at the jobs that it brings"
                     : "mend the line"});
  }
  if (report.examined_count() == 0) report.skip("the commit has no workflow file");
}

const Check check{
    .name = "workflows-readable",
    .title = "Every workflow and composite action can be read",
    .why =
        "A workflow with a syntax error does not run at all: its gates vanish without anything turning red.",
    .domains = {"ci"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
