// What a run is about: the repository, the commit, its configuration and the suite, from options and environment.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/config/config.h"
#include "harness/gate/suite.h"
#include "harness/git/repository.h"

namespace exitgate::stages {

struct TargetOptions {
  std::string repository = ".";
  std::string commit = "HEAD";
  std::string config;               // --config; "" takes the commit's own exitgate.yaml
  std::vector<std::string> suites;  // empty: the suite that came with the program
  std::vector<std::string> checks;  // folders of checks that are not part of the program
  std::string profile;              // --profile; "" takes the configuration's

  // The same options again, with absolute paths, for the commands that ctest runs.
  std::vector<std::string> arguments() const;
};

struct Target {
  git::Repository repository;
  std::string commit;
  std::string config_text;
  config::Config config;
};

// Throws UsageError for what is wrong with the repository, the commit or the configuration.
Target open_target(const TargetOptions& options);
// The suite with what it and the target's configuration include, as the profile leaves it. Fetches what is included from
// elsewhere, once. Throws UsageError for a profile that is not there.
gate::Suite suite_of(const TargetOptions& options, const Target& target);
// The same without a target.
gate::Suite suite_of(const TargetOptions& options);
// The name of the profile that is asked for: --profile, else the configuration's; "" asks all gates. The one place that chooses.
std::string profile_of(const TargetOptions& options, const config::Config& config);
// Adds a mistake for each gate whose check is not an executable beside this program.
void add_missing_checks(gate::Suite& suite);
// A suite without a target: `config` is an exitgate.yaml's path, or "". Includes are those of files of this machine.
gate::Suite trusted_suite(const std::vector<std::string>& suites, const std::string& config,
                          const std::string& profile = "");
// What a selection by label could name of a target that could not be read as it should: the labels of its
// suite, and the words of its configuration. Never throws.
gate::Labels possible_labels(const TargetOptions& options);
// The message of the first mistake, with how many more there are. Throws UsageError when there is one.
void require_valid(const gate::Suite& suite);

// The live database's URL: --database hands it on through the environment, so that no file or command line of
// ctest holds it.
inline constexpr const char* kDatabaseVariable = "EXITGATE_DATABASE";
std::string database_url();

// The folder of the embedded server's programs: --server hands it on in the same way. Empty when none is given.
inline constexpr const char* kServerVariable = "EXITGATE_SERVER";
std::filesystem::path server_folder();
// EXITGATE_REUSE: an unchanged provisioning may be taken from an earlier run. `exitgate run --reuse` sets it to 1.
inline constexpr const char* kReuseVariable = "EXITGATE_REUSE";
// Where collectors keep what they find in a blob for the next run; "": nothing is kept, and all is read anew. So it is where
// the run will be signed (EXITGATE_KEY): an attestation speaks of what was done.
std::filesystem::path fact_cache();
// Throws UsageError where the run would be signed (EXITGATE_KEY): an attestation speaks of what was done.
bool may_reuse();

}  // namespace exitgate::stages
