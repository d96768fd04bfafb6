// A profile: which of the suite's gates are asked of a repository, and with which parameters and labels. A short file that
// one can read, gates/profiles/NAME.yaml:
//
//   profile: minimal
//   title: What every repository can be asked on its first day
//   gates: [EG-CG5.commit-resolved, ci]     # names, globs over names, labels; without it, all gates
//   except: [EG-CG1.concurrency]            # of these, what is not asked
//   parameters: {EG-CG1.retention: {min-days: 7}}
//   labels: {EG-CG1.retention: [audit]}
//
// It says nothing of gates that exitgate.yaml declares or includes: who writes them down wants them asked.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/gate/included.h"
#include "harness/yaml/yaml.h"

namespace exitgate::gate {

struct Profile {
  std::string name;
  std::string title;
  std::string file;  // as messages name it
  std::string content;
  Selection gates;
  // As in exitgate.yaml, which is laid over them.
  std::vector<std::pair<std::string, yaml::Node>> parameters;
  std::vector<std::pair<std::string, yaml::Node>> labels;
};

// Throws UsageError with the place of what is wrong.
Profile read_profile(const std::filesystem::path& file);

// The names of the profiles in a folder, sorted.
std::vector<std::string> profile_names(const std::filesystem::path& folder);

}  // namespace exitgate::gate
