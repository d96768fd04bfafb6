// At each start of ctest: the gate files and the target as they are now become the tests of this run.

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/program/command.h"
#include "harness/program/ctest_files.h"
#include "harness/program/options.h"
#include "harness/program/target.h"

namespace exitgate::program {

int run_discover(int argc, char** argv) {
  TargetOptions options;
  std::string build;
  CLI::App app("Writes what ctest reads.", "exitgate discover");
  options.add_to(app);
  app.add_option("--build", build, "CTest's folder")->required();
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const CTestFolder folder{build, std::filesystem::path(build) / "run",
                           std::filesystem::path(build) / "archives"};
  gate::Suite suite;
  int timeout = 0;
  try {
    const auto target = open_target(options);
    suite = suite_of(options, target);
    timeout = database_timeout(target.config);
  } catch (const Error& error) {
    // Whatever is wrong becomes a test that fails with it: never "No tests were found".
    suite.mistakes.push_back({error.what(), error.hint(), ""});
  }
  write_ctest_files(folder, "exitgate-tests.cmake", options, suite, timeout);
  return 0;
}

}  // namespace exitgate::program
