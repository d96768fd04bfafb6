#include "harness/base/time.h"

#include <fmt/chrono.h>

#include <ctime>

namespace exitgate {

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace exitgate
