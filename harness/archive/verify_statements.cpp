#include "harness/archive/verify_statements.h"

#include <fmt/core.h>

#include "harness/attest/attestation.h"
#include "harness/attest/sidecars.h"
#include "harness/attest/ssh.h"
#include "harness/attest/timestamp.h"
#include "harness/attest/verification_summary.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestAttestation = 16U << 20;

std::string read_bounded(const fs::path& path) {
  if (fs::file_size(path) > kLargestAttestation)
    throw VerificationError(fmt::format("{} is too large for an attestation", path.filename().string()));
  return read_file(path);
}

// A statement never says better of the run than the archive does. Worse it may say where `may_be_worse`: a run of a
// part of the suite passes and verifies nothing, and archives of version 1 did not count what was missing.
void check_result(const std::string& result, const Verified& verified, bool may_be_worse) {
  const std::string outcome = info_value(verified.info, "Exitgate-Outcome");
  if (result == "FAILED" && (may_be_worse || outcome != "pass")) return;
  if (result == "FAILED" || (!outcome.empty() && outcome != "pass"))
    throw VerificationError(fmt::format("it says {}, and the run's outcome is {}", result, outcome));
  const std::string missing = info_value(verified.info, "Exitgate-Incomplete");
  if (!missing.empty())
    throw VerificationError(fmt::format("it says {}, and the archive lacks {}", result, missing));
}

void check_suite_digest(const std::string& named, const Verified& verified) {
  const std::string told = info_value(verified.info, "Exitgate-Suite");
  if (named != told)
    throw VerificationError(
        fmt::format("it names the suite digest {}, the archive's bag-info.txt {}", named, told));
}

// What the attestation says, against the archive as it is.
void check_statement(const attest::Attestation& attestation, const Verified& verified) {
  if (attestation.sha256 != verified.sha256) {
    throw VerificationError(fmt::format("it is about another archive (SHA-256 {})", attestation.sha256));
  }
  const std::string commit = info_value(verified.info, "Exitgate-Commit");
  const std::string tree = info_value(verified.info, "Exitgate-Tree");
  if (attestation.commit != commit || attestation.tree != tree) {
    throw VerificationError(
        fmt::format("it names commit {} with tree {}, the archive's bag-info.txt {} with {}",
                    attestation.commit, attestation.tree, commit, tree));
  }
  check_suite_digest(attestation.suite_digest, verified);
  check_result(attestation.result, verified, !verified.run || verified.run->version < 2);
}

}  // namespace

void check_attestation(const Verified& verified, const std::optional<attest::Key>& key, Claims& claims) {
  constexpr const char* kName = "attestation";
  const fs::path envelope = attest::envelope_path(verified.archive);
  const fs::path statement = attest::statement_path(verified.archive);
  try {
    if (!fs::exists(envelope)) {
      if (key) {
        claims.failed(kName,
                      fmt::format("a key was given, and there is no {}", envelope.filename().string()));
      } else if (fs::exists(statement)) {
        check_statement(attest::read_statement(trim(read_bounded(statement))), verified);
        claims.not_asked(kName, fs::exists(attest::ssh_signature_path(verified.archive))
                                    ? "a statement names this archive; an SSH key signed it"
                                    : "an unsigned statement names this archive; nobody signed it");
      } else {
        claims.not_asked(kName, "no key was given, and no attestation stands beside the archive");
      }
      return;
    }
    const std::string text = read_bounded(envelope);
    const attest::Attestation attestation = attest::read_envelope(text);
    check_statement(attestation, verified);
    if (!key) {
      claims.not_asked(kName, fmt::format("signed by key {}, and no key was given to verify it with",
                                          attestation.key_id.substr(0, 16)));
      return;
    }
    if (!key->verify(attest::pre_authentication(attest::kPayloadType, attestation.payload),
                     attestation.signature)) {
      throw VerificationError(
          attestation.key_id == key->id()
              ? std::string("the signature is wrong: the statement or the signature was changed")
              : fmt::format("it is signed by another key ({}) than the one given ({})",
                            attestation.key_id.substr(0, 16), key->id().substr(0, 16)));
    }
    if (attestation.key_id != key->id())
      throw VerificationError("its keyid is not that of the key that signed it");
    if (attest::render_envelope(attestation) != text) {
      throw VerificationError(
          "the envelope around the signed statement was changed: it is not as seal writes it");
    }
    claims.proven(
        kName, fmt::format("{} signature by key {} over this archive, commit {}, result {}", key->algorithm(),
                           key->id().substr(0, 16), attestation.commit.substr(0, 12), attestation.result));
  } catch (const VerificationError& problem) {
    claims.failed(kName, problem.what());
  }
}

// An SSH signature over the statement; said to be there even when nobody asks.
void check_ssh_signature(const Verified& verified, const std::optional<fs::path>& signers, Claims& claims) {
  constexpr const char* kName = "ssh-signature";
  const fs::path statement = attest::statement_path(verified.archive);
  const fs::path signature = attest::ssh_signature_path(verified.archive);
  try {
    const bool there = fs::exists(statement) && fs::exists(signature);
    if (!there && !signers) return;
    if (!there) {
      claims.failed(kName,
                    fmt::format("signers were given, and there is no {}", signature.filename().string()));
      return;
    }
    const std::string text = read_bounded(statement);
    const attest::Attestation attestation = attest::read_statement(trim(text));
    check_statement(attestation, verified);
    if (!signers) {
      claims.not_asked(kName, "there is one, and no allowed signers were given to verify it with");
      return;
    }
    const std::string who = attest::ssh_verify(*signers, signature, text);
    claims.proven(kName, fmt::format("signed by {} over this archive, commit {}, result {}", who,
                                     attestation.commit.substr(0, 12), attestation.result));
  } catch (const VerificationError& problem) {
    claims.failed(kName, problem.what());
  }
}

// A verification summary: said to be there even when no key was given.
void check_summary(const Verified& verified, const std::optional<attest::Key>& key, Claims& claims) {
  constexpr const char* kName = "summary";
  const fs::path path = attest::summary_path(verified.archive);
  if (!fs::exists(path)) return;
  try {
    const std::string text = read_bounded(path);
    const attest::Attestation envelope = attest::open_envelope(text);
    const attest::VerificationSummary summary = attest::read_summary_statement(envelope.payload);
    if (summary.archive_sha256 != verified.sha256)
      throw VerificationError(
          fmt::format("it is about another archive (SHA-256 {})", summary.archive_sha256));
    if (const auto commit = info_value(verified.info, "Exitgate-Commit"); summary.commit != commit)
      throw VerificationError(
          fmt::format("it names commit {}, the archive's bag-info.txt {}", summary.commit, commit));
    check_suite_digest(summary.suite_digest, verified);
    if (!key) {
      check_result(summary.result, verified, true);
      claims.not_asked(kName, "there is a SLSA verification summary, and no key was given to verify it with");
      return;
    }
    if (!key->verify(attest::pre_authentication(attest::kPayloadType, envelope.payload),
                     envelope.signature) ||
        attest::render_envelope(envelope) != text || envelope.key_id != key->id()) {
      throw VerificationError("it is not signed by the key that was given, or was changed");
    }
    check_result(summary.result, verified, true);
    claims.proven(kName, fmt::format("SLSA verification summary of commit {} by the same key, {}",
                                     summary.commit.substr(0, 12), summary.result));
  } catch (const VerificationError& problem) {
    claims.failed(kName, problem.what());
  }
}

// A timestamp over the attestation; said to be there even when nobody asks.
void check_timestamp(const Verified& verified, const std::optional<fs::path>& ca, Claims& claims) {
  constexpr const char* kName = "timestamp";
  const fs::path envelope = attest::envelope_path(verified.archive);
  const fs::path attestation = fs::exists(envelope) ? envelope : attest::statement_path(verified.archive);
  const fs::path answer = attest::timestamp_path(attestation);
  try {
    const bool there = fs::exists(attestation) && fs::exists(answer);
    if (!there && !ca) return;
    if (!there) {
      claims.failed(kName,
                    fmt::format("an authority was given, and there is no {}", answer.filename().string()));
      return;
    }
    const std::string text = read_bounded(attestation);
    check_statement(fs::exists(envelope) ? attest::read_envelope(text) : attest::read_statement(trim(text)),
                    verified);
    if (!ca) {
      claims.not_asked(kName, "there is one, and no authority's certificates were given to verify it with");
      return;
    }
    const attest::Timestamp timestamp = attest::verify_timestamp(read_bounded(answer), text, *ca);
    claims.proven(kName,
                  fmt::format("the attestation existed at {}, says {}", timestamp.time, timestamp.authority));
  } catch (const VerificationError& problem) {
    claims.failed(kName, problem.what());
  }
}

}  // namespace exitgate::archive
