// The files that may stand beside an archive: its attestations. Their names are the archive's with an ending.
#pragma once

#include <array>
#include <filesystem>
#include <string_view>

namespace exitgate::attest {

struct Sidecar {
  std::string_view ending;
  std::string_view media_type;  // in an OCI artifact
};

inline constexpr std::array<Sidecar, 6> kSidecars = {{
    {".intoto.json", "application/vnd.dsse.envelope.v1+json"},
    {".intoto.json.tsr", "application/timestamp-reply"},
    {".statement.json", "application/vnd.in-toto+json"},
    {".statement.json.sig", "application/vnd.exitgate.ssh-signature.v1"},
    {".statement.json.tsr", "application/timestamp-reply"},
    {".vsa.intoto.json", "application/vnd.dsse.envelope.v1+json"},
}};

// Where the attestation of an archive stands: "<archive>.intoto.json" when signed, "<archive>.statement.json" when not.
std::filesystem::path envelope_path(const std::filesystem::path& archive);
std::filesystem::path statement_path(const std::filesystem::path& archive);

}  // namespace exitgate::attest
