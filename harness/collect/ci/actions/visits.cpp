#include "harness/collect/ci/actions/visits.h"

namespace exitgate::collect::ci::actions {

namespace {

// A file is looked at once for all calls that give the same, for so many that give something else, and then
// once more with inputs that are not known: the cost stays linear in the calls.
constexpr int kMostVisits = 64;

}  // namespace

std::pair<Visits::Known::iterator, bool> Visits::remember(const File& file, Runs called, std::size_t run,
                                                          const std::string& given) {
  const auto known = known_.find({&file, called, run, given});
  if (known != known_.end()) return {known, false};
  const bool widen = ++count_[&file] > kMostVisits;
  return {known_.try_emplace({&file, called, run, widen ? "" : given}).first, widen};
}

}  // namespace exitgate::collect::ci::actions
