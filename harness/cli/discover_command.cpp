// At each start of ctest: the gate files and the target as they are now become the tests of this run.

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/stages/ctest_files.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

int run_discover(int argc, char** argv) {
  stages::TargetOptions options;
  std::string build;
  Options app("Writes what ctest reads.", "exitgate discover");
  app.add_target(options);
  app.add("--build", build, "CTest's folder").required();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const stages::CTestFolder folder{build, std::filesystem::path(build) / "run",
                                   std::filesystem::path(build) / "archives"};
  gate::Suite suite;
  int timeout = 0;
  try {
    const auto target = stages::open_target(options);
    suite = stages::suite_of(options, target);
    timeout = stages::database_timeout(target.config);
  } catch (const Error& error) {
    // Whatever is wrong becomes a test that fails with it: never "No tests were found".
    suite.mistakes.push_back({error.what(), error.hint(), stages::possible_labels(options)});
  }
  stages::write_ctest_files(folder, "exitgate-tests.cmake", "exitgate-custom.cmake", options, suite, timeout);
  return 0;
}

}  // namespace exitgate::cli
