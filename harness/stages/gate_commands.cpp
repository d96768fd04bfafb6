#include "harness/stages/gate_commands.h"

#include <cstdlib>

#include "harness/check/check.h"

namespace exitgate::stages {

std::pair<std::string, int> place_of_gate(const verdict::Gate& gate) {
  const std::size_t colon = gate.where.rfind(':');
  if (colon == std::string::npos) return {gate.where, 0};
  return {gate.where.substr(0, colon), std::atoi(gate.where.c_str() + colon + 1)};
}

std::vector<collect::GateCommand> gate_commands(const std::vector<verdict::Gate>& gates) {
  std::vector<collect::GateCommand> commands;
  for (const auto& gate : gates) {
    const auto* check = check::find_check(gate.check);
    if (gate.check != "command" || check == nullptr) continue;
    const check::Parameters with(check->parameters, Json::parse(gate.with), gate.name);
    auto [file, line] = place_of_gate(gate);
    commands.push_back({.gate = gate.name,
                        .file = std::move(file),
                        .line = line,
                        .run = with.string("run"),
                        .directory = with.string("directory"),
                        .timeout_seconds = static_cast<int>(with.integer("timeout")),
                        .network = with.boolean("network"),
                        .memory_mb = static_cast<int>(with.integer("memory")),
                        .disk_mb = static_cast<int>(with.integer("disk")),
                        .pattern = with.string("pattern")});
  }
  return commands;
}

}  // namespace exitgate::stages
