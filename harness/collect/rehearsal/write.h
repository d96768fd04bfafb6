#pragma once

#include <filesystem>

#include "harness/collect/rehearsal/findings.h"

namespace exitgate::collect::rehearsal {

// Writes FOLDER/rehearsal.db. Throws Undecided when it cannot.
void write(const Findings& findings, const std::filesystem::path& folder);

}  // namespace exitgate::collect::rehearsal
