// JSON from an archive: one document, no duplicate keys (readers disagree on which counts), bounded depth.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace exitgate::evidence {

// Throws Refused "run.json: the key 'commit' is there twice"; `name` is how messages call the document.
nlohmann::json parse_json(std::string_view text, const std::string& name);

}  // namespace exitgate::evidence
