// What is left in a run directory that looks like a secret in the clear.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/evidence/parts.h"

namespace exitgate::evidence {

// "logs/ctest.log: line 3: password in a URL", "facts/ci.db: ci.step.run, row 7: …": never the secret itself.
// Fact stores are read cell by cell. At most 100 lines. Throws Undecided for a file that cannot be read.
std::vector<std::string> scan(const std::filesystem::path& run, const std::vector<PayloadFile>& files);
std::vector<std::string> scan(const std::filesystem::path& run);  // every file

}  // namespace exitgate::evidence
