// JSON that is to be verified: no duplicate keys (readers disagree on which counts), bounded depth.
#pragma once

#include <string>
#include <string_view>

#include "harness/json/json.h"

namespace exitgate {

// Throws VerificationError "run.json: the key 'commit' is there twice"; `name` is what messages call the document.
Json parse_strict(std::string_view text, const std::string& name);

}  // namespace exitgate
