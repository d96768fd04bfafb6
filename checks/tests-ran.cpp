#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/test_reports.h"

namespace exitgate::check {
namespace {

struct Counts {
  std::int64_t all = 0;
  std::int64_t skipped = 0;
  std::int64_t flaky = 0;
};

Counts counts_of(const Facts& facts, const tests::Report& report) {
  Counts counts;
  for (const Row& row :
       facts.query("SELECT count(*) AS n, total(status = 'skipped') AS skipped, total(status = 'flaky') AS "
                   "flaky FROM tests.test_case WHERE report = ?1",
                   {report.id})) {
    counts = {row.integer("n"), row.integer("skipped"), row.integer("flaky")};
  }
  return counts;
}

void look(const tests::Report& report, const Counts& counts, Report& verdict) {
  const auto finding = [&](const std::string& what, std::string hint) {
    return Finding{report.path, report.file, report.line, fmt::format("{}: {}", shown(report), what),
                   std::move(hint)};
  };
  verdict.examined();
  if (report.problem) {
    verdict.undecided(finding(*report.problem, "let the tests write the report anew, to the end"));
  } else if (counts.all == 0) {
    verdict.fail(finding("it names no test", "see which tests the runner finds"));
  } else if (counts.skipped == counts.all) {
    verdict.fail(finding(fmt::format("each of its {} was skipped: nothing ran",
                                     count_of(static_cast<std::size_t>(counts.all), "test")),
                         "see what the tests were skipped for"));
  }
}

void run(const Facts& facts, const Parameters& /*with*/, Report& verdict) {
  if (skip_without_test_reports(facts, verdict)) return;
  Counts all;
  std::size_t reports = 0;
  std::size_t brought = 0;
  for (const tests::Report& report : facts.rows<tests::Report>("WHERE of = 'commit' ORDER BY id")) {
    if (!tells_of_tests(report)) continue;
    const auto counts = counts_of(facts, report);
    look(report, counts, verdict);
    all.all += counts.all;
    all.skipped += counts.skipped;
    all.flaky += counts.flaky;
    ++reports;
    if (report.source == tests::ReportSource::brought) ++brought;
  }
  for (const tests::Problem& missing : facts.rows<tests::Problem>("ORDER BY line, path")) {
    verdict.examined();
    verdict.fail({missing.path, missing.file, missing.line,
                  fmt::format("there is no report '{}': {}", missing.path, missing.reason),
                  "let the tests write it, or fix `tests:` in exitgate.yaml"});
  }
  if (reports == 0) return;
  verdict.note(fmt::format("{} in {}{}: {} skipped, {} flaky",
                           count_of(static_cast<std::size_t>(all.all), "test"), count_of(reports, "report"),
                           brought > 0 ? fmt::format(", {} brought", brought) : "", all.skipped, all.flaky));
}

const Check check{
    .name = "tests-ran",
    .title = "The tests ran: each declared report is there, whole, and tells of tests that ran",
    .why = "A run of which every test was skipped, or whose report was cut off, is green in most tools.",
    .domains = {"tests"},
    .optional_domains = {"code"},
    .parts = Parts{"tests"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
