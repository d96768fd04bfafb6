// The embedded server of the database stage.
#pragma once

#include "harness/collect/schema/collect.h"
#include "harness/database/server_choice.h"

namespace exitgate::collect::schema {

// As the command line and the configuration ask for it, else of the live server's major version. Throws as
// database::choose_server().
database::ChosenServer server_for(const DatabaseStage& stage, const config::Database& declared);

}  // namespace exitgate::collect::schema
