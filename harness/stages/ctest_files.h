// The files that ctest reads, for the CMake project and for `exitgate run` alike.
#pragma once

#include <filesystem>

#include "harness/gate/ctest.h"
#include "harness/stages/target.h"

namespace exitgate::stages {

struct CTestFolder {
  std::filesystem::path build;     // where the files are written to
  std::filesystem::path run;       // run directory
  std::filesystem::path archives;  // where the sealed archives go
  std::string name = {};           // tells several suites of one build apart
};

// Writes the tests as BUILD/`tests` and the post-test command as BUILD/`custom`: CTestTestfile.cmake and CTestCustom.cmake, or
// what these include.
void write_ctest_files(const CTestFolder& folder, const std::string& tests, const std::string& custom,
                       const TargetOptions& options, const gate::Suite& suite, int database_timeout_seconds);

// Time that CTest gives the database stage: two provisionings one after the other at their limit, and some for ours.
int database_timeout(const config::Config& config);

}  // namespace exitgate::stages
