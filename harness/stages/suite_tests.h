// Running the tests of a suite: each gate judges the facts of the test by what the product judges a run with.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/gate/suite.h"
#include "harness/suites/test_file.h"

namespace exitgate::stages {

struct TestOutcome {
  suites::GateTest test;
  std::vector<std::string> differences;  // a line each; empty: as expected
  bool undecided = false;                // the facts could not be made
  bool turned_red = false;               // the counterexample did, on these facts
  std::int64_t duration_ms = 0;
};

// In the order of the tests.
std::vector<TestOutcome> run_suite_tests(const gate::Suite& suite,
                                         const std::vector<suites::GateTest>& tests);

struct TestGaps {
  std::vector<std::string> untested;  // gates without a test
  std::vector<std::string> unproven;  // gates whose counterexample turned red in none of their tests
};
TestGaps gaps_of(const gate::Suite& suite, const std::vector<TestOutcome>& outcomes);

}  // namespace exitgate::stages
