// Measuring, at the end of a run, how much of its facts its gates look at.
#pragma once

#include <string>
#include <vector>

#include "harness/record/run_directory.h"

namespace exitgate::stages {

// Writes sensitivity.json into the run directory, in about an eighth of the time that the run took so far. Returns what
// keeps the run from being good, a line each: the gates that notice no change of what they read.
std::vector<std::string> measure_sensitivity(const record::RunDirectory& run);

}  // namespace exitgate::stages
