// What a step uploads or downloads in one job of a run.
#pragma once

#include "harness/collect/ci/actions/symbols.h"
#include "harness/collect/ci/artifact.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci::actions {

// All that the action's inputs say; what it belongs to is left to the caller.
facts::ci::ArtifactInstance artifact_instance(const Artifact& artifact, const SymbolScope& scope,
                                              Templates& templates);

}  // namespace exitgate::collect::ci::actions
