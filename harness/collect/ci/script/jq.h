// Filters of jq, as many as people put to the results of jobs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/expression/value.h"

namespace exitgate::collect::ci::script {

// What the filter makes of the value, one after the other. Throws NotDecided.
std::vector<expression::Value> jq(std::string_view filter, const expression::Value& value);

}  // namespace exitgate::collect::ci::script
