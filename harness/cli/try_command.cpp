// `exitgate try`: one gate, as quickly as its author wants to see what it says.

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/json/json.h"
#include "harness/stages/trial.h"

namespace exitgate::cli {

namespace {

constexpr std::size_t kMostProof = 5;

std::string shown(const check::Finding& finding) {
  std::string place = printable(finding.file);
  if (finding.line > 0) place += fmt::format(":{}", finding.line);
  return fmt::format("{}{}{}", place, place.empty() ? "" : ": ", printable(finding.message));
}

std::string proof(const stages::Trial& trial) {
  const auto& verdict = trial.verdict;
  if (!verdict.unproven.empty()) return fmt::format("  not proven: {}\n", printable(verdict.unproven));
  if (!verdict.turned_red)
    return "  the counterexample was not tried: a gate that could not be decided proves nothing\n";
  std::string text = fmt::format("  the counterexample changes {}, and the gate then has {}{}\n",
                                 count_of(static_cast<std::size_t>(trial.changed), "row"),
                                 count_of(trial.proof.size(), "finding"), trial.proof.empty() ? "" : ":");
  for (std::size_t i = 0; i < std::min(trial.proof.size(), kMostProof); ++i)
    text += fmt::format("    {}\n", shown(trial.proof[i]));
  if (trial.proof.size() > kMostProof)
    text += fmt::format("    and {} more\n", trial.proof.size() - kMostProof);
  return text;
}

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{:.2f} s", static_cast<double>(milliseconds) / 1000);
}

std::string rendered(const stages::Trial& trial) {
  return fmt::format("{}{}  read {} in {}, evaluated in {}\n", render(trial.verdict), proof(trial),
                     trial.domains.empty() ? "no facts" : join(trial.domains, ", "),
                     seconds(trial.collecting_ms), seconds(trial.judging_ms));
}

Json to_json(const check::Finding& finding) {
  return {{"file", finding.file.empty() ? Json() : Json(finding.file)},
          {"line", finding.line > 0 ? Json(finding.line) : Json()},
          {"message", finding.message},
          {"hint", finding.hint}};
}

Json to_json(const stages::Trials& trials) {
  Json all = Json::array();
  for (const auto& trial : trials.trials) {
    Json findings = Json::array();
    for (const auto& finding : trial.proof) findings.push_back(to_json(finding));
    all.push_back({{"verdict", to_json(trial.verdict)},
                   {"domains", trial.domains},
                   {"counterexample", {{"changed", trial.changed}, {"findings", std::move(findings)}}},
                   {"collecting_ms", trial.collecting_ms},
                   {"evaluating_ms", trial.judging_ms}});
  }
  return {{"commit", trials.commit}, {"gates_from", trials.gates_from}, {"gates", std::move(all)}};
}

// A skipped gate has looked at nothing, which is as little a pass here as it is in a run.
int exit_of(const stages::Trials& trials) {
  bool failed = false;
  for (const auto& trial : trials.trials) {
    const auto status = trial.verdict.status;
    if (status == verdict::Status::error || status == verdict::Status::skip)
      return static_cast<int>(Exit::undecided);
    failed = failed || status == verdict::Status::fail;
  }
  return failed ? 1 : 0;
}

}  // namespace

int run_try(int argc, char** argv) {
  stages::TrialOptions options;
  std::string gate;
  std::string server;
  bool as_json = false;
  Options app("Evaluates one gate, with the facts that it needs and no more. Nothing is sealed.",
              "exitgate try");
  app.add("GATE", gate, "a gate's name, a file of gates, or '-' for one on standard input").required();
  app.add_target(options.target);
  app.add_flag("--work-tree", options.work_tree,
               "takes exitgate.yaml from the work tree, committed or not; the facts are the commit's");
  app.add("--database", options.database_url, "URL of the live database to compare with, read only")
      .environment(stages::kDatabaseVariable);
  app.add("--server", server, "folder of the PostgreSQL server that the migrations run in")
      .environment(stages::kServerVariable);
  app.add_flag("--json", as_json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  if (!server.empty()) options.server = std::filesystem::absolute(server);
  options.say = [](std::string_view line) { say_error(fmt::format("{}\n", line)); };
  const auto trials = stages::try_gates(options, gate);
  if (as_json) {
    write_document(to_json(trials).dump(2) + "\n");
    return exit_of(trials);
  }
  for (const auto& trial : trials.trials) say(rendered(trial));
  say(fmt::format("  gates of {}, facts of commit {}\n", printable(trials.gates_from),
                  trials.commit.substr(0, 12)));
  return exit_of(trials);
}

}  // namespace exitgate::cli
