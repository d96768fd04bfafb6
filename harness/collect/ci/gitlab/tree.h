// GitLab's means to write a job once and use it twice: merge keys, `!reference`, `extends`, `include: local`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/collect/ci/source.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// Where something stands: in which file of the tree, and on which line of it.
struct Place {
  std::size_t file = 0;
  int line = 0;
};

// All files of a configuration as one tree. Each node's `source` is its file's number.
struct Tree {
  yaml::Node root;
  // In the order in which they were read; the first is the configuration itself.
  std::vector<std::string> files;
  std::vector<std::pair<Place, std::string>> problems;          // place, what could not be decided there
  std::vector<std::pair<std::string, std::string>> unreadable;  // file, why it could not be read
};

Place place_of(const yaml::Node& node);

// `source`: what the rules of an `include:` take `$CI_PIPELINE_SOURCE` for.
Tree read_tree(const std::string& path, const Source& commit, std::string_view source);

// The job with all that it extends, its references put in. nullopt when it extends what is not there or itself.
std::optional<yaml::Node> resolve_job(const yaml::Node& root, std::string_view name);

}  // namespace exitgate::collect::ci::gitlab
