// What stands beside an archive and speaks of it, against the archive: attestation, SSH signature, verification summary
// and timestamp.
#pragma once

#include <filesystem>
#include <optional>

#include "harness/archive/claims.h"
#include "harness/attest/signing.h"

namespace exitgate::archive {

// Each adds its claim. What is there is looked at even when nobody asks, and told as "not asked"; a key, signers or an
// authority that were given make it a failure when it is not there.
void check_attestation(const Verified& verified, const std::optional<attest::Key>& key, Claims& claims);
void check_ssh_signature(const Verified& verified, const std::optional<std::filesystem::path>& signers,
                         Claims& claims);
void check_summary(const Verified& verified, const std::optional<attest::Key>& key, Claims& claims);
void check_timestamp(const Verified& verified, const std::optional<std::filesystem::path>& authority,
                     Claims& claims);

}  // namespace exitgate::archive
