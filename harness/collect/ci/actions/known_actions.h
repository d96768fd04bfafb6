// Actions that turn a job red by the results that they are given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/ci/script/interpret.h"
#include "harness/expression/value.h"

namespace exitgate::collect::ci::actions {

// What an action makes of the inputs in `inputs`, strings in which what is not known is as script/text.h says;
// nullopt for an action that is not known.
std::optional<script::Ended> run_known_action(std::string_view uses, const expression::Object& inputs);

}  // namespace exitgate::collect::ci::actions
