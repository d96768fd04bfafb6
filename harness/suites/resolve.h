// Resolving `include:`: the gate files that a suite and exitgate.yaml name, and those that these name in turn.
//
//   include:
//     - gates/team.yaml                                     # relative to the file that says it; a folder: all of its files
//     - {path: gates, except: [slow]}
//     - {git: "https://host/team/gates.git", commit: <40 digits>, path: ci, only: [EG-TEAM1], commands: true}
//     - {oci: "registry.example/team/gates@sha256:<64 digits>"}
//
// What exitgate.yaml names is read from the target's commit, and what an included file names from where that file is from.
// Fetched is only what has an id or a digest, and it is kept by it, so that each is fetched once.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/config/config.h"
#include "harness/gate/included.h"
#include "harness/git/repository.h"
#include "harness/suites/objects.h"

namespace exitgate::suites {

struct Root {
  std::vector<std::filesystem::path> suite;  // gate files and folders of this machine
  const config::Config* config = nullptr;
  // Of the commit that the configuration is from; nullptr when it is a file of this machine, config->file.
  const git::Repository* repository = nullptr;
  std::string commit;
};

// Never throws for what is included: every mistake is collected, with its place.
gate::Included resolve(const Root& root, const ObjectCache& cache = ObjectCache::standard());

}  // namespace exitgate::suites
