// How much of a run's facts its gates look at: changes are tried on a private copy of the facts, and each gate that
// reads what is changed is evaluated again. A gate notices a change when it says anything else than before: another
// finding, another number of subjects examined, a skip. What only the census misses (harness/census/census.h) is told apart:
// it says nothing of the gate's own eyes.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"
#include "harness/record/run_directory.h"
#include "harness/sensitivity/changes.h"

namespace exitgate::sensitivity {

struct Budget {
  std::size_t changes = 200;              // at most, but each table that is read is emptied once in any case
  std::chrono::milliseconds time{10000};  // after which no further change of a row is tried
  // After which a table is emptied only for gates that have noticed nothing yet.
  std::chrono::milliseconds emptying{10000};
};

struct GateResult {
  std::string gate;
  bool judged = false;              // it passed or failed: not skipped, and not undecided
  std::vector<std::string> tables;  // of the target that it reads and that have rows: "ci.artifact"
  std::size_t tried = 0;            // changes to these tables
  std::size_t noticed = 0;

  // A gate that judges, and would say the same of other facts, whichever of them are gone.
  bool is_broken() const { return judged && tried > 0 && noticed == 0; }
};

struct ChangeResult {
  Change change;
  std::vector<std::string> noticed_by;  // gates
  bool missed_by_census = false;        // then each gate that reads the table is undecided

  bool is_noticed() const { return missed_by_census || !noticed_by.empty(); }
};

struct Sensitivity {
  std::string seed;  // the commit
  std::size_t planned = 0;
  bool out_of_time = false;  // fewer were tried than planned, or not on every gate that reads the table
  std::vector<GateResult> gates;
  std::vector<ChangeResult> changes;  // those that were tried
  // Of the target's tables that have rows: "ci.job.name", and "ci.need" for a table that no gate reads at all.
  std::vector<std::string> unread;

  std::size_t by_census_alone() const;
  std::size_t noticed() const;  // changes that some gate, or the census, noticed
};

using FindCheck = std::function<const check::Check*(std::string_view name)>;

// Of the gates that left a verdict and whose facts are there. Throws Undecided when the run cannot be read.
Sensitivity measure(const record::RunDirectory& run, const FindCheck& find, const Budget& budget);

}  // namespace exitgate::sensitivity
