// The names of the jobs that `parallel:` makes of one.
#pragma once

#include <string>
#include <vector>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// "test 1/2", "test 2/2"; with a matrix "test: [linux, x64]". Empty where a value is not known.
std::vector<std::string> parallel_names(const std::string& job, const yaml::Node& parallel);

}  // namespace exitgate::collect::ci::gitlab
