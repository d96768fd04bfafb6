// The second entry of this domain: how many rows its tables must have by another count.
#pragma once

#include "harness/collect/schema/findings.h"
#include "harness/facts/store.h"

namespace exitgate::collect::schema {

// Of what came to its end; a provisioning, a round trip or a stairway that failed tells its rows itself.
void write_tallies(facts::Store& store, const Findings& findings);

}  // namespace exitgate::collect::schema
