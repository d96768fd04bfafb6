// Walking stairs on a server: each revision up, down and up again.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/schema/snapshot.h"
#include "harness/collect/schema/stairway.h"
#include "harness/config/config.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {

// One walk, in an empty database that prepare() has made.
class StairWalk {
 public:
  // Throws Undecided when the commands for it are not known.
  StairWalk(database::Cluster& cluster, const database::Provisioning& provisioning,
            const config::Database& declared);

  // The declared steps before the one that migrates. Throws Undecided when one fails.
  void prepare();
  // From the empty database to the stair's revision by one command. False when that fails.
  bool go_straight_to(const Stair& stair);
  // Walks the stairs from `first` up to `end` and adds what came of each; false when it ended with one that fails.
  bool walk(const std::vector<Stair>& stairs, std::size_t first, std::size_t end,
            std::vector<StairResult>& results);
  // All that a later stair could meet of the database, as far as it can be read: its objects, what the server keeps about
  // it, roles, where sequences stand, how many rows each table has. Two servers of the same state go on alike.
  std::string state() const;

 private:
  StairResult one(const Stair& stair);
  bool stands(const StairResult& result);
  bool go(StairResult& result, const char* step, const std::string& command);

  database::Cluster& cluster_;
  const database::Provisioning& provisioning_;
  const config::Database& declared_;
  config::Step step_;
  config::Stairs commands_;
  Snapshot before_;
};

}  // namespace exitgate::collect::schema
