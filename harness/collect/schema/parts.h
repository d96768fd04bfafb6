// The files that the database stage gives to the evidence bundle.
#pragma once

#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/collect/schema/provisioning.h"

namespace exitgate::collect::schema {

// The parts of a database that was not provisioned: each is missing, for that reason.
std::vector<Part> missing_parts(const std::string& reason, bool with_log);

// The dump of the migrated database, its catalog to be read by people, and what the migration tool says of it. A dump
// that is missing is a problem of the findings as well.
void describe_migrated(const DatabaseStage& stage, const database::ServerPrograms& programs,
                       const Server& server, const std::vector<Environment>& histories, Findings& findings);

// Where the database is and what there is, three parts: as the target's own tool says it where it can be asked, else as
// the commit's files and the tool's table in the database do.
std::vector<Part> ask_the_tool(const DatabaseStage& stage, const config::Database& declared,
                               const Server& server, const Snapshot& migrated,
                               const std::vector<Environment>& histories,
                               const std::vector<ReplayedHistory>& replayed);

// The test logs that the configuration names, of the work tree or else of the commit.
std::vector<Part> test_logs(const DatabaseStage& stage);

}  // namespace exitgate::collect::schema
