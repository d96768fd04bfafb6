// The target's own commands on the migrated database: its models' comparison, its tests, and its tests across a release.
#pragma once

#include "harness/collect/migrations/environment.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"
#include "harness/collect/schema/provisioning.h"

namespace exitgate::collect::schema {

// A row for each command that the configuration declares and that is to be run, with the reason why it was not run yet.
void declare_target_runs(const config::Config& config, Findings& findings);

// Runs the declared tests in the sandbox where the target declares no database. Throws nothing.
void run_tests_alone(const DatabaseStage& stage, Findings& findings);

// Runs them in the provisioned server, when everything else that needs its database is done. What cannot be run stays in
// the findings as not run, with the reason. Throws nothing.
void run_target_commands(const DatabaseStage& stage, const database::ServerPrograms& programs,
                         const config::Database& declared, const Server& server,
                         const std::vector<Environment>& histories, Findings& findings);

}  // namespace exitgate::collect::schema
