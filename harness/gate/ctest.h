// What CTest is told: one test for each gate, and the stages before them as fixtures.
//
//   exitgate.begin      starts the run: resolves the commit and the suite       (fixture exitgate.run)
//   exitgate.collect    writes the facts of the repository and the environment  (fixture exitgate.facts)
//   exitgate.database   provisions and snapshots the database                   (fixture exitgate.schema)
//   exitgate.secrets    looks for secrets in what all of these and the gates left  (fixture exitgate.bundle)
//   <exit gate>.<id>    the gates, each with the fixtures that its check's facts come from
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/gate/suite.h"

namespace exitgate::gate {

struct CTestOptions {
  std::filesystem::path program;   // exitgate
  std::filesystem::path checks;    // folder of the check executables
  std::filesystem::path run;       // run directory
  std::filesystem::path archives;  // folder that the sealed archives go to
  // Options that name the target: --repo DIR --commit REV --config FILE --suite …
  std::vector<std::string> target;
  int database_timeout_seconds = 1500;  // of exitgate.database
  std::filesystem::path build = {};     // folder that the files are written to
};

inline constexpr const char* kBegin = "exitgate.begin";
inline constexpr const char* kCollect = "exitgate.collect";
inline constexpr const char* kDatabase = "exitgate.database";
inline constexpr const char* kSecrets = "exitgate.secrets";
inline constexpr const char* kSuite = "exitgate.suite";

// The text of a CTestTestfile.cmake. A suite with mistakes gets the test exitgate.suite too, which fails with
// them and carries every label that a selection could name, so that no selection passes them by.
std::string ctest_file(const Suite& suite, const CTestOptions& options);

// The text of CTestCustom.cmake, or of a file that it includes: the post-step, and no limit on the output that is kept.
std::string ctest_custom_file(const CTestOptions& options);

}  // namespace exitgate::gate
