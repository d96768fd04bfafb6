// From the events of yaml-cpp to the tree of harness/yaml.
#pragma once

#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::authored {

// The only document of the text as yaml-cpp reads it. Only for text that yaml::parse has accepted. Throws
// yaml::Problem for what yaml-cpp does not accept, and for what has no place in the tree.
yaml::Node read_with_yaml_cpp(std::string_view text, const yaml::Limits& limits);

}  // namespace exitgate::authored
