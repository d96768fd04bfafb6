// What the checks on Python's tests ask of the code facts.
#pragma once

#include <string>

#include "harness/check/check.h"

namespace exitgate::check {

// The conftest.py nearest to the root: where a fixture or a hook for all tests belongs. "" when there is none.
std::string test_configuration(const Facts& facts);

// Whether the commit holds Python tests at all, by the names that pytest collects by default.
bool has_python_tests(const Facts& facts);

// An undecided finding for each Python file that could not be read; `may` says what is unknown of it. True
// when there is one.
bool report_unread_code(const Facts& facts, Report& report, const std::string& may);

}  // namespace exitgate::check
