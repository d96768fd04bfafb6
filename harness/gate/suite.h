// A suite: the gate files and what the target repository says of them, resolved into gates ready to run.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/config/config.h"
#include "harness/gate/bundle.h"
#include "harness/gate/included.h"
#include "harness/gate/labels.h"
#include "harness/gate/profile.h"
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
  std::string origin = {};   // IncludedFile::origin; "" for a file of the suite itself
  std::string include = {};  // IncludedFile::include
  std::string shown = {};    // IncludedFile::shown
};

struct Suite {
  std::vector<ExitGate> exit_gates;
  std::vector<verdict::Gate> gates;  // in the order of the files, sorted by name
  std::vector<BundlePart> bundle;    // what the archive must hold, in the order of the files
  std::vector<SuiteFile> files;
  std::vector<LeftOut> left_out;  // by the profile, or by an include, sorted by name
  std::string profile;            // its name; "" when all gates are asked
  std::vector<Mistake> mistakes;
};

// Reads the gate files of each folder, and each file, of `paths`, of which the profile leaves out what it does not ask, then
// what was included, then the configuration's own gates, and lays the profile's and the configuration's parameters and labels
// and the latter's waivers over them. Every mistake is collected; the gates
// that have none are there all the same. Checks are those linked into this program (registered_checks()).
Suite load_suite(const std::vector<std::filesystem::path>& paths, const config::Config& config,
                 const Included& included = {}, const Profile* profile = nullptr);

}  // namespace exitgate::gate
