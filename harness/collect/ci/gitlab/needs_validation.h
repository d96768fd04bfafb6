// What GitLab refuses of how jobs stand to each other: stages, `needs:`, `dependencies:`, `environment:on_stop`.
#pragma once

#include "harness/collect/ci/gitlab/refusal.h"
#include "harness/collect/ci/gitlab/tree.h"

namespace exitgate::collect::ci::gitlab {

// Adds to `refusals`. Each job by itself must be right.
void validate_needs(const Tree& tree, Refusals& refusals);

}  // namespace exitgate::collect::ci::gitlab
