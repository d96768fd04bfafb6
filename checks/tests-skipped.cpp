#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/test_reports.h"

namespace exitgate::check {
namespace {

// Those that a report lists, or says that it left out.
std::int64_t skipped_in(const Facts& facts, const tests::Report& report) {
  const auto listed = facts.integer(
      "SELECT count(*) FROM tests.test_case WHERE report = ?1 AND status = 'skipped'", {report.id});
  const auto said = facts.integer(
      "SELECT total(skipped) FROM tests.suite WHERE report = ?1 AND parent IS NULL AND skipped IS NOT NULL",
      {report.id});
  // Only Mocha counts what it does not list.
  return report.dialect == "Mocha" ? std::max(listed.value_or(0), said.value_or(0)) : listed.value_or(0);
}

void run(const Facts& facts, const Parameters& with, Report& verdict) {
  if (skip_without_test_reports(facts, verdict)) return;
  const auto most = with.integer("at-most");
  const auto percent = with.integer("at-most-percent");
  std::int64_t all = 0;
  std::int64_t skipped = 0;
  for (const tests::Report& report : facts.rows<tests::Report>("WHERE of = 'commit' ORDER BY id")) {
    if (!tells_of_tests(report)) continue;
    const auto here = skipped_in(facts, report);
    const auto ran =
        facts
            .integer("SELECT count(*) FROM tests.test_case WHERE report = ?1 AND status <> 'skipped'",
                     {report.id})
            .value_or(0);
    verdict.examined(ran + here);
    all += ran + here;
    skipped += here;
  }
  std::string message;
  if (most >= 0 && skipped > most) {
    message = fmt::format("{} of {} skipped, at most {} may be", skipped,
                          count_of(static_cast<std::size_t>(all), "test"), most);
  } else if (skipped * 100 > percent * all) {
    message = fmt::format("{} of {} skipped, at most {} % may be", skipped,
                          count_of(static_cast<std::size_t>(all), "test"), percent);
  }
  if (!message.empty()) {
    std::size_t named = 0;
    for (const Row& row : facts.query(
             "SELECT c.name AS name FROM tests.test_case c JOIN tests.report r ON r.id = c.report "
             "WHERE r.of = 'commit' AND c.status = 'skipped' ORDER BY c.report, c.position LIMIT 3")) {
      message += fmt::format("{}{}", named++ == 0 ? ": " : ", ", row.text("name"));
    }
    if (named > 0 && skipped > static_cast<std::int64_t>(named)) message += ", …";
    verdict.fail({"skipped", "", 0, message, "let them run, or delete those that nobody means to run again"});
  }
  if (skipped > 0 && message.empty())
    verdict.note(fmt::format("{} of {} skipped", skipped, count_of(static_cast<std::size_t>(all), "test")));
}

const Check check{
    .name = "tests-skipped",
    .title = "Few tests are skipped",
    .why = "A suite that skips what it cannot do stays green while it tests less and less.",
    .domains = {"tests"},
    .optional_domains = {"code"},
    .parts = Parts{"tests"},
    .parameters = {{"at-most", Parameter::integer, "-1", "how many tests may be skipped; -1 for any number"},
                   {"at-most-percent", Parameter::integer, "50", "how many of a hundred"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
