// A command that ctest runs as a test of a run: under a mark, and as a part of that run only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/record/run_directory.h"

namespace exitgate::cli {

struct TestOptions {
  std::string name;                     // "exitgate.collect"
  std::string run;                      // the run's id; "" of exitgate.begin
  std::string timeout;                  // seconds, as given; "" for none
  int exit_of_failure = 0;              // what ctest sees when it fails; 0: the error's own exit code
  std::vector<std::string> after = {};  // stages that it needs
};

// Does `work` in a child process under the test's mark; its Error is printed as the program prints any. Returns the exit
// code to end with.
int run_as_test(const record::RunDirectory& run, const TestOptions& options,
                const std::function<void()>& work);

// Prints an error's message and hint, and returns its exit code.
int print_error(const Error& error);

}  // namespace exitgate::cli
