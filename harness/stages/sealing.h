// Sealing a run, for ctest's post-step and for `exitgate seal`.
#pragma once

#include <filesystem>
#include <string>

#include "harness/archive/seal.h"
#include "harness/record/run_directory.h"

namespace exitgate::stages {

// EXITGATE_KEY: a private key's file, for runs that sign what they seal. EXITGATE_KEY_PASSPHRASE: of an
// encrypted one.
inline constexpr const char* kKeyVariable = "EXITGATE_KEY";
inline constexpr const char* kPassphraseVariable = "EXITGATE_KEY_PASSPHRASE";

// Seals the run, with what its run.json says in the bag's info and every part that its gates needed required.
// `timestamp_url`: an RFC 3161 authority to ask for a timestamp; "" for none. Throws as archive::seal does.
archive::Sealed seal_run(const record::RunDirectory& run, const std::filesystem::path& archive,
                         const std::string& key, const std::string& timestamp_url = "", bool summary = false);

}  // namespace exitgate::stages
