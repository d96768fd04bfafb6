// What ctest did in this run, from its own log. The log names every test that was selected, also one that was
// never started; the JUnit file calls a missing executable "skipped", so it is not used.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace exitgate::stages {

struct TestLog {
  std::string text;                            // the whole log
  std::vector<std::string> selected;           // in the order of running
  std::map<std::string, std::string> outputs;  // of the tests that ran and did not pass
  bool has(const std::string& test) const;
};

// BUILD/Testing/Temporary/LastTest.log.tmp while the post-step runs, LastTest.log after it. Empty when there is none.
TestLog read_test_log(const std::filesystem::path& build);

}  // namespace exitgate::stages
