// Why GitHub refuses a workflow that is well-formed YAML: then nothing in it ever runs, and no pull request
// is gated by it.
#pragma once

#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

// Sets `workflow.problem` to the first thing for which GitHub surely refuses it: a value of the wrong kind, a
// key that is missing, an expression that cannot be read or names what is not there, needs that lead nowhere
// or round in circles. Keys and events that are not known are remarks: GitHub refuses them too, but may have
// learned them since.
void refuse(Workflow& workflow);

// The same for what only the called workflows tell: a call of what is not there or is refused itself, inputs
// and secrets that are missing or unknown. To be called once all workflows are read.
void refuse_calls(Model& model, const Calls& calls);

}  // namespace exitgate::collect::ci
