// Keys that stay on a PKCS#11 token (smart card, HSM), where OpenSSL has no provider for them.
//
// OpenSSL's stores serve "pkcs11:" URIs (RFC 7512) once a provider does (pkcs11-provider). Debian 12 has
// none; it has libp11's engine "pkcs11", which reaches the modules that p11-kit knows or the one in PKCS11_MODULE_PATH.
#pragma once

#include <string>
#include <string_view>

#include "harness/attest/openssl.h"

namespace exitgate::attest {

bool is_pkcs11(std::string_view source);

// The URI as it may be shown: a PIN in it is masked.
std::string shown_source(std::string_view source);

// Never prompts; tries the PIN once. Throws UsageError: no engine, no such token or key, wrong PIN, a private
// key without its public one.
Pkey load_from_token(const std::string& uri, const std::string& pin, bool want_private);

}  // namespace exitgate::attest
