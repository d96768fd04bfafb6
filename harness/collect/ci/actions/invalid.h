// How a validator leaves at the first thing for which a provider surely refuses a workflow.
#pragma once

#include <string>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

struct Invalid {
  int line = 0;
  std::string reason;
};

[[noreturn]] void invalid(int line, std::string reason);  // throws Invalid

// Makes it the workflow's problem.
void set_problem(Workflow& workflow, const Invalid& reason);

}  // namespace exitgate::collect::ci::actions
