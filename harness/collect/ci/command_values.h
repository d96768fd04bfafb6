// Values that the files themselves give to what a script leaves open: of the matrix and of environment variables.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

using Values = std::map<std::string, std::string>;  // "matrix.script", "env.TEST_COMMAND"

// One for each row of the matrix (each value of a list, each entry of `include:`), or one alone; never more than a few.
// Environment variables of the step go before those of the job and of the workflow.
std::vector<Values> values_of(const Workflow& workflow, const Job& job, const Step& step);

// What the calls within the repository give to each composite action and reusable workflow ("inputs.command"), its
// defaults filled in; by its path.
std::map<std::string, std::vector<Values>> inputs_of(const Model& model);

// The text with `${{ matrix.x }}`, `${{ env.X }}`, `$X` and `${X}` replaced where there is a value.
std::string filled(const std::string& text, const Values& values);

}  // namespace exitgate::collect::ci
