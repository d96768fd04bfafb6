// How an empty database becomes the schema, and how the target's tool says where it is.
#pragma once

#include <optional>
#include <string>

#include "harness/collect/checkout.h"
#include "harness/config/config.h"

namespace exitgate::schema {

struct Plan {
  std::string source;  // "exitgate.yaml", "alembic.ini", "none"
  std::string reason;
  std::optional<config::Database> database;  // nullopt for "none"
};

Plan plan_of(const config::Config& config, const collect::Checkout& checkout);

// The command of a step that runs Alembic, up to its subcommand, with the options before it: "alembic -c
// db/alembic.ini".
struct AlembicCommand {
  config::Step step;  // run: the command up to the subcommand
};
std::optional<AlembicCommand> alembic_of(const config::Database& database);

}  // namespace exitgate::schema
