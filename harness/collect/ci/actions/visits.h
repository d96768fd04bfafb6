// Files that were looked at already with what a call gave them.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

class Visits {
 public:
  using Visit = std::tuple<const File*, Runs, std::size_t, std::string>;
  using Known = std::map<Visit, std::optional<Runs>>;

  // What a call that gives the same came to; nullopt in it for the first of them. `true`: too many give
  // something else, so look at it for all of them. `run`: the number of what is known of the event.
  std::pair<Known::iterator, bool> remember(const File& file, Runs called, std::size_t run,
                                            const std::string& given);

 private:
  Known known_;
  std::unordered_map<const File*, int> count_;
};

}  // namespace exitgate::collect::ci::actions
