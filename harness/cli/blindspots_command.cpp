// `exitgate blindspots`: which facts of a run could change or vanish without any gate noticing.

#include <fmt/core.h>

#include <charconv>

#include "harness/archive/run_source.h"
#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/check/check.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/sensitivity/map.h"
#include "harness/sensitivity/measure.h"

namespace exitgate::cli {

int run_blindspots(int argc, char** argv) {
  std::string subject;
  std::string run;
  std::string changes = "2000";
  bool json = false;
  Options app("Shows which facts of a run could change or vanish without any gate noticing.",
              "exitgate blindspots");
  app.add("SUBJECT", subject, "an archive, a run directory or an unpacked bag");
  app.add("--run", run, "run directory, in place of SUBJECT");
  app.add("--changes", changes, "how many changes are tried").show_default();
  app.add_flag("--json", json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  if (subject.empty() == run.empty()) {
    throw UsageError("exitgate blindspots: give an archive or a run directory",
                     "exitgate blindspots build/gates/run");
  }
  sensitivity::Budget budget;
  budget.time = std::chrono::minutes(5);
  budget.emptying = budget.time;
  const auto [end, failed] = std::from_chars(changes.data(), changes.data() + changes.size(), budget.changes);
  if (failed != std::errc() || end != changes.data() + changes.size()) {
    throw UsageError(fmt::format("exitgate blindspots: --changes must be a number, not '{}'", changes));
  }
  const archive::RunSource source(subject.empty() ? run : subject);
  const auto measured =
      sensitivity::measure(record::RunDirectory{source.folder()}, check::find_check, budget);
  if (json) {
    write_document(fmt::format("{}\n", sensitivity::to_json(measured).dump(2)));
  } else {
    say(fmt::format("{}", sensitivity::render(measured)));
  }
  return 0;
}

}  // namespace exitgate::cli
