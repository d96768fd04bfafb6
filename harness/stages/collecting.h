// The collectors, run side by side.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/collect/checkout.h"

namespace exitgate::stages {

// "repo", "ci", "code", "migrations", "environment", "census".
std::vector<std::string> repository_domains();

// Writes FACTS/<domain>.db for each; RUN_ROOT takes the files that belong into the evidence bundle, "" for
// none. The first error of a collector is thrown when all have ended.
void collect_repository(const collect::Checkout& checkout, const std::vector<std::string>& domains,
                        const std::filesystem::path& facts, const std::filesystem::path& run_root);

void collect_live_database(const std::string& url, const std::string& snapshot,
                           const std::filesystem::path& facts);

}  // namespace exitgate::stages
