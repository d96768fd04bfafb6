// Whether a part of a workflow has the shape that its provider asks for.
#pragma once

#include <vector>

#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/actions/schema.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// Throws Invalid for a value of the wrong kind, a key that is missing, an expression that cannot be read or
// names what is not there. Keys that are not known are problems: the provider may have learned them since.
void check_schema(const yaml::Node& node, const Shape& shape, const Dialect& dialect,
                  std::vector<Problem>& problems);

}  // namespace exitgate::collect::ci::actions
