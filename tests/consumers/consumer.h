// Another project that uses Exitgate: configured, built and run by the installed programs of this build.
#pragma once

#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace exitgate::testing_program {

class Consumer {
 public:
  // The project tests/consumers/projects/NAME, in a folder of its own.
  explicit Consumer(const std::string& name);

  std::filesystem::path source() const { return folder_.path() / "source"; }
  std::filesystem::path build() const { return folder_.path() / "build"; }
  std::filesystem::path folder() const { return folder_.path(); }

  // `cmake -S … -B …` with -D for each definition; the installed Exitgate is found.
  ProcessResult configure(const std::vector<std::string>& definitions) const;
  // Configures and builds; fails the test when either fails.
  void make(const std::vector<std::string>& definitions) const;
  // `ctest` in the build folder, or in the folder given.
  ProcessResult ctest(const std::vector<std::string>& arguments) const {
    return ctest_in(build(), arguments);
  }
  static ProcessResult ctest_in(const std::filesystem::path& folder, std::vector<std::string> arguments,
                                const std::vector<std::string>& variables = {});

 private:
  TemporaryDirectory folder_{"consumer"};
};

}  // namespace exitgate::testing_program
