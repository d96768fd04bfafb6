// What a GitLab job does, as steps: its script is one; what it uploads by `artifacts:` and takes over from other jobs are
// steps as well, at the lines of these keys.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "harness/collect/ci/model.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// A job of the pipeline, as another one takes over its artifacts.
struct Uploader {
  std::string id;
  const yaml::Node* job = nullptr;
  std::size_t stage = 0;
};

struct StepContext {
  const std::vector<Uploader>& jobs;
  std::function<bool(const yaml::Node& at)> in_file_of_job;
};

// Adds the steps of `node`, and what it needs, to `job`. `root`: the whole configuration.
void add_steps(const yaml::Node& node, const yaml::Node& root, const StepContext& context, Job& job);

}  // namespace exitgate::collect::ci::gitlab
