// Which gates are tried, and from where they are.
#pragma once

#include <string>
#include <vector>

#include "harness/stages/trial.h"

namespace exitgate::stages {

struct TrialGates {
  std::string from;  // Trials::gates_from
  std::vector<verdict::Gate> gates;
};

// See try_gates().
TrialGates trial_gates(const TrialOptions& options, const std::string& gate, const Target& target);

}  // namespace exitgate::stages
