#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
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

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != nullptr && found->is_string() ? found->text() : "";
}

std::vector<std::string> texts_of(const Json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == nullptr || !found->is_array()) return texts;
  for (const auto& one : *found) {
    if (one.is_string()) texts.push_back(one.text());
  }
  return texts;
}

std::string before_dot(const std::string& gate) {
  return gate.substr(0, gate.find('.'));
}

GateView read_gate(const record::RunDirectory& run, const std::string& name) {
  GateView view;
  view.name = name;
  view.exit_gate = before_dot(name);
  try {
    const Gate gate = gate_from_json(read_json(run.gate(name)));
    view.exit_gate = gate.exit_gate;
    view.title = gate.title;
    view.labels = gate.labels;
    view.where = gate.where;
  } catch (const Error&) {
    // A run record of older or other making: the verdict says the rest.
  }
  return view;
}

void read_verdict(const record::RunDirectory& run, GateView& view) {
  const auto path = run.verdict(view.name);
  if (!std::filesystem::exists(path)) {
    view.problem = "the gate was selected and left no verdict";
    return;
  }
  try {
    view.verdict = verdict_from_json(read_json(path));
  } catch (const Error& error) {
    view.problem = fmt::format("its verdict cannot be read: {}", error.what());
    return;
  }
  if (view.title.empty()) view.title = view.verdict->title;
  if (view.labels.empty()) view.labels = view.verdict->labels;
}

// Names of the gates: as the record lists them, else as verdicts are there.
std::vector<std::string> gate_names(const record::RunDirectory& run, const Json& record) {
  auto names = texts_of(record, "gates");
  for (const char* list : {"selected", "not_run"}) {
    for (auto& name : texts_of(record, list)) names.push_back(std::move(name));
  }
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(run.verdicts(), none)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
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

RunView load_run(const std::filesystem::path& root) {
  const record::RunDirectory run{root};
  if (!std::filesystem::exists(run.run())) {
    throw Undecided(fmt::format("{} is no run directory: run.json is missing", root.string()),
                    "give the folder that a run wrote, or an unpacked archive's data/");
  }
  const Json record = read_json(run.run());
  if (!record.is_object()) throw Undecided(fmt::format("{}: no JSON object", run.run().string()));
  RunView view;
  view.root = root;
  view.id = text_of(record, "id");
  view.repository = text_of(record, "repository");
  view.commit = text_of(record, "commit");
  view.tree = text_of(record, "tree");
  view.config = text_of(record, "config");
  view.database = text_of(record, "database");
  view.started_at = text_of(record, "started_at");
  view.finished_at = text_of(record, "finished_at");
  view.suite_digest = text_of(record, "suite_digest");
  if (const auto versions = record.find("versions"); versions != nullptr && versions->is_object()) {
    for (const auto& [name, version] : versions->members()) {
      if (version.is_string()) view.versions.emplace_back(name, version.text());
    }
  }
  if (const auto suite = record.find("suite"); suite != nullptr && suite->is_array()) {
    for (const auto& one : *suite) {
      if (one.is_object()) view.exit_gates.push_back({text_of(one, "exit-gate"), text_of(one, "title"), {}});
    }
  }
  if (const auto bundle = record.find("bundle"); bundle != nullptr && bundle->is_object()) {
    view.missing_parts = texts_of(*bundle, "missing");
  }
  const auto not_run = texts_of(record, "not_run");
  for (const auto& name : gate_names(run, record)) {
    GateView gate = read_gate(run, name);
    gate.selected = std::find(not_run.begin(), not_run.end(), name) == not_run.end();
    if (gate.selected) read_verdict(run, gate);
    auto at = std::find_if(view.exit_gates.begin(), view.exit_gates.end(),
                           [&](const ExitGateView& one) { return one.name == gate.exit_gate; });
    if (at == view.exit_gates.end()) at = view.exit_gates.insert(at, {gate.exit_gate, "", {}});
    at->gates.push_back(std::move(gate));
  }
  read_facts(view, run.facts());
  return view;
}

}  // namespace exitgate::report
