// The lines of one file that could run, however often a report names them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

#include "harness/reports/report.h"

namespace exitgate::reports {

class LineHits {
 public:
  void add(std::int64_t line, std::int64_t hits) {
    auto& most = lines_[line];
    most = std::max(most, hits);
  }
  bool empty() const { return lines_.empty(); }
  void count(FileCoverage& file) const {
    file.lines = static_cast<std::int64_t>(lines_.size());
    file.lines_hit =
        std::count_if(lines_.begin(), lines_.end(), [](const auto& one) { return one.second > 0; });
  }

 private:
  std::map<std::int64_t, std::int64_t> lines_;
};

}  // namespace exitgate::reports
