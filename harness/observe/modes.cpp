#include "harness/observe/modes.h"

#include <algorithm>
#include <array>

#include "harness/observe/observe.h"

namespace exitgate::observe {

// https://www.postgresql.org/docs/current/explicit-locking.html#TABLE-LOCK-COMPATIBILITY: a SELECT takes AccessShareLock,
// which conflicts with AccessExclusiveLock alone; INSERT, UPDATE and DELETE take RowExclusiveLock, which conflicts with
// ShareLock and all stronger ones; ShareUpdateExclusiveLock conflicts with itself, and so with VACUUM and other schema
// changes; and every lock conflicts with AccessExclusiveLock, which most schema changes take.
std::string_view blocks_of(std::string_view mode) {
  const int strength = strength_of(mode);
  if (strength == 8) return "reads and writes";
  if (strength >= 5) return "writes";
  return strength >= 1 ? "schema changes" : "nothing";
}

int strength_of(std::string_view mode) {
  const auto found = std::find(kModes.begin(), kModes.end(), mode);
  return found == kModes.end() ? 0 : static_cast<int>(found - kModes.begin()) + 1;
}

std::string_view mode_of(int strength) {
  return strength >= 1 && strength <= 8 ? kModes[static_cast<std::size_t>(strength - 1)] : "";
}

}  // namespace exitgate::observe
