#include <fmt/core.h>

#include <charconv>

#include "harness/check/providers.h"

namespace exitgate::check {
namespace {

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

// "GitHub, GitLab or Gitea"
std::string one_of(const std::vector<std::string>& names) {
  if (names.empty()) return "a CI provider";
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const Providers providers(facts);
  for (const Row& row :
       facts.query("SELECT file, problem, 'workflow' AS kind, refused FROM ci.workflow "
                   "UNION ALL SELECT file, problem, 'action', 0 FROM ci.action_file ORDER BY 1")) {
    report.examined();
    if (row.is_null("problem")) continue;
    const auto file = row.text("file");
    const auto problem = row.text("problem");
    const bool refused = row.boolean("refused");
    const ci::Provider& provider = providers.of(file);
    report.fail({.key = file,
                 .file = file,
                 .line = line_in(problem),
                 .message = refused ? fmt::format("{} refuses this workflow: {}", provider.title, problem)
                                    : fmt::format("this {} cannot be read: {}", row.text("kind"), problem),
                 .hint = refused ? provider.invalid_hint : provider.unreadable_hint});
  }
  // Services that only the run knows are not a mistake: the gate on migrations looks at those.
  for (const ci::Problem& problem :
       facts.rows<ci::Problem>("WHERE reason NOT LIKE 'services that%' ORDER BY file, line")) {
    report.fail(
        {.key = fmt::format("{}:{}", problem.file, problem.reason),
         .file = problem.file,
         .line = problem.line,
         .message = fmt::format("{}: what {} makes of this file cannot be told", problem.reason,
                                providers.of(problem.file).title),
         .hint = problem.reason.ends_with("its jobs are not known")
                     ? "keep a copy of it in this repository and include that, or waive this finding: no "
                       "gate looks at the jobs that it brings"
                     : "fix the line"});
  }
  if (report.examined_count() == 0)
    report.skip(fmt::format("no workflow file of {} is there to be read", one_of(providers.titles())));
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
}  // namespace exitgate::check
