// The verdicts of a run at its end.
#pragma once

#include <string>
#include <vector>

#include "harness/record/outcome.h"
#include "harness/record/run_directory.h"
#include "harness/stages/ctest_log.h"

namespace exitgate::stages {

struct CollectedVerdicts {
  record::Verdicts verdicts;         // of every gate that was selected
  std::vector<std::string> missing;  // gates that left none, or one that cannot be read
};

// Reads the verdict of each gate that was selected. One that left none gets one: an error, with what ctest's log says
// of the reason.
CollectedVerdicts collect_verdicts(const record::RunDirectory& run, const TestLog& log,
                                   const std::vector<std::string>& selected);

}  // namespace exitgate::stages
