#include <algorithm>

#include "harness/collect/ci/actions/outcomes.h"
#include "harness/collect/ci/actions/scenario.h"

namespace exitgate::collect::ci::actions {

namespace {

using facts::ci::Direction;
using Scenario = facts::ci::StepOutcomeScenario;
using facts::ci::StepOutcomeRuns;

StepOutcomeRuns fact_of(Truth runs) {
  if (runs == Truth::yes) return StepOutcomeRuns::yes;
  return runs == Truth::no ? StepOutcomeRuns::no : StepOutcomeRuns::maybe;
}

bool uploads(const ExpandedStep& step) {
  return step.step->artifact != nullptr && step.step->artifact->direction == Direction::upload;
}

}  // namespace

void add_step_outcomes(Model& model, const Expansion& expansion) {
  Conditions conditions;
  for (const ExpandedJob& job : expansion.jobs) {
    const auto last = std::find_if(job.steps.rbegin(), job.steps.rend(), uploads);
    if (last == job.steps.rend()) continue;
    const auto end = static_cast<std::size_t>(job.steps.rend() - last) - 1;
    StepScenarios scenarios(job, conditions);
    for (std::size_t cause = 0; cause < end; ++cause) {
      // A step that calls an action fails by one of the steps of the action.
      if (job.steps[cause].calls_action || job.steps[cause].runs < Runs::maybe) continue;
      for (const Mishap mishap : {Mishap::failure, Mishap::cancelled}) {
        const std::vector<Truth> runs = scenarios.after(cause, mishap);
        for (std::size_t i = cause + 1; i <= end; ++i) {
          if (!uploads(job.steps[i])) continue;
          model.run.step_outcomes.push_back(
              {.step = static_cast<std::int64_t>(job.steps[i].row + 1),
               .scenario = mishap == Mishap::failure ? Scenario::failure : Scenario::cancelled,
               .cause = static_cast<std::int64_t>(job.steps[cause].row + 1),
               .runs = fact_of(runs[i])});
        }
      }
    }
  }
}

}  // namespace exitgate::collect::ci::actions
