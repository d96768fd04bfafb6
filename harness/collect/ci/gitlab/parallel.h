// The jobs that `parallel:` makes of one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

struct ParallelJob {
  std::string name;  // "test 1/2"; with a matrix "test: [linux, x64]"
  std::vector<std::pair<std::string, std::string>> variables;  // of the matrix, in its order
};

// In the order in which they are counted. Empty where a value is not known.
std::vector<ParallelJob> parallel_jobs(const std::string& job, const yaml::Node& parallel);

std::vector<std::string> parallel_names(const std::string& job, const yaml::Node& parallel);

}  // namespace exitgate::collect::ci::gitlab
