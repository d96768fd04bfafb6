// Double entry: what a gate has read is compared with a census made by other means (harness/facts/tables/census.sql). A
// hole in a collector leaves rows out that the census knows of; the gates that read such a table are undecided then,
// each with the place, and never green by accident.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::census {

// The domains that a gate's facts are opened with: `domains`, and the census where there is one in `folder` and any of
// them is the repository's.
std::vector<std::string> with_census(const std::filesystem::path& folder, std::vector<std::string> domains);

// Runs the check, then adds to its report what the tables that it has read lack, as undecided: a hit of a text search
// that is neither a row nor explained, and a table that does not have as many rows as were counted otherwise. What the
// facts themselves call unreadable, file by file, is not missed a second time.
void run_check(const check::Check& check, const check::Facts& facts, const check::Parameters& with,
               check::Report& report);

// The second half of it, for tables named as "ci.artifact".
void reconcile(const check::Facts& facts, const std::vector<std::string>& tables, check::Report& report);

}  // namespace exitgate::census
