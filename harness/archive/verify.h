// Verifying an archive: offline, in one pass, unpacking nothing but what a question needs into a private folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/archive/bag.h"
#include "harness/archive/replay.h"
#include "harness/record/run_record.h"
#include "harness/verdict/verdict.h"

namespace exitgate::archive {

struct VerifyOptions {
  // Public key (or certificate): then the attestation must be signed with it.
  std::optional<std::string> key = std::nullopt;
  // A file of allowed signers: then the statement must be signed by one of its SSH keys.
  std::optional<std::filesystem::path> ssh_signers = std::nullopt;
  // CA certificates (PEM) of a time-stamping authority: then the attestation must have a timestamp of it.
  std::optional<std::filesystem::path> timestamp_ca = std::nullopt;
  std::optional<std::string> sha256 = std::nullopt;  // the archive's digest as known from elsewhere
  // A clone that must have the commit, the tree and its files.
  std::optional<std::filesystem::path> repo = std::nullopt;
  // The gates of a trusted suite, resolved: the archive's must be the same, since a gate could have been weakened.
  std::optional<std::vector<verdict::Gate>> suite = std::nullopt;
  // What the trusted suite asks the archive to hold, each as "<exit gate, gate or empty>: <path>"; looked at
  // with `suite`.
  std::vector<std::string> bundle = {};
  FindCheck replay = {};   // when given, every verdict is evaluated again
  std::string build = {};  // version of the checks: see replay()
  Limits limits = {};
};

struct Claim {
  enum Status { proven, not_asked, failed, undecided } status;
  std::string name;    // "framing", "checksums", "completeness", "documents", "record", "digest",
                       // "attestation", "repository", "suite", "replay"
  std::string detail;  // one line
};

std::string_view claim_status(Claim::Status status);  // "proven", "not asked", "failed", "undecided"

struct Verified {
  std::filesystem::path archive;
  std::string sha256;                    // "" when it could not be read to its end
  Info info;                             // bag-info.txt
  std::optional<record::RunRecord> run;  // run.json, when it could be read
  std::vector<Claim> claims;

  bool good() const;  // no claim failed
};

// Throws Undecided when the archive cannot be read at all, UsageError for its name or the key. Everything
// that is wrong with the archive is a failed claim.
Verified verify(const std::filesystem::path& archive, const VerifyOptions& options = {});

// "proven     checksums     31 files …", one line a claim, and a last line that says what it amounts to.
std::string render_text(const Verified& verified);
std::string render_json(const Verified& verified);

}  // namespace exitgate::archive
