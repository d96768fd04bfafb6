// run.json, and emptying a run directory.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "harness/check/run_directory.h"

namespace exitgate::program {

// Empties the run directory of what an earlier run left. A folder with such names that no run made is
// refused.
void clear_run(const RunDirectory& run);

// Throws Undecided when there is no run.json or it cannot be read.
nlohmann::json read_record(const RunDirectory& run);

}  // namespace exitgate::program
