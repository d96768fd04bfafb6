// The verdicts of a run at its end.
#pragma once

#include <string>
#include <vector>

#include "harness/marks/mark.h"
#include "harness/record/outcome.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"

namespace exitgate::stages {

struct Selection {
  std::vector<std::string> selected;  // in the suite's order
  std::vector<std::string> not_run;
};

// The gates that left a mark when they began, and under `exitgate run` all that ctest was told to run. A gate that CTest could not start counts as selected, since CTest does not
// say whether it was: its check is not there, or a stage that it needs was killed, so that CTest held it back.
Selection selection_of(const record::RunDirectory& run, const record::RunRecord& record,
                       const std::vector<marks::Mark>& marks);

struct CollectedVerdicts {
  record::Verdicts verdicts;         // of every gate that was selected
  std::vector<std::string> missing;  // gates that left none, or one that cannot be read
};

// Reads the verdict of each gate that was selected. One that left none gets one: an error, with the reason that the
// marks give.
CollectedVerdicts collect_verdicts(const record::RunDirectory& run, const std::vector<marks::Mark>& marks,
                                   const std::vector<std::string>& selected);

}  // namespace exitgate::stages
