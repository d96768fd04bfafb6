// What a gate says of a finding, as its author wrote it: "{name} is printed".
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::asked {

using Words = std::vector<std::pair<std::string, std::string>>;

// Throws check::ParameterError for a `{word}` that is not among `known`. `{{` and `}}` are braces.
void validate_message(const check::Parameters& with, const std::vector<std::string>& known);

// The parameter `message` with its words put in; "" when it is not given.
std::string filled_message(const check::Parameters& with, const Words& words);

}  // namespace exitgate::asked
