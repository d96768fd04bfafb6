// GitLab CI as a second provider: .gitlab-ci.yml in the same tables.
//
// What a merge request does with a job is what its `rules:` (or `only:`, `except:`) say of a pipeline for
// merge requests. A job's script is its first step; what it uploads by `artifacts:` and takes over by
// `needs:` and `dependencies:` are steps as well, at the lines of these keys.
#pragma once

#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/gitlab_merge.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

constexpr std::string_view kGitlabFile = ".gitlab-ci.yml";

// Adds the configuration and the files that it includes as workflows, and their ways. `kept` owns the trees
// that the jobs look into, and must outlive the model.
void add_gitlab(Model& model, Ways& ways, const ReadFile& read, const FindFiles& find,
                std::vector<std::unique_ptr<yaml::Node>>& kept);

// Days of "30 days", "1 week", "2 mos 3d", "never" (nullopt), "3600" (seconds), rounded down.
std::optional<std::int64_t> gitlab_days(std::string_view text);

}  // namespace exitgate::collect::ci
