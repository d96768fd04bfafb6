// YAML's merge keys (`<<`), for the providers that know them and for those that do not.
#pragma once

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci {

// The first key `<<` that stands where keys are known, or values are not mappings, so that a provider without
// merge keys refuses the file; nullptr: there is none. Below `matrix` any key goes.
const yaml::Node* find_merge_key(const yaml::Node& node);

// Puts what they name in their place: what the mapping itself does not say.
void apply_merge_keys(yaml::Node& node);

}  // namespace exitgate::collect::ci
