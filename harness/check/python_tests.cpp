#include "harness/check/python_tests.h"

#include <fmt/core.h>

#include "harness/facts/tables/code.h"

namespace exitgate::check {

std::string test_configuration(const Facts& facts) {
  return facts
      .text(
          "SELECT file FROM code.file WHERE file = 'conftest.py' OR file GLOB '*/conftest.py' "
          "ORDER BY length(file), file")
      .value_or("");
}

bool has_python_tests(const Facts& facts) {
  return facts
             .integer(
                 "SELECT EXISTS (SELECT 1 FROM code.fixture) OR EXISTS (SELECT 1 FROM code.file WHERE "
                 "file GLOB 'test_*.py' OR file GLOB '*/test_*.py' OR file GLOB '*_test.py' OR "
                 "file = 'conftest.py' OR file GLOB '*/conftest.py')")
             .value_or(0) != 0;
}

bool report_unread_code(const Facts& facts, Report& report, const std::string& may) {
  bool any = false;
  for (const code::Problem& problem : facts.rows<code::Problem>("WHERE file GLOB '*.py' ORDER BY file")) {
    any = true;
    report.undecided({problem.file, problem.file, 0,
                      fmt::format("cannot be read ({}): {}", problem.reason, may), "fix the file"});
  }
  return any;
}

}  // namespace exitgate::check
