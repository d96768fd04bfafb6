// What becomes of the jobs and uploads of a pipeline when something fails: ci.job_outcome and ci.step_outcome.
#pragma once

#include <cstdint>
#include <vector>

#include "harness/collect/ci/gitlab/run_expansion.h"
#include "harness/collect/ci/run_facts.h"

namespace exitgate::collect::ci::gitlab {

// A step of a job as the runner executes it, one after the other.
struct RunStep {
  enum Kind { download, script, after_script, upload };

  Kind kind = script;
  Runs runs = Runs::yes;       // where nothing fails
  Runs on_failure = Runs::no;  // after a failure of the job; of an upload
  std::int64_t id = 0;         // in ci.step_instance
};

RunStep run_step(const Step& step);

// `steps`: of one job instance, in their order.
void add_step_outcomes(const std::vector<RunStep>& steps, RunFacts& facts);

// The jobs of one pipeline.
class JobOutcomes {
 public:
  // `instance`: in ci.job_instance; of `parallel:` jobs the first. `job` must outlive this.
  void add(const RunJob& job, std::int64_t instance);

  // False where there are too many rows: then none is written.
  bool write(RunFacts& facts);

 private:
  struct One {
    const RunJob* job = nullptr;
    std::int64_t instance = 0;
    bool waits_for_needs = false;    // and else for all earlier stages
    std::vector<std::size_t> needs;  // those that are in the pipeline
    std::vector<bool> ancestors;     // by index
  };

  void link();
  void add_ancestors(std::size_t index);
  bool is_required(std::size_t cause) const;
  void write(std::size_t cause, facts::ci::JobOutcomeResult result, RunFacts& facts) const;

  std::vector<One> jobs_;
  std::vector<std::size_t> order_;  // each behind those that it waits for
};

}  // namespace exitgate::collect::ci::gitlab
