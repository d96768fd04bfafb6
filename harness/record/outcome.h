// What a run amounts to. One function decides it, and everything that says it asks that function: exit code, seal,
// attestation, verification summary, terminal, `show`, report.html, EVIDENCE.md and JUnit.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/verdict/verdict.h"

namespace exitgate::record {

struct RunRecord;

// The rules of outcome_of(), the first that holds:
//   unfinished  the run did not reach its end: it was interrupted, or goes on
//   fail        a gate that was selected failed
//   error       a gate that was selected could not be decided, or left no verdict
//   fail        the evidence is incomplete: a part is missing or empty, was changed, or is withheld because it looks
//               like a secret
//   partial     an exit gate is only partly evaluated: one of its core gates was skipped although it applies
//   pass        at least one exit gate is green, and the others are green or do not apply
//   skip        nothing was judged: no gate was selected, or none was evaluated or applies. Never shown as a pass
enum class Outcome { pass, partial, fail, error, skip, unfinished };

std::string_view outcome_name(Outcome outcome);  // "pass", "partial", "fail", "error", "skip", "unfinished"
std::optional<Outcome> outcome_named(std::string_view name);

// pass: 0, fail: 1, everything else: 3. With `accept_partial: true` in exitgate.yaml, partial: 0.
Exit exit_of(Outcome outcome, bool accepts_partial = false);

// What a gate's verdict means for its run.
struct GateVerdict {
  verdict::Status status = verdict::Status::error;
  bool waived = false;          // a pass only because every finding is waived
  bool not_applicable = false;  // a skip, and nothing that the gate is about exists

  bool operator==(const GateVerdict&) const = default;
};
using Verdicts = std::map<std::string, GateVerdict>;  // by gate; one that left no verdict is not there

// What the gates of one exit gate that were selected amount to, the first that holds:
//   not_run         none was selected
//   red             one failed
//   undecided       one could not be decided, or left no verdict
//   not_evaluated   a core gate was skipped although it applies, and none passed; or, without core gates, all were skipped
//   partial         a core gate was skipped although it applies
//   not_applicable  none of its core gates applies; without core gates, none of its gates
//   green           else
enum class ExitGateState { green, partial, undecided, red, not_applicable, not_evaluated, not_run };

// As people read it: "green", "partly evaluated", "undecided", "red", "not applicable", "not evaluated", "not run"
std::string_view state_name(ExitGateState state);
ExitGateState state_of(std::string_view exit_gate, const RunRecord& run, const Verdicts& verdicts);

// Why exit gates are only partly evaluated, one line each: "EG-CG3 is partly evaluated: EG-CG3.session-hooks was skipped".
std::vector<std::string> partly_evaluated(const RunRecord& run, const Verdicts& verdicts);

// `incomplete`: what is wrong with the run's evidence, a line each, "" for nothing; see RunResult::incomplete and the
// archive's Exitgate-Incomplete. A verdict of a gate that was not selected does not count. Where a verdict itself is
// withheld from the archive, only the run saw it: then what the run recorded holds, but never as a pass.
Outcome outcome_of(const RunRecord& run, const Verdicts& verdicts,
                   const std::vector<std::string>& incomplete);

// The line that says why a file is left out of an archive: "withheld, looks like a secret: " and `what`, which begins
// with the path and a colon.
std::string withheld(std::string_view what);
bool is_withheld(const std::vector<std::string>& incomplete, std::string_view path);

}  // namespace exitgate::record
