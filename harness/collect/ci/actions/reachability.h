// What a pull request does with each job and step.
//
// Two worlds are looked at. In the first nothing fails: what runs there always is 'yes', what runs there for
// some values of what is unknown is 'maybe'. In the second something has failed before: what runs only there
// is 'failure'.
#pragma once

#include <optional>
#include <string>

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/call_chains.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// Raises `runs` of every job and step that a pull request reaches by a workflow of the dialect. `repository`:
// "owner/name" where a remote tells it.
void reach(Model& model, const Dialect& dialect, const Calls& calls, const CallChains& chains,
           const std::optional<std::string>& repository);

}  // namespace exitgate::collect::ci::actions
