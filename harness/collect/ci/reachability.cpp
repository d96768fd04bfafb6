#include "harness/collect/ci/reachability.h"

#include <algorithm>

namespace exitgate::collect::ci {

Ways reach(Model& model) {
  Ways ways;
  for (Workflow& workflow : model.workflows) {
    if (workflow.problem) continue;
    if (workflow.trigger("pull_request") == nullptr && workflow.trigger("pull_request_target") == nullptr)
      continue;
    for (Job& job : workflow.jobs) {
      ways[{workflow.path, job.id}] = {};
      job.runs = job.condition || !job.needs.empty() ? Runs::maybe : Runs::yes;
      for (Step& step : job.steps) step.runs = step.condition ? Runs::maybe : job.runs;
    }
  }
  return ways;
}

}  // namespace exitgate::collect::ci
