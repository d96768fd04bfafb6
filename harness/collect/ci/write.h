// The model as rows of ci.db.
#pragma once

#include <filesystem>

#include "harness/collect/ci/call_chains.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

void write(const Model& model, const CallChains& chains, const std::filesystem::path& out);

}  // namespace exitgate::collect::ci
