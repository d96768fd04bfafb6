#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/json/json.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

int run_gates(int argc, char** argv) {
  stages::TargetOptions options;
  bool as_json = false;
  Options app("Lists the gates of the suite, as the target's configuration leaves them.", "exitgate gates");
  app.add_target(options);
  app.add_flag("--json", as_json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const auto suite = stages::suite_of(options, stages::open_target(options));
  stages::require_valid(suite);
  if (as_json) {
    Json all = Json::array();
    for (const auto& gate : suite.gates) all.push_back(to_json(gate));
    write_document(fmt::format("{}\n", all.dump(2)));
    return 0;
  }
  std::size_t widest = 0;
  for (const auto& gate : suite.gates) widest = std::max(widest, gate.name.size());
  for (const auto& exit_gate : suite.exit_gates) {
    say(fmt::format("{}: {}\n", exit_gate.name, printable(exit_gate.title)));
    for (const auto& gate : suite.gates) {
      if (gate.exit_gate != exit_gate.name) continue;
      say(fmt::format("  {:<{}}  {} [{}]\n", gate.name, widest, printable(gate.title),
                      join(gate.labels, ", ")));
    }
  }
  std::map<std::string, std::size_t> left_out;
  for (const auto& one : suite.left_out) ++left_out[one.by];
  for (const auto& [by, count] : left_out)
    say(fmt::format("{} not asked by {}\n", count_of(count, "gate"), printable(by)));
  return 0;
}

int run_suite(int argc, char** argv) {
  stages::TargetOptions options;
  std::string run;
  Options app("Fails with the suite's mistakes.", "exitgate suite");
  app.add_target(options);
  app.add("--run", run, "run directory");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  auto suite = stages::suite_of(options, stages::open_target(options));
  stages::add_missing_checks(suite);
  stages::require_valid(suite);
  say(fmt::format("{} and no mistake\n", count_of(suite.gates.size(), "gate")));
  return 0;
}

}  // namespace exitgate::cli
