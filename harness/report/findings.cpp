#include "harness/report/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace exitgate::report {

std::string place_of(const Finding& finding) {
  if (finding.file.empty() || finding.line <= 0) return finding.file;
  return fmt::format("{}:{}", finding.file, finding.line);
}

std::vector<FindingGroup> group_findings(const std::vector<Judged>& findings) {
  std::vector<FindingGroup> groups;
  std::map<std::tuple<std::string_view, std::string_view, std::string_view, bool>, std::size_t> known;
  for (const auto& judged : findings) {
    const auto [at, added] = known.try_emplace(
        {judged.finding.message, judged.finding.hint, judged.waiver, judged.undecided}, groups.size());
    if (added) {
      groups.push_back({judged.finding.message, judged.finding.hint, judged.waiver, judged.undecided, {}});
    }
    if (auto place = place_of(judged.finding); !place.empty())
      groups[at->second].places.push_back(std::move(place));
  }
  return groups;
}

bool says_hint(const std::vector<FindingGroup>& groups, std::size_t at) {
  if (groups[at].hint.empty()) return false;
  return at + 1 == groups.size() || groups[at + 1].hint != groups[at].hint ||
         groups[at + 1].waiver.empty() != groups[at].waiver.empty();
}

Outcome outcome_of(const GateView& gate) {
  if (!gate.selected) return Outcome::not_run;
  if (!gate.verdict) return Outcome::undecided;
  switch (gate.verdict->status) {
    case Status::pass:
      return Outcome::passed;
    case Status::fail:
      return Outcome::failed;
    case Status::skip:
      return Outcome::skipped;
    case Status::error:
      return Outcome::undecided;
  }
  return Outcome::undecided;
}

std::string_view outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return "pass";
    case Outcome::failed:
      return "fail";
    case Outcome::skipped:
      return "skip";
    case Outcome::undecided:
      return "error";
    case Outcome::not_run:
      return "not run";
  }
  return "error";
}

std::string reason_of(const GateView& gate) {
  if (!gate.selected) return "not selected in this run";
  if (!gate.verdict) return gate.problem;
  return gate.verdict->reason;
}

std::vector<std::string> stale_waivers(const RunView& run) {
  std::vector<std::string> all;
  for (const auto& exit_gate : run.exit_gates) {
    for (const auto& gate : exit_gate.gates) {
      if (!gate.verdict) continue;
      for (const auto& line : gate.verdict->stale_waivers) {
        if (std::find(all.begin(), all.end(), line) == all.end()) all.push_back(line);
      }
    }
  }
  return all;
}

std::string proof_of(const GateView& gate) {
  if (!gate.verdict || !gate.verdict->turned_red) return "not tried";
  if (*gate.verdict->turned_red) return "turned red";
  return gate.verdict->status == Status::skip ? "does not apply" : "stayed green: the gate is broken";
}

void Counts::add(const GateView& gate) {
  switch (outcome_of(gate)) {
    case Outcome::passed:
      ++passed;
      if (gate.verdict->waived) ++waived;
      break;
    case Outcome::failed:
      ++failed;
      break;
    case Outcome::skipped:
      ++skipped;
      break;
    case Outcome::undecided:
      ++undecided;
      break;
    case Outcome::not_run:
      ++not_run;
      break;
  }
}

Counts count_gates(const ExitGateView& exit_gate) {
  Counts counts;
  for (const auto& gate : exit_gate.gates) counts.add(gate);
  return counts;
}

Counts count_gates(const RunView& run) {
  Counts counts;
  for (const auto& exit_gate : run.exit_gates) {
    for (const auto& gate : exit_gate.gates) counts.add(gate);
  }
  return counts;
}

std::string_view color_word(const Counts& counts) {
  if (counts.failed > 0) return "red";
  if (counts.undecided > 0) return "undecided";
  if (counts.passed == 0) return "not evaluated";
  return "green";
}

}  // namespace exitgate::report
