// run.json, and emptying a run directory.
#pragma once

#include "harness/json/json.h"
#include "harness/record/run_directory.h"

namespace exitgate::stages {

// Empties the run directory of what an earlier run left. A folder with such names that no run made is
// refused.
void clear_run(const record::RunDirectory& run);

// Throws Undecided when there is no run.json or it cannot be read.
Json read_record(const record::RunDirectory& run);

}  // namespace exitgate::stages
