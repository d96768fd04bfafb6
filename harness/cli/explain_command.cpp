#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/check/program.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/own_checks.h"
#include "harness/json/json.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

void explain(const check::Check& check) {
  say(fmt::format("check {}: {}\n\n{}\n\nreads: {}\n", check.name, check.title, check.why,
                  join(check.domains, ", ")));
  if (const auto program = check::program_of(check); !program.empty())
    say(fmt::format("  a check of your own: {}\n", program.string()));
  for (const auto& parameter : check.parameters) {
    say(fmt::format("  {} ({}{}): {}\n", parameter.name, type_name(parameter.type),
                    parameter.default_value ? fmt::format(", {} when not given", *parameter.default_value)
                                            : ", must be given",
                    parameter.meaning));
  }
}

void explain(const verdict::Gate& gate) {
  say(fmt::format("gate {}: {}\n", gate.name, gate.title));
  if (!gate.why.empty()) say(fmt::format("\n{}\n\n", trim(gate.why)));
  say(fmt::format("  part of {}: {}\n  declared in {}\n  labels: {}\n  severity: {}\n  with: {}\n",
                  gate.exit_gate, gate.exit_gate_title, gate.where, join(gate.labels, ", "),
                  verdict::severity_name(gate.severity), gate.with));
  if (!gate.hint.empty()) say(fmt::format("  hint: {}\n", trim(gate.hint)));
  if (!gate.example.empty()) say(fmt::format("  example: {}\n", gate.example));
  if (gate.unproven.empty()) {
    say(fmt::format("  counterexample: {}\n", trim(gate.counterexample)));
  } else {
    say(fmt::format("  no counterexample: {}\n", trim(gate.unproven)));
  }
  for (const auto& waiver : gate.waivers) {
    say(fmt::format("  waiver of '{}' until {}: {} ({})\n", waiver.finding, waiver.expires, waiver.reason,
                    waiver.where));
  }
  say("\n");
  if (const auto* check = check::find_check(gate.check)) explain(*check);
}

}  // namespace

int run_explain(int argc, char** argv) {
  stages::TargetOptions options;
  std::string name;
  bool as_json = false;
  Options app("Explains a gate or a check; without a name, lists the checks.", "exitgate explain");
  app.add_target(options);
  app.add("NAME", name, "a gate ('EG-CG1.retention') or a check ('artifact-retention')");
  app.add_flag("--json", as_json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  gate::load_own_checks(options.checks);
  if (name.empty()) {
    if (as_json) {
      Json all = Json::array();
      for (const auto* check : check::registered_checks()) all.push_back(verdict::to_json(*check));
      write_document(fmt::format("{}\n", all.dump(2)));
      return 0;
    }
    for (const auto* check : check::registered_checks())
      say(fmt::format("{}: {}\n", check->name, check->title));
    return 0;
  }
  if (const auto* check = check::find_check(name)) {
    if (as_json) {
      write_document(fmt::format("{}\n", verdict::to_json(*check).dump(2)));
    } else {
      explain(*check);
    }
    return 0;
  }
  const auto suite = stages::suite_of(options, stages::open_target(options));
  std::vector<std::string> known;
  for (const auto& gate : suite.gates) {
    if (gate.name == name) {
      if (as_json) {
        write_document(fmt::format("{}\n", to_json(gate).dump(2)));
      } else {
        explain(gate);
      }
      return 0;
    }
    known.push_back(gate.name);
  }
  for (const auto* check : check::registered_checks()) known.push_back(check->name);
  throw UsageError(fmt::format("no gate and no check is called '{}'{}", name, did_you_mean(name, known)),
                   "`exitgate gates` lists the gates, `exitgate explain` the checks");
}

}  // namespace exitgate::cli
