// What CTest is told: one test for each gate, and the stages before them as fixtures.
//
//   exitgate.begin      starts the run: resolves the commit and the suite       (fixture exitgate.run)
//   exitgate.collect    writes the facts of the repository and the environment  (fixture exitgate.facts)
//   exitgate.needs.<part>  says that a gate needs this part of the database stage (fixture exitgate.needs.<part>)
//   exitgate.database   provisions and snapshots the database                   (fixture exitgate.schema)
//   exitgate.needs.command.<gate>  says that the command of this gate is to be run
//   exitgate.commands   runs the commands of gates              (fixture exitgate.commands)
//   exitgate.secrets    looks for secrets in what all of these and the gates left  (fixture exitgate.bundle)
//   <exit gate>.<id>    the gates, each with the fixtures that its check's facts come from
//   exitgate.seal       ends and seals the run behind all of these              (cleanup of exitgate.run)
//
// A stage that fails ends with the skip code: CTest then starts the gates that need it all the same, and each says by
// itself that it was not evaluated, and why. So a gate that was selected always leaves a mark.
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
  // Of several suites in one build, what tells this one's tests and fixtures from the others': "service" makes
  // "service.EG-CG1.retention", which has the label "service". "" for one alone.
  std::string name = {};
};

inline constexpr const char* kBegin = "exitgate.begin";
inline constexpr const char* kCollect = "exitgate.collect";
inline constexpr const char* kDatabase = "exitgate.database";
inline constexpr const char* kCommands = "exitgate.commands";
inline constexpr const char* kSecrets = "exitgate.secrets";
// Before the name of a part of the database stage (schema.work): such a test is selected together with the gates that need
// the part, and its mark tells the stage so.
inline constexpr const char* kNeeds = "exitgate.needs.";
// The same before the name of a gate with a command.
inline constexpr const char* kNeedsCommand = "exitgate.needs.command.";
inline constexpr const char* kSuite = "exitgate.suite";

inline constexpr const char* kSeal = "exitgate.seal";

// Time limits in seconds. Each test keeps its own by itself and says so; CTest's is a little longer.
inline constexpr int kBeginTimeout = 60;
inline constexpr int kNeedsTimeout = 60;
inline constexpr int kCollectTimeout = 600;
inline constexpr int kCommandsTimeout = 120;  // besides the limits of the commands
inline constexpr int kSecretsTimeout = 600;
inline constexpr int kSealTimeout = 600;
inline constexpr int kGateTimeout = 120;

// The stages that the gate's facts come from, without kBegin, and the tests that ask for their parts.
std::vector<std::string> stages_of(const verdict::Gate& gate);

// The variable that names the live database of a suite: EXITGATE_DATABASE, and with a name EXITGATE_DATABASE_SERVICE.
std::string database_variable(const std::string& name);

// The text of a CTestTestfile.cmake. A suite with mistakes gets the test exitgate.suite too, which fails with
// them and carries every label that a selection could name, so that no selection passes them by.
std::string ctest_file(const Suite& suite, const CTestOptions& options);

// The text of CTestCustom.cmake, or of a file that it includes: the post-test command, which prints what became of the run (and ends it, where the
// cleanup was left out), and no limit on the output that is kept.
std::string ctest_custom_file(const CTestOptions& options);

}  // namespace exitgate::gate
