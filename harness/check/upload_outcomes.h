// What becomes of uploads when tests fail (ci.step_outcome, ci.job_outcome), for checks on evidence.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/check.h"
#include "harness/check/job_steps.h"
#include "harness/check/step_commands.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {

// Of two places or scenarios the worse counts.
enum class Fate {
  unknown,  // the facts do not say: the job is not one of an expanded run
  kept,     // it is uploaded
  maybe,    // that depends on values known only to the run
  lost,     // it is not
};

class UploadOutcomes {
 public:
  UploadOutcomes(const Facts& facts, const JobSteps& steps, const StepCommands& commands);

  // Whether `upload` happens in the job after the step `cause` of it failed, or the run was cancelled there. Combinations
  // of a matrix in which it never happens do not count.
  Fate after(const std::string& file, const std::string& job, const JobStep& cause, const JobStep& upload,
             ci::StepOutcomeScenario scenario) const;

  // Whether it is not known that it happens where nothing fails.
  bool may_not_run(const std::string& file, const std::string& job, const JobStep& upload) const;

  // A job that is skipped when another that tests ends so: the job itself, or one that calls it.
  struct Skipped {
    std::string file;   // of the job that is skipped
    std::string job;    // its id
    std::string tests;  // id of the job that tests, itself or by what it calls
    bool maybe = false;
    std::string condition;  // of the job that is skipped, "" for none
  };
  std::optional<Skipped> skipped_with(const std::string& file, const std::string& job,
                                      ci::JobOutcomeResult result) const;

  // Whether a job that tests comes before this one, through `needs:` of itself or of its callers.
  bool behind_tests(const std::string& file, const std::string& job) const;

 private:
  using Place = std::pair<std::string, std::int64_t>;  // a step's file and position there
  using JobKey = std::pair<std::string, std::string>;  // file and id

  void add_waiting(const Facts& facts, const std::set<JobKey>& testing);

  std::map<std::pair<JobKey, std::pair<Place, Place>>, std::pair<Fate, Fate>> steps_;  // failure, cancelled
  std::map<JobKey, std::map<ci::JobOutcomeResult, Skipped>> skipped_;
  std::set<JobKey> behind_tests_;
  std::set<std::pair<JobKey, Place>> may_not_run_;
};

}  // namespace exitgate::check
