#include "harness/collect/environment/clock.h"

#include <sys/timex.h>

#include "harness/base/time.h"

namespace exitgate::collect::environment {

Clock read_clock() {
  Clock clock{utc_now(), std::nullopt};
  timex state{};  // asks, and sets nothing
  const int answer = ::adjtimex(&state);
  if (answer >= 0) clock.synchronized = answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
  return clock;
}

}  // namespace exitgate::collect::environment
