// What a pull request does with each job and step.
//
// Two worlds are looked at. In the first nothing fails: what runs there always is 'yes', what runs there for
// some values of what is unknown is 'maybe'. In the second something has failed before: what runs only there
// is 'failure'.
#pragma once

#include <optional>
#include <string>

#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

// Sets `runs` of every job and step, and adds remarks on what could not be decided. `repository`:
// "owner/name" where a remote tells it.
void reach(Model& model, const Calls& calls, const Ways& ways, const std::optional<std::string>& repository);

}  // namespace exitgate::collect::ci
