#include "harness/collect/ci/actions/invalid.h"

#include <fmt/core.h>

#include <utility>

namespace exitgate::collect::ci::actions {

void invalid(int line, std::string reason) {
  throw Invalid{line, std::move(reason)};
}

void set_problem(Workflow& workflow, const Invalid& reason) {
  workflow.problem = fmt::format("line {}: {}", reason.line, reason.reason);
  workflow.invalid = true;
}

}  // namespace exitgate::collect::ci::actions
