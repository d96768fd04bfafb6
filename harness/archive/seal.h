// Sealing a run: its directory becomes a BagIt bag in one archive, the same bytes for the same directory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/archive/assessment.h"
#include "harness/archive/bag.h"
#include "harness/base/error.h"
#include "harness/record/outcome.h"
#include "harness/record/parts.h"

namespace exitgate::archive {

struct SealOptions {
  std::filesystem::path run;      // becomes data/ as it is
  std::filesystem::path archive;  // ….tar.zst, ….tar.gz or ….zip
  // A PEM private key, or a provider's URI: then the attestation is signed and stands beside the archive. An
  // SSH key (attest/ssh.h) signs the statement as it is: "<archive>.statement.json.sig".
  std::optional<std::string> key = std::nullopt;
  std::string key_passphrase = "";
  // URL of a time-stamping authority (RFC 3161): its answer is kept as "<attestation>.tsr".
  std::optional<std::string> timestamp_url = std::nullopt;
  // Whether a SLSA verification summary (attest/verification_summary.h), signed by the same PEM key, stands beside it too.
  bool summary = false;
  // Names at the top of the run directory that are packed, as far as they are there; empty: everything.
  std::vector<std::string> members = {};
  // Lines of bag-info.txt besides those that seal writes itself ("Exitgate-Not-Run", "EG-CG1.retention"); one that
  // seal writes itself too is left out.
  Info info = {};
  std::vector<record::Required> required = {"run.json", "EVIDENCE.md", "junit.xml", "suite/gates/*",
                                            "facts/*.db"};
  // What looks like a secret in the clear: nothing is sealed; the files that hold it are left out of the
  // archive, which says so among its problems; or it is not looked for.
  enum Secrets { stop_at_secrets, withhold_secrets, ignore_secrets } secrets = stop_at_secrets;
  // False alarms that a person answers for, each as "<path>:<kind>".
  std::vector<std::string> accepted = {};
  // What assess() said of the run before its outcome was decided, so that nothing is read twice.
  std::optional<Assessment> assessment = std::nullopt;
  std::string agent = "Exitgate";  // Bag-Software-Agent, with its version
  int threads = 2;                 // changes no byte
};

struct Sealed {
  std::filesystem::path archive;
  std::string sha256;
  std::uint64_t bytes = 0;          // of the archive
  std::size_t files = 0;            // of the payload
  std::filesystem::path statement;  // the envelope, or without a key the unsigned statement
  bool is_signed = false;
  bool is_timestamped = false;
  std::vector<std::string> problems;  // what makes the evidence incomplete: also in bag-info.txt
  record::Outcome outcome = record::Outcome::unfinished;  // with these problems: also in bag-info.txt
};

// The archive is sealed, says so in its bag-info.txt, and is incomplete: parts are missing or empty, a part
// is not the file that its stage wrote, or something recognisable as a secret is left.
class Incomplete : public Undecided {
 public:
  Incomplete(const std::string& message, Sealed of) : Undecided(message), sealed(std::move(of)) {}
  Sealed sealed;
};

// Packs under a temporary name beside the archive, reads that back and verifies it, syncs it and gives it its
// name: the final name holds a valid archive or what it held before. Throws Incomplete after sealing;
// Undecided when nothing was sealed (unreadable file, disk full, a name that BagIt cannot carry, a link);
// UsageError for the key or the name.
Sealed seal(const SealOptions& options);

}  // namespace exitgate::archive
