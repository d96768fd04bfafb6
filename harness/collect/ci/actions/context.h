// Expressions and their values before anything runs: what is known of them.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "harness/collect/ci/model.h"
#include "harness/expression/abstract.h"

namespace exitgate::collect::ci::actions {

using expression::in_front_of;
using expression::PartialContexts;
using expression::PartialObject;
using expression::PartialStatus;
using expression::Possible;
using expression::Truth;

// The trigger's activity types (`types:`); 'opened', 'synchronize' and 'reopened' when it names none.
std::set<std::string> activity_types(const Trigger& trigger);

// The value of a YAML node, its templates evaluated in `contexts`.
Possible evaluate_node(const yaml::Node& node, const PartialContexts& contexts);

// The same as a string, as an environment variable or an action's input has it.
Possible as_text(const Possible& possible);

// The same text for the same possible values, and no other.
std::string signature(const Possible& possible);

// Sets `key` of an object context.
void set(PartialObject& object, std::string_view key, Possible value);

}  // namespace exitgate::collect::ci::actions
