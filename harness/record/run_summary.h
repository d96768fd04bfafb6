// What a run directory says in short: which commit, which verdicts. For bag-info.txt, the attestation and
// comparisons.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace exitgate::record {

struct GateResult {
  std::string gate;
  std::string status;  // "pass", "fail", "skip", "error"; "" when the gate was not evaluated
  bool waived = false;
};

struct RunSummary {
  std::string id;  // run.json's
  std::string repository;
  std::string commit;
  std::string tree;
  std::string branch;      // "" when detached or unknown
  std::string remote;      // URL of origin, without credentials; "" when unknown
  std::string started_at;  // "2026-11-23T13:50:38Z"
  std::string outcome;
  std::vector<GateResult> gates;                                  // of suite/gates, sorted by name
  std::string suite_digest;                                       // SHA-256 over the manifest lines of suite/
  std::vector<std::pair<std::string, std::string>> fingerprints;  // snapshot → fingerprint

  std::size_t count(std::string_view status) const;
};

// Reads run.json, suite/, verdicts/ and, where they are, facts/repo.db and facts/schema.db. What is not there
// stays empty. Throws VerificationError when a document is damaged.
RunSummary summarize(const std::filesystem::path& run);

// Manifest lines ("<sha256>  suite/…") of every file under suite/, and their SHA-256: the suite's identity.
std::string suite_digest(const std::filesystem::path& suite);

}  // namespace exitgate::record
