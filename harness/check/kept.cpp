#include "harness/check/kept.h"

#include <algorithm>

#include "harness/facts/tables/ci.h"

namespace exitgate::check {

namespace {

// A day less is worse, and what is surely too short is worse than what is not known.
std::pair<int, std::int64_t> badness(const ci::Provider& provider, const Kept& kept, std::int64_t least) {
  switch (retention_of(provider, kept.retention, kept.days, least)) {
    case Retention::long_enough:
      return {0, 0};
    case Retention::not_known:
      return {1, 0};
    case Retention::by_settings:
      return {2, 0};
    case Retention::too_short:
      return {3, -kept.days.value_or(0)};
  }
  return {0, 0};
}

}  // namespace

KeptInRuns::KeptInRuns(const Facts& facts) {
  for (const ci::ArtifactInstance& one :
       facts.rows<ci::ArtifactInstance>("WHERE direction = 'upload' AND step NOT IN (SELECT id FROM "
                                        "ci.step_instance WHERE runs = 'no') ORDER BY step")) {
    auto& values = by_place_[{one.file, one.line}];
    Kept kept{one.retention, one.retention_days, one.retention_unknown};
    if (std::find(values.begin(), values.end(), kept) == values.end()) values.push_back(std::move(kept));
  }
}

Kept KeptInRuns::worst(const ci::Provider& provider, const std::string& file, std::int64_t line,
                       const Kept& written, std::int64_t least) const {
  const auto found = by_place_.find({file, line});
  if (found == by_place_.end() || written.days || !written.retention) return written;
  return *std::max_element(found->second.begin(), found->second.end(), [&](const Kept& a, const Kept& b) {
    return badness(provider, a, least) < badness(provider, b, least);
  });
}

}  // namespace exitgate::check
