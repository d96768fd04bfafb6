// run.json, the record of a run: this type alone reads and writes it. Its keys are a contract for archives: none is
// renamed, new ones may come, and a key that is not known is passed over.
//
//   const RunRecord run = read_record(RunDirectory{root});
//   run.commit; run.result ? outcome_name(run.result->outcome) : "unfinished";
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/json/json.h"
#include "harness/record/outcome.h"
#include "harness/record/run_directory.h"

namespace exitgate::record {

// The meaning of the keys, in `record_version`; a record that does not have it is of version 1.
//   1  suite_digest was computed over the gates' JSON and bundle.json, one after the other
//   2  suite_digest is that of suite_digest.h; outcome is that of outcome.h, and `incomplete` is there
//   3  `core` and `accept_partial` are there, and outcome may be "partial"; before, no gate was a core gate
inline constexpr int kRecordVersion = 3;

struct ExitGateTitle {
  std::string name;  // key `exit-gate`: "EG-CG1"
  std::string title;
};

// What the suite's `bundle:` asked the run to hold.
struct BundleRecord {
  std::size_t asked = 0;  // number of parts that were asked for
  // "schema/*.sql (EG-CG4, gates/EG-CG4.yaml:5): not all of its gates were run"
  std::vector<std::string> not_asked;
  std::vector<std::string> missing;  // "logs/a.log is missing (asked for by EG-CG4, gates/EG-CG4.yaml:5)"
};

// What became of a run.
struct RunResult {
  std::string finished_at;            // ISO 8601 UTC
  std::vector<std::string> selected;  // gates that were evaluated
  std::vector<std::string> not_run;   // gates of the suite that were not selected
  Outcome outcome = Outcome::error;
  std::optional<BundleRecord> bundle;  // nullopt: the suite asks for no part
  // What is wrong with the evidence, a line each, as bag-info.txt says it too. In a record of version 1: bundle.missing.
  std::vector<std::string> incomplete;

  bool partial() const { return !not_run.empty(); }  // key `partial`
};

struct RunRecord {
  int version = kRecordVersion;       // key `record_version`
  std::string id;                     // "service-d1b778853611-20261123T150344Z": names the archive
  std::string repository;             // its name
  std::string commit;                 // object id
  std::string tree;                   // object id of the commit's tree
  std::optional<std::string> config;  // name of the exitgate.yaml in suite/; nullopt: there was none
  // A file of the commit at which findings about the whole repository are shown; nullopt: it has none, or the run is of an
  // earlier release.
  std::optional<std::string> shown_at;
  std::string database;              // "embedded", or "live": one was given to compare with
  std::string started_at;            // ISO 8601 UTC: "2026-11-23T15:03:44Z"
  std::vector<ExitGateTitle> suite;  // in the suite's order
  std::string suite_digest;          // lowercase hex
  std::vector<std::string> gates;    // every gate of the suite, in its order
  std::vector<std::string> core;     // those that are core gates of their exit gates
  bool accepts_partial =
      false;  // key `accept_partial`: exitgate.yaml lets a partly evaluated run exit with 0
  std::vector<std::pair<std::string, std::string>> versions;  // program and version
  std::optional<RunResult> result;                            // nullopt: the run did not reach its end

  std::string day() const { return started_at.substr(0, 10); }  // the date that waivers are compared with
  // Whether suite_digest can be compared with the one of suite_digest.h.
  bool has_comparable_digest() const { return version >= 2; }
  std::string version_of(std::string_view program) const;  // "" when it is not named
};

// Throw VerificationError, which names the key: "run.json: 'commit' is missing", "run.json: 'gates' must be a list of
// strings, not a number"; also for a record of a later version, a duplicate key, and a text that is not JSON.
RunRecord record_from_json(const Json& json);
RunRecord parse_record(std::string_view text);

Json to_json(const RunRecord& run);

// Of a run directory. Throws Undecided when there is no run.json or it cannot be read.
RunRecord read_record(const RunDirectory& run);
void write_record(const RunDirectory& run, const RunRecord& record);

}  // namespace exitgate::record
