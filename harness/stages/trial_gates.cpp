#include "harness/stages/trial_gates.h"

#include <fmt/core.h>

#include <iostream>
#include <iterator>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/check/program.h"
#include "harness/config/reader.h"
#include "harness/gate/own_checks.h"
#include "harness/gate/suite.h"

namespace exitgate::stages {

namespace {

namespace fs = std::filesystem;

bool is_file(const std::string& gate) {
  return gate == "-" || gate.find('/') != std::string::npos || gate.ends_with(".yaml") ||
         gate.ends_with(".yml");
}

yaml::Node scalar(const std::string& text, int line) {
  yaml::Node node;
  node.kind = yaml::Kind::string;
  node.text = text;
  node.line = line;
  return node;
}

// One entry of `gates:`, or several, as the gate file that they could stand in. The lines stay what they are.
yaml::Node in_gate_file(const yaml::Node& entries) {
  yaml::Node list;
  list.kind = yaml::Kind::sequence;
  list.line = entries.line;
  list.items = entries.is_sequence() ? entries.items : std::vector<yaml::Node>{entries};
  yaml::Node file;
  file.kind = yaml::Kind::mapping;
  file.line = entries.line;
  const auto add = [&](const char* key, yaml::Node value) {
    file.entries.push_back({scalar(key, entries.line), std::move(value)});
  };
  add("exit-gate", scalar("try", entries.line));
  add("title", scalar("Gates that are tried", entries.line));
  add("gates", std::move(list));
  return file;
}

// What the target declares for all gates of a check, without what it says of gates by name.
config::Config without_gates(config::Config config) {
  config.parameters.clear();
  config.labels.clear();
  config.waivers.clear();
  config.gates.clear();
  config.bundle.reset();
  config.include.reset();
  config.profile.clear();
  return config;
}

TrialGates gates_of_file(const std::string& path, config::Config config) {
  TrialGates found{path == "-" ? "standard input" : path, {}};
  if (path != "-" && !fs::exists(path))
    throw UsageError(fmt::format("{}: no such gate file", path), "give a file, '-' or a gate's name");
  const auto text =
      path == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>())
                  : read_file(path);
  const config::Reader read(found.from);
  auto document = read.parse(text);
  config = without_gates(std::move(config));
  config.file = found.from;
  // A whole exitgate.yaml has its gates a level deeper.
  if (const auto* gates = document.find("gates"); document.find("exit-gate") == nullptr && gates != nullptr) {
    config.gates = read.list(*gates, "'gates'");
  } else if (document.is_mapping() && document.find("exit-gate") != nullptr) {
    config.gates.push_back(std::move(document));
  } else {
    config.gates.push_back(in_gate_file(document));
  }
  auto suite = gate::load_suite({}, config);
  require_valid(suite);
  found.gates = std::move(suite.gates);
  return found;
}

}  // namespace

TrialGates trial_gates(const TrialOptions& options, const std::string& gate, const Target& target) {
  gate::load_own_checks(options.target.checks);
  if (is_file(gate)) return gates_of_file(gate, target.config);
  const auto suite = suite_of(options.target, target);
  std::vector<std::string> known;
  for (const auto& one : suite.gates) {
    if (one.name == gate) return {options.work_tree ? "the suite and the work tree" : "the suite", {one}};
    known.push_back(one.name);
  }
  for (const auto& one : suite.left_out) {
    if (one.gate == gate)
      throw UsageError(fmt::format("the gate '{}' is left out by {}", gate, one.by),
                       "--profile names another profile");
  }
  // It may be the one that could not be read.
  require_valid(suite);
  throw UsageError(fmt::format("no gate is called '{}'{}", gate, did_you_mean(gate, known)),
                   "`exitgate gates` lists the gates; a file of gates is given by its path");
}

}  // namespace exitgate::stages
