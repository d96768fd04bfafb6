// Evaluating each sealed gate again from the sealed facts, by the checks of this build.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"
#include "harness/verdict/verdict.h"

namespace exitgate::archive {

using FindCheck = std::function<const check::Check*(std::string_view name)>;

struct Replayed {
  std::size_t gates = 0;  // evaluated again
  std::size_t same = 0;
  std::size_t not_evaluated = 0;  // gates that the run left out, and so did we
  // Gates whose facts are of another version of the schema and lack what the check asks:
  // "EG-CG2.round-trip: not replayed: its facts are of schema version 1, which has no schema.plan.down".
  std::vector<std::string> not_replayed;
  std::vector<std::string> differences;  // "EG-CG1.retention: sealed pass, replayed fail"
};

// `run` holds run.json, suite/gates, verdicts and facts, which may be hostile: the evaluation is made in a
// process of its own that is ended at the limit, so that SQL without end or a damaged store costs no more
// than that. `build` is the version of the checks: where run.json names another, the words of a finding may differ;
// "" compares them always. Throws VerificationError for a damaged document, Undecided when the process cannot be made.
Replayed replay(const std::filesystem::path& run, const FindCheck& find, const std::string& build = "",
                std::chrono::seconds limit = std::chrono::seconds(300));

// What differs between a sealed verdict and its replay: status, number examined, findings (with `words` their
// messages too), waivers, counterexample. Reasons, notes, times and attempts may differ. "" when they agree.
std::string verdict_difference(const verdict::Verdict& sealed, const verdict::Verdict& replayed,
                               bool words = true);

}  // namespace exitgate::archive
