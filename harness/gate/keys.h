// The keys of gate files, declared as those of exitgate.yaml are (harness/config/keys.h).
#pragma once

#include <vector>

#include "harness/config/keys.h"

namespace exitgate::gate {

extern const config::Mapping kGateFile;
extern const config::Mapping kGate;
extern const config::Mapping kProfile;
extern const config::Mapping kNoCounterexample;

std::vector<const config::Mapping*> gate_mappings();

}  // namespace exitgate::gate
