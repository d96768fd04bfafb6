// Whether the target's models are what its migrations make, as the target's own commands say it
// (`database: {models: [alembic check]}`).
#pragma once

#include "harness/collect/migrations/environment.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/collect/schema/provisioning.h"

namespace exitgate::collect::schema {

// Runs each declared command, in the tree that the migrations ran in, on the provisioned database: a copy of it is in its
// place (WorkingCopy). A command that exits with 0 although it changed the schema, or wrote a migration into the tree, has
// an outcome that says so. The log is part 'model-log'. Throws Undecided when the commands could not be run at all.
void check_models(const DatabaseStage& stage, const config::Database& declared, const Server& server,
                  const std::vector<Environment>& histories, Findings& findings);

}  // namespace exitgate::collect::schema
