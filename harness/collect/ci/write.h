// The model as rows of ci.db.
#pragma once

#include <filesystem>

#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/match.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

void write(const Model& model, const Ways& ways, const std::vector<Match>& matches,
           const std::filesystem::path& out);

}  // namespace exitgate::collect::ci
