// The migration tools whose histories are read, one file and one function each. A function adds the
// environments that it finds; what it cannot tell is a problem of the environment.
#pragma once

#include <vector>

#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

void find_alembic(Source& source, std::vector<Environment>& found);

}  // namespace exitgate::collect
