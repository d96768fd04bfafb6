// JSON Schema as far as our own schemas use it, written by hand for the tests: an unknown keyword is an error, so that nothing
// of a schema goes unlooked at.
#pragma once

#include <optional>
#include <string>

#include "harness/json/json.h"

namespace exitgate::testing_program {

// Where and why `value` is not as `schema` says: "/gates/0/check: not one of …". nullopt when it is.
std::optional<std::string> violation(const Json& schema, const Json& value);

}  // namespace exitgate::testing_program
