// The machine's clock, which dates the evidence.
#pragma once

#include <optional>
#include <string>

#include "harness/facts/tables/environment.h"

namespace exitgate::collect::environment {

using Clock = facts::environment::Clock;

Clock read_clock();

}  // namespace exitgate::collect::environment
