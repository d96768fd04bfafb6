// What GitLab's `include:` names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/gitlab/refusal.h"
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
  bool wildcard = false;               // one of the files that a pattern names
};

// `refusals`: what GitLab does not take as an include is added to it.
std::vector<Include> includes_of(const yaml::Node& include, const Source& commit, Refusals& refusals);

// Whether `path` is one of the files that a pattern of `include:local` names: `*` stays in a folder, `**` does not, and
// `a/**/b` is in a folder below `a`.
bool matches_wildcard(std::string_view pattern, std::string_view path);

}  // namespace exitgate::collect::ci::gitlab
