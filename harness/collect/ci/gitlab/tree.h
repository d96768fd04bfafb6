// All files of a configuration as one tree: what is included, extended and referred to is in its place.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/collect/ci/gitlab/refusal.h"
#include "harness/collect/ci/source.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// A file that another one takes in as a part of itself.
struct TreeInclude {
  Place at;              // of the `include:`
  std::size_t file = 0;  // its number
};

// Each node's `source` is its file's number.
struct Tree {
  yaml::Node root;
  // In the order in which they were first read, each once.
  std::vector<std::string> files;
  std::vector<TreeInclude> included;
  std::vector<std::pair<Place, std::string>> problems;          // place, what could not be decided there
  std::vector<std::pair<std::string, std::string>> unreadable;  // file, why it could not be read
  Refusals refusals;
  bool all_known = true;  // nothing is included that is not read
};

// The configuration at `path`. `source`: what the rules of an `include:` take `$CI_PIPELINE_SOURCE` for.
Tree read_tree(const std::string& path, const Source& commit, std::string_view source);

// The configuration that a `trigger: {include: …}` names, of which the first file is the first that it names.
Tree read_child(const yaml::Node& include, const Source& commit, std::string_view source);

// Lists in lists, as `!reference` makes them, as one list, where GitLab takes them as one: to be called when
// nothing is asked any more of how it is written.
void flatten_lists(yaml::Node& node);

}  // namespace exitgate::collect::ci::gitlab
