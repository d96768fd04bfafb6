// Uploads of one name by several combinations of a matrix: since version 4 the second one fails.
#pragma once

#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// Sets `collides` of the uploads in jobs of the dialect's workflows.
void find_collisions(Model& model, const Dialect& dialect);

}  // namespace exitgate::collect::ci::actions
