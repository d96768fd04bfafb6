// Which uploads a download can find.
#pragma once

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// Pairs the downloads with the uploads of the same run, a run being a workflow of the dialect with everything
// that it calls: adds to the model's matches, and sets `uploads` of each download.
void match_artifacts(Model& model, const Calls& calls, const Dialect& dialect);

}  // namespace exitgate::collect::ci::actions
