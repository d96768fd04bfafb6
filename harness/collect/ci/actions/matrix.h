// The combinations of a job's `strategy.matrix`.
#pragma once

#include <optional>
#include <vector>

#include "harness/collect/ci/actions/context.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::actions {

struct Matrix {
  bool given = false;
  // Each combination's `matrix` context; one, partly known, where the matrix is not a literal.
  std::vector<PartialObject> combinations;
  bool known = true;
};

Matrix read_matrix(const yaml::Node& job, const PartialContexts& contexts);

}  // namespace exitgate::collect::ci::actions
