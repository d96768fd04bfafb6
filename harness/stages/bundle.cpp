#include "harness/stages/bundle.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/json/json.h"

namespace exitgate::stages {

namespace {

bool skipped(const record::RunDirectory& run, const std::string& gate) {
  if (!std::filesystem::exists(run.verdict(gate))) return false;
  const auto verdict = Json::try_parse(read_file(run.verdict(gate))).value_or(Json());
  return verdict.text_or("status") == "skip";
}

}  // namespace

std::vector<gate::BundlePart> bundle_of(const record::RunDirectory& run) {
  const auto file = run.suite() / "bundle.json";
  if (!std::filesystem::exists(file)) return {};
  return gate::bundle_from_json(Json::try_parse(read_file(file)).value_or(Json()));
}

AskedParts asked_parts(const record::RunDirectory& run, const std::vector<std::string>& selected,
                       const std::vector<std::string>& not_run) {
  const auto any_not_run = [&](const std::string& exit_gate) {
    return std::any_of(not_run.begin(), not_run.end(), [&](const std::string& gate) {
      return exit_gate.empty() || gate.starts_with(exit_gate + ".");
    });
  };
  AskedParts asked;
  for (const auto& part : bundle_of(run)) {
    const std::string who = !part.gate.empty()        ? part.gate + ", "
                            : !part.exit_gate.empty() ? part.exit_gate + ", "
                                                      : std::string();
    const std::string by = who + part.where;
    std::string why;
    if (!part.gate.empty()) {
      if (std::find(selected.begin(), selected.end(), part.gate) == selected.end()) {
        why = "the gate was not run";
      } else if (skipped(run, part.gate)) {
        why = "the gate does not apply";
      }
    } else if (any_not_run(part.exit_gate)) {
      why = "not all of its gates were run";
    }
    if (why.empty()) {
      asked.parts.push_back({part.path, by});
    } else {
      asked.not_asked.push_back(fmt::format("{} ({}): {}", part.path, by, why));
    }
  }
  return asked;
}

}  // namespace exitgate::stages
