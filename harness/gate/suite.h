// A suite: the gate files and what the target repository says of them, resolved into gates ready to run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/config/config.h"
#include "harness/gate/bundle.h"
#include "harness/gate/labels.h"
#include "harness/verdict/verdict.h"

namespace exitgate::gate {

struct ExitGate {
  std::string name;  // "EG-CG1"
  std::string title;
};

// A gate file as it was read: kept in the run, so that a reader sees what was asked.
struct SuiteFile {
  std::string name;  // as shown in messages: "EG-CG1.yaml"
  std::string content;
};

// A mistake in a gate file or in exitgate.yaml.
struct Mistake {
  std::string message;  // "gates/EG-CG1.yaml:7: unknown check 'retentoin' (did you mean …)"
  std::string hint;
  Labels labels;  // of what it stands in, so that a selection by label meets the mistake
};

struct Suite {
  std::vector<ExitGate> exit_gates;
  std::vector<verdict::Gate> gates;  // in the order of the files, sorted by name
  std::vector<BundlePart> bundle;    // what the archive must hold, in the order of the files
  std::vector<SuiteFile> files;
  std::vector<Mistake> mistakes;
};

// Reads *.yaml and *.yml of each folder, and each file, of `paths`, then the configuration's own gates, and
// lays the configuration's parameters, labels and waivers over them. Every mistake is collected; the gates
// that have none are there all the same. Checks are those linked into this program (registered_checks()).
Suite load_suite(const std::vector<std::filesystem::path>& paths, const config::Config& config);

}  // namespace exitgate::gate
