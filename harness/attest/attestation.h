// The attestation beside an archive: an in-toto Statement v1 with the test-result predicate, in a DSSE
// envelope with one signature. https://in-toto.io/attestation/test-result/v0.1,
// https://github.com/secure-systems-lab/dsse
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/attest/signing.h"
#include "harness/record/run_summary.h"

namespace exitgate::attest {

inline constexpr std::string_view kPayloadType = "application/vnd.in-toto+json";

// What the run's outcome is in a statement: "PASSED", "WARNED" for a pass that stands on waivers, else "FAILED".
std::string result_of(const record::RunSummary& run);

// The statement, as one line of JSON. Configuration: the commit and tree, the suite's digest, each snapshot's
// fingerprint. passedTests: pass; warnedTests: passes on waivers and skips; failedTests: fail and error.
std::string render_statement(const record::RunSummary& run, std::string_view archive_name,
                             std::string_view archive_sha256);

// What is signed: "DSSEv1 <type's length> <type> <payload's length> <payload>".
std::string pre_authentication(std::string_view type, std::string_view payload);

std::string render_envelope(std::string_view statement, const Key& key);

// What an attestation says, its form checked and its signature not.
struct Attestation {
  std::string payload;  // the statement's text
  std::string key_id;   // "" in an unsigned statement
  std::string signature;
  std::string subject;  // the archive's name
  std::string sha256;   // of the archive
  std::string commit;
  std::string tree;
  std::string suite_digest;  // "" when the statement names none
  std::string result;
};

// The one text of an envelope that was read.
std::string render_envelope(const Attestation& attestation);

// The envelope alone, whatever statement it holds: payload, key_id and signature. Throws VerificationError.
Attestation open_envelope(std::string_view envelope);

// Throws VerificationError for anything but one statement with one signature, over one subject.
Attestation read_envelope(std::string_view envelope);
Attestation read_statement(std::string_view statement);

}  // namespace exitgate::attest
