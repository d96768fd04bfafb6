// Whose run a run directory holds: that of one ctest, or of one `exitgate run`, until it is sealed. All of this lies in
// RUN/.exitgate/, which is not part of the evidence.
#pragma once

#include <optional>
#include <string>

#include "harness/base/error.h"
#include "harness/marks/process_id.h"
#include "harness/record/run_directory.h"

namespace exitgate::marks {

struct Owner {
  ProcessId process;
  std::string program;  // "ctest"
  std::string since;    // ISO 8601 UTC: when it claimed the directory
  bool sealed = false;  // the run has ended; the directory is free
};

// Another living process has a run in this directory.
class Occupied : public UsageError {
  using UsageError::UsageError;
};

// Claims the run directory for a run of `process`, and removes the marks of the one before. When an ancestor of this
// process has claimed it, that one stays the owner: ctest under `exitgate run`. Throws Occupied when another living
// process has a run there that has not ended ("another ctest (pid 7, since …) runs in this folder").
Owner claim(const record::RunDirectory& run, const ProcessId& process);

// The owner as it is recorded; nullopt when there is none.
std::optional<Owner> owner_of(const record::RunDirectory& run);

// The owner, when this process is part of its run and the run has not ended. Throws Undecided saying why it is not: a
// check must never evaluate the facts of another run.
Owner require_own_run(const record::RunDirectory& run);

// Records that the owner's run has ended.
void set_sealed(const record::RunDirectory& run, Owner owner);

}  // namespace exitgate::marks
