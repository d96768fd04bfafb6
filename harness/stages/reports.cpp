#include "harness/stages/reports.h"

#include "harness/base/file.h"
#include "harness/redact/redactor.h"
#include "harness/report/report.h"
#include "harness/stages/target.h"

namespace exitgate::stages {

namespace {

struct Document {
  const char* name;
  std::string (*render)(const report::RunView& run);
};

constexpr Document kDocuments[] = {{"EVIDENCE.md", report::render_markdown},
                                   {"junit.xml", report::render_junit},
                                   {"report.html", report::render_html},
                                   {"results.sarif", report::render_sarif}};

}  // namespace

std::vector<std::string> report_names() {
  std::vector<std::string> names;
  for (const auto& document : kDocuments) names.emplace_back(document.name);
  return names;
}

void write_reports(const record::RunDirectory& run) {
  const auto view = report::load_run(run.root);
  // Facts are masked already; what a gate makes of them with SQL need not be.
  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(database_url());
  for (const auto& document : kDocuments) {
    write_file(run.root / document.name, redactor.redact(document.render(view)));
  }
}

}  // namespace exitgate::stages
