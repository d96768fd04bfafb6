// Labels that a selection (`ctest -L`, `exitgate run --label`) could name of something that could not be read as
// it should. Rather too many than too few: a selection that meets no test would pass by accident.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::gate {

using Labels = std::set<std::string>;

// Letters, digits, '-', '_' and '.': what exit gates, gates and labels may be called. Their names become file
// names, CTest's test names and labels, and nothing in them may mean something to any of these.
bool is_name(std::string_view text);

// Every word of a text, such as a gate file that is not YAML.
Labels possible_labels(std::string_view text);

// Every string in a node that could be a label: under a key with a slip in it as well.
Labels possible_labels(const yaml::Node& node);

}  // namespace exitgate::gate
