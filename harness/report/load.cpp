#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"
#include "harness/record/suite_digest.h"
#include "harness/report/report.h"

namespace exitgate::report {

namespace {

Json read_json(const std::filesystem::path& path) {
  try {
    return Json::parse(read_file(path));
  } catch (const JsonError& error) {
    throw Undecided(fmt::format("{}: {}", path.string(), error.what()));
  }
}

std::string before_dot(const std::string& gate) {
  return gate.substr(0, gate.find('.'));
}

GateView read_gate(const record::RunDirectory& run, const std::string& name) {
  GateView view;
  view.name = name;
  view.exit_gate = before_dot(name);
  try {
    const verdict::Gate gate = verdict::gate_from_json(read_json(run.gate(name)));
    view.exit_gate = gate.exit_gate;
    view.title = gate.title;
    view.labels = gate.labels;
    view.where = gate.where;
  } catch (const Error&) {
    // A run record of older or other making: the verdict says the rest.
  }
  return view;
}

void read_verdict(const record::RunDirectory& run, bool finished, GateView& view) {
  const auto path = run.verdict(view.name);
  if (!std::filesystem::exists(path)) {
    view.problem = finished ? "the gate was selected and left no verdict"
                            : "the run did not reach its end, and the gate left no verdict";
    return;
  }
  try {
    view.verdict = verdict::verdict_from_json(read_json(path));
  } catch (const Error& error) {
    view.problem = fmt::format("its verdict cannot be read: {}", error.what());
    return;
  }
  if (view.title.empty()) view.title = view.verdict->title;
  if (view.labels.empty()) view.labels = view.verdict->labels;
}

// Names of the gates: as the record lists them, and as verdicts are there.
std::vector<std::string> gate_names(const record::RunDirectory& run, const record::RunRecord& record) {
  auto names = record.gates;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(run.verdicts(), none)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool is_selected(const record::RunRecord& record, const std::string& gate) {
  if (!record.result) return true;
  const auto& not_run = record.result->not_run;
  return std::find(not_run.begin(), not_run.end(), gate) == not_run.end();
}

void read_gates(const record::RunDirectory& run, const record::RunRecord& record, RunView& view) {
  for (const auto& one : record.suite) view.exit_gates.push_back({one.name, one.title, {}});
  for (const auto& name : gate_names(run, record)) {
    GateView gate = read_gate(run, name);
    gate.selected = is_selected(record, name);
    if (gate.selected) read_verdict(run, record.result.has_value(), gate);
    auto at = std::find_if(view.exit_gates.begin(), view.exit_gates.end(),
                           [&](const ExitGateView& one) { return one.name == gate.exit_gate; });
    if (at == view.exit_gates.end()) at = view.exit_gates.insert(at, {gate.exit_gate, "", {}});
    at->gates.push_back(std::move(gate));
  }
}

// Of an archive from before there were includes and profiles: nothing.
void read_origins(const record::RunDirectory& run, RunView& view) {
  const auto left_out = run.suite() / "left-out.json";
  if (std::filesystem::exists(left_out)) {
    const auto document = read_json(left_out);
    view.profile = document.text_or("profile");
    if (const auto* gates = document.find("gates"); gates != nullptr && gates->is_array()) {
      for (const auto& one : *gates)
        view.left_out.push_back({one.text_or("gate"), one.text_or("title"), one.text_or("by")});
    }
  }
  const auto included = run.suite() / "included.json";
  if (!std::filesystem::exists(included)) return;
  const auto document = read_json(included);
  if (!document.is_array()) throw Undecided("suite/included.json is damaged");
  for (const auto& one : document)
    view.included.push_back({one.text_or("file"), one.text_or("origin"), one.text_or("sha256")});
}

void decide(const record::RunRecord& record, const std::vector<std::string>& incomplete, RunView& view) {
  if (record.result) view.incomplete = record.result->incomplete;
  for (const auto& line : incomplete) {
    if (std::find(view.incomplete.begin(), view.incomplete.end(), line) == view.incomplete.end())
      view.incomplete.push_back(line);
  }
  record::Verdicts verdicts;
  for (const auto& exit_gate : view.exit_gates) {
    for (const auto& gate : exit_gate.gates) {
      if (gate.verdict)
        verdicts[gate.name] = {gate.verdict->status, gate.verdict->waived, gate.verdict->not_applicable};
    }
  }
  view.outcome = record::outcome_of(record, verdicts, view.incomplete);
  view.partly_evaluated = record::partly_evaluated(record, verdicts);
  view.accepts_partial = record.accepts_partial;
  for (auto& exit_gate : view.exit_gates)
    exit_gate.state = record::state_of(exit_gate.name, record, verdicts);
}

void read_facts(RunView& view, const std::filesystem::path& folder) {
  std::vector<std::string> readable;
  for (const auto& declaration : facts::declarations()) {
    if (!std::filesystem::exists(folder / (declaration.domain + ".db"))) continue;
    try {
      const facts::Facts probe(folder, {declaration.domain});
      readable.push_back(declaration.domain);
    } catch (const Error& error) {
      view.unreadable_stores.emplace(declaration.domain, error.what());
    }
  }
  view.facts = std::make_shared<const facts::Facts>(folder, readable);
}

}  // namespace

RunView load_run(const std::filesystem::path& root, const std::vector<std::string>& incomplete) {
  const record::RunDirectory run{root};
  const auto record = record::read_record(run);
  RunView view;
  view.root = root;
  view.id = record.id;
  view.repository = record.repository;
  view.commit = record.commit;
  view.tree = record.tree;
  view.config = record.config.value_or("");
  view.shown_at = record.shown_at.value_or("");
  view.database = record.database;
  view.started_at = record.started_at;
  if (record.result) view.finished_at = record.result->finished_at;
  view.suite_digest = record.has_comparable_digest() ? record.suite_digest : record::suite_digest(root);
  view.versions = record.versions;
  read_gates(run, record, view);
  read_origins(run, view);
  decide(record, incomplete, view);
  read_facts(view, run.facts());
  return view;
}

}  // namespace exitgate::report
