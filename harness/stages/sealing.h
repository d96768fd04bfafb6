// Sealing a run, for ctest's post-step and for `exitgate seal`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/archive/seal.h"
#include "harness/record/run_directory.h"
#include "harness/stages/bundle.h"

namespace exitgate::stages {

// EXITGATE_KEY: a private key's file, for runs that sign what they seal. EXITGATE_KEY_PASSPHRASE: of an encrypted one.
inline constexpr const char* kKeyVariable = "EXITGATE_KEY";
inline constexpr const char* kPassphraseVariable = "EXITGATE_KEY_PASSPHRASE";

// How a run is sealed, but for the archive's name and the key: every part that its gates needed is required, and so is
// every one that was asked for; files that look like a secret are withheld.
archive::SealOptions seal_options(const record::RunDirectory& run, const std::vector<std::string>& selected,
                                  const AskedParts& asked);

// Seals the run that run.json tells of. `timestamp_url`: an RFC 3161 authority to ask for a timestamp, "" for none;
// `assessment`: that of the run's end. Throws as archive::seal does.
archive::Sealed seal_run(const record::RunDirectory& run, const std::filesystem::path& archive,
                         const std::string& key, const std::string& timestamp_url = "", bool summary = false,
                         std::optional<archive::Assessment> assessment = std::nullopt);

}  // namespace exitgate::stages
