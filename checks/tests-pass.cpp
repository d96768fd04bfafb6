#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/provisioning.h"
#include "harness/check/target_commands.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

void look(const schema::TestRun& test, bool database, Report& report) {
  report.examined();
  if (test.outcome == "ok") return;
  const auto said = last_lines(test.tail.value_or(""));
  Finding finding{
      .key = test.command,
      .file = test.file,
      .line = test.line,
      .message = fmt::format("`{}`{}: {}{}", test.command, database ? " on the migrated database" : "",
                             test.outcome, said.empty() ? "" : ": " + said),
      .hint = fmt::format("all that it said is in {}", test.log)};
  if (was_not_begun(test.outcome)) {
    finding.hint = "see EG-CG2.provisions, or the log of the test exitgate.database";
    return report.undecided(std::move(finding));
  }
  if (could_not_run(test.exit_code)) return report.undecided(std::move(finding));
  report.fail(std::move(finding));
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool database = !has_no_plan(facts);
  std::optional<schema::TestRun> first;
  std::int64_t reports = 0;
  for (const schema::TestRun& test :
       facts.rows<schema::TestRun>("WHERE combination = 'head' ORDER BY position")) {
    look(test, database, report);
    reports += test.reports;
    if (!first) first = test;
  }
  if (!first) {
    return report.skip("no test command is declared",
                       "write `tests: {run: ['pytest -q --junitxml=report.xml'], reports: [report.xml]}` in "
                       "exitgate.yaml");
  }
  for (const schema::Part& part :
       facts.rows<schema::Part>("WHERE name = 'test-report' AND problem IS NOT NULL ORDER BY problem")) {
    report.fail({*part.problem, first->file, first->line, *part.problem,
                 "let the command write it, or fix `tests: {reports: [...]}`"});
  }
  if (reports > 0)
    report.note(fmt::format("{} in the bundle", count_of(static_cast<std::size_t>(reports), "JUnit report")));
}

const Check check{
    .name = "tests-pass",
    .title = "The declared tests pass on the migrated database",
    .why =
        "Tests that passed on some other database say nothing about the schema that is deployed. "
        "An exit code of 0 is no proof where a report tells otherwise, or is missing.",
    .domains = {"schema"},
    .parts = Parts{"tests"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
