// Findings and errors as people read them: what is the same is said once, with all its places.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/report/report.h"

namespace exitgate::report {

// Findings of one gate that say the same of different places.
struct FindingGroup {
  std::string message;
  std::string hint;
  std::string waiver;  // "" when not waived
  bool undecided = false;
  std::vector<std::string> places;  // "file:line", in the order of the findings; empty when about no file
};

std::vector<FindingGroup> group_findings(const std::vector<verdict::Judged>& findings);

// Whether the next group's hint is another one: what is to be done is said once, behind the last that it is for.
bool says_hint(const std::vector<FindingGroup>& groups, std::size_t at);

// "file:line", "file" or "".
std::string place_of(const check::Finding& finding);

// What is true of a gate as a whole.
enum class GateState { passed, failed, skipped, undecided, not_run };
GateState state_of(const GateView& gate);
std::string_view state_name(GateState state);  // "pass", "fail", "skip", "error", "not run"

// Why a gate is skipped, undecided or not run; "" else.
std::string reason_of(const GateView& gate);

// The waivers that accept nothing any more, over all gates, each once.
std::vector<std::string> stale_waivers(const RunView& run);

// What follows from another gate's red: its name, and the gates of which every open finding says to see it. Such a gate is
// named under its cause and not told again. A cause is never itself among what follows.
std::map<std::string, std::vector<std::string>> consequences_of(const RunView& run);

// What the gate's counterexample showed: "turned red", "stayed green: the gate is broken", "does not apply" for a skip,
// "none, so …" with the author's reason.
std::string proof_of(const GateView& gate);

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t undecided = 0;
  std::size_t not_run = 0;
  std::size_t waived = 0;  // of those passed

  void add(const GateView& gate);
  std::size_t all() const { return passed + failed + skipped + undecided + not_run; }
};

Counts count_gates(const ExitGateView& exit_gate);
Counts count_gates(const RunView& run);

// Of which earlier run the facts of the database are (--reuse); "" when they are of this one.
std::string reused_from(const RunView& run);

}  // namespace exitgate::report
