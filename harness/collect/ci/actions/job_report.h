// What a job reports that looks at the results of others: whether one of its steps fails because of them.
#pragma once

#include <string>

#include "harness/collect/ci/actions/conditions.h"
#include "harness/collect/ci/actions/run_expansion.h"
#include "harness/collect/ci/script/interpret.h"

namespace exitgate::collect::ci::actions {

struct JobReport {
  enum class Result { success, failure, undecided };
  Result result = Result::success;
  int line = 0;         // of the step that decides, 0: nothing looks at the results
  std::string because;  // in words for people, "" where nothing looks
};

// Where the job runs, and nothing but `needs` (each result of it known) makes a step of it fail.
JobReport report_of(const ExpandedJob& job, const Possible& needs, Conditions& conditions,
                    script::Interpretations& scripts);

}  // namespace exitgate::collect::ci::actions
