#include "harness/record/outcome.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/record/run_record.h"

namespace exitgate::record {

namespace {

constexpr std::string_view kWithheld = "withheld, looks like a secret: ";
constexpr std::pair<Outcome, std::string_view> kNames[] = {
    {Outcome::pass, "pass"},   {Outcome::partial, "partial"}, {Outcome::fail, "fail"},
    {Outcome::error, "error"}, {Outcome::skip, "skip"},       {Outcome::unfinished, "unfinished"}};

}  // namespace

std::string_view outcome_name(Outcome outcome) {
  for (const auto& [one, name] : kNames) {
    if (one == outcome) return name;
  }
  return "error";
}

std::optional<Outcome> outcome_named(std::string_view name) {
  for (const auto& [one, known] : kNames) {
    if (known == name) return one;
  }
  return std::nullopt;
}

Exit exit_of(Outcome outcome, bool accepts_partial) {
  switch (outcome) {
    case Outcome::pass:
      return Exit::good;
    case Outcome::fail:
      return Exit::failed;
    case Outcome::partial:
      return accepts_partial ? Exit::good : Exit::undecided;
    case Outcome::error:
    case Outcome::skip:
    case Outcome::unfinished:
      return Exit::undecided;
  }
  return Exit::undecided;
}

std::string_view state_name(ExitGateState state) {
  switch (state) {
    case ExitGateState::green:
      return "green";
    case ExitGateState::partial:
      return "partly evaluated";
    case ExitGateState::undecided:
      return "undecided";
    case ExitGateState::red:
      return "red";
    case ExitGateState::not_applicable:
      return "not applicable";
    case ExitGateState::not_evaluated:
      return "not evaluated";
    case ExitGateState::not_run:
      return "not run";
  }
  return "undecided";
}

namespace {

std::string_view exit_gate_of(std::string_view gate) {
  return gate.substr(0, gate.find('.'));
}

// The gates that a run was to evaluate. One that did not reach its end does not say.
const std::vector<std::string>& selected_gates(const RunRecord& run) {
  return run.result ? run.result->selected : run.gates;
}

bool is_core(const RunRecord& run, std::string_view gate) {
  return std::find(run.core.begin(), run.core.end(), gate) != run.core.end();
}

struct Tally {
  std::size_t gates = 0;
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t undecided = 0;
  std::size_t not_applicable = 0;

  void add(const GateVerdict* verdict) {
    ++gates;
    if (verdict == nullptr || verdict->status == verdict::Status::error) ++undecided;
    if (verdict == nullptr) return;
    if (verdict->status == verdict::Status::pass) ++passed;
    if (verdict->status == verdict::Status::fail) ++failed;
    if (verdict->status == verdict::Status::skip && verdict->not_applicable) ++not_applicable;
  }
  std::size_t skipped() const { return gates - passed - failed - undecided - not_applicable; }
};

struct ExitGateTally {
  Tally all;
  Tally core;
};

ExitGateTally tally_of(std::string_view exit_gate, const RunRecord& run, const Verdicts& verdicts) {
  ExitGateTally tally;
  for (const auto& gate : selected_gates(run)) {
    if (exit_gate_of(gate) != exit_gate) continue;
    const auto found = verdicts.find(gate);
    const GateVerdict* const verdict = found == verdicts.end() ? nullptr : &found->second;
    tally.all.add(verdict);
    if (is_core(run, gate)) tally.core.add(verdict);
  }
  return tally;
}

ExitGateState state_of(const ExitGateTally& tally) {
  const auto& [all, core] = tally;
  if (all.gates == 0) return ExitGateState::not_run;
  if (all.failed > 0) return ExitGateState::red;
  if (all.undecided > 0) return ExitGateState::undecided;
  const Tally& decisive = core.gates > 0 ? core : all;
  if (decisive.not_applicable == decisive.gates) return ExitGateState::not_applicable;
  if (all.passed == 0) return ExitGateState::not_evaluated;
  return core.skipped() > 0 ? ExitGateState::partial : ExitGateState::green;
}

// Of the gates that were selected.
std::set<std::string_view> exit_gates(const RunRecord& run) {
  std::set<std::string_view> names;
  for (const auto& gate : selected_gates(run)) names.insert(exit_gate_of(gate));
  return names;
}

// Of a run in which no gate is red and whose evidence is complete.
Outcome outcome_of_exit_gates(const RunRecord& run, const Verdicts& verdicts) {
  bool passed = false;
  bool partial = false;
  for (const auto name : exit_gates(run)) {
    const ExitGateTally tally = tally_of(name, run, verdicts);
    const ExitGateState state = state_of(tally);
    passed = passed || state == ExitGateState::green || state == ExitGateState::partial;
    partial = partial || tally.core.skipped() > 0;
  }
  if (!passed) return Outcome::skip;
  return partial ? Outcome::partial : Outcome::pass;
}

}  // namespace

ExitGateState state_of(std::string_view exit_gate, const RunRecord& run, const Verdicts& verdicts) {
  return state_of(tally_of(exit_gate, run, verdicts));
}

std::vector<std::string> partly_evaluated(const RunRecord& run, const Verdicts& verdicts) {
  std::vector<std::string> lines;
  for (const auto name : exit_gates(run)) {
    const ExitGateTally tally = tally_of(name, run, verdicts);
    if (tally.core.skipped() == 0) continue;
    std::vector<std::string> skipped;
    for (const auto& gate : selected_gates(run)) {
      const auto found = verdicts.find(gate);
      if (exit_gate_of(gate) != name || !is_core(run, gate) || found == verdicts.end()) continue;
      if (found->second.status == verdict::Status::skip && !found->second.not_applicable)
        skipped.push_back(gate);
    }
    lines.push_back(
        fmt::format("{} is {}: {} {} skipped, and it is not shown that there is nothing to evaluate.", name,
                    tally.all.passed > 0 ? "only partly evaluated" : "not evaluated", join(skipped, ", "),
                    skipped.size() == 1 ? "was" : "were"));
  }
  return lines;
}

Outcome outcome_of(const RunRecord& run, const Verdicts& verdicts,
                   const std::vector<std::string>& incomplete) {
  if (!run.result) return Outcome::unfinished;
  bool failed = false;
  bool undecided = false;
  bool unseen = false;
  for (const auto& gate : run.result->selected) {
    const auto found = verdicts.find(gate);
    if (found == verdicts.end()) {
      const bool left_out = is_withheld(incomplete, fmt::format("verdicts/{}.json", gate));
      (left_out ? unseen : undecided) = true;
      continue;
    }
    const verdict::Status status = found->second.status;
    failed = failed || status == verdict::Status::fail;
    undecided = undecided || status == verdict::Status::error;
  }
  if (failed) return Outcome::fail;
  if (undecided) return Outcome::error;
  if (unseen && run.result->outcome == Outcome::error) return Outcome::error;
  if (!incomplete.empty()) return Outcome::fail;
  return outcome_of_exit_gates(run, verdicts);
}

std::string withheld(std::string_view what) {
  return fmt::format("{}{}", kWithheld, what);
}

bool is_withheld(const std::vector<std::string>& incomplete, std::string_view path) {
  const std::string begin = fmt::format("{}{}:", kWithheld, path);
  return std::any_of(incomplete.begin(), incomplete.end(),
                     [&](const std::string& line) { return line.starts_with(begin); });
}

}  // namespace exitgate::record
