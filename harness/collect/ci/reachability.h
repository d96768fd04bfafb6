// What a pull request does with each job and step.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

struct Call {
  std::string file;
  std::string job;
  int line = 0;  // of the `uses:` value
};

// The shortest chain of calls that leads into a job of a workflow (path, job id) or into an action (path,
// "").
using Ways = std::map<std::pair<std::string, std::string>, std::vector<Call>>;

// Sets `runs` of every job and step.
Ways reach(Model& model);

}  // namespace exitgate::collect::ci
