#include "harness/collect/ci/gitlab/run_expansion.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "harness/collect/ci/gitlab/parallel.h"
#include "harness/collect/ci/gitlab/run_outcomes.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/gitlab/variables.h"
#include "harness/collect/ci/json.h"
#include "harness/collect/ci/run_facts.h"

namespace exitgate::collect::ci::gitlab {

namespace {

using expression::Truth;
using facts::ci::ArtifactInstance;
using facts::ci::Direction;
using facts::ci::FailureIgnored;

constexpr int kDeepestPipeline = 3;  // levels, the merge request's own among them; GitLab makes no more
constexpr const char* kEvent = "pull_request";

struct TooMany {};

facts::ci::Runs fact_of(Runs runs) {
  switch (runs) {
    case Runs::yes:
      return facts::ci::Runs::yes;
    case Runs::failure:
      return facts::ci::Runs::failure;
    case Runs::no:
    case Runs::unreached:
      return facts::ci::Runs::no;
    case Runs::maybe:
      break;
  }
  return facts::ci::Runs::maybe;
}

FailureIgnored fact_of(Truth ignored) {
  if (ignored == Truth::yes) return FailureIgnored::yes;
  return ignored == Truth::no ? FailureIgnored::no : FailureIgnored::maybe;
}

// The variables by which the jobs of one `parallel:` differ.
std::string combination_of(const ParallelJob& one, std::size_t index, std::size_t total) {
  if (one.variables.empty())
    return fmt::format("{{\"CI_NODE_INDEX\":{},\"CI_NODE_TOTAL\":{}}}", index, total);
  std::string json = "{";
  for (const auto& [name, value] : one.variables) {
    if (json.size() > 1) json += ',';
    append_json_string(json, name);
    json += ':';
    append_json_string(json, value);
  }
  return json + '}';
}

void set_name(const Expanded& name, ArtifactInstance& row) {
  if (name.known) row.name = name.text;
  if (name.constant) row.name_key = name.text;
  row.name_pattern = name.pattern;
}

ArtifactInstance artifact_instance(const Artifact& artifact, const Variables& variables) {
  ArtifactInstance row{};
  row.direction = artifact.direction;
  row.deletes_merged = facts::ci::ArtifactInstanceDeletesMerged::no;
  row.overwrite = facts::ci::ArtifactInstanceOverwrite::no;
  row.other_run = artifact.other_run;
  if (artifact.path) row.path = variables.expand(*artifact.path).text;
  if (artifact.is_upload()) {
    // Of an archive that is given no name GitLab's is 'artifacts'.
    set_name(variables.expand(artifact.name.value_or("artifacts")), row);
    row.retention = artifact.retention;  // no variable is put into `expire_in:`
    row.retention_days = artifact.retention_days;
    row.second_upload = artifact.second_upload;
  } else if (artifact.name) {
    set_name(variables.expand(*artifact.name), row);
  }
  return row;
}

class Expander {
 public:
  Expander(const PipelineRuns& runs, Model& model) : runs_(runs), model_(model), facts_(model.run) {}

  void expand() {
    const auto root = runs_.find("");
    if (root == runs_.end()) return;
    root_ = root->second.file;
    try {
      expand(root->second, std::nullopt, Runs::yes, 1, {});
      return;
    } catch (const TooMany&) {
      facts_.jobs.resize(before_.jobs);
      facts_.steps.resize(before_.steps);
      facts_.artifacts.resize(before_.artifacts);
      facts_.step_outcomes.resize(before_.step_outcomes);
      facts_.job_outcomes.resize(before_.job_outcomes);
    }
    add_problem(
        root->second,
        fmt::format("a merge request starts more than {} jobs or {} steps: what they do is not looked at",
                    kMostJobInstances, kMostStepInstances));
  }

 private:
  void expand(const PipelineRun& run, std::optional<std::int64_t> caller, Runs runs, int depth,
              Variables::Values forwarded) {
    const Variables variables(*run.root, run.workflow, run.source, std::move(forwarded));
    JobOutcomes outcomes;
    for (const RunJob& job : run.jobs) {
      std::vector<ParallelJob> parallel;
      const yaml::Node* node = job.job.node->find("parallel");
      if (node != nullptr) parallel = parallel_jobs(job.job.id, *node);
      const std::size_t total = std::max<std::size_t>(parallel.size(), 1);
      for (std::size_t i = 0; i < total; ++i) {
        facts::ci::JobInstance row{};
        row.caller = caller;
        row.complete = node == nullptr || !parallel.empty();
        if (node != nullptr) row.combination = "{}";
        if (!parallel.empty()) row.combination = combination_of(parallel[i], i + 1, total);
        const Runs own = std::min(runs, job.runs);
        const std::int64_t id = add(job, own, std::move(row));
        if (i == 0) outcomes.add(job, id);
        if (own == Runs::no) continue;
        const Variables mine = variables.of_job(job.job.id, *job.job.node, job.in_pipeline.decision,
                                                parallel.empty() ? nullptr : &parallel[i], i + 1, total);
        add_steps(job, id, mine);
        expand_child(job, id, own, depth, mine);
      }
    }
    // Of a pipeline that several jobs trigger, the first stands for all.
    if (!written_.insert(&run).second || outcomes.write(facts_)) return;
    add_problem(run, "too many jobs wait for others: what becomes of them when one fails is not looked at");
  }

  void add_problem(const PipelineRun& run, const std::string& reason) {
    for (Workflow& workflow : model_.workflows) {
      if (workflow.path == run.file) workflow.problems.push_back({run.line, reason});
    }
  }

  std::int64_t add(const RunJob& job, Runs runs, facts::ci::JobInstance row) {
    if (facts_.jobs.size() >= kMostJobInstances || facts_.steps.size() >= kMostStepInstances) throw TooMany();
    row.id = static_cast<std::int64_t>(facts_.jobs.size() + 1);
    row.root = root_;
    row.event = kEvent;
    row.file = job.file;
    row.job = job.job.id;
    row.line = job.job.line;
    row.runs = fact_of(runs);
    row.failure_ignored = fact_of(job.in_pipeline.decision.ignored);
    facts_.jobs.push_back(std::move(row));
    return static_cast<std::int64_t>(facts_.jobs.size());
  }

  void add_steps(const RunJob& job, std::int64_t instance, const Variables& variables) {
    std::vector<RunStep> steps;
    for (const Step& step : job.job.steps) {
      RunStep& one = steps.emplace_back(run_step(step));
      facts::ci::StepInstance row{};
      row.id = one.id = static_cast<std::int64_t>(facts_.steps.size() + 1);
      row.instance = instance;
      row.position = step.position;
      row.file = job.file;
      row.job = job.job.id;
      row.step = step.position;
      row.line = step.line;
      row.runs = fact_of(one.runs);
      row.failure_ignored = fact_of(expression::truth_of(one.kind == RunStep::after_script));
      facts_.steps.push_back(std::move(row));
      if (step.artifact == nullptr) continue;
      ArtifactInstance artifact = artifact_instance(*step.artifact, variables);
      artifact.step = one.id;
      artifact.instance = instance;
      artifact.file = job.file;
      artifact.line = step.uses_line;
      facts_.artifacts.push_back(std::move(artifact));
    }
    add_step_outcomes(steps, facts_);
  }

  void expand_child(const RunJob& job, std::int64_t id, Runs runs, int depth, const Variables& variables) {
    if (job.child.empty() || depth >= kDeepestPipeline) return;
    const auto child = runs_.find(job.child);
    if (child == runs_.end()) return;
    const yaml::Node* trigger = job.job.node->find("trigger");
    const yaml::Node* forward = trigger == nullptr ? nullptr : trigger->find("forward");
    const yaml::Node* yaml_variables = forward == nullptr ? nullptr : forward->find("yaml_variables");
    const bool forwards = yaml_variables == nullptr || boolean_of(*yaml_variables).value_or(true);
    expand(child->second, id, runs, depth + 1, forwards ? variables.forwarded() : Variables::Values{});
  }

  struct Counts {
    std::size_t jobs, steps, artifacts, step_outcomes, job_outcomes;
  };

  const PipelineRuns& runs_;
  Model& model_;
  RunFacts& facts_;
  const Counts before_{facts_.jobs.size(), facts_.steps.size(), facts_.artifacts.size(),
                       facts_.step_outcomes.size(), facts_.job_outcomes.size()};
  std::string root_;
  std::set<const PipelineRun*> written_;  // whose outcomes there are
};

}  // namespace

void expand_run(const PipelineRuns& runs, Model& model) {
  Expander(runs, model).expand();
}

}  // namespace exitgate::collect::ci::gitlab
