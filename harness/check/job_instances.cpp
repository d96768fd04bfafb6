#include "harness/check/job_instances.h"

namespace exitgate::check {

JobInstances::JobInstances(const Facts& facts) {
  // Of each call the combinations; the same job of another event of the workflow is not in the same run.
  for (const Row& row : facts.query(
           "SELECT i.root AS root, i.file AS file, i.job AS job, count(*) AS jobs, "
           "       count(DISTINCT coalesce(i.caller, 0)) AS calls, min(i.complete) AS complete, "
           "       coalesce(min(c.complete), 1) AS calls_complete "
           "FROM ci.job_instance i LEFT JOIN ci.job_instance c ON c.id = i.caller WHERE i.runs <> 'no' "
           "GROUP BY i.root, i.event, i.file, i.job")) {
    Count& count = runs_[row.text("root")][{row.text("file"), row.text("job")}];
    count.in_matrix =
        count.in_matrix || row.integer("jobs") > row.integer("calls") || !row.boolean("complete");
    count.called_again = count.called_again || row.integer("calls") > 1 || !row.boolean("calls_complete");
  }
}

const std::map<std::pair<std::string, std::string>, JobInstances::Count>& JobInstances::of_run(
    const std::string& root) const {
  static const std::map<std::pair<std::string, std::string>, Count> kNone;
  const auto found = runs_.find(root);
  return found == runs_.end() ? kNone : found->second;
}

}  // namespace exitgate::check
