#include "harness/check/job_steps.h"

#include "harness/base/text.h"
#include "harness/check/workflows.h"

namespace exitgate::check {

JobSteps::JobSteps(const Facts& facts) {
  for (const ci::Step& step : facts.rows<ci::Step>("ORDER BY file, job, position")) {
    const std::string uses = step.uses.value_or("");
    const std::string run = step.run.value_or("");
    const std::string condition = step.condition.value_or("");
    steps_[{step.file, step.job}].push_back(
        {.file = step.file,
         .job = step.job,
         .line = step.line,
         .position = step.position,
         .uses = uses,
         .run = run,
         .conditions = {condition},
         .on_pull_request = step.on_pull_request,
         .failure_is_ignored = lower(step.continue_on_error.value_or("")) == "true",
         .texts = uses + "\n" + run + "\n" + condition + "\n" + step.inputs.value_or("") + "\n" +
                  step.environment.value_or("")});
  }
  for (const Row& row : facts.query(std::string(kRuns) + "SELECT caller, job, position, callee FROM call "
                                                         "WHERE position IS NOT NULL")) {
    calls_[{{row.text("caller"), row.text("job")}, row.integer("position")}] = row.text("callee");
  }
}

std::vector<JobStep> JobSteps::of(const std::string& file, const std::string& job) const {
  std::vector<JobStep> all;
  append({file, job}, {}, 0, all);
  return all;
}

void JobSteps::append(const Key& job, const std::vector<std::string>& conditions, int depth,
                      std::vector<JobStep>& all) const {
  constexpr int kDeepest = 10;  // composite actions nest ten deep at most
  const auto found = steps_.find(job);
  if (found == steps_.end() || depth > kDeepest) return;
  for (JobStep step : found->second) {
    step.conditions.insert(step.conditions.begin(), conditions.begin(), conditions.end());
    const auto called = calls_.find({job, step.position});
    if (called == calls_.end()) {
      all.push_back(std::move(step));
    } else {
      append({called->second, ""}, step.conditions, depth + 1, all);
    }
  }
}

}  // namespace exitgate::check
