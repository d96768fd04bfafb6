// The model as rows of ci.db.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/collect/ci/call_chains.h"
#include "harness/collect/ci/model.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::facts {
class Store;
}

namespace exitgate::collect::ci {

// The rows of ci.provider: all providers that Exitgate knows, in the order of their registration.
void write_providers(facts::Store& store);

// Takes the model: its strings move into the rows.
void write(Model model, const CallChains& chains, const std::vector<facts::ci::Command>& commands,
           const std::filesystem::path& out);

}  // namespace exitgate::collect::ci
