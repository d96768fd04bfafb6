// What the steps run in the end, for ci.command.
#pragma once

#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/ci/model.h"
#include "harness/collect/ci/source.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci {

// The commands of all steps, in their order. Reads package.json, Makefiles and scripts that they call, of the commit.
std::vector<facts::ci::Command> commands_of(const Checkout& checkout, const Source& source,
                                            const Model& model);

}  // namespace exitgate::collect::ci
