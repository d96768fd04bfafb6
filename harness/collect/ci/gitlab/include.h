// What GitLab's `include:` names, and the headers (`spec:`) of what it includes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/source.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// What a list of `include:` says, in order: a file of the repository, or why the jobs of it are not known.
struct Include {
  const yaml::Node* at = nullptr;      // where it stands
  std::string path = {};               // as the repository has it; "" when it is not one
  std::string unknown = {};            // why not
  const yaml::Node* inputs = nullptr;  // given to it
  const yaml::Node* rules = nullptr;   // of the `include:` itself
};
std::vector<Include> includes_of(const yaml::Node& include, const Source& commit);

// A configuration with a header (`spec:`, a document by itself before the other), taken apart.
struct Text {
  std::string header;  // "" for none
  std::string body;    // as many lines in front of it as the header has
};
Text split_header(std::string_view text);

// `$[[ inputs.name ]]` with what is given, else with the default; left as it is when neither is a plain text.
std::string put_inputs(std::string_view text, const yaml::Node& header, const yaml::Node* given);

}  // namespace exitgate::collect::ci::gitlab
