// Tools of Rust, each a shallow record; Diesel has a file of its own.
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> rust() {
  return {
      {
          .name = "refinery",
          .find = by_layout("refinery", {.signs = {{"Cargo.toml", "refinery"}},
                                         .folders = {"*"},
                                         .files = {{"V*.sql"}, {"V*.rs", {"fn migration"}}},
                                         .prefix = "V",
                                         .dotted = true}),
          .tables = {"refinery_schema_history"},
          .state = "SELECT version FROM {table}",
          .state_lists_all = true,
          .up = "refinery migrate",
          .commands = {"refinery migrate"},
          .after_merge = {.changed = "refinery refuses to migrate: the checksum is another",
                          .removed = "refinery refuses to migrate while it is missing",
                          .overtaken = "refinery refuses to migrate: it is missing in the database",
                          .counts_comments = true},
      },
      {
          .name = "sea-orm",
          .find = by_layout("sea-orm", {.signs = {{"Cargo.toml", "sea-orm-migration"}},
                                        .folders = {"*"},
                                        .files = {{"m*.rs", {"MigrationTrait"}}},
                                        .prefix = "m",
                                        .id = Layout::Id::stem,
                                        .order = Layout::Order::name}),
          .tables = {"seaql_migrations"},
          .state = "SELECT version FROM {table}",
          .state_lists_all = true,
          .up = "sea-orm-cli migrate up",
          .down = "sea-orm-cli migrate reset",
          .step = "sea-orm-cli migrate down",
          .list = "sea-orm-cli migrate status",
          .commands = {"sea-orm-cli migrate*"},
          .after_merge = {.changed = "SeaORM keeps no checksum and never notices",
                          .removed = "SeaORM refuses to migrate: the file of an applied migration is missing",
                          .overtaken = "SeaORM applies it after the others",
                          .applies_missed = true},
          .up_part = "up()",
          .down_part = "down()",
          .create = "sea-orm-cli migrate generate NAME",
      },
      {
          .name = "sqlx",
          .find = by_layout("sqlx", {.signs = {{"Cargo.toml", "sqlx"}},
                                     .folders = {"migrations"},
                                     .configured = {{"*.rs", "sqlx::migrate!", "", Setting::Form::argument},
                                                    {"*.rs", "migrate!", "", Setting::Form::argument}},
                                     .files = {{"*.up.sql"}, {"*.sql"}}}),
          .version = as_number,
          .tables = {"_sqlx_migrations"},
          .state = "SELECT version FROM {table} WHERE success",
          .state_lists_all = true,
          .up = "sqlx migrate run",
          .step = "sqlx migrate revert",
          .list = "sqlx migrate info",
          .commands = {"sqlx migrate run", "sqlx database setup"},
          .after_merge = {.changed = "sqlx refuses to migrate: it was applied before and has been modified",
                          .removed = "sqlx refuses to migrate: it was applied before and is missing",
                          .overtaken = "sqlx applies it after the others",
                          .counts_comments = true,
                          .applies_missed = true},
          .back = WayBack{.programs = {"sqlx"}, .migrate = "run", .back = "revert", .each = true},
          .up_part = "the .up.sql file",
          .down_part = "the .down.sql file",
          .create = "sqlx migrate add NAME",
      },
  };
}

}  // namespace exitgate::collect::tools
