#pragma once

#include "harness/record/run_directory.h"

namespace exitgate::stages {

// Makes the run directory, and removes what an earlier run left in it. Throws UsageError for a folder that has files
// of such names and was not made by a run.
void clear_run(const record::RunDirectory& run);

}  // namespace exitgate::stages
