// The rehearsal of the upgrade: the base commit's schema with rows in its tables, in an embedded server of its own, and
// what the migrations that are new since then do to it.
#pragma once

#include "harness/collect/schema/collect.h"

namespace exitgate::collect {

// Writes
//   RUN/facts/rehearsal.db     tables: harness/facts/tables/rehearsal.sql
//   RUN/logs/rehearsal.log     what the commands said, where there was something to rehearse
//
// Whatever fails is a row of rehearsal.upgrade or rehearsal.problem; only a store that cannot be written throws.
void collect_rehearsal(const DatabaseStage& stage);

}  // namespace exitgate::collect
