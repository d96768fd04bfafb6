// What the gates about tests have in common: the domain `tests`.
#pragma once

#include <string>

#include "harness/check/check.h"
#include "harness/facts/tables/tests.h"

namespace exitgate::check {

// "out/junit.xml", or "out/junit.xml (brought)": a report that this run did not make is always said to be brought.
std::string shown(const tests::Report& report);

// Whether a report tells of tests, and whether of coverage. One of no known format may be either.
bool tells_of_tests(const tests::Report& report);
bool tells_of_coverage(const tests::Report& report);

// "CartTest > adds", the name alone where there is no class.
std::string shown(const tests::TestCase& test);

// Skips with what to write, when no report of tests is declared; true then. Names what shows that there are tests.
bool skip_without_test_reports(const Facts& facts, Report& report);

}  // namespace exitgate::check
