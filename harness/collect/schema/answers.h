// The queries of a team's own gates (`check: database`), each in a read-only transaction of its own.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/schema/collect.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

// What a gate asks, of RUN/suite/gates/<gate>.json.
struct GateQuery {
  std::string gate;
  std::string file;
  int line = 0;
  bool live = false;
  std::string query;
  std::string examined;  // "" counts the tables of the database
};

// Of all gates of the run that have one.
std::vector<GateQuery> gate_queries(const std::filesystem::path& run);
bool any_of_migrated(const std::vector<GateQuery>& queries);

// Where a query is to be asked, or why it cannot be.
struct AskedDatabases {
  const database::Cluster* migrated = nullptr;  // where the provisioned database is
  std::string owner;                            // who asks it
  bool declared = false;                        // whether there is a database to be provisioned
  std::string problem;                          // why it was not provisioned
};

// Writes RUN/facts/answers.db. A query that fails is a row, and no exception.
void answer(const DatabaseStage& stage, const std::vector<GateQuery>& queries,
            const AskedDatabases& databases);

}  // namespace exitgate::collect::schema
