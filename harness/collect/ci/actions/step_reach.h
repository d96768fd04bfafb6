// What a pull request does with the steps of a job or composite action.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/actions/conditions.h"
#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/actions/visits.h"

namespace exitgate::collect::ci::actions {

// Calls are followed no deeper: providers take ten levels of workflows, and ten of composite actions below.
constexpr int kDeepestCall = 20;

// A run that an event starts.
struct Run {
  const Dialect& dialect;
  Possible context;        // that describes it
  std::size_t number = 0;  // the same for runs of which the same is known
};

// The contexts that every expression of a workflow or composite action can name.
PartialContexts base_contexts(const Run& run, const Possible& inputs);

// What is the same for all steps of one run of a job or composite action.
struct Scope {
  PartialContexts contexts;             // github, inputs, needs, matrix, …
  std::vector<PartialObject> matrices;  // the combinations
  PartialObject env;
  PartialObject after_failure;  // the `steps` context where one of them has failed
  PartialObject after_ignored;  // the same where that was ignored (`continue-on-error`), and all goes on
  Runs runs = Runs::yes;        // of the job, or of the step that calls the action
  int depth = 0;
};

// Sets `runs` of the steps, and of those of the composite actions that they call. Leaves the context `steps`
// in the scope as it is behind the last of them.
void reach_steps(std::vector<Step>& steps, Scope& scope, const Run& run, const Calls& calls,
                 Conditions& conditions, Visits& visits);

}  // namespace exitgate::collect::ci::actions
