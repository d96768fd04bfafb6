// The files that may stand beside an archive: its attestations. Their names are the archive's with an ending.
#pragma once

#include <array>
#include <string_view>

namespace exitgate::evidence {

struct Companion {
  std::string_view ending;
  std::string_view media_type;  // in an OCI artifact
};

inline constexpr std::array<Companion, 6> kCompanions = {{
    {".intoto.json", "application/vnd.dsse.envelope.v1+json"},
    {".intoto.json.tsr", "application/timestamp-reply"},
    {".statement.json", "application/vnd.in-toto+json"},
    {".statement.json.sig", "application/vnd.exitgate.ssh-signature.v1"},
    {".statement.json.tsr", "application/timestamp-reply"},
    {".vsa.intoto.json", "application/vnd.dsse.envelope.v1+json"},
}};

}  // namespace exitgate::evidence
