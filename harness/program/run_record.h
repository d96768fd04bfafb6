// run.json and the run directory's members.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "harness/check/run_directory.h"

namespace exitgate::program {

// All that a run writes, and all that is ever removed from a run directory.
inline constexpr std::array<std::string_view, 12> kMembers = {
    "run.json",    "suite", "facts",       "verdicts",  "schema",      "migrations",
    "environment", "logs",  "EVIDENCE.md", "junit.xml", "report.html", "results.sarif"};

// Empties the run directory of what an earlier run left. A folder with such names that no run made is
// refused.
void clear_run(const RunDirectory& run);

// Throws Undecided when there is no run.json or it cannot be read.
nlohmann::json read_record(const RunDirectory& run);

}  // namespace exitgate::program
