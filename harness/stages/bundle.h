// Which of the suite's bundle parts a run is asked for: those of what was run whole.
#pragma once

#include <string>
#include <vector>

#include "harness/gate/bundle.h"
#include "harness/record/parts.h"
#include "harness/record/run_directory.h"

namespace exitgate::stages {

struct AskedParts {
  std::vector<record::Required> parts;
  // "schema/*.sql (EG-CG4, gates/EG-CG4.yaml:5): not all of its gates were run"
  std::vector<std::string> not_asked;
};

// suite/bundle.json; none when the run has no such file. Throws Undecided when it cannot be read.
std::vector<gate::BundlePart> bundle_of(const record::RunDirectory& run);

// A gate's own parts are asked for when it was selected
// and did not skip, an exit gate's when all its gates were selected, exitgate.yaml's when all gates were.
AskedParts asked_parts(const record::RunDirectory& run, const std::vector<std::string>& selected,
                       const std::vector<std::string>& not_run);

}  // namespace exitgate::stages
