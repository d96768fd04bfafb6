// The identity of a suite: SHA-256 over the lines that `sha256sum` prints for the files of suite/, sorted by the bytes
// of their paths. Anyone computes it in a run directory or in an unpacked archive's data/:
//
//   find suite -type f | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum | sha256sum
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/digest/manifest.h"

namespace exitgate::record {

// Of the entries whose path begins with `root` and "suite/", which is "" in a run directory and "data/" in a bag's
// manifest; the rest is passed over. "" when there is none.
std::string suite_digest(const std::vector<digest::ManifestEntry>& files, const std::string& root = "");

// Of a run directory, as its files are now.
std::string suite_digest(const std::filesystem::path& run);

}  // namespace exitgate::record
