// The expanded run of pull requests, as the rows in which it is written. See the tables for what they mean.
#pragma once

#include <cstddef>
#include <vector>

#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci {

// Of a commit. A workflow that would have more has no rows, and a problem.
constexpr std::size_t kMostJobInstances = 20'000;
constexpr std::size_t kMostStepInstances = 100'000;

// The id of a job or step instance is its place here, counted from 1, whatever the provider.
struct RunFacts {
  std::vector<facts::ci::JobInstance> jobs;
  std::vector<facts::ci::StepInstance> steps;
  std::vector<facts::ci::ArtifactInstance> artifacts;
  std::vector<facts::ci::StepOutcome> step_outcomes;
  std::vector<facts::ci::JobOutcome> job_outcomes;
};

}  // namespace exitgate::collect::ci
