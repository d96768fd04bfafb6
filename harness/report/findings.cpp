#include "harness/report/findings.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace exitgate::report {

std::string place_of(const check::Finding& finding) {
  if (finding.file.empty() || finding.line <= 0) return finding.file;
  return fmt::format("{}:{}", finding.file, finding.line);
}

std::vector<FindingGroup> group_findings(const std::vector<verdict::Judged>& findings) {
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

GateState state_of(const GateView& gate) {
  if (!gate.selected) return GateState::not_run;
  if (!gate.verdict) return GateState::undecided;
  switch (gate.verdict->status) {
    case verdict::Status::pass:
      return GateState::passed;
    case verdict::Status::fail:
      return GateState::failed;
    case verdict::Status::skip:
      return GateState::skipped;
    case verdict::Status::error:
      return GateState::undecided;
  }
  return GateState::undecided;
}

std::string_view state_name(GateState state) {
  switch (state) {
    case GateState::passed:
      return "pass";
    case GateState::failed:
      return "fail";
    case GateState::skipped:
      return "skip";
    case GateState::undecided:
      return "error";
    case GateState::not_run:
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

std::map<std::string, std::vector<std::string>> consequences_of(const RunView& run) {
  std::vector<const GateView*> red;
  for (const auto& exit_gate : run.exit_gates) {
    for (const auto& gate : exit_gate.gates) {
      const GateState state = state_of(gate);
      if (gate.verdict && (state == GateState::failed || state == GateState::undecided)) red.push_back(&gate);
    }
  }
  // The one red gate that each open finding of `gate` says to see, or nullptr.
  const auto cause_of = [&](const GateView& gate) -> const GateView* {
    for (const GateView* const other : red) {
      if (other == &gate || state_of(*other) != GateState::failed) continue;
      const auto& findings = gate.verdict->findings;
      const std::string says = fmt::format("see {},", other->name);
      const auto follows = [&](const verdict::Judged& one) {
        return one.waived || one.finding.hint.starts_with(says);
      };
      if (!findings.empty() && std::all_of(findings.begin(), findings.end(), follows)) return other;
    }
    return nullptr;
  };
  std::map<std::string, std::vector<std::string>> consequences;
  for (const GateView* const gate : red) {
    const GateView* const cause = cause_of(*gate);
    if (cause != nullptr && cause_of(*cause) == nullptr) consequences[cause->name].push_back(gate->name);
  }
  return consequences;
}

std::string proof_of(const GateView& gate) {
  if (gate.verdict && !gate.verdict->unproven.empty())
    return "none, so it is not proven that the gate can fail: " + gate.verdict->unproven;
  if (!gate.verdict || !gate.verdict->turned_red) return "not tried";
  if (*gate.verdict->turned_red) return "turned red";
  return gate.verdict->status == verdict::Status::skip ? "does not apply"
                                                       : "stayed green: the gate is broken";
}

void Counts::add(const GateView& gate) {
  switch (state_of(gate)) {
    case GateState::passed:
      ++passed;
      if (gate.verdict->waived) ++waived;
      break;
    case GateState::failed:
      ++failed;
      break;
    case GateState::skipped:
      ++skipped;
      break;
    case GateState::undecided:
      ++undecided;
      break;
    case GateState::not_run:
      ++not_run;
      break;
  }
}

std::vector<std::string> reasons_beside_gates(const RunView& run) {
  if (run.outcome == record::Outcome::pass) return {};
  std::vector<std::string> reasons = run.incomplete;
  if (run.outcome == record::Outcome::unfinished) reasons.emplace_back("The run did not reach its end.");
  const Counts counts = count_gates(run);
  reasons.insert(reasons.end(), run.partly_evaluated.begin(), run.partly_evaluated.end());
  if (run.outcome == record::Outcome::partial) {
    reasons.emplace_back(
        run.accepts_partial
            ? "`accept-partial: true` in exitgate.yaml lets such a run exit with 0."
            : "A partly evaluated run is not a pass; `accept-partial: true` in exitgate.yaml lets "
              "it exit with 0.");
  }
  if (counts.skipped > 0 && counts.passed + counts.failed + counts.undecided == 0) {
    reasons.emplace_back("Nothing was judged: each selected gate was skipped, which is not a pass.");
  } else if (run.outcome == record::Outcome::skip && counts.passed > 0) {
    reasons.emplace_back(
        "Nothing was judged: no selected exit gate was evaluated or applies, which is not a pass.");
  } else if (run.outcome == record::Outcome::skip) {
    reasons.emplace_back("Nothing was judged: no gate was selected, which is not a pass.");
  }
  return reasons;
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

std::string reused_from(const RunView& run) {
  if (!run.has("schema")) return "";
  // The store of an earlier release.
  if (run.facts->integer("SELECT count(*) FROM pragma_table_info('work', 'schema') WHERE name = 'reused'") ==
      0)
    return "";
  return run.facts->text("SELECT reused FROM schema.work WHERE reused IS NOT NULL").value_or("");
}

}  // namespace exitgate::report
