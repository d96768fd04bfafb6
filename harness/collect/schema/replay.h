// Where a database is whose tables do not say it: the history's own SQL files are run in their order against an empty
// database, and the schemas compared. It is what plain SQL files, and those of a tool that psql stands in for, allow.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

// The histories of which the migrated database has no table to ask, and whose revisions are all SQL files.
std::vector<const Environment*> silent_histories(const Snapshot& migrated,
                                                 const std::vector<Environment>& histories);

// Runs the parts that go up, in a server of its own: of all of them in one database, and where that is another schema, of
// each alone. Throws Undecided.
std::vector<ReplayedHistory> replay(const DatabaseStage& stage, const database::ServerPrograms& programs,
                                    const config::Database& declared,
                                    const std::vector<const Environment*>& silent, const Snapshot& migrated,
                                    const std::filesystem::path& log);

}  // namespace exitgate::collect::schema
