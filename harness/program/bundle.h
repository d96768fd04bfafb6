// Which of the suite's bundle parts a run is asked for: those of what was run whole.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/check/run_directory.h"
#include "harness/evidence/parts.h"
#include "harness/gate/bundle.h"

namespace exitgate::program {

struct AskedParts {
  std::vector<evidence::Required> parts;
  // "schema/*.sql (EG-CG4, gates/EG-CG4.yaml:5): not all of its gates were run"
  std::vector<std::string> not_asked;
};

// suite/bundle.json; none when the run has no such file. Throws Undecided when it cannot be read.
std::vector<gate::BundlePart> bundle_of(const RunDirectory& run);

// `record` is run.json with `selected` and `not_run`. A gate's own parts are asked for when it was selected
// and did not skip, an exit gate's when all its gates were selected, exitgate.yaml's when all gates were.
AskedParts asked_parts(const RunDirectory& run, const nlohmann::json& record);

}  // namespace exitgate::program
