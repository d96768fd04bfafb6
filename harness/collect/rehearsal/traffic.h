// A reader and a writer that use the tables of a database while it is upgraded.
//
// Each transaction takes the lock of a SELECT or of an INSERT on one table and ends: nothing is read or changed, so that
// what is found afterwards is what the upgrade did, and no two tables are held at once, so that nothing can deadlock that
// would not without them.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/database/cluster.h"

namespace exitgate::collect::rehearsal {

struct Waited {
  bool writer = false;
  std::string relation;  // "public.orders"
  long long transactions = 0;
  long long longest_us = 0;  // that one had to wait for its lock
  std::string problem =
      {};  // the server's error, unless the table was taken away or renamed; then it is left alone
};

class Traffic {
 public:
  // Begins. `relations` as SQL names them. Throws Undecided when it cannot connect.
  Traffic(const database::Cluster& cluster, const std::vector<std::string>& relations);
  ~Traffic();
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;

  // Of the server, that serve the two sessions.
  std::set<int> processes() const;

  // Ends both sessions, behind the transaction that is open. Whoever locks a table must have let go of it.
  std::vector<Waited> end();

 private:
  struct Sessions;
  std::unique_ptr<Sessions> sessions_;
};

}  // namespace exitgate::collect::rehearsal
