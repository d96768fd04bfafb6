// JSON Schema (draft 2020-12) of what people write, for editors: made of the declarations that the readers use
// (harness/config/keys.h, harness/gate/keys.h, the checks' parameters), so that it says what they do. A schema cannot say
// everything: that a query has no mistake, or that a gate exists, is said when the files are read.
//
// The documents are kept in harness/gate/schemas/, and installed; `exitgate schema` prints them.
#pragma once

#include <string>
#include <vector>

#include "harness/json/json.h"
#include "harness/verdict/verdict.h"

namespace exitgate::gate {

// Of a gate file. The checks are those that this program knows.
Json gate_file_schema();
// Of exitgate.yaml. `shipped`: gates whose names and parameters are proposed; others are accepted as well.
Json configuration_schema(const std::vector<verdict::Gate>& shipped);

}  // namespace exitgate::gate
