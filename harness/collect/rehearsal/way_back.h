// The commands that take the new revisions back.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/migrations/collect.h"
#include "harness/config/config.h"

namespace exitgate::collect::rehearsal {

// As the configuration's stairway has them, else of the tool that a step runs. Throws Undecided when there are none.
std::vector<config::Step> way_back_of(const config::Database& declared, const HistoriesSinceBase& since);

}  // namespace exitgate::collect::rehearsal
