// What GitLab does with `rules:`, `only:` and `except:` in a pipeline for a merge request.
#pragma once

#include <string_view>

#include "harness/collect/ci/model.h"
#include "harness/expression/possible.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci {

// `$CI_PIPELINE_SOURCE` of a pipeline for a merge request, and of the child pipelines that it triggers.
constexpr std::string_view kMergeRequest = "merge_request_event";
constexpr std::string_view kParentPipeline = "parent_pipeline";

// Whether a rule's `if:` holds in a pipeline for a merge request; unknown also when it cannot be read.
expression::Truth gitlab_condition(std::string_view text, std::string_view source = kMergeRequest);

// The first rule that holds decides; none: 'no'. `when`: of the job itself, where a rule says none.
Runs gitlab_rules(const yaml::Node& rules, std::string_view when, std::string_view source = kMergeRequest);

// `only:` and `except:` of a job without rules; either may be nullptr.
Runs gitlab_only(const yaml::Node* only, const yaml::Node* except, std::string_view when,
                 std::string_view source = kMergeRequest);

// `when:` as what becomes of a job: 'on_failure' only after a failure, 'manual' when somebody starts it.
Runs gitlab_when(std::string_view when);

}  // namespace exitgate::collect::ci
