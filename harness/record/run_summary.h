// What a run directory says in short: which commit, which verdicts, what it amounts to. For bag-info.txt, the
// attestation and comparisons.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/record/outcome.h"
#include "harness/record/run_record.h"

namespace exitgate::record {

struct GateResult {
  std::string gate;
  std::optional<verdict::Status> status;  // nullopt: the gate was not evaluated
  bool waived = false;                    // a pass only because every finding is waived
  bool not_applicable = false;            // a skip, and nothing that the gate is about exists
};

struct RunSummary {
  std::optional<RunRecord> record;  // nullopt: there is no run.json
  std::string commit;               // of the facts where they are, else run.json's
  std::string tree;
  std::string branch;             // "" when detached or unknown
  std::string remote;             // URL of origin, without credentials; "" when unknown
  std::vector<GateResult> gates;  // of suite/gates, sorted by name
  std::string suite_digest;       // of suite/ as it is; see suite_digest.h
  std::vector<std::pair<std::string, std::string>> fingerprints;  // snapshot → fingerprint
  std::vector<std::string> incomplete;                            // what is wrong with the evidence
  Outcome outcome = Outcome::unfinished;                          // outcome_of() all of this

  std::string id() const { return record ? record->id : ""; }
  std::string repository() const { return record ? record->repository : ""; }
  std::string started_at() const { return record ? record->started_at : ""; }
  Verdicts verdicts() const;  // of the gates that left one
  // Gates with this status; nullopt counts those that were not evaluated.
  std::size_t count(std::optional<verdict::Status> status) const;
  // Takes these lines for what is wrong with the evidence, and decides the outcome again.
  void set_incomplete(std::vector<std::string> lines);
};

// Reads run.json, suite/, verdicts/ and, where they are, facts/repo.db and facts/schema.db. What is not there stays
// empty; `incomplete` is what run.json says. Throws VerificationError when a document is damaged.
RunSummary summarize(const std::filesystem::path& run);

// "31 pass, 8 fail, 9 skip, 0 error, 0 not evaluated", as bag-info.txt says it.
std::string verdict_counts(const std::vector<GateResult>& gates);

}  // namespace exitgate::record
