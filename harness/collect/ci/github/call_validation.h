// Why GitHub refuses a workflow for what it calls.
#pragma once

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::github {

// Sets the problem of GitHub's workflows that call what is not there or is invalid itself, give inputs and
// secrets that are not taken or leave out some that are required, ask for more permissions than their caller
// has, or call themselves or through more than ten levels. To be called once all workflows are read.
void validate_calls(Model& model, const actions::Calls& calls);

}  // namespace exitgate::collect::ci::github
