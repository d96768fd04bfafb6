// Checks that are not part of this program: executables that exitgate_add_check builds in another project, in folders that
// --checks names. Each says what it is (`CHECK --describe`), and is then known to the suite as one of our own is.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/check/check.h"
#include "harness/json/json.h"

namespace exitgate::gate {

// Makes every executable in these folders known to check::find_check(). A folder that was read before is not read again.
// Throws UsageError for a folder that is missing, and for an executable that does not describe a check of its own name,
// or one that has the name of another check.
void load_own_checks(const std::vector<std::string>& folders);

// The check that a description, as verdict::to_json() writes it, speaks of. Throws JsonError.
check::Check check_from_json(const Json& described);

// The executable of a check: where load_own_checks() found it, else in `checks`, the folder of this build's own.
std::filesystem::path executable_of(const std::string& check, const std::filesystem::path& checks);

}  // namespace exitgate::gate
