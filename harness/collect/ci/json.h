// YAML values as JSON, for the columns that hold it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci {

enum class Scalars { typed, as_written };  // as_written: each scalar is a string, null is null

std::string to_json(const yaml::Node& node, Scalars scalars = Scalars::typed);
// The whole value, typed, for a column `raw`: each scalar is masked by itself, so that what is masked is still JSON. Keys at the top that
// `without` holds true of are left out.
std::string raw_json(const yaml::Node& node, const std::function<bool(const yaml::Entry&)>& without = {});
void append_json_string(std::string& out, std::string_view text);

}  // namespace exitgate::collect::ci
