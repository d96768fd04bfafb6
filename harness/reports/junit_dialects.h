// What differs between the writers of JUnit XML.
#pragma once

#include <string>

#include "harness/reports/xml.h"

namespace exitgate::reports {

// "pytest", "Surefire", "Jest", …; "" when it cannot be told. `root`: <testsuites> or <testsuite>.
std::string junit_dialect(const pugi::xml_node& root);

// Catch2 and doctest count assertions where others count tests.
bool counts_assertions(const std::string& dialect);

}  // namespace exitgate::reports
