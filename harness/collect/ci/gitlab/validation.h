// What GitLab refuses of a configuration: unknown keys, values of the wrong kind, keys that exclude each other, jobs that
// need what is not there. Where it refuses, it makes no pipeline at all.
//
// The authority is GitLab's own source: lib/gitlab/ci/config/entry and lib/gitlab/ci/yaml_processor.rb.
#pragma once

#include "harness/collect/ci/gitlab/refusal.h"
#include "harness/collect/ci/gitlab/tree.h"

namespace exitgate::collect::ci::gitlab {

// All that is refused, with what reading the tree found. Of what is included and not read nothing is refused.
Refusals validate(const Tree& tree);

}  // namespace exitgate::collect::ci::gitlab
