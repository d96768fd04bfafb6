// What the jobs of a workflow can know of each other in a run that a pull request starts.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

struct JobState {
  Runs runs = Runs::no;
  bool ignored = false;  // `continue-on-error: true`: where it fails its result is 'success'
  std::set<std::string> ancestors;
  Possible outputs = Possible::object({});
};
using JobStates = std::map<std::string, JobState>;

// `result` and `outcome` where nothing fails, of what runs so.
Possible result_of(Runs runs);

// `result` and `outcome` of what may have failed.
Possible any_result();

// Each job behind those it needs; jobs that wait for each other, which is invalid, come last.
std::vector<Job*> in_order(Workflow& workflow);

// Adds the context `needs` and success() where nothing fails, and the job's ancestors to `state`.
void add_needs(const Job& job, const JobStates& states, JobState& state, PartialContexts& contexts);

// The same where something before the job has failed; nullopt when nothing before it can.
std::optional<PartialContexts> after_failure(const Job& job, const JobStates& states, const JobState& state,
                                             const PartialContexts& outer);

// The context `matrix` of any of the combinations.
Possible any_of(const std::vector<PartialObject>& matrices);

// What a `with:`, which may be nullptr, gives for an input, whose name it may write in any case; nullptr when nothing.
const yaml::Node* find_input(const yaml::Node* with, std::string_view name);

// The context `inputs` of a workflow that `job` calls.
Possible inputs_of(const Workflow& callee, const Job& job, const PartialContexts& contexts);

// Adds the variables of an `env:`, which may be nullptr.
void add_env(const yaml::Node* env, const PartialContexts& contexts, PartialObject& into);

// `outputs` of a job that others need: strings, and nothing when it is skipped. `combinations`: of its matrix.
Possible outputs_of(const Job& job, const PartialContexts& contexts, std::size_t combinations, Runs runs);

}  // namespace exitgate::collect::ci::actions
