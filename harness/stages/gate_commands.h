// What gates ask to be run (`check: command`), as the collector takes it.
#pragma once

#include <vector>

#include "harness/collect/commands/collect.h"
#include "harness/verdict/verdict.h"

namespace exitgate::stages {

// Of the gates that have a command, in their order.
std::vector<collect::GateCommand> gate_commands(const std::vector<verdict::Gate>& gates);

// Where a gate is declared, "gates/EG-A.yaml:6": the file and the line.
std::pair<std::string, int> place_of_gate(const verdict::Gate& gate);

}  // namespace exitgate::stages
