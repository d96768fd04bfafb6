#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

// Of the tests that the run itself made, `tests: {run: [...]}`.
void look_at_runs(const Facts& facts, Report& report) {
  for (const schema::TestRun& test :
       facts.rows<schema::TestRun>("WHERE combination = 'head' ORDER BY position")) {
    report.examined();
    const auto bytes =
        facts.integer("SELECT bytes FROM schema.part WHERE name = 'test-log' AND path = ?1", {test.log});
    if (test.log.empty() || bytes.value_or(0) == 0) {
      report.fail({test.command, test.file, test.line,
                   fmt::format("the log of `{}` is not in the bundle: {}", test.command, test.outcome),
                   "see EG-CG2.tests-pass"});
    }
  }
}

// A log that is a test report is judged by what it says: one that tells of failed tests, or that the commit itself brings, is
// no log of tests that passed now.
void look_into(const Facts& facts, const std::string& log, Report& report) {
  if (!facts.has("tests")) return;
  for (const Row& row : facts.query("SELECT r.tracked AS tracked, r.problem AS problem, (SELECT count(*) "
                                    "FROM tests.test_case c WHERE c.report = r.id AND "
                                    "c.status IN ('failed', 'error')) AS failed FROM tests.report r WHERE "
                                    "r.path = ?1 AND r.of = 'commit'",
                                    {log})) {
    if (row.integer("failed") > 0) {
      report.fail({log, log, 0,
                   fmt::format("the declared test log is a test report, and tells of {} that failed",
                               count_of(static_cast<std::size_t>(row.integer("failed")), "test")),
                   "see EG-TS1.passed"});
    } else if (!row.is_null("problem")) {
      report.undecided({log, log, 0,
                        fmt::format("the declared test log is a test report: {}", row.text("problem")),
                        "see EG-TS1.ran"});
    } else if (row.boolean("tracked")) {
      report.fail(
          {log, log, 0,
           "the declared test log is a test report that lies in the commit: it is older than the commit",
           "see EG-TS1.current"});
    }
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto logs = with.strings("logs");
  look_at_runs(facts, report);
  if (logs.empty() && report.examined_count() == 0) {
    report.skip("no test logs are declared",
                "write `tests: {run: [...]}` or `tests: {logs: [...]}` in exitgate.yaml");
    return;
  }
  for (const auto& log : logs) {
    report.examined();
    bool any = false;
    look_into(facts, log, report);
    for (const schema::Part& part : facts.rows<schema::Part>(
             "WHERE name = 'test-log' AND (path = 'logs/' || ?1 OR path = ?1 OR path LIKE '%/' || ?1)",
             {log})) {
      any = true;
      if (part.problem) {
        report.fail({log, log, 0,
                     fmt::format("the declared test log is not in the bundle: {}", *part.problem),
                     "run the tests before the gates, or fix `tests: {logs: [...]}` in exitgate.yaml"});
      } else if (part.bytes == 0) {
        report.fail({log, log, 0, "the declared test log is empty", "run the tests before the gates"});
      }
    }
    if (!any) {
      report.fail({log, log, 0, "the declared test log is not in the bundle",
                   "run the tests before the gates, or fix `tests: {logs: [...]}` in exitgate.yaml"});
    }
  }
}

const Check check{.name = "test-logs",
                  .title = "The declared test logs are in the bundle and not empty",
                  .why = "That tests ran is shown by what they wrote, not by a green mark.",
                  .domains = {"schema"},
                  .optional_domains = {"tests"},
                  .parts = Parts{"test-logs", "tests"},
                  .parameters = {{"logs", Parameter::strings, "[]",
                                  "paths of the logs; exitgate.yaml's `tests: {logs: [...]}` fills them in"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
