// CTest's post-step: ends and seals the run, and prints the summary. Its failure makes ctest fail, so everything that
// would let a run look better than it was ends here with an error.

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/ctest.h"
#include "harness/redact/redactor.h"
#include "harness/report/report.h"
#include "harness/stages/ctest_log.h"
#include "harness/stages/finishing.h"
#include "harness/stages/sealing.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

[[noreturn]] void throw_not_begun(const stages::TestLog& log) {
  constexpr std::string_view kPrefix = "exitgate: ";  // of every message of the program
  const auto begin = log.outputs.find(gate::kBegin);
  std::string reason(begin != log.outputs.end() ? trim(begin->second) : "the run did not begin");
  if (reason.starts_with(kPrefix)) reason.erase(0, kPrefix.size());
  throw UsageError(reason, "nothing was evaluated and nothing is sealed");
}

}  // namespace

int run_finish(int argc, char** argv) {
  std::string root;
  std::string archives;
  std::string build = ".";
  Options app("Completes and seals a run.", "exitgate finish");
  app.add("--run", root, "run directory").required();
  app.add("--archives", archives, "folder for the archive").required();
  app.add("--build", build, "ctest's folder");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const record::RunDirectory run{root};
  const auto log = stages::read_test_log(build);
  // `ctest -N` and an empty selection fire the post-step too: without a begin there is no run.
  if (!log.has(gate::kBegin)) return 0;
  if (!std::filesystem::exists(run.run())) throw_not_begun(log);
  const char* key = std::getenv(stages::kKeyVariable);
  const auto finished = stages::finish_run(run, log, archives, key != nullptr ? key : "");

  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(stages::database_url());
  const auto summary =
      report::render_summary(report::load_run(run.root), {.archive = finished.archive.string()});
  fmt::print("{}", redactor.redact(summary));
  if (!finished.unsealed.empty()) throw Undecided(fmt::format("nothing is sealed: {}", finished.unsealed));
  if (!finished.without_verdict.empty()) {
    fmt::print(stderr, "exitgate: {} left no verdict\n",
               count_of(finished.without_verdict.size(), "selected gate"));
  }
  // ctest prints no reason for the failure of a post-step, and needs none where a gate of its own failed.
  return finished.is_red_to_ctest ? 0 : static_cast<int>(exit_of(finished.outcome));
}

}  // namespace exitgate::cli
