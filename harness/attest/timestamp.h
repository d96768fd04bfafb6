// RFC 3161 timestamps: an authority says that the attestation existed at a time. Kept beside it, verified offline.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace exitgate::attest {

// The DER of a request for `content` (its SHA-256), with a nonce, asking for the authority's certificate.
std::string timestamp_request(std::string_view content);

// Sends the request to the authority's URL by curl and returns the DER of its answer, which was granted and
// is about `content` and to this very request (its nonce). Throws Undecided with curl's or the authority's words; the
// URL's credentials are not among them.
std::string fetch_timestamp(const std::string& url, std::string_view content);

struct Timestamp {
  std::string time;       // "2026-11-23T14:45:09Z"
  std::string authority;  // subject of the signing certificate
};

// Checks that the answer is about `content` and signed by an authority whose certificate leads to one in
// `ca_file` (PEM). The certificates are judged at the time of the stamp, since archives outlive them. Throws
// VerificationError, and UsageError when the file holds no certificate.
Timestamp verify_timestamp(std::string_view answer, std::string_view content,
                           const std::filesystem::path& ca_file);

// "<attestation>.tsr"
std::filesystem::path timestamp_path(const std::filesystem::path& attestation);

}  // namespace exitgate::attest
