// Uploads of one name by several combinations of a matrix: since version 4 the second one fails.
#pragma once

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

// Sets `collides` of the uploads in jobs.
void find_collisions(Model& model);

}  // namespace exitgate::collect::ci
