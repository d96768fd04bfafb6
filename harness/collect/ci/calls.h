// Who calls whom: reusable workflows and composite actions of the repository itself.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

struct Call {
  std::string file;
  std::string job;  // '' in a composite action
  int line = 0;     // of the `uses:` value
};

// The shortest chain of calls from a pull-request workflow into a file: empty for such a workflow itself.
using Ways = std::unordered_map<std::string, std::vector<Call>>;

class Calls {
 public:
  explicit Calls(Model& model);

  // What a job's `uses:` calls, or nullptr when that is not in this repository or cannot be called.
  Workflow* workflow(const Job& job) const;
  // The same whatever is the matter with it.
  Workflow* named(const Job& job) const;
  // What a step's `uses:` calls. `steps`: of the same job, one of which may check the repository out into a
  // folder.
  Action* action(const Step& step, const std::vector<Step>& steps) const;

  Ways ways() const;

 private:
  Model& model_;
  std::unordered_map<std::string, Workflow*> workflows_;
  std::unordered_map<std::string, Action*> actions_;  // by folder
};

bool runs_on_pull_requests(const Workflow& workflow);

}  // namespace exitgate::collect::ci
