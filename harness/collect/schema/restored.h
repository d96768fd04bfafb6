// What one dump and restore makes of definitions: PostgreSQL writes an expression from its parsed form, and reading
// what it wrote may give another parsed form, which is written otherwise (`a BETWEEN 0 AND 9 AND b > 0`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

struct Restored {
  std::string snapshot;
  std::string kind;
  std::string identity;
  std::optional<std::string> definition;  // nullopt: it could not be restored beside the migrated schema
  std::string problem;                    // why not
};

struct NamedSnapshot {
  std::string name;
  const Snapshot& snapshot;
};

// Of each object that both have otherwise, and whose definition holds an expression, a query or a body: both
// definitions, given to the server again in the migrated database, in transactions that are rolled back. Costs a
// millisecond or two for each such object, and nothing where there is none. Throws Undecided.
std::vector<Restored> restore_differences(const database::Cluster& cluster, const NamedSnapshot& migrated,
                                          const NamedSnapshot& other);

}  // namespace exitgate::collect::schema
