// One pipeline of GitLab's: its jobs, and what a merge request does with them.
//
// What a merge request does with a job is what its `rules:` (or `only:`, `except:`) say of a pipeline for
// merge requests. A job's script is its first step; what it uploads by `artifacts:` and takes over by
// `needs:` and `dependencies:` are steps as well, at the lines of these keys.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/collect/ci/call_chains.h"
#include "harness/collect/ci/gitlab/run_expansion.h"
#include "harness/collect/ci/gitlab/tree.h"
#include "harness/collect/ci/model.h"
#include "harness/collect/ci/source.h"

namespace exitgate::collect::ci::gitlab {

// A pipeline that a job triggers, with a configuration of the repository.
struct Child {
  const yaml::Node* include = nullptr;  // what it is made of
  std::string given;                    // the same, told apart from others
  std::vector<Call> chain;              // to the job that triggers it
  Runs runs = Runs::yes;                // of that job
};

// What the pipelines of a commit have in common.
struct Pipelines {
  const Source& commit;
  Model& model;
  CallChains& chains;
  std::map<std::string, std::size_t>
      workflows;  // by file, its place in the model: a file may be part of several
  PipelineRuns runs = {};
};

// Adds the files of the tree as workflows, and their call chains. `parent`: what triggers the pipeline; nullptr
// where a merge request does. Returns the pipelines that its jobs trigger.
std::vector<Child> add_pipeline(Pipelines& pipelines, Tree tree, const Child* parent);

}  // namespace exitgate::collect::ci::gitlab
