#include "harness/stages/reports.h"

#include "harness/base/file.h"
#include "harness/redact/redactor.h"
#include "harness/report/report.h"
#include "harness/stages/target.h"

namespace exitgate::stages {

void write_reports(const record::RunDirectory& run) {
  const auto view = report::load_run(run.root);
  // Facts are masked already; what a gate makes of them with SQL need not be.
  auto redactor = Redactor::from_environment();
  redactor.add_url(database_url());
  const auto write = [&](const char* name, const std::string& text) {
    write_file(run.root / name, redactor.redact(text));
  };
  write("EVIDENCE.md", report::render_markdown(view));
  write("junit.xml", report::render_junit(view));
  write("report.html", report::render_html(view));
  write("results.sarif", report::render_sarif(view));
}

}  // namespace exitgate::stages
