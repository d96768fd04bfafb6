// What the result of the database stage depends on, as far as it can be told: the key of --reuse.
//
// It cannot be told of a step that reads the network, the clock or files beside the commit, such as packages that are
// installed in development mode from a folder of their own.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/database/server.h"

namespace exitgate::collect::schema {

// Inputs by name, in a fixed order. Those that belong to the machine hold what tells two states of it apart.
using ReuseInputs = std::vector<std::pair<std::string, std::string>>;

// `parts`: what is to be done, foundations included; `test_logs` and the reports `brought`: as they are now.
ReuseInputs reuse_inputs(const DatabaseStage& stage, const config::Database& declared,
                         const database::ServerPrograms& server, const check::Parts& parts,
                         const std::vector<Part>& test_logs, const tests::Collected& brought = {});

// SHA-256 over names and values, lowercase hex.
std::string reuse_key(const ReuseInputs& inputs);

}  // namespace exitgate::collect::schema
