// How often something may occur: of a regular expression or a query, which are judged alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::asked {

// Of the parameters `must`, `at-least`, `at-most` and `per`.
struct OccurrenceLimits {
  std::optional<std::int64_t> at_least;
  std::optional<std::int64_t> at_most;
  bool per_file = false;

  // Throws check::ParameterError.
  explicit OccurrenceLimits(const check::Parameters& with);
};

// The parameters that say so.
std::vector<check::Parameter> with_occurrence_parameters(std::vector<check::Parameter> own);

// Reads asked.match, and asked.path where each file counts for itself. `what` is what was looked for, for messages.
void judge_occurrences(const check::Facts& facts, const check::Parameters& with, std::string_view what,
                       check::Report& report);

// The counterexample: the example of the gate file, or, where something must occur, that it does not.
std::string occurrence_counterexample(const check::Parameters& with, const Json& example,
                                      const std::vector<std::string>& otherwise);

}  // namespace exitgate::asked
