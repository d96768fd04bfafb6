#include "harness/collect/repo/signature.h"

#include <fmt/core.h>

#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::collect::repo {

using facts::repo::SignatureKind;
using facts::repo::SignatureStatus;

namespace {

// A status that nothing has decided yet.
constexpr SignatureStatus kOpen{};

// Key servers and smart cards may keep gpg waiting for ever.
constexpr std::chrono::seconds kLimit(5);

// Status lines of gpg and gpgsm (doc/DETAILS in GnuPG), the first that decides.
struct Decides {
  std::string_view keyword;
  SignatureStatus status;
};
constexpr Decides kDecides[] = {
    {"BADSIG", SignatureStatus::bad},
    {"REVKEYSIG", SignatureStatus::revoked},
    {"EXPKEYSIG", SignatureStatus::expired},
    {"EXPSIG", SignatureStatus::expired},
    {"NO_PUBKEY", SignatureStatus::unknown_key},
    {"GOODSIG", SignatureStatus::good},
};

Signature parse_gnupg(std::string_view said) {
  constexpr std::string_view kStatus = "[GNUPG:] ";
  Signature signature{};
  for (const auto& line : split(said, '\n')) {
    if (line.rfind(kStatus, 0) != 0) continue;
    const auto fields = split(line.substr(kStatus.size()), ' ');
    if (fields[0] == "VALIDSIG" && fields.size() > 1) signature.key = fields[1];
    for (const auto& [keyword, status] : kDecides) {
      if (fields[0] != keyword || signature.status != kOpen) continue;
      signature.status = status;
      if (fields.size() > 1 && !signature.key) signature.key = fields[1];
      const std::size_t name = line.find(' ', kStatus.size() + keyword.size() + 1);
      if (name != std::string::npos) signature.signer = line.substr(name + 1);
    }
  }
  return signature;
}

Signature parse_ssh(std::string_view said) {
  constexpr std::string_view kGood = "Good \"git\" signature ";
  Signature signature{};
  if (said.find("incorrect signature") != std::string_view::npos) signature.status = SignatureStatus::bad;
  for (const auto& line : split(said, '\n')) {
    if (line.rfind(kGood, 0) != 0) continue;
    // "for a@example.org with ED25519 key SHA256:…", or without "for" when no allowed signer has the key
    std::string_view rest = std::string_view(line).substr(kGood.size());
    const std::size_t with = rest.find("with ");
    const std::size_t key = rest.rfind("key ");
    if (key != std::string_view::npos) signature.key = std::string(rest.substr(key + 4));
    if (rest.rfind("for ", 0) == 0 && with != std::string_view::npos && with > 4) {
      signature.signer = std::string(trim(rest.substr(4, with - 4)));
    }
    if (signature.status == kOpen)
      signature.status = signature.signer ? SignatureStatus::good : SignatureStatus::unknown_key;
  }
  return signature;
}

}  // namespace

SignatureKind signature_kind(std::string_view header_value) {
  if (header_value.rfind("-----BEGIN SSH SIGNATURE", 0) == 0) return SignatureKind::ssh;
  if (header_value.rfind("-----BEGIN SIGNED MESSAGE", 0) == 0) return SignatureKind::x509;
  if (header_value.rfind("-----BEGIN PGP", 0) == 0) return SignatureKind::openpgp;
  return SignatureKind::empty;
}

Signature parse_verification(SignatureKind kind, std::string_view said, bool succeeded) {
  Signature signature = kind == SignatureKind::ssh ? parse_ssh(said) : parse_gnupg(said);
  signature.kind = kind;
  // Good is what both the program and git call good.
  if (signature.status == kOpen || (signature.status == SignatureStatus::good) != succeeded)
    signature.status = SignatureStatus::undecided;
  if (signature.status != SignatureStatus::good) {
    const std::string_view text = trim(said);
    signature.reason = std::string(text.substr(0, text.find('\n')));
  }
  return signature;
}

Signature read_signature(const git::Repository& repository, const std::string& commit, SignatureKind kind) {
  try {
    const auto finished = repository.run({"verify-commit", "--raw", commit}, kLimit);
    auto signature = parse_verification(kind, finished.error, finished.ok());
    if (finished.timed_out) signature.reason = fmt::format("git verify-commit: {}", finished.outcome());
    return signature;
  } catch (const std::exception& error) {
    return {kind, SignatureStatus::undecided, std::nullopt, std::nullopt, error.what()};
  }
}

}  // namespace exitgate::collect::repo
