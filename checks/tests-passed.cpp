#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/test_reports.h"

namespace exitgate::check {
namespace {

constexpr std::size_t kLongestMessage = 300;

std::string first_line(const std::string& message) {
  auto line = std::string(trim(message.substr(0, message.find('\n'))));
  if (line.size() > kLongestMessage) line = valid_utf8(line.substr(0, kLongestMessage)) + "…";
  return line;
}

// Another report of the same test that says that it passed: "" for none.
std::string contradiction(const Facts& facts, const tests::TestCase& test) {
  for (const Row& row : facts.query(
           "SELECT r.path AS path FROM tests.test_case c JOIN tests.report r ON r.id = c.report WHERE r.of = "
           "'commit' AND "
           "c.report <> ?1 AND c.class = ?2 AND c.name = ?3 AND c.status = 'passed' ORDER BY r.id LIMIT 1",
           {test.report, test.class_, test.name})) {
    return fmt::format("; {} says that it passed", row.text("path"));
  }
  return "";
}

void look(const Facts& facts, const tests::Report& report, Report& verdict) {
  for (const tests::TestCase& test : facts.rows<tests::TestCase>(
           "WHERE report = ?1 AND status IN ('failed', 'error', 'unknown') ORDER BY position", {report.id})) {
    const bool failed = test.status == tests::TestCaseStatus::failed;
    const bool unknown = test.status == tests::TestCaseStatus::unknown;
    const auto why = first_line(test.message.value_or(""));
    Finding finding{.key = shown(test),
                    .file = test.file.value_or(report.file),
                    .line = test.file ? test.line.value_or(0) : report.line,
                    .message = fmt::format("{}: {} {}{}{}", shown(report), shown(test),
                                           failed    ? "failed"
                                           : unknown ? "has no known result"
                                                     : "could not be carried out",
                                           why.empty() ? "" : ": " + why, contradiction(facts, test)),
                    .hint = report.kept ? "the whole report is " + *report.kept : ""};
    if (unknown) {
      verdict.undecided(std::move(finding));
    } else {
      verdict.fail(std::move(finding));
    }
  }
}

void run(const Facts& facts, const Parameters& /*with*/, Report& verdict) {
  if (skip_without_test_reports(facts, verdict)) return;
  for (const tests::Report& report : facts.rows<tests::Report>("WHERE of = 'commit' ORDER BY id")) {
    if (!tells_of_tests(report)) continue;
    verdict.examined(
        facts
            .integer("SELECT count(*) FROM tests.test_case WHERE report = ?1 AND status <> 'skipped'",
                     {report.id})
            .value_or(0));
    if (report.problem) {
      verdict.undecided(
          {report.path, report.file, report.line,
           fmt::format("{}: {}, so that not all of its tests are known", shown(report), *report.problem),
           ""});
    }
    look(facts, report, verdict);
  }
  std::int64_t flaky = 0;
  for (const Row& row :
       facts.query("SELECT c.class AS class, c.name AS name, c.tries AS tries FROM tests.test_case c JOIN "
                   "tests.report r ON r.id = c.report WHERE r.of = 'commit' AND c.status = 'flaky'")) {
    if (++flaky <= 5)
      verdict.note(fmt::format("flaky: {} {} passed at try {}", row.text("class"), row.text("name"),
                               row.integer("tries")));
  }
  if (flaky > 5) verdict.note(fmt::format("and {} more are flaky", flaky - 5));
}

const Check check{.name = "tests-passed",
                  .title = "No test failed, by what the reports say",
                  .why = "An exit code says that a command was content, a report which tests were.",
                  .domains = {"tests"},
                  .optional_domains = {"code"},
                  .parts = Parts{"tests"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
