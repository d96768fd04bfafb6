// Archives in a registry that speaks OCI distribution, so that retention and access are the registry's. The
// registry is talked to by skopeo; logins are its own (`skopeo login`, or an auth file).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace exitgate::registry {

struct RegistryOptions {
  bool insecure = false;  // plain HTTP, or a certificate that nobody vouches for
  std::optional<std::filesystem::path> auth_file = {};  // default: skopeo's own
};

struct Stored {
  std::string reference;           // "registry.example/evidence:service-…"
  std::string digest;              // "sha256:…" of the manifest: names exactly these bytes, for ever
  std::vector<std::string> files;  // names, the archive first
};

// Pushes an archive and what stands beside it. A reference without a tag takes the archive's name for one.
// Throws VerificationError when the archive is damaged or its attestation is about another one, UsageError for the
// reference, Undecided for what the registry says.
Stored push(const std::filesystem::path& archive, const std::string& reference,
            const RegistryOptions& options = {});

// Pulls an artifact into `folder`, by tag or by digest. Every file is compared with the digest that the
// manifest gives, the archive read through, and only then anything gets its name; a file of that name with
// other content is not overwritten. Throws VerificationError for what is not evidence or not what its digest says.
Stored pull(const std::string& reference, const std::filesystem::path& folder,
            const RegistryOptions& options = {});

}  // namespace exitgate::registry
