// Tools of .NET, each a shallow record.
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> dotnet() {
  return {
      {
          .name = "dbup",
          .find = by_layout("dbup", {.signs = {{"*.csproj", "dbup-postgresql"}},
                                     .folders = {"*"},
                                     .files = {{"Script*.sql"}},
                                     .prefix = "Script",
                                     .id = Layout::Id::name,
                                     .order = Layout::Order::name}),
          .tables = {"schemaversions"},
          .state = "SELECT scriptname FROM {table}",
          .state_lists_all = true,
          .after_merge = {.changed = "DbUp keeps the script's name alone and never notices",
                          .removed = "DbUp never notices",
                          .overtaken = "DbUp applies it after the others",
                          .applies_missed = true},
      },
      {
          .name = "ef-core",
          .find = by_layout("ef-core", {.folders = {"*"},
                                        .files = {{"*.cs", {"Microsoft.EntityFrameworkCore.Migrations"}}},
                                        .except = {"*.Designer.cs"},
                                        .id = Layout::Id::stem,
                                        .order = Layout::Order::name}),
          .tables = {"__EFMigrationsHistory"},
          .state = "SELECT \"MigrationId\" FROM {table}",
          .state_lists_all = true,
          .up = "dotnet ef database update",
          .down = "dotnet ef database update 0",
          .step = "dotnet ef database update PREVIOUS",
          .list = "dotnet ef migrations list",
          .models = "dotnet ef migrations has-pending-model-changes",
          .commands = {"dotnet ef database update"},
          .after_merge = {.changed = "Entity Framework keeps no checksum and never notices",
                          .removed = "Entity Framework never notices, and cannot take it back any more",
                          .overtaken = "Entity Framework applies it after the others, whose snapshots of the "
                                       "model do not know it",
                          .applies_missed = true},
          .up_part = "Up()",
          .down_part = "Down()",
          .create = "dotnet ef migrations add NAME",
      },
      {
          .name = "evolve",
          .find = by_layout("evolve", {.signs = {{"*.csproj", "Evolve"}},
                                       .folders = {"*"},
                                       .files = {{"V*.sql"}},
                                       .prefix = "V",
                                       .dotted = true}),
          .state_table = "changelog",
          .state = "SELECT version FROM {table} WHERE success AND version IS NOT NULL",
          .up = "evolve migrate",
          .list = "evolve info",
          .commands = {"evolve migrate"},
          .after_merge = {.changed = "Evolve refuses to migrate: the checksum is another",
                          .removed = "Evolve refuses to migrate while it is missing",
                          .overtaken = "Evolve refuses to migrate unless out-of-order is set",
                          .counts_comments = true},
      },
  };
}

}  // namespace exitgate::collect::tools
