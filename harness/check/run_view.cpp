#include "harness/check/run_view.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/check/providers.h"

namespace exitgate::check {

RunView::RunView(const Facts& facts) {
  for (const ci::JobInstance& job : facts.rows<ci::JobInstance>("")) jobs_.emplace(job.id, job);
  for (const Row& row : facts.query("SELECT file, job, needs FROM ci.need")) {
    needs_[{row.text("file"), row.text("job")}].push_back(row.text("needs"));
  }
  std::map<std::int64_t, ci::ArtifactInstance> rows;
  for (const ci::ArtifactInstance& artifact : facts.rows<ci::ArtifactInstance>(""))
    rows.emplace(artifact.step, artifact);
  for (const Row& row :
       facts.query("SELECT s.id AS id, s.position AS position, s.runs AS runs, "
                   "       s.failure_ignored = 'yes' AS ignored "
                   "FROM ci.step_instance s JOIN ci.artifact_instance a ON a.step = s.id "
                   "JOIN ci.job_instance j ON j.id = a.instance WHERE s.runs <> 'no' AND j.runs <> 'no' "
                   "ORDER BY j.root, j.event, s.id")) {
    const auto runs = ci::runs_from(row.text("runs"));
    RunArtifact& one = artifacts_.emplace_back();
    one.artifact = rows.at(row.integer("id"));
    one.job = &jobs_.at(one.artifact.instance);
    one.position = row.integer("position");
    one.failure_ignored = row.boolean("ignored");
    one.runs = runs.value_or(ci::Runs::maybe);
    // The weaker of both.
    for (const auto weak : {ci::Runs::failure, ci::Runs::maybe}) {
      if (one.runs != ci::Runs::failure && one.job->runs == weak) one.runs = weak;
    }
  }
}

bool RunView::waits(const std::string& file, const std::string& job, const std::string& needs) const {
  std::set<std::string> seen;
  std::vector<std::string> open = {job};
  while (!open.empty()) {
    const std::string at = std::move(open.back());
    open.pop_back();
    const auto found = needs_.find({file, at});
    if (found == needs_.end()) continue;
    for (const std::string& next : found->second) {
      if (next == needs) return true;
      if (seen.insert(next).second) open.push_back(next);
    }
  }
  return false;
}

std::vector<const ci::JobInstance*> RunView::chain(const ci::JobInstance& job) const {
  std::vector<const ci::JobInstance*> chain = {&job};
  while (chain.back()->caller && chain.size() <= jobs_.size()) {
    const auto found = jobs_.find(*chain.back()->caller);
    if (found == jobs_.end()) break;
    chain.push_back(&found->second);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

Order RunView::order(const RunArtifact& one, const RunArtifact& other) const {
  if (one.job == other.job) return one.position < other.position ? Order::before : Order::after;
  const auto first = chain(*one.job);
  const auto second = chain(*other.job);
  // The first jobs that differ, of one workflow: one of them has to wait for the other.
  for (std::size_t i = 0; i < first.size() && i < second.size(); ++i) {
    if (first[i] == second[i]) continue;
    if (first[i]->file != second[i]->file || first[i]->job == second[i]->job) return Order::any;
    if (waits(first[i]->file, second[i]->job, first[i]->job)) return Order::before;
    if (waits(first[i]->file, first[i]->job, second[i]->job)) return Order::after;
    return Order::any;
  }
  return Order::any;
}

void report_unexpanded(const Facts& facts, std::string_view direction, Report& report) {
  const Providers providers(facts);
  for (const Row& row : facts.query(fmt::format(
           "SELECT file, line, job FROM ci.artifact a WHERE direction = '{}' "
           "AND on_pull_request IN ('yes', 'maybe', 'failure') "
           "AND coalesce(second_upload, '') <> 'separate' AND NOT other_run AND artifact_ids IS NULL "
           "AND NOT EXISTS "
           "(SELECT 1 FROM ci.artifact_instance i WHERE i.file = a.file AND i.line = a.line) "
           "ORDER BY file, line",
           direction))) {
    if (providers.of(row.text("file")).artifacts_by != ci::ProviderArtifactsBy::name) continue;
    report.undecided({.key = fmt::format("{}:{}:not expanded", row.text("file"), row.text("job")),
                      .file = row.text("file"),
                      .line = row.integer("line"),
                      .message = fmt::format(
                          "this {} is not looked at: the jobs and steps of its run are not known", direction),
                      .hint = "EG-CG1.workflows-readable says which workflow starts too many jobs"});
  }
}

}  // namespace exitgate::check
