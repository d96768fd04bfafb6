// Conditions under scenarios: what becomes of the jobs behind one that ends in some way, and of the steps behind
// one that fails.
//
// Three-valued: what is said surely is so whatever the values are that only the run knows.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "harness/collect/ci/actions/conditions.h"
#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/actions/run_expansion.h"

namespace exitgate::collect::ci::actions {

// How the jobs that one waits for ended.
struct NeedsScenario {
  // What `needs.X.result` can be, of each job by its id; a failure that `continue-on-error` hides is a success.
  std::map<std::string, Possible> results;
  bool run_cancelled = false;
};

// What the job's own `if:` can name then. In front of `outer`, the same where nothing fails. `ancestors`: all that it waits
// for, also through others: success() and failure() ask for all of them.
PartialContexts after_needs(const Job& job, const std::set<std::string>& ancestors,
                            const NeedsScenario& scenario, const PartialContexts& outer);

// The context `needs` alone, from that of `contexts`.
Possible needs_context(const Job& job, const NeedsScenario& scenario, const PartialContexts& contexts);

enum class Mishap {
  none,
  failure,    // the step fails
  cancelled,  // the run is cancelled, or the job reaches its time limit, while the step runs
};

// The steps of a job when something happens to one of them. Points into the job and the conditions.
class StepScenarios {
 public:
  StepScenarios(const ExpandedJob& job, Conditions& conditions);

  // Whether each step runs (not counting whether the job does) when the mishap happens to the step `cause`, and nothing
  // else fails.
  std::vector<Truth> after(std::size_t cause, Mishap mishap);

 private:
  friend class Walk;

  // The `if:` of a step. Where it asks for nothing that the steps before it change but how the job stands, it is
  // evaluated once for each status, and not for each cause, which was half of what Electron took.
  struct StepCondition {
    const expression::Condition* condition = nullptr;  // nullptr when it cannot be read
    bool by_status = false;
    std::map<std::tuple<Truth, Truth, Truth>, Truth> known = {};
  };

  const ExpandedJob& job_;
  std::vector<StepCondition> conditions_;  // of each step
  bool ask_for_steps_ = false;             // any of them
};

// How a scope of steps stands: the job, or a composite action, which begins anew.
PartialStatus status_after(Mishap mishap, Truth ignored);

// Both can be so.
PartialStatus either(const PartialStatus& one, const PartialStatus& other);

// What the context `steps` holds of a step that ran so.
Possible step_context(Truth runs, const Possible& outcome, const Possible& conclusion);

// The context `job`, whose `status` is what the status functions of the job say.
Possible job_context(const PartialStatus& status);

}  // namespace exitgate::collect::ci::actions
