#include "harness/stages/ctest_log.h"

#include <algorithm>

#include "harness/base/file.h"
#include "harness/base/text.h"

namespace exitgate::stages {

bool TestLog::has(const std::string& test) const {
  return std::find(selected.begin(), selected.end(), test) != selected.end();
}

TestLog read_test_log(const std::filesystem::path& build) {
  constexpr std::string_view kTesting = " Testing: ";
  constexpr std::string_view kRule = "----------------------------------------------------------";
  const auto folder = build / "Testing" / "Temporary";
  auto path = folder / "LastTest.log.tmp";
  if (!std::filesystem::exists(path)) path = folder / "LastTest.log";
  TestLog log;
  if (!std::filesystem::exists(path)) return log;
  log.text = read_file(path);
  // "3/9 Testing: NAME", then "Output:", a rule, the output up to "<end of output>" and "Test Failed." or
  // "Test Passed."
  std::string test;
  std::string output;
  enum { outside, announced, inside, ended } state = outside;
  for (const auto& line : split(log.text, '\n')) {
    const auto at = line.find(kTesting);
    if (state != inside && at != std::string::npos && line.find('/') < at &&
        line.find_first_not_of("0123456789/ ") == at + 1) {
      test = line.substr(at + kTesting.size());
      if (!log.has(test)) log.selected.push_back(test);
      output.clear();
      state = outside;
    } else if (line == "Output:" && state == outside) {
      state = announced;
    } else if (state == announced && line == kRule) {
      state = inside;
    } else if (state == inside && line == "<end of output>") {
      state = ended;
    } else if (state == inside) {
      output += line + "\n";
    } else if (state == ended && line == "Test Failed.") {
      log.outputs[test] = output;
    }
  }
  return log;
}

}  // namespace exitgate::stages
