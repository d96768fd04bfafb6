#include "harness/program/reports.h"

#include "harness/base/file.h"
#include "harness/report/report.h"

namespace exitgate::program {

void write_reports(const RunDirectory& run) {
  const auto view = report::load_run(run.root);
  write_file(run.root / "EVIDENCE.md", report::render_markdown(view));
  write_file(run.root / "junit.xml", report::render_junit(view));
  write_file(run.root / "report.html", report::render_html(view));
  write_file(run.root / "results.sarif", report::render_sarif(view));
}

}  // namespace exitgate::program
