// The end of a run, in one direction: collect the verdicts, decide the outcome, write the record, render the reports,
// seal. Nothing is written that a later step changes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/record/outcome.h"
#include "harness/record/run_directory.h"

namespace exitgate::stages {

struct FinishedRun {
  record::Outcome outcome = record::Outcome::unfinished;
  bool accepts_partial = false;  // see record::exit_of()
  // Whether a check ended with an exit code that CTest counts as a failure: then ctest fails by itself.
  bool is_red_to_ctest = false;
  std::vector<std::string> without_verdict;  // gates that were selected and left none
  std::filesystem::path archive;             // "" when nothing was sealed
  std::string unsealed;                      // why not
};

// Ends the run that exitgate.begin started, and seals it into `archives`, signed with `key` unless that is "". What is
// wrong with the evidence is part of the outcome; what keeps it from being sealed is in `unsealed`. Throws Undecided
// when the run cannot be read or its reports cannot be written.
FinishedRun finish_run(const record::RunDirectory& run, const std::filesystem::path& archives,
                       const std::string& key);

}  // namespace exitgate::stages
