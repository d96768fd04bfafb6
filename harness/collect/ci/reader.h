// From the text of a workflow or action file to the model.
#pragma once

#include <string_view>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci {

// Fills `workflow` from the text of its file; what cannot be read is its problem.
void read_workflow(std::string_view text, Workflow& workflow);

// The same for an action.yml, composite or not.
void read_action(std::string_view text, Action& action);

// The steps of a `steps:` list, those inside `parallel:` blocks in their place, numbered through.
std::vector<Step> read_steps(const yaml::Node& list, std::vector<Remark>& remarks);

}  // namespace exitgate::collect::ci
