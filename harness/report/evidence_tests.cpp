// What test and coverage reports say: of this run's own tests, and of reports that were brought.
#include <fmt/core.h>

#include "harness/report/evidence.h"

namespace exitgate::report {

namespace {

using facts::Row;

constexpr std::size_t kMost = 60;

std::string percent(const Row& row) {
  const auto lines = row.integer("lines");
  if (lines == 0) return "";
  const auto tenths = row.integer("hit") * 1000 / lines;
  return fmt::format("{}.{} % of {} lines", tenths / 10, tenths % 10, lines);
}

}  // namespace

void write_test_reports(Page& page, const RunView& run) {
  if (!run.has("tests")) return;
  const auto reports = rows_of(
      run,
      "SELECT r.path AS path, r.source AS source, r.of AS of, coalesce(r.dialect, r.format) AS written, "
      "r.revision AS revision, "
      "r.step AS step, r.problem AS problem, r.kept AS kept, (SELECT count(*) FROM tests.test_case c WHERE "
      "c.report = r.id) AS n, "
      "(SELECT count(*) FROM tests.test_case c WHERE c.report = r.id AND c.status IN ('failed', 'error')) AS "
      "failed, "
      "(SELECT count(*) FROM tests.test_case c WHERE c.report = r.id AND c.status = 'skipped') AS skipped, "
      "(SELECT count(*) FROM tests.test_case c WHERE c.report = r.id AND c.status = 'flaky') AS flaky, "
      "(SELECT total(lines) FROM tests.coverage c WHERE c.report = r.id AND c.tracked) AS lines, "
      "(SELECT total(lines_hit) FROM tests.coverage c WHERE c.report = r.id AND c.tracked) AS hit "
      "FROM tests.report r ORDER BY r.id",
      [](const Row& row) {
        std::string from = row.text("source") == "run" ? "this run" : "brought";
        if (!row.is_null("step")) from += ": " + row.text("step");
        if (!row.is_null("revision")) from += ", of " + row.text("revision").substr(0, 12);
        const auto covered = percent(row);
        std::string says =
            row.integer("n") > 0 || covered.empty()
                ? fmt::format("{} tests: {} failed, {} skipped, {} flaky", row.integer("n"),
                              row.integer("failed"), row.integer("skipped"), row.integer("flaky"))
                : "covered: " + covered;
        if (!row.is_null("problem")) says += "; " + row.text("problem");
        return std::vector{code(row.text("path")),
                           plain(row.text("written")),
                           plain(row.text("of")),
                           plain(from),
                           plain(says),
                           code(row.text("kept"))};
      });
  if (!reports.empty())
    page.table({"report", "written by", "about", "from", "says", "copy in the archive"}, reports, kMost,
               in_store("tests", "SELECT * FROM report"));
  const auto failed = rows_of(
      run,
      "SELECT r.path AS path, c.class AS class, c.name AS name, c.status AS status, c.message AS message "
      "FROM tests.test_case c JOIN tests.report r ON r.id = c.report WHERE c.status IN ('failed', 'error') "
      "ORDER BY c.report, c.position",
      [](const Row& row) {
        const auto message = row.text("message");
        return std::vector{code(row.text("class") + " " + row.text("name")), plain(row.text("status")),
                           plain(message.substr(0, message.find('\n'))), code(row.text("path"))};
      });
  if (!failed.empty())
    page.table({"test", "result", "message", "report"}, failed, kMost,
               in_store("tests", "SELECT * FROM test_case WHERE status IN ('failed', 'error')"));
}

}  // namespace exitgate::report
