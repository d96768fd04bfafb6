// The steps of a job as they run: those of the composite actions that it calls stand in their place.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/check.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {

struct JobStep {
  std::string file;  // the workflow, or the composite action that the step stands in
  std::string job;   // in that file; '' in a composite action
  std::int64_t line = 0;
  std::int64_t position = 0;  // in its file's job
  std::string uses;
  std::string run;
  // Every `if:` that it depends on, from the calling step inwards; none is empty.
  std::vector<std::string> conditions;
  ci::OnPullRequest on_pull_request = ci::OnPullRequest::unreached;
  bool failure_is_ignored = false;  // `continue-on-error: true`
  // Uses, run, conditions, `with:` and `env:` as JSON: all of the step that can hold an expression.
  std::string texts;
};

class JobSteps {
 public:
  explicit JobSteps(const Facts& facts);  // of the store `ci`

  std::vector<JobStep> of(const std::string& file, const std::string& job) const;

 private:
  using Key = std::pair<std::string, std::string>;
  void append(const Key& job, const std::vector<std::string>& conditions, int depth,
              std::vector<JobStep>& all) const;

  std::map<Key, std::vector<JobStep>> steps_;                  // as written, by file and job
  std::map<std::pair<Key, std::int64_t>, std::string> calls_;  // composite action that a step calls
};

}  // namespace exitgate::check
