// Why a provider refuses a workflow that is well-formed YAML: then nothing in it ever runs, and no pull
// request is gated by it.
#pragma once

#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// Sets `workflow.problem` to the first thing for which the provider surely refuses it: a value of the wrong
// kind, a key that is missing, an expression that cannot be read or names what is not there, needs that lead
// nowhere or round in circles. Keys and events that are not known are problems of their places: the provider
// may have learned them since.
void validate(Workflow& workflow, const Dialect& dialect);

}  // namespace exitgate::collect::ci::actions
