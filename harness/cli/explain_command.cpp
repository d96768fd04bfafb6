#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/check/parameter_schema.h"
#include "harness/check/program.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/cli/parameter_words.h"
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
    // Of a value of any kind, null stands for none; an empty string says as little.
    const auto& value = parameter.default_value;
    const std::string otherwise = !value ? "must be given"
                                  : *value == "null" || *value == "\"\""
                                      ? ""
                                      : fmt::format("{} when not given", *value);
    const auto words = value_in_words(check, parameter);
    say(fmt::format("  {} ({}{}{}): {}\n", parameter.name, words,
                    otherwise.empty()                      ? ""
                    : words.find(',') != std::string::npos ? "; "
                                                           : ", ",
                    otherwise, parameter.meaning));
  }
  if (const auto example = check::example_of(check.name).gate; !example.empty()) {
    say("\nan entry of `gates:`\n");
    for (const auto& line : split(trim(example), '\n')) say(fmt::format("  {}\n", line));
  }
}

// SQL, the example that it is made of, or the reason why there is none.
std::string counterexample_of(const verdict::Gate& gate) {
  if (!gate.unproven.empty()) return fmt::format("none: {}", gate.unproven);
  return gate.example.empty() ? std::string(trim(gate.counterexample)) : gate.example;
}

void explain(const verdict::Gate& gate) {
  say(fmt::format("gate {}: {}\n  part of {}: {}\n  declared in {}\n  labels: {}\n  with: {}\n", gate.name,
                  gate.title, gate.exit_gate, gate.exit_gate_title, gate.where, join(gate.labels, ", "),
                  gate.with));
  if (!gate.why.empty()) say(fmt::format("  why: {}\n", gate.why));
  if (!gate.hint.empty()) say(fmt::format("  hint: {}\n", gate.hint));
  if (gate.severity != verdict::Severity::error)
    say(fmt::format("  severity: {}\n", severity_name(gate.severity)));
  say(fmt::format("  counterexample: {}\n", counterexample_of(gate)));
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
