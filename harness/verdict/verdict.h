// A gate's verdict: evaluating a check on facts, proving that it can fail, and the JSON that is kept.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"
#include "harness/json/json.h"

namespace exitgate::verdict {

enum class Status { pass, fail, skip, error };
std::string_view status_name(Status status);
std::optional<Status> status_of(std::string_view name);
int exit_code(Status status);  // 0, 1, 77, 3

// How serious a finding of a gate is, for reports and those who sort by it. What turns a run red does not depend on it.
enum class Severity { error, warning, note };
std::string_view severity_name(Severity severity);
std::optional<Severity> severity_of(std::string_view name);

// Accepts findings by id for a while. The date is compared with the run's, not with the clock: it can be replayed.
struct Waiver {
  std::string finding;  // id, or glob over the finding's key, file or id
  std::string reason;
  std::string expires;  // "2027-01-31": the last day that it holds
  std::string where;    // "exitgate.yaml:12"
};

// One gate as the suite resolved it, ready for its check: RUN/suite/gates/<gate>.json.
struct Gate {
  std::string name;       // "EG-CG1.retention": the CTest test's name
  std::string exit_gate;  // "EG-CG1"
  std::string exit_gate_title;
  std::string title;
  std::string check;                // name of the check
  std::string with;                 // JSON object, without defaults
  std::vector<std::string> labels;  // the exit gate first
  std::string
      counterexample;  // SQL; "" when the gate has none, which is reported as broken unless `unproven` says why
  std::string example =
      {};  // JSON of the mapping that the counterexample was made of; "" when it is SQL, or none was given
  std::string unproven = {};  // why there is no counterexample, in the author's words; "" when there is one
  std::string why = {};       // what goes wrong without it; "": the check's own
  std::string hint = {};      // of findings that have none
  Severity severity = Severity::error;
  // A query whose rows are the subject of the gate, with the columns of harness/verdict/subject.h; "" when the gate does
  // not say. The check must not skip while there are any.
  std::string about = {};
  std::vector<std::string> about_domains = {};  // fact stores that `about` reads
  check::Parts parts = {};  // of the database stage (schema.work) that its check and its `about` need
  bool core = false;        // its exit gate is green only when this gate was evaluated, or does not apply
  std::vector<Waiver> waivers;
  std::string where;  // "gates/EG-CG1.yaml:6"
};

Json to_json(const check::Check& check);  // its metadata
Json to_json(const Gate& gate);
Gate gate_from_json(const Json& json);

struct Judged {
  std::string id;  // short and stable: from the gate's name and the finding's key
  check::Finding finding;
  std::string blob;        // id of the file's blob at the commit; "" when unknown
  bool undecided = false;  // neither yes nor no could be said of it
  bool waived = false;
  std::string waiver;  // reason and expiry when waived
};

struct Verdict {
  std::string gate;
  std::string exit_gate;
  std::string title;
  std::string check;
  std::vector<std::string> labels;
  Status status = Status::error;
  std::string reason;           // of a skip or an error
  bool waived = false;          // a pass only because every finding is waived
  bool not_applicable = false;  // a skip, and nothing that the gate is about exists (Gate::about)
  std::int64_t examined = 0;
  std::vector<Judged> findings;
  std::vector<std::string> notes;
  std::vector<std::string> stale_waivers;  // "exitgate.yaml:3: the waiver of 'x' expired on 2026-11-22"
  std::string counterexample;              // the statement
  std::optional<bool> turned_red;  // nullopt: not tried (the verdict is an error before it, or there is none)
  std::string unproven = {};       // Gate::unproven
  std::string why = {};            // Gate::why
  Severity severity = Severity::error;
  int attempt = 1;
  std::string started_at;  // ISO 8601 UTC; "" in a replay
  std::int64_t duration_ms = 0;
  // Of an error because the facts are of another version of their schema: "its facts are of schema version 1, which has
  // no schema.plan.down". For a replay, which then says nothing of the gate; not written.
  std::string schema_mismatch = {};
};

Json to_json(const Verdict& verdict);
Verdict verdict_from_json(const Json& json);  // throws Undecided naming what is missing or of another type

// What the evaluation needs besides the gate.
struct Evaluation {
  std::filesystem::path facts;  // folder of the stores
  std::string today;            // "2026-11-23": the run's date, for the waivers
};

// The fact stores that the gate's check and its `about` read, each once.
std::vector<std::string> domains_of(const Gate& gate, const check::Check& check);

// The gate's verdict before anything is known of it: Status::error, without a reason.
Verdict undecided_verdict(const Gate& gate);

// Evaluates the gate and its counterexample. Never throws: what cannot be decided is Status::error with its reason.
Verdict evaluate(const Gate& gate, const check::Check& check, const Evaluation& evaluation);

// "EG-CG1.retention  FAIL  2 of 17 …" and each finding with file:line and hint, as a person in a
// hurry reads it.
std::string render(const Verdict& verdict);

}  // namespace exitgate::verdict
