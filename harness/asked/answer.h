// What was collected for one gate, as its check reads it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::asked {

// At most so many rows of one gate are kept in each table. Those that make it red come first.
inline constexpr std::size_t kMostRows = 10'000;

struct Answer {
  std::int64_t examined = 0;  // files
  std::int64_t found = 0;     // rows that there are, kept or not
};

// Throws Undecided when nothing was collected for the gate, or when `table` (match, path, value) holds other rows of it than
// were found. What could not be looked at is reported as undecided, and what was left out as a note.
Answer read_answer(const check::Facts& facts, const check::Parameters& with, const char* table,
                   check::Report& report);

// Says how many files were examined. Without one the verdict is an error, or a skip where the parameter `skip-when-empty` says so.
void report_examined(std::int64_t count, const std::string& nothing, const check::Parameters& with,
                     check::Report& report);

// Says how many rows were found and are not kept.
void report_left_out(const Answer& answer, check::Report& report);

// The parameters that all of these checks take: `files`, `except`, `message`, `skip-when-empty`.
std::vector<check::Parameter> with_common_parameters(std::vector<check::Parameter> own);

}  // namespace exitgate::asked
