#include "harness/collect/ci/gitlab/needs.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace exitgate::collect::ci::gitlab {

namespace {

using ById = std::unordered_map<std::string_view, std::size_t>;

// Each job behind those that it needs; jobs in a circle, which GitLab refuses, are left out.
std::vector<std::size_t> in_order(const std::vector<PipelineJob>& jobs, const ById& by_id) {
  std::vector<std::size_t> waiting(jobs.size());
  std::vector<std::vector<std::size_t>> dependents(jobs.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    for (const Need& need : jobs[i].needs) {
      const auto found = by_id.find(need.job);
      if (found == by_id.end()) continue;
      ++waiting[i];
      dependents[found->second].push_back(i);
    }
    if (waiting[i] == 0) order.push_back(i);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    for (const std::size_t i : dependents[order[next]]) {
      if (--waiting[i] == 0) order.push_back(i);
    }
  }
  return order;
}

}  // namespace

bool spread_needs(std::vector<PipelineJob>& jobs, bool all_known) {
  ById by_id;
  std::size_t first_block = std::numeric_limits<std::size_t>::max();  // stage of the first manual job
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    by_id.emplace(jobs[i].id, i);
    if (jobs[i].decision.blocks) first_block = std::min(first_block, jobs[i].stage);
  }
  bool perhaps_refused = false;
  for (const std::size_t i : in_order(jobs, by_id)) {
    PipelineJob& job = jobs[i];
    Decision& own = job.decision;
    if (own.runs <= Runs::no) continue;
    if (!job.has_needs && job.stage > first_block) own.runs = std::min(own.runs, Runs::maybe);
    for (const Need& need : job.needs) {
      const auto found = by_id.find(need.job);
      if (found == by_id.end()) continue;
      const Decision& other = jobs[found->second].decision;
      if (other.runs > Runs::no) {
        if (!own.always) own.runs = std::min(own.runs, other.runs);
        if (other.blocks) own.runs = std::min(own.runs, Runs::maybe);
      } else if (!need.optional && (job.other_needs || !all_known)) {
        own.runs = std::min(own.runs, Runs::maybe);
      } else if (!need.optional) {
        if (own.sure) return false;
        own.runs = Runs::no;
        perhaps_refused = true;
        break;
      }
    }
  }
  // Where that job is in the pipeline, there is none.
  if (perhaps_refused) {
    for (PipelineJob& job : jobs) job.decision.runs = std::min(job.decision.runs, Runs::maybe);
  }
  return true;
}

}  // namespace exitgate::collect::ci::gitlab
