// At each start of ctest: the gate files and the target as they are now become the tests of this run. Each ctest reads a
// file of its own, whose path is printed: two at once never read each other's tests.

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/marks/process_id.h"
#include "harness/stages/ctest_files.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

constexpr const char* kFolder = "exitgate-tests";

void remove_tests_of_the_dead(const std::filesystem::path& folder) {
  std::error_code none;
  std::vector<std::filesystem::path> dead;
  for (std::filesystem::directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
    const auto process = marks::process_named(at->path().stem().string());
    if (process && !marks::is_alive(*process)) dead.push_back(at->path());
  }
  for (const auto& path : dead) std::filesystem::remove(path, none);
}

// Without a target, the suite that comes with the program, so that a selection by a gate's name meets something.
gate::Suite suite_without_target(const stages::TargetOptions& options, const Error& error) {
  gate::Suite suite;
  try {
    suite = stages::suite_of(options);
  } catch (const Error&) {
    // The suite's own mistake is what stands below.
  }
  suite.mistakes.push_back({error.what(), error.hint(), stages::possible_labels(options)});
  return suite;
}

}  // namespace

int run_discover(int argc, char** argv) {
  stages::TargetOptions options;
  std::string build;
  std::string name;
  Options app("Writes what ctest reads, and prints the path of the tests.", "exitgate discover");
  app.add_target(options);
  app.add("--build", build, "CTest's folder").required();
  app.add("--name", name, "goes before the names of the tests: one of several suites in this folder");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const stages::CTestFolder folder{build, std::filesystem::path(build) / "run",
                                   std::filesystem::path(build) / "archives", name};
  gate::Suite suite;
  int timeout = 0;
  try {
    const auto target = stages::open_target(options);
    suite = stages::suite_of(options, target);
    stages::add_missing_checks(suite);
    timeout = stages::database_timeout(target.config);
  } catch (const Error& error) {
    // Whatever is wrong becomes a test that fails with it: never "No tests were found".
    suite = suite_without_target(options, error);
  }
  remove_tests_of_the_dead(folder.build / kFolder);
  const std::string tests = fmt::format("{}/{}.cmake", kFolder, marks::parent_process().name());
  stages::write_ctest_files(folder, tests, "exitgate-custom.cmake", options, suite, timeout);
  fmt::print("{}", (folder.build / tests).string());
  return 0;
}

}  // namespace exitgate::cli
