#include "harness/collect/ci/gitlab/run_outcomes.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "harness/collect/ci/gitlab/job_status.h"

namespace exitgate::collect::ci::gitlab {

namespace {

using expression::Truth;
using Result = facts::ci::JobOutcomeResult;
using Reports = facts::ci::JobOutcomeReports;
using JobRuns = decltype(facts::ci::JobOutcome::runs);
using Scenario = facts::ci::StepOutcomeScenario;
using StepRuns = facts::ci::StepOutcomeRuns;

constexpr std::size_t kMostRows = 100'000;  // of job outcomes, over all

constexpr Result kResults[] = {Result::success, Result::failure, Result::cancelled, Result::skipped,
                               Result::run_cancelled};

StepRuns fact_of(Runs runs) {
  if (runs == Runs::yes) return StepRuns::yes;
  return runs == Runs::no ? StepRuns::no : StepRuns::maybe;
}

// Whether an upload happens after the job's step `cause` failed.
Runs after_failure(const RunStep& upload, const RunStep& cause) {
  switch (cause.kind) {
    case RunStep::after_script:
      return upload.runs == Runs::failure ? Runs::no : upload.runs;  // its failure changes nothing
    case RunStep::upload:
      return Runs::no;  // the runner uploads one after the other, and ends with the first that fails
    default:
      return upload.on_failure;
  }
}

// The runner uploads as after a failure when a job is canceled, which GitLab accepts since 17.0.
Runs after_cancelling(const RunStep& upload, const RunStep& cause) {
  if (cause.kind == RunStep::after_script || cause.kind == RunStep::upload) return Runs::maybe;
  return std::min(upload.on_failure, Runs::maybe);
}

Statuses failure_of(const Decision& decision, Statuses status) {
  if (decision.ignored == Truth::yes) return kSuccess;
  return decision.ignored == Truth::no ? status : status | kSuccess;
}

// Of the words of `when:` that can hold, whether all start the job, none, or some; of a manual one, whether it can be
// started.
Truth is_ready(const Starts& starts, const Together& before, bool by_needs) {
  std::vector<Truth> all;
  if (starts.on_success || starts.manual) all.push_back(gitlab::starts(When::on_success, before, by_needs));
  if (starts.on_failure) all.push_back(gitlab::starts(When::on_failure, before, by_needs));
  if (starts.always) all.push_back(gitlab::starts(When::always, before, by_needs));
  if (all.empty()) return Truth::unknown;
  for (const Truth one : all) {
    if (one != all.front()) return Truth::unknown;
  }
  return all.front();
}

std::string words_of(const Starts& starts) {
  std::string words;
  const auto add = [&](bool given, const char* word) {
    if (given) words += fmt::format("{}`when: {}`", words.empty() ? "" : " or ", word);
  };
  add(starts.on_success, "on_success");
  add(starts.manual, "manual");
  add(starts.on_failure, "on_failure");
  add(starts.always, "always");
  return words;
}

}  // namespace

RunStep run_step(const Step& step) {
  RunStep one;
  if (step.artifact == nullptr) {
    one.kind = step.name == "after_script" ? RunStep::after_script : RunStep::script;
  } else if (!step.artifact->is_upload()) {
    one.kind = RunStep::download;
  } else {
    one.kind = RunStep::upload;
    const std::string when = step.condition.value_or("on_success");
    const bool known = when == "on_success" || when == "on_failure" || when == "always";
    one.runs = when == "on_failure" ? Runs::failure : known ? Runs::yes : Runs::maybe;
    one.on_failure = when == "on_success" ? Runs::no : known ? Runs::yes : Runs::maybe;
  }
  return one;
}

void add_step_outcomes(const std::vector<RunStep>& steps, RunFacts& facts) {
  for (const RunStep& upload : steps) {
    if (upload.kind != RunStep::upload) continue;
    for (const RunStep& cause : steps) {
      if (&cause == &upload) break;
      if (cause.runs < Runs::maybe) continue;
      facts.step_outcomes.push_back({.step = upload.id,
                                     .scenario = Scenario::failure,
                                     .cause = cause.id,
                                     .runs = fact_of(after_failure(upload, cause))});
      facts.step_outcomes.push_back({.step = upload.id,
                                     .scenario = Scenario::cancelled,
                                     .cause = cause.id,
                                     .runs = fact_of(after_cancelling(upload, cause))});
    }
  }
}

void JobOutcomes::add(const RunJob& job, std::int64_t instance) {
  if (job.runs == Runs::no) return;
  One one;
  one.job = &job;
  one.instance = instance;
  jobs_.push_back(std::move(one));
}

void JobOutcomes::link() {
  std::unordered_map<std::string_view, std::size_t> by_id;
  for (std::size_t i = 0; i < jobs_.size(); ++i) by_id.emplace(jobs_[i].job->job.id, i);
  for (One& one : jobs_) {
    one.waits_for_needs = one.job->in_pipeline.has_needs;
    for (const Need& need : one.job->in_pipeline.needs) {
      const auto found = by_id.find(need.job);
      if (found != by_id.end()) one.needs.push_back(found->second);
    }
  }
  order_.resize(jobs_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = i;
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
    return jobs_[a].job->in_pipeline.stage < jobs_[b].job->in_pipeline.stage;
  });
  // Within a stage, those that others need come first.
  std::vector<bool> placed(jobs_.size());
  std::vector<std::size_t> order;
  const auto place = [&](const auto& self, std::size_t index) -> void {
    if (placed[index]) return;
    placed[index] = true;
    for (const std::size_t need : jobs_[index].needs) {
      if (jobs_[need].job->in_pipeline.stage == jobs_[index].job->in_pipeline.stage) self(self, need);
    }
    order.push_back(index);
  };
  for (const std::size_t index : order_) place(place, index);
  order_ = std::move(order);
}

void JobOutcomes::add_ancestors(std::size_t index) {
  One& one = jobs_[index];
  one.ancestors.assign(jobs_.size(), false);
  const auto add = [&](std::size_t other) {
    one.ancestors[other] = true;
    const std::vector<bool>& theirs = jobs_[other].ancestors;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      if (theirs[i]) one.ancestors[i] = true;
    }
  };
  if (one.waits_for_needs) {
    for (const std::size_t need : one.needs) add(need);
    return;
  }
  // All of earlier stages, and so what these wait for.
  for (std::size_t i = 0; i < jobs_.size(); ++i) {
    if (jobs_[i].job->in_pipeline.stage < one.job->in_pipeline.stage) one.ancestors[i] = true;
  }
}

bool JobOutcomes::write(RunFacts& facts) {
  link();
  std::size_t rows = facts.job_outcomes.size();
  std::vector<bool> waited_for(jobs_.size());
  for (const std::size_t index : order_) {
    add_ancestors(index);
    const std::vector<bool>& ancestors = jobs_[index].ancestors;
    for (std::size_t i = 0; i < ancestors.size(); ++i) {
      if (!ancestors[i]) continue;
      waited_for[i] = true;
      rows += std::size(kResults);
    }
    if (rows > kMostRows) return false;
  }
  for (const std::size_t cause : order_) {
    if (!waited_for[cause]) continue;
    for (const Result result : kResults) write(cause, result, facts);
  }
  return true;
}

// Whether a job that is surely there needs it, so that without it GitLab makes no pipeline.
bool JobOutcomes::is_required(std::size_t cause) const {
  return std::any_of(jobs_.begin(), jobs_.end(), [&](const One& one) {
    const PipelineJob& job = one.job->in_pipeline;
    return job.decision.present == Truth::yes && !job.other_needs &&
           std::any_of(job.needs.begin(), job.needs.end(), [&](const Need& need) {
             return !need.optional && need.job == jobs_[cause].job->job.id;
           });
  });
}

void JobOutcomes::write(std::size_t cause, Result result, RunFacts& facts) const {
  std::vector<Statuses> statuses(jobs_.size());
  Together earlier;  // of the stages before `stage`
  Together here;     // of `stage`
  std::size_t stage = 0;
  const bool no_pipeline = result == Result::skipped && is_required(cause);
  for (const std::size_t index : order_) {
    const One& one = jobs_[index];
    const Decision& decision = one.job->in_pipeline.decision;
    if (one.job->in_pipeline.stage != stage) {
      earlier.possible |= here.possible;
      earlier.sure |= here.sure;
      here = {};
      stage = one.job->in_pipeline.stage;
    }
    if (index == cause) {
      switch (result) {
        case Result::success:
          statuses[index] = kSuccess;
          break;
        case Result::failure:
          statuses[index] = failure_of(decision, kFailed);
          break;
        case Result::skipped:
          statuses[index] = kAbsent;
          break;
        case Result::cancelled:
        case Result::run_cancelled:
          statuses[index] = failure_of(decision, kCanceled);
          break;
      }
    } else {
      Together before = earlier;
      if (one.waits_for_needs) {
        before = {};
        for (const std::size_t need : one.needs) before.add(statuses[need]);
      }
      const bool reached = one.ancestors[cause];
      const Truth ready = no_pipeline || (reached && result == Result::run_cancelled)
                              ? Truth::no
                              : is_ready(decision.starts, before, one.waits_for_needs);
      Statuses status = ready == Truth::no ? kSkipped : ready == Truth::yes ? kSuccess : kSuccess | kSkipped;
      if (ready != Truth::no && decision.starts.manual)
        status |= decision.ignored == Truth::yes ? kIgnored : kWaiting;
      if (decision.present != Truth::yes) status |= kAbsent;
      const bool sure = decision.present == Truth::yes && !decision.starts.manual;
      const Truth runs = ready == Truth::yes && !sure ? Truth::unknown : ready;
      statuses[index] = status;
      if (reached) {
        facts::ci::JobOutcome row{};
        row.instance = one.instance;
        row.needs = jobs_[cause].job->job.id;
        row.result = result;
        row.runs = runs == Truth::yes ? JobRuns::yes : runs == Truth::no ? JobRuns::no : JobRuns::maybe;
        row.reports = runs == Truth::no ? Reports::skipped : Reports::success;
        row.line = one.job->job.line;
        row.because = runs == Truth::no && result == Result::run_cancelled
                          ? "GitLab cancels what has not begun"
                      : no_pipeline ? "GitLab makes no pipeline without a job that another needs"
                                    : "it has " + words_of(decision.starts);
        facts.job_outcomes.push_back(std::move(row));
      }
    }
    here.add(statuses[index]);
  }
}

}  // namespace exitgate::collect::ci::gitlab
