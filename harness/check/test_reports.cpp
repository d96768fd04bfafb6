#include "harness/check/test_reports.h"

#include <fmt/core.h>

namespace exitgate::check {

namespace {

// "the repository uses pytest (tests/conftest.py)", or "the step 'test' of ci.yml:12 runs tests"; "" for neither.
std::string sign_of_tests(const Facts& facts) {
  if (facts.has("code")) {
    for (const Row& row :
         facts.query("SELECT name, file FROM code.framework ORDER BY evidence, name, file LIMIT 1"))
      return fmt::format("the repository uses {} ({})", row.text("name"), row.text("file"));
    for (const Row& row : facts.query("SELECT file FROM code.test_file ORDER BY file LIMIT 1"))
      return fmt::format("the repository has tests ({})", row.text("file"));
  }
  return "";
}

}  // namespace

std::string shown(const tests::Report& report) {
  return report.path + (report.source == tests::ReportSource::brought ? " (brought)" : "");
}

bool tells_of_tests(const tests::Report& report) {
  return !report.format || *report.format == tests::ReportFormat::junit ||
         *report.format == tests::ReportFormat::ctrf;
}

bool tells_of_coverage(const tests::Report& report) {
  return report.format && !tells_of_tests(report);
}

std::string shown(const tests::TestCase& test) {
  if (test.class_.empty() || test.class_ == test.name) return test.name;
  return test.class_ + " > " + test.name;
}

bool skip_without_test_reports(const Facts& facts, Report& report) {
  const auto any = facts.integer(
      "SELECT count(*) FROM tests.report WHERE of = 'commit' AND (format IS NULL OR format IN ('junit', "
      "'ctrf'))");
  const auto missing = facts.integer("SELECT count(*) FROM tests.problem");
  if (any.value_or(0) + missing.value_or(0) > 0) return false;
  const auto sign = sign_of_tests(facts);
  report.skip(
      sign.empty() ? "no test report is declared" : fmt::format("no test report is declared, and {}", sign),
      "write `tests: {run: ['pytest --junitxml=report.xml'], reports: [report.xml]}` in exitgate.yaml, or "
      "`tests: {brought: [{path: 'artifacts/*.xml', commit: HEAD}]}` for reports that CI made");
  return true;
}

}  // namespace exitgate::check
