// From empty databases to the schema, each in an embedded server of its own: what the migrations make.
#pragma once

#include <filesystem>
#include <memory>

#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

// A provisioned server; what was read of its database is in the findings.
struct Server {
  std::unique_ptr<database::Cluster> cluster;
  std::filesystem::path tree;  // an export of the commit, which the commands have run in
};

// Two servers, since roles belong to a server: what the first provisioning made must not help the second.
class Servers {
 public:
  // Starts both, or the first alone, and exports the commit into each; fills in `left_out`. Throws Undecided.
  Servers(const database::ServerPrograms& programs, const config::Limits& limits, const Checkout& checkout,
          bool both, Findings& findings);
  ~Servers();  // ends both at a time
  Servers(const Servers&) = delete;
  Servers& operator=(const Servers&) = delete;

  const Server& first() const { return first_; }
  const Server& second() const { return second_; }

 private:
  Server first_;
  Server second_;
};

// Runs the declared steps in the server, then takes the snapshot of the database: `reading`, whose problem says
// what could not be done. The output of the commands goes to `log`. With `round_trip` and a declared way down, goes down
// and up again as well. Throws nothing.
void provision(const DatabaseStage& stage, const config::Database& declared, const SnapshotOptions& options,
               const Server& server, const std::filesystem::path& log, Reading& reading,
               std::optional<RoundTrip>* round_trip);

}  // namespace exitgate::collect::schema
