// Down to nothing and up again: whether the migrations can be taken back, and whether that changes anything.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {

struct RoundTrip {
  std::vector<database::StepResult> down;  // the failing one is the last
  std::vector<Difference> left_behind;   // against the empty database, without the migration tool's own table
  std::vector<database::StepResult> up;  // empty when the way down failed
  std::vector<Difference> changed;       // against the schema before
};

// On a provisioned database: `empty` is what it was before its first step, `migrated` what it is now.
RoundTrip make_round_trip(database::Cluster& cluster, const database::Provisioning& provisioning,
                          const config::Database& declared, const Snapshot& empty, const Snapshot& migrated);

// Migration tools keep their own tables (Tool::tables and Tool::schemas) when they have gone down to the base.
void leave_out_version_tables(std::vector<Difference>& differences);

// The error of a failed command in one line: the last one that looks like one, else the last that is not empty.
std::string error_line(const std::string& output);
// The revision that Alembic was at when it failed, "b -> a"; "" when it does not say.
std::string failing_revision(const std::string& output);

}  // namespace exitgate::collect::schema
