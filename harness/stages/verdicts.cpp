#include "harness/stages/verdicts.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

#include "harness/base/file.h"
#include "harness/base/installation.h"
#include "harness/base/text.h"
#include "harness/gate/ctest.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"

namespace exitgate::stages {

namespace {

verdict::Gate read_gate(const record::RunDirectory& run, const std::string& name) {
  return verdict::gate_from_json(Json::parse(read_file(run.gate(name))));
}

// A check of others is looked for when the run begins; where it lies is not kept.
bool has_check(const record::RunDirectory& run, const verdict::Gate& gate) {
  return std::filesystem::exists(run.own_check(gate.check)) ||
         ::access((checks_directory() / gate.check).c_str(), X_OK) == 0;
}

// Why CTest could not start a gate, or "". A stage that failed lets its gates start (gate/ctest.h), but one that was
// killed, so that it could not even say so, does not.
std::string held_back_by(const verdict::Gate& gate, const record::RunDirectory& run,
                         const std::vector<marks::Mark>& marks) {
  if (!has_check(run, gate)) {
    return fmt::format("the check '{}' could not be started: {} is missing or not executable", gate.check,
                       (checks_directory() / gate.check).string());
  }
  for (const auto& stage : gate::stages_of(gate)) {
    const auto* const mark = marks::last_attempt(marks, stage);
    if (mark != nullptr && !mark->ended)
      return fmt::format("not evaluated, because {}", marks::problem_of_stage(run, marks, stage));
  }
  return "";
}

std::string reason_for_no_verdict(const verdict::Gate& gate, const record::RunDirectory& run,
                                  const std::vector<marks::Mark>& marks) {
  const auto* const mark = marks::last_attempt(marks, gate.name);
  if (mark == nullptr) {
    const auto reason = held_back_by(gate, run, marks);
    return reason.empty() ? "the gate was selected, and its check ended before it left a mark" : reason;
  }
  if (const auto fault = mark->fault_text(); !fault.empty()) return fmt::format("the check {}", fault);
  if (const auto message = marks::message_in(marks::output_of(run, *mark));
      mark->exit_code != 0 && !message.empty())
    return fmt::format("the check left no verdict: {}", message);
  return "the gate was selected and left no verdict";
}

// An unreadable verdict is as good as none, and so is one of another attempt.
std::optional<verdict::Verdict> read_verdict(const record::RunDirectory& run, const std::string& gate,
                                             const std::vector<marks::Mark>& marks) {
  const auto* const mark = marks::last_attempt(marks, gate);
  if (mark == nullptr || !mark->ended || !std::filesystem::exists(run.verdict(gate))) return std::nullopt;
  try {
    auto verdict = verdict::verdict_from_json(Json::parse(read_file(run.verdict(gate))));
    if (verdict.gate == gate && verdict.attempt == mark->attempt) return verdict;
  } catch (const std::exception&) {
    // None.
  }
  return std::nullopt;
}

}  // namespace

Selection selection_of(const record::RunDirectory& run, const record::RunRecord& record,
                       const std::vector<marks::Mark>& marks) {
  Selection selection;
  const auto expected = marks::expected_tests(run);
  for (const auto& name : record.gates) {
    const bool selected = marks::last_attempt(marks, name) != nullptr ||
                          std::find(expected.begin(), expected.end(), name) != expected.end() ||
                          !held_back_by(read_gate(run, name), run, marks).empty();
    (selected ? selection.selected : selection.not_run).push_back(name);
  }
  return selection;
}

CollectedVerdicts collect_verdicts(const record::RunDirectory& run, const std::vector<marks::Mark>& marks,
                                   const std::vector<std::string>& selected) {
  CollectedVerdicts collected;
  for (const auto& name : selected) {
    auto verdict = read_verdict(run, name, marks);
    if (!verdict) {
      const auto gate = read_gate(run, name);
      verdict = verdict::undecided_verdict(gate);
      verdict->reason = reason_for_no_verdict(gate, run, marks);
      if (const auto* const mark = marks::last_attempt(marks, name)) verdict->attempt = mark->attempt;
      write_file(run.verdict(name), to_json(*verdict).dump(2) + "\n");
      collected.missing.push_back(name);
    }
    collected.verdicts[name] = {verdict->status, verdict->waived, verdict->not_applicable};
  }
  return collected;
}

}  // namespace exitgate::stages
