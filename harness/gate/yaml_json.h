// What people write as YAML, as JSON.
#pragma once

#include "harness/json/json.h"
#include "harness/yaml/yaml.h"

namespace exitgate::gate {

Json json_of(const yaml::Node& node);

}  // namespace exitgate::gate
