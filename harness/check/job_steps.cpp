#include "harness/check/job_steps.h"

#include "harness/check/workflows.h"

namespace exitgate {

JobSteps::JobSteps(const Facts& facts) {
  for (const Row& row : facts.query("SELECT file, job, line, position, coalesce(uses, ''), coalesce(run, "
                                    "''), coalesce(condition, ''), "
                                    "  on_pull_request, lower(coalesce(continue_on_error, '')) = 'true', "
                                    "  coalesce(inputs, ''), coalesce(environment, '') "
                                    "FROM ci.step ORDER BY file, job, position")) {
    steps_[{row.text(0), row.text(1)}].push_back({.file = row.text(0),
                                                  .line = row.integer(2),
                                                  .position = row.integer(3),
                                                  .uses = row.text(4),
                                                  .run = row.text(5),
                                                  .conditions = {row.text(6)},
                                                  .on_pull_request = row.text(7),
                                                  .failure_is_ignored = row.boolean(8),
                                                  .texts = row.text(4) + "\n" + row.text(5) + "\n" +
                                                           row.text(6) + "\n" + row.text(9) + "\n" +
                                                           row.text(10)});
  }
  for (const Row& row : facts.query(std::string(kRuns) + "SELECT caller, job, position, callee FROM call "
                                                         "WHERE position IS NOT NULL")) {
    calls_[{{row.text(0), row.text(1)}, row.integer(2)}] = row.text(3);
  }
}

std::vector<JobStep> JobSteps::of(const std::string& file, const std::string& job) const {
  std::vector<JobStep> all;
  append({file, job}, {}, 0, all);
  return all;
}

void JobSteps::append(const Key& job, const std::vector<std::string>& conditions, int depth,
                      std::vector<JobStep>& all) const {
  constexpr int kDeepest = 10;  // GitHub nests composite actions ten deep at most
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

}  // namespace exitgate
