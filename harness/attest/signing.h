// Keys and signatures through OpenSSL: Ed25519, ECDSA (P-256, P-384; DER), RSA-PSS (SHA-256).
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace exitgate::attest {

class Key {
 public:
  // A PEM file (encrypted or not) or a URI that an OpenSSL store or provider understands ("pkcs11:…"). Never
  // prompts. Throws UsageError: not there, no private key, wrong passphrase, an algorithm that is not taken.
  static Key load_private(const std::string& source, const std::string& passphrase);
  // A PEM file with a public key, a certificate, or a private key.
  static Key load_public(const std::string& source);

  ~Key();
  Key(Key&&) noexcept;
  Key& operator=(Key&&) noexcept;
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;

  std::string sign(std::string_view message) const;
  bool verify(std::string_view message, std::string_view signature) const;
  // SHA-256 of the public key (SubjectPublicKeyInfo, DER), in hexadecimal digits.
  const std::string& id() const { return id_; }
  const std::string& algorithm() const { return algorithm_; }  // "Ed25519", "ECDSA P-256", "RSA-PSS 3072"

 private:
  struct State;
  explicit Key(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  std::string id_;
  std::string algorithm_;
};

std::string base64(std::string_view bytes);
// Throws VerificationError for anything but strict base64 of the standard alphabet.
std::string unbase64(std::string_view text, const std::string& name);

}  // namespace exitgate::attest
