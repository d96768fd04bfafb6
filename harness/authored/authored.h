// YAML that people write for Exitgate (gate files, exitgate.yaml), read by two readers.
//
// The strict reader (harness/yaml) goes first, which keeps hostile text away from yaml-cpp: version 0.7 takes all
// memory for the one-byte file ",", for example. Then yaml-cpp reads the same text. The two must build the same
// tree: what two readers read in two ways has no meaning that a gate could rely on, so it is an error.
//
// Scalars are resolved in one place, by the core schema of YAML 1.2: `010` is ten, `yes` is a string, `1e3` is a
// number, `~` is null, and `<<` is a key like any other. yaml-cpp says what the text of a scalar is and whether it
// is quoted or tagged, not what it means.
#pragma once

#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::authored {

// The only document of the text, with the line of each node; a text without one is a null node. Throws
// yaml::Problem for what the strict reader does not accept, and where the two readers differ ("two YAML readers
// read this differently, …").
yaml::Node read(std::string_view text, const yaml::Limits& limits = {});

}  // namespace exitgate::authored
