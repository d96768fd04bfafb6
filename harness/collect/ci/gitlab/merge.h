// How GitLab merges configurations: mappings at any depth, all else is replaced.
#pragma once

#include <cstddef>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

constexpr std::size_t kMostNodes = 400'000;  // of a configuration, after everything is put in its place

void merge(yaml::Node& into, const yaml::Node& over);

std::size_t count_nodes(const yaml::Node& node);

}  // namespace exitgate::collect::ci::gitlab
