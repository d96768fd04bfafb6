// How GitLab decides whether a job starts, by the statuses of those that it waits for.
//
// As `Gitlab::Ci::Status::Composite` and `Ci::ProcessBuildService` have it, where more than one status is possible.
#pragma once

#include "harness/collect/ci/gitlab/rules.h"
#include "harness/expression/possible.h"

namespace exitgate::collect::ci::gitlab {

// The statuses that a job may come to, as bits.
enum Status : unsigned {
  kSuccess = 1,  // also of a failure that `allow_failure` hides
  kFailed = 2,
  kCanceled = 4,
  kSkipped = 8,
  kIgnored = 16,  // a manual job that nobody has started, and that may be left so
  kWaiting = 32,  // one that holds up who waits for it
  kAbsent = 64,   // it is not in the pipeline
};
using Statuses = unsigned;

// Of several jobs: which statuses one of them may have, and which one of them has in any case.
struct Together {
  Statuses possible = 0;
  Statuses sure = 0;

  void add(Statuses one);
};

// Whether a job with this `when:` starts behind those jobs; of a manual one, whether it can be started.
enum class When { on_success, on_failure, always };
expression::Truth starts(When when, const Together& before, bool by_needs);

}  // namespace exitgate::collect::ci::gitlab
