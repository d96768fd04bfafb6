#include "harness/check/upload_outcomes.h"

#include <algorithm>
#include <tuple>

namespace exitgate::check {

namespace {

Fate fate_of(const std::string& runs) {
  if (runs == "yes") return Fate::kept;
  return runs == "no" ? Fate::lost : Fate::maybe;
}

}  // namespace

UploadOutcomes::UploadOutcomes(const Facts& facts, const JobSteps& steps, const StepCommands& commands) {
  for (const Row& row :
       facts.query("SELECT j.file AS file, j.job AS job, c.file AS cause_file, c.step AS cause_step, "
                   "  u.file AS upload_file, u.step AS upload_step, o.scenario AS scenario, o.runs AS runs "
                   "FROM ci.step_outcome o JOIN ci.step_instance u ON u.id = o.step "
                   "  JOIN ci.step_instance c ON c.id = o.cause "
                   "  JOIN ci.job_instance j ON j.id = u.instance WHERE u.runs <> 'no'")) {
    auto& [failure, cancelled] = steps_[{{row.text("file"), row.text("job")},
                                         {{row.text("cause_file"), row.integer("cause_step")},
                                          {row.text("upload_file"), row.integer("upload_step")}}}];
    Fate& fate = row.text("scenario") == "failure" ? failure : cancelled;
    fate = std::max(fate, fate_of(row.text("runs")));
  }
  for (const Row& row :
       facts.query("SELECT DISTINCT j.file AS file, j.job AS job, u.file AS upload_file, u.step AS step "
                   "FROM ci.artifact_instance a JOIN ci.step_instance u ON u.id = a.step "
                   "JOIN ci.job_instance j ON j.id = a.instance WHERE u.runs = 'maybe'")) {
    may_not_run_.insert(
        {{row.text("file"), row.text("job")}, {row.text("upload_file"), row.integer("step")}});
  }
  // Jobs that test, and those that call them.
  std::set<JobKey> testing;
  for (const Row& row : facts.query("SELECT DISTINCT file, id FROM ci.job")) {
    const JobKey key = {row.text("file"), row.text("id")};
    const auto all = steps.of(key.first, key.second);
    if (std::any_of(all.begin(), all.end(), [&](const JobStep& step) {
          return !step.failure_is_ignored && commands.test_in(step).has_value();
        })) {
      testing.insert(key);
    }
  }
  add_waiting(facts, testing);
}

void UploadOutcomes::add_waiting(const Facts& facts, const std::set<JobKey>& testing) {
  struct Instance {
    JobKey job;
    std::int64_t caller = 0;
    std::string root;
  };
  std::map<std::int64_t, Instance> instances;
  for (const Row& row :
       facts.query("SELECT id, root, file, job, coalesce(caller, 0) AS caller FROM ci.job_instance")) {
    const JobKey key = {row.text("file"), row.text("job")};
    instances[row.integer("id")] = {key, row.integer("caller"), row.text("root")};
  }
  // The instance and those that call it. Each call has a lower number than what it calls; facts in which that is not
  // so, one calling itself say, are not followed further.
  const auto with_callers = [&](std::int64_t id) {
    std::vector<std::int64_t> chain;
    for (std::int64_t at = id; instances.contains(at) && (chain.empty() || at < chain.back());
         at = instances[at].caller) {
      chain.push_back(at);
    }
    return chain;
  };
  // By their run, the call that they stand in, and their id: files of one GitLab pipeline have each id once.
  std::set<std::tuple<std::string, std::int64_t, std::string>> tests;
  for (auto& [id, instance] : instances) {
    if (!testing.contains(instance.job)) continue;
    for (const std::int64_t at : with_callers(id)) {
      tests.insert({instances[at].root, instances[at].caller, instances[at].job.second});
    }
  }
  std::map<JobKey, std::string> conditions;
  for (const Row& row : facts.query("SELECT file, id, coalesce(condition, '') AS condition FROM ci.job")) {
    conditions[{row.text("file"), row.text("id")}] = row.text("condition");
  }
  std::map<std::int64_t, std::map<ci::JobOutcomeResult, Skipped>> own;
  std::set<std::int64_t> behind;
  std::map<std::pair<std::int64_t, std::string>, ci::StepOutcomeRuns> at_best;
  for (const ci::JobOutcome& row : facts.rows<ci::JobOutcome>("ORDER BY rowid")) {
    const auto instance = instances.find(row.instance);
    if (instance == instances.end()) continue;
    if (!tests.contains({instance->second.root, instance->second.caller, row.needs})) continue;
    behind.insert(row.instance);
    if (row.result == ci::JobOutcomeResult::success) at_best[{row.instance, row.needs}] = row.runs;
    if (row.runs == ci::StepOutcomeRuns::yes) continue;
    // What is not known where nothing fails either is no matter of failures. The row for success comes first.
    if (row.runs == ci::StepOutcomeRuns::maybe &&
        at_best[{row.instance, row.needs}] == ci::StepOutcomeRuns::maybe) {
      continue;
    }
    Skipped skipped{instance->second.job.first, instance->second.job.second, row.needs,
                    row.runs == ci::StepOutcomeRuns::maybe, conditions[instance->second.job]};
    const auto [known, is_new] = own[row.instance].try_emplace(row.result, skipped);
    if (!is_new && known->second.maybe && !skipped.maybe) known->second = skipped;
  }
  for (const auto& [id, instance] : instances) {
    for (const std::int64_t at : with_callers(id)) {
      if (behind.contains(at)) behind_tests_.insert(instance.job);
      const auto found = own.find(at);
      if (found == own.end()) continue;
      for (const auto& [result, skipped] : found->second) {
        const auto [known, is_new] = skipped_[instance.job].try_emplace(result, skipped);
        if (!is_new && known->second.maybe && !skipped.maybe) known->second = skipped;
      }
    }
  }
}

Fate UploadOutcomes::after(const std::string& file, const std::string& job, const JobStep& cause,
                           const JobStep& upload, ci::StepOutcomeScenario scenario) const {
  const auto found =
      steps_.find({{file, job}, {{cause.file, cause.position}, {upload.file, upload.position}}});
  if (found == steps_.end()) return Fate::unknown;
  return scenario == ci::StepOutcomeScenario::failure ? found->second.first : found->second.second;
}

std::optional<UploadOutcomes::Skipped> UploadOutcomes::skipped_with(const std::string& file,
                                                                    const std::string& job,
                                                                    ci::JobOutcomeResult result) const {
  const auto found = skipped_.find({file, job});
  if (found == skipped_.end()) return std::nullopt;
  const auto one = found->second.find(result);
  return one == found->second.end() ? std::nullopt : std::optional(one->second);
}

bool UploadOutcomes::may_not_run(const std::string& file, const std::string& job,
                                 const JobStep& upload) const {
  return may_not_run_.contains({{file, job}, {upload.file, upload.position}});
}

bool UploadOutcomes::behind_tests(const std::string& file, const std::string& job) const {
  return behind_tests_.contains({file, job});
}

}  // namespace exitgate::check
