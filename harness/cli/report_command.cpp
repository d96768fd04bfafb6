#include <fmt/core.h>

#include <array>
#include <optional>

#include "harness/archive/consistency.h"
#include "harness/archive/run_source.h"
#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/report/report.h"

namespace exitgate::cli {

namespace {

struct Format {
  const char* name;
  std::string (*render)(const report::RunView& run);
  void (*write)(std::string_view text);
};

constexpr std::array<Format, 6> kFormats = {{
    {"text", [](const report::RunView& run) { return report::render_summary(run); }, say_in_color},
    {"markdown", report::render_markdown, say},
    {"html", report::render_html, write_document},
    {"sarif", report::render_sarif, write_document},
    {"junit", report::render_junit, write_document},
    {"github", report::render_github, write_document},
}};

}  // namespace

int run_report(int argc, char** argv) {
  std::string subject;
  std::string wanted = "text";
  std::vector<std::string> known;
  for (const auto& format : kFormats) known.emplace_back(format.name);
  Options app("Renders a run directory or an archive.", "exitgate report");
  app.add("SUBJECT", subject, "a run directory or an archive").required();
  app.add("--format", wanted, join(known, ", ")).show_default();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  for (const auto& format : kFormats) {
    if (wanted != format.name) continue;
    const archive::RunSource source(subject);
    format.write(format.render(report::load_run(source.folder(), archive::incomplete_of(source.info()))));
    return 0;
  }
  throw UsageError(fmt::format("unknown format '{}'{}", wanted, did_you_mean(wanted, known)),
                   fmt::format("the formats are {}", join(known, ", ")));
}

}  // namespace exitgate::cli
