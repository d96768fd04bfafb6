// Platforms that migrate their own PostgreSQL, each a shallow record.
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> platforms() {
  return {
      {
          .name = "hasura",
          .find = by_layout(
              "hasura", {.signs = {{"config.yaml", "version: 3"}, {"config.yaml", "version: 2"}},
                         .folders = {"migrations", "migrations/*"},
                         .configured = {{"config.yaml", "migrations_directory", "", Setting::Form::assigned}},
                         .files = {{"up.sql"}},
                         .nested = true}),
          .schemas = {"hdb_catalog"},
          .up = "hasura migrate apply",
          .step = "hasura migrate apply --down 1",
          .list = "hasura migrate status",
          .commands = {"hasura migrate apply"},
          .after_merge = {.changed = "Hasura keeps no checksum and never notices",
                          .removed = "Hasura never notices",
                          .overtaken = "Hasura applies it after the others",
                          .applies_missed = true},
          .up_part = "up.sql",
          .down_part = "down.sql",
          .create = "hasura migrate create NAME",
      },
      {
          .name = "pgroll",
          .find = by_layout("pgroll",
                            {.files = {{"*.json",
                                        {"\"operations\"",
                                         "\"create_table\"|\"drop_table\"|\"rename_table\"|\"add_column\"|"
                                         "\"drop_column\"|\"alter_column\"|\"rename_column\"|"
                                         "\"create_index\"|\"drop_index\"|\"create_constraint\"|"
                                         "\"drop_constraint\"|\"drop_multicolumn_constraint\"|"
                                         "\"rename_constraint\"|\"set_replica_identity\"|\"sql\""}}},
                             .id = Layout::Id::stem,
                             .order = Layout::Order::name}),
          .schemas = {"pgroll"},
          .state_table = "pgroll.migrations",
          .state = "SELECT name FROM {table} WHERE done",
          .state_lists_all = true,
          .up = "pgroll migrate MIGRATIONS",
          .step = "pgroll rollback",
          .list = "pgroll status",
          .commands = {"pgroll migrate", "pgroll start"},
      },
      {
          .name = "supabase",
          .find = by_layout("supabase", {.folders = {"supabase/migrations", "*/supabase/migrations"},
                                         .files = {{"*.sql"}}}),
          .schemas = {"supabase_migrations"},
          .state_table = "supabase_migrations.schema_migrations",
          .state = "SELECT version FROM {table}",
          .state_lists_all = true,
          .up = "supabase db push",
          .list = "supabase migration list",
          .commands = {"supabase db push", "supabase db reset", "supabase migration up"},
          .after_merge =
              {.changed = "Supabase keeps no checksum and never notices",
               .removed = "`supabase db push` refuses: the remote has versions that are not found locally",
               .overtaken = "`supabase db push` refuses it unless --include-all is given"},
          .create = "supabase migration new NAME",
      },
  };
}

}  // namespace exitgate::collect::tools
