// Who calls whom: reusable workflows and composite actions of the repository itself.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/call_chains.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

class Calls {
 public:
  // Among the workflows of the dialect and the composite actions of the model, which must not grow or move
  // while this is in use.
  Calls(Model& model, const Dialect& dialect);

  // What a job's `uses:` calls, or nullptr when that is not in this repository or cannot be called.
  Workflow* workflow(const Job& job) const;
  // The same whatever is the matter with it.
  Workflow* named(const Job& job) const;
  // What a step's `uses:` calls. `steps`: of the same job, one of which may check the repository out into a folder.
  Action* action(const Step& step, const std::vector<Step>& steps) const;

  // Whether a pull request starts it.
  bool runs_on_pull_requests(const Workflow& workflow) const;

  CallChains chains() const;

 private:
  Model& model_;
  const Dialect& dialect_;
  std::unordered_map<std::string, Workflow*> workflows_;
  std::unordered_map<std::string, Action*> actions_;  // by folder
};

}  // namespace exitgate::collect::ci::actions
