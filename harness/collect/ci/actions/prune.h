// What is still asked of a file's tree once it is read.
#pragma once

#include <vector>

#include "harness/collect/ci/model.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::actions {

// Drops all else of a job's or action's node, which stays where it is, and of its steps': steps are most of a
// workflow, and there may be thousands of files. Values of the node move: pointers to them are void.
void prune(yaml::Node& node, std::vector<Step>& steps);

}  // namespace exitgate::collect::ci::actions
