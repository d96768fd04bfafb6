// What the files that call OpenSSL share. Not for other headers: it brings OpenSSL's own.
#pragma once

#include <openssl/err.h>
#include <openssl/evp.h>

#include <memory>
#include <string>

namespace exitgate::attest {

template <typename Type, void (*release)(Type*)>
struct Release {
  void operator()(Type* object) const { release(object); }
};
using Pkey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;

// The first error says what was wrong, the later ones who noticed. Clears them all.
inline std::string openssl_reason() {
  const unsigned long code = ERR_peek_error();
  const char* text = code != 0 ? ERR_reason_error_string(code) : nullptr;
  std::string reason = text != nullptr ? text : "unreadable";
  ERR_clear_error();
  return reason;
}

}  // namespace exitgate::attest
