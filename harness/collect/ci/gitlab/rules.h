// What GitLab does with `rules:`, `only:` and `except:` in a pipeline for a merge request.
#pragma once

#include <string_view>

#include "harness/collect/ci/model.h"
#include "harness/expression/possible.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// `$CI_PIPELINE_SOURCE` of a pipeline for a merge request, and of the child pipelines that it triggers.
constexpr std::string_view kMergeRequest = "merge_request_event";
constexpr std::string_view kParentPipeline = "parent_pipeline";

// Whether a rule's `if:` holds in a pipeline for a merge request; unknown also when it cannot be read.
expression::Truth condition_holds(std::string_view text, std::string_view source = kMergeRequest);

// What becomes of a job in a pipeline, as far as it itself says.
struct Decision {
  Runs runs = Runs::yes;
  bool sure = true;     // where it runs perhaps, it is in the pipeline all the same (manual)
  bool always = false;  // whatever became of the jobs that it waits for
  bool blocks = false;  // it may wait for somebody, and all behind it with it
};

// The first rule that holds decides; none: 'no'. `when`, `may_fail`: of the job itself, where a rule says none.
Decision decide_by_rules(const yaml::Node& rules, std::string_view when, bool may_fail = false,
                         std::string_view source = kMergeRequest);

// `only:` and `except:` of a job without rules; either may be nullptr. `in_each`: without `only:` it is one of all
// pipelines, as where the workflow has rules, and not just of those for branches and tags.
Runs decide_by_refs(const yaml::Node* only, const yaml::Node* except, std::string_view when,
                    std::string_view source = kMergeRequest, bool in_each = false);

// `when:` as what becomes of a job: 'on_failure' only after a failure, 'manual' when somebody starts it.
Runs runs_when(std::string_view when);

}  // namespace exitgate::collect::ci::gitlab
