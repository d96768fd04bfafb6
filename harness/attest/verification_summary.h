// The SLSA verification summary (VSA, https://slsa.dev/verification_summary/v1) beside an archive: the commit
// was verified by this suite, with this archive as the input. For policy engines that know VSAs; the
// test-result attestation says more.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/record/run_summary.h"

namespace exitgate::attest {

// "<archive>.vsa.intoto.json"
std::filesystem::path summary_path(const std::filesystem::path& archive);

// An in-toto Statement v1 over the commit, as one line of JSON. verifiedLevels names the exit gates that are
// green as a whole ("EXITGATE_EG-CG1"); the result is PASSED only when the run's outcome is pass and every gate of the
// suite was evaluated.
std::string render_summary_statement(const record::RunSummary& run, std::string_view agent,
                                     std::string_view archive_name, std::string_view archive_sha256);

struct VerificationSummary {
  std::string commit;
  std::string suite_digest;  // of the policy
  std::string archive_sha256;
  std::string result;  // "PASSED" or "FAILED"
};

// Throws VerificationError for another statement.
VerificationSummary read_summary_statement(std::string_view statement);

}  // namespace exitgate::attest
