// Copies of the provisioned database for commands of the target that may change it: its models' check, its tests.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::schema {

// The name that the provisioned database has while copies of it stand in its place.
inline constexpr const char* kPristineName = "exitgate_migrated";

// While it exists, the provisioned database lies aside under kPristineName, where nobody can connect to it, and a copy has
// its name (database::kDatabaseName), with its owner, privileges, settings and comment: a command finds what it finds in
// the provisioned one. Sessions of others that are connected to it are ended.
class WorkingCopy {
 public:
  // Makes the first copy. Throws Undecided.
  explicit WorkingCopy(const database::Cluster& cluster);
  // Puts the provisioned database back.
  ~WorkingCopy();
  WorkingCopy(const WorkingCopy&) = delete;
  WorkingCopy& operator=(const WorkingCopy&) = delete;

  // A new copy in the place of the one that a command has used; databases and roles that it left in the server go, so that
  // the next command meets the server that the first one met. Throws Undecided.
  void renew();

 private:
  void drop();
  void make();

  const database::Cluster& cluster_;
  std::set<std::string> databases_;  // that were there before any command
  std::set<std::string> roles_;
};

// The objects of the database that has the provisioned one's name, as it is now, masked.
std::vector<Object> objects_now(const database::Cluster& cluster, const redact::Redactor& redactor);

}  // namespace exitgate::collect::schema
