// How an empty database becomes the schema, and how the target's tool says where it is.
#pragma once

#include <optional>
#include <string>

#include "harness/collect/checkout.h"
#include "harness/collect/migrations/tool.h"
#include "harness/config/config.h"

namespace exitgate::collect::schema {

struct Plan {
  std::string source;  // "exitgate.yaml", a tool's own configuration ("alembic.ini"), "none"
  std::string reason;
  std::optional<config::Database> database;  // nullopt for "none"
  std::string no_database = {};  // "exitgate.yaml:3": where the configuration says `database: none`
};

Plan plan_of(const config::Config& config, const collect::Checkout& checkout);

// A declared step that runs a migration tool which can be asked and told other things as well (Tool::driver).
struct ToolCommand {
  const collect::Tool* tool = nullptr;
  config::Step step;  // run: the command up to the subcommand, with the options before it: "alembic -c x.ini"
};
std::optional<ToolCommand> tool_command_of(const config::Database& database);

}  // namespace exitgate::collect::schema
