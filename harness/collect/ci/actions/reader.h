// From the text of a workflow or action file to the model.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// Whether the file may be a composite action: action.yml or action.yaml, in any folder.
bool is_action_file(std::string_view path);

// Fills `workflow` from the text of its file; what cannot be read is its problem.
void read_workflow(std::string_view text, const Dialect& dialect, Workflow& workflow);

// The same for an action.yml, composite or not.
void read_action(std::string_view text, const Dialect& dialect, Action& action);

// The steps of a `steps:` list, those inside `parallel:` blocks in their place, numbered through.
std::vector<Step> read_steps(const yaml::Node& list, const Dialect& dialect, std::vector<Problem>& problems);

}  // namespace exitgate::collect::ci::actions
