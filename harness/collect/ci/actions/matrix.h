// The combinations of a job's `strategy.matrix`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/ci/actions/context.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::actions {

struct Matrix {
  bool given = false;
  // Each combination's `matrix` context; one, partly known, where the matrix is not a literal.
  std::vector<PartialObject> combinations;
  std::vector<std::string> texts;  // each combination as JSON, where they are known
  bool known = true;
  bool too_many = false;  // more than the provider takes
};

Matrix read_matrix(const yaml::Node& job, const PartialContexts& contexts);

}  // namespace exitgate::collect::ci::actions
