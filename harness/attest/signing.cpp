#include "harness/attest/signing.h"

#include <fmt/core.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "harness/attest/openssl.h"
#include "harness/attest/pkcs11.h"
#include "harness/base/error.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"

namespace exitgate::attest {

namespace {

using Context = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX, EVP_MD_CTX_free>>;

int give_passphrase(char* buffer, int size, int /*writing*/, void* given) {
  const auto& passphrase = *static_cast<const std::string*>(given);
  if (passphrase.empty() || passphrase.size() > static_cast<std::size_t>(size)) return -1;
  std::copy(passphrase.begin(), passphrase.end(), buffer);
  return static_cast<int>(passphrase.size());
}

// Keys through OpenSSL's stores: files of every kind it reads, and what providers add (PKCS#11, TPM); PKCS#11
// also through an engine.
Pkey load(const std::string& source, std::string passphrase, bool want_private) {
  ERR_clear_error();
  const std::unique_ptr<UI_METHOD, Release<UI_METHOD, UI_destroy_method>> asking(
      UI_UTIL_wrap_read_pem_callback(give_passphrase, 0));
  OSSL_STORE_CTX* store = OSSL_STORE_open(source.c_str(), asking.get(), &passphrase, nullptr, nullptr);
  if (store == nullptr && is_pkcs11(source)) return load_from_token(source, passphrase, want_private);
  if (store == nullptr) {
    const bool missing = source.find(':') == std::string::npos && !std::filesystem::exists(source);
    const std::string why = openssl_reason();
    throw UsageError(
        fmt::format("cannot open the key {}: {}", source, missing ? "there is no such file" : why),
        "give a PEM file, or a URI that an OpenSSL provider knows");
  }
  Pkey found;
  while (!found && OSSL_STORE_eof(store) == 0) {
    OSSL_STORE_INFO* info = OSSL_STORE_load(store);
    if (info == nullptr) {
      if (OSSL_STORE_error(store) != 0) break;
      continue;
    }
    const int type = OSSL_STORE_INFO_get_type(info);
    if (type == OSSL_STORE_INFO_PKEY) found.reset(OSSL_STORE_INFO_get1_PKEY(info));
    if (!want_private && type == OSSL_STORE_INFO_PUBKEY) found.reset(OSSL_STORE_INFO_get1_PUBKEY(info));
    if (!want_private && type == OSSL_STORE_INFO_CERT) {
      found.reset(X509_get_pubkey(OSSL_STORE_INFO_get0_CERT(info)));
    }
    OSSL_STORE_INFO_free(info);
  }
  OSSL_STORE_close(store);
  if (!found) {
    const std::string why = openssl_reason();
    throw UsageError(
        fmt::format("{} holds no {} key that could be read: {}", shown_source(source),
                    want_private ? "private" : "public", why),
        want_private ? "for an encrypted key, give its passphrase in EXITGATE_KEY_PASSPHRASE" : "");
  }
  ERR_clear_error();
  return found;
}

// A token may hold a private key alone, and what is told of the public one is then nothing, or empty.
[[noreturn]] void throw_incomplete(const std::string& why) {
  throw UsageError(fmt::format("the key does not come with its public key: {}", why),
                   "write the public key to the token too, with the same id and label");
}

std::string public_der(EVP_PKEY* key) {
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key, &bytes);
  if (size <= 0) throw_incomplete(openssl_reason());
  std::string der(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  return der;
}

std::string curve(EVP_PKEY* key) {
  char name[64] = {};
  std::size_t size = 0;
  EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, &size);
  return name;
}

}  // namespace

struct Key::State {
  Pkey key;
  const EVP_MD* digest = nullptr;
  bool pss = false;

  void prepare(EVP_PKEY_CTX* context) const {
    if (!pss) return;
    if (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1) {
      throw Undecided(fmt::format("RSA-PSS: {}", openssl_reason()));
    }
  }
};

Key::Key(std::unique_ptr<State> state) : state_(std::move(state)) {
  EVP_PKEY* const key = state_->key.get();
  id_ = digest::sha256_hex(public_der(key));
  const int type = EVP_PKEY_get_base_id(key);
  if (type == EVP_PKEY_ED25519) {
    algorithm_ = "Ed25519";
  } else if (type == EVP_PKEY_EC && curve(key) == "prime256v1") {
    algorithm_ = "ECDSA P-256";
    state_->digest = EVP_sha256();
  } else if (type == EVP_PKEY_EC && curve(key) == "secp384r1") {
    algorithm_ = "ECDSA P-384";
    state_->digest = EVP_sha384();
  } else if ((type == EVP_PKEY_RSA || type == EVP_PKEY_RSA_PSS) && EVP_PKEY_get_bits(key) >= 2048) {
    algorithm_ = fmt::format("RSA-PSS {}", EVP_PKEY_get_bits(key));
    state_->digest = EVP_sha256();
    state_->pss = true;
  } else {
    throw UsageError("the key is of a kind that is not taken",
                     "take Ed25519, ECDSA P-256 or P-384, or RSA of at least 2048 bits");
  }
}

Key::~Key() = default;
Key::Key(Key&&) noexcept = default;
Key& Key::operator=(Key&&) noexcept = default;

Key Key::load_private(const std::string& source, const std::string& passphrase) {
  auto state = std::make_unique<State>();
  state->key = load(source, passphrase, true);
  Key key(std::move(state));
  if (is_pkcs11(source) && !key.verify("exitgate", key.sign("exitgate"))) throw_incomplete("it is empty");
  return key;
}

Key Key::load_public(const std::string& source) {
  auto state = std::make_unique<State>();
  state->key = load(source, "", false);
  return Key(std::move(state));
}

std::string Key::sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
  if (EVP_DigestSignInit(context.get(), &parameters, state_->digest, nullptr, state_->key.get()) != 1) {
    throw UsageError(fmt::format("this key cannot sign: {}", openssl_reason()), "give the private key");
  }
  state_->prepare(parameters);
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) != 1) {
    throw Undecided(fmt::format("cannot sign: {}", openssl_reason()));
  }
  std::string signature(size, '\0');
  if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                     message.size()) != 1) {
    throw UsageError(fmt::format("this key cannot sign: {}", openssl_reason()), "give the private key");
  }
  signature.resize(size);
  return signature;
}

bool Key::verify(std::string_view message, std::string_view signature) const {
  const Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &parameters, state_->digest, nullptr, state_->key.get()) != 1) {
    throw Undecided(fmt::format("cannot verify with this key: {}", openssl_reason()));
  }
  state_->prepare(parameters);
  const int verified = EVP_DigestVerify(
      context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
      reinterpret_cast<const unsigned char*>(message.data()), message.size());
  ERR_clear_error();
  return verified == 1;
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string unbase64(std::string_view text, const std::string& name) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) throw VerificationError(fmt::format("{} is not base64", name));
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  // OpenSSL takes line breaks and other spellings of the same bytes.
  if (base64(bytes) != text) throw VerificationError(fmt::format("{} is not base64", name));
  return bytes;
}

}  // namespace exitgate::attest
