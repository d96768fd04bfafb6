// What the jobs of one GitLab pipeline do to each other: by `needs:`, and by stages where a job has none.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

struct Need {
  std::string_view job;
  bool optional = false;  // need not be in the pipeline
};

struct PipelineJob {
  std::string_view id;
  Decision decision;         // of its own; spread_needs() lowers `runs`
  std::size_t stage = 0;     // in the order of `stages:`
  bool has_needs = false;    // also an empty list: it waits for no stage
  bool other_needs = false;  // a rule brings others
  std::vector<Need> needs;
};

// Lowers `decision.runs` of each job by the jobs that it waits for: one that is not started (manual), or runs
// only after a failure, holds those up that need it. False: GitLab makes no such pipeline, because a job that
// is surely in it needs one that is surely not. `all_known`: nothing is included that is not read, which may
// say more of a job.
bool spread_needs(std::vector<PipelineJob>& jobs, bool all_known);

}  // namespace exitgate::collect::ci::gitlab
