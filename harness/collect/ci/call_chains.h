// How a pull request leads to a file: from the workflow that it starts, by calls, includes and triggers.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace exitgate::collect::ci {

struct Call {
  std::string file;
  std::string job;  // '' in a composite action, and where a file includes another
  int line = 0;     // of the `uses:` value
};

// By file, the shortest chain of calls from a pull-request workflow: empty for such a workflow itself.
using CallChains = std::unordered_map<std::string, std::vector<Call>>;

}  // namespace exitgate::collect::ci
