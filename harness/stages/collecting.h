// The collectors, run side by side.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/collect/asked/collect.h"
#include "harness/collect/checkout.h"
#include "harness/record/run_directory.h"
#include "harness/verdict/verdict.h"

namespace exitgate::stages {

// "repo", "ci", "code", "migrations", "environment", "census", "asked".
std::vector<std::string> repository_domains();

// What those of the gates ask whose facts are collected because they ask (domain `asked`).
std::vector<collect::AskedRequest> asked_requests(const std::vector<verdict::Gate>& gates);
// Of the gates of a run, as its suite was resolved: RUN/suite/gates.
std::vector<collect::AskedRequest> asked_requests(const record::RunDirectory& run);

// Writes FACTS/<domain>.db for each, `asked` in asked.db where there are any; RUN_ROOT takes the files that belong into the evidence bundle, "" for
// none. The first error of a collector is thrown when all have ended.
void collect_repository(const collect::Checkout& checkout, const std::vector<std::string>& domains,
                        const std::filesystem::path& facts, const std::filesystem::path& run_root,
                        const std::vector<collect::AskedRequest>& asked = {});

void collect_live_database(const std::string& url, const std::string& snapshot,
                           const std::filesystem::path& facts);

}  // namespace exitgate::stages
