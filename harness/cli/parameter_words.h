// What a value of a parameter looks like, in words, from the JSON Schema that its check declares (harness/check/parameter_schema.h).
#pragma once

#include <string>

#include "harness/check/check.h"
#include "harness/json/json.h"

namespace exitgate::cli {

// "one of exist, not-exist", "a string, or a list of strings"; "a value" for a schema that says nothing that is known.
std::string in_words(const Json& schema);

// Of a parameter: as its schema says, else its type.
std::string value_in_words(const check::Check& check, const check::Parameter& parameter);

}  // namespace exitgate::cli
