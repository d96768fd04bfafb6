// For how long an upload is kept in the runs of pull requests, its expressions evaluated.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/providers.h"
#include "harness/facts/facts.h"

namespace exitgate::check {

// One value of a place's retention, and the unknown part of it.
struct Kept {
  std::optional<std::string> retention;
  std::optional<std::int64_t> days;
  std::optional<std::string> unknown;
  bool operator==(const Kept& other) const {
    return retention == other.retention && days == other.days && unknown == other.unknown;
  }
};

class KeptInRuns {
 public:
  explicit KeptInRuns(const Facts& facts);

  // The worst for an audit that needs it for `least` days, of all runs, calls and combinations of its step; what is
  // written where that is no expression, or where no run is known.
  Kept worst(const ci::Provider& provider, const std::string& file, std::int64_t line, const Kept& written,
             std::int64_t least) const;

 private:
  std::map<std::pair<std::string, std::int64_t>, std::vector<Kept>> by_place_;  // each value once
};

}  // namespace exitgate::check
