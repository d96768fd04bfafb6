// Why GitLab refuses a configuration.
#pragma once

#include <string>
#include <vector>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// Where something stands: in which file of the tree, and on which line of it.
struct Place {
  std::size_t file = 0;
  int line = 0;
};

inline Place place_of(const yaml::Node& node) {
  return {node.source, node.line};
}

struct Refusal {
  Place place;
  std::string reason;
};
using Refusals = std::vector<Refusal>;

}  // namespace exitgate::collect::ci::gitlab
