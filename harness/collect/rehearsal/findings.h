// What a rehearsal finds out, before it is written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/rehearsal/places.h"
#include "harness/collect/rehearsal/traffic.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/database/provision.h"
#include "harness/facts/tables/rehearsal.h"
#include "harness/observe/observe.h"
#include "harness/rows/fill.h"

namespace exitgate::collect::rehearsal {

using facts::rehearsal::Phase;
using facts::rehearsal::StepPhase;
using facts::rehearsal::UpgradeOutcome;
using facts::rehearsal::UpgradeSeed;

struct Step {
  StepPhase phase;
  database::StepResult result;
};

// The error of a failed command in one line, as far as it said one.
inline std::string error_of(const database::StepResult& result) {
  return result.output.empty() ? result.tail.value_or("") : schema::error_line(result.output);
}

// A statement of the upgrade or the way back, and whose it is.
struct Statement {
  Phase phase;
  observe::Statement seen;
  Place place;
};

struct Problem {
  std::string subject;
  std::string reason;
  std::string hint = {};
};

struct Findings {
  UpgradeOutcome outcome = UpgradeOutcome::not_possible;
  std::string reason = {};  // "" where it was applied
  std::string hint = {};
  std::string base = {};
  std::string reference = {};
  std::vector<Revision> revisions = {};  // that are new
  UpgradeSeed seed = UpgradeSeed::none;
  bool traffic = false;
  std::optional<std::int64_t> duration_ms = {};
  std::vector<Step> steps = {};
  std::vector<rows::Filled> filled = {};
  std::vector<Statement> statements = {};
  std::vector<observe::Oid> of_base = {};  // relations that were there before the upgrade, sorted
  std::vector<facts::rehearsal::Loss> losses = {};
  std::vector<schema::Difference> differences = {};  // after the way back
  std::vector<Waited> waited = {};
  std::vector<Problem> problems = {};
};

}  // namespace exitgate::collect::rehearsal
