// What GitLab does with `rules:`, `only:` and `except:` in a pipeline for a merge request.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/ci/model.h"
#include "harness/expression/possible.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// `$CI_PIPELINE_SOURCE` of a pipeline for a merge request, and of the child pipelines that it triggers.
constexpr std::string_view kMergeRequest = "merge_request_event";
constexpr std::string_view kParentPipeline = "parent_pipeline";

// Whether a rule's `if:` holds in a pipeline for a merge request; unknown also when it cannot be read.
expression::Truth condition_holds(std::string_view text, std::string_view source = kMergeRequest);

// What starts a job: the words of `when:` that can hold for it, its own or those of the rules that may decide.
struct Starts {
  bool on_success = false;  // also 'delayed'
  bool manual = false;
  bool on_failure = false;
  bool always = false;

  void add(std::string_view when);
};

// What becomes of a job in a pipeline, as far as it itself says.
struct Decision {
  Runs runs = Runs::yes;
  bool sure = true;     // where it runs perhaps, it is in the pipeline all the same (manual)
  bool always = false;  // whatever became of the jobs that it waits for
  bool blocks = false;  // it may wait for somebody, and all behind it with it
  // Whether it is in the pipeline at all.
  expression::Truth present = expression::Truth::yes;
  expression::Truth ignored = expression::Truth::no;  // whether its failure counts as success
  Starts starts = {};
  std::vector<const yaml::Node*> rules = {};  // those of which one may decide
};

// Whether the failure of what has this `allow_failure:` counts as success: of some exit codes only the run knows.
expression::Truth is_ignored(const yaml::Node& allow_failure);

// The first rule that holds decides; none: 'no'. `when`, `ignored`: of the job itself, where a rule says none.
Decision decide_by_rules(const yaml::Node& rules, std::string_view when,
                         expression::Truth ignored = expression::Truth::no,
                         std::string_view source = kMergeRequest);

// `only:` and `except:` of a job without rules; either may be nullptr. `in_each`: without `only:` it is one of all
// pipelines, as where the workflow has rules, and not just of those for branches and tags.
Runs decide_by_refs(const yaml::Node* only, const yaml::Node* except, std::string_view when,
                    std::string_view source = kMergeRequest, bool in_each = false);

// `when:` as what becomes of a job: 'on_failure' only after a failure, 'manual' when somebody starts it.
Runs runs_when(std::string_view when);

}  // namespace exitgate::collect::ci::gitlab
