// YAML values as JSON, for the columns that hold it.
#pragma once

#include <string>
#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci {

enum class Scalars { typed, as_written };  // as_written: each scalar is a string, null is null

std::string to_json(const yaml::Node& node, Scalars scalars = Scalars::typed);
void append_json_string(std::string& out, std::string_view text);

}  // namespace exitgate::collect::ci
