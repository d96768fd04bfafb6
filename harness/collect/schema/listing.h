// A snapshot as text for a person to read.
#pragma once

#include <string>

#include "harness/collect/schema/snapshot.h"

namespace exitgate::collect::schema {

// Objects grouped by kind, each with its definition.
std::string listing_of(const Snapshot& snapshot, const std::string& name);

}  // namespace exitgate::collect::schema
