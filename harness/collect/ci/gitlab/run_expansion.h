// The run of a merge request, expanded: each job of its pipeline once for each of its `parallel:` jobs, and the child
// pipelines below the jobs that trigger them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/gitlab/needs.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

struct RunJob {
  std::string file;  // that it is written in
  Job job;
  PipelineJob in_pipeline;
  Runs runs = Runs::yes;  // where the pipeline is made
  std::string child;      // what it triggers, a key of PipelineRuns; "" for none that is known
};

// A pipeline that is made for a merge request, or by a job of such a one.
struct PipelineRun {
  std::string file;  // its first
  int line = 1;
  const yaml::Node* root = nullptr;  // the whole configuration
  std::string_view source;           // `$CI_PIPELINE_SOURCE`
  Decision workflow;                 // of `workflow:rules`
  std::vector<RunJob> jobs;
};

// By what they are made of; that of the merge request itself under "".
using PipelineRuns = std::map<std::string, PipelineRun>;

// Adds the rows to `model.run`. A run with too many of them has a problem, and no rows.
void expand_run(const PipelineRuns& runs, Model& model);

}  // namespace exitgate::collect::ci::gitlab
