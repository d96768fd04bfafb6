// Tools of Go, each a shallow record; golang-migrate, goose and dbmate have files of their own.
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> go() {
  return {
      {
          .name = "atlas",
          .find = by_layout("atlas", {.folders = {"*"}, .beside = "atlas.sum", .files = {{"*.sql"}}}),
          .tables = {"atlas_schema_revisions"},
          .schemas = {"atlas_schema_revisions"},
          .state_table = "atlas_schema_revisions.atlas_schema_revisions",
          .state = "SELECT version FROM {table} WHERE applied = total",
          .state_lists_all = true,
          .up = "atlas migrate apply",
          .step = "atlas migrate down",
          .list = "atlas migrate status",
          .commands = {"atlas migrate apply"},
          .after_merge = {.changed = "atlas.sum has another hash, and Atlas checks those of the directory",
                          .removed = "Atlas no longer has a file for a revision that the database holds",
                          .overtaken = "Atlas refuses it: it is out of order"},
          .create = "atlas migrate new NAME",
      },
      {
          .name = "sql-migrate",
          .find =
              by_layout("sql-migrate", {.folders = {"*"}, .files = {{"*.sql", {"+migrate Up|+migrate up"}}}}),
          .sections = {.up = "-- +migrate Up", .down = "-- +migrate Down", .unmistakable = true},
          .tables = {"gorp_migrations"},
          .state = "SELECT split_part(id, '_', 1) FROM {table}",
          .state_lists_all = true,
          .up = "sql-migrate up",
          .down = "sql-migrate down -limit=0",
          .step = "sql-migrate down",
          .list = "sql-migrate status",
          .commands = {"sql-migrate up"},
          .after_merge =
              {.changed = "sql-migrate keeps no checksum and never notices",
               .removed =
                   "sql-migrate refuses to go on with a migration in the database that it does not know",
               .overtaken = "sql-migrate applies it after the others",
               .applies_missed = true},
          .up_part = "the part below `-- +migrate Up`",
          .down_part = "the part below `-- +migrate Down`",
          .create = "sql-migrate new NAME",
      },
      {
          .name = "tern",
          .find = by_layout("tern", {.signs = {{"tern.conf"}, {"go.mod", "github.com/jackc/tern/v2"}},
                                     .folder_mark = "---- create above / drop below ----",
                                     .files = {{"*.sql"}}}),
          .sections = {.up = {}, .down = "---- create above / drop below ----"},
          .version = as_number,
          .tables = {"schema_version"},
          .state = "SELECT version FROM {table}",
          .up = "tern migrate",
          .down = "tern migrate --destination 0",
          .step = "tern migrate --destination -1",
          .list = "tern status",
          .commands = {"tern migrate"},
          .after_merge = {.changed = "tern keeps the number of the last one and never notices",
                          .removed = "tern refuses to load them: a number is missing",
                          .overtaken = "tern keeps the number of the last one, and never applies it"},
          .up_part = "the part above `---- create above / drop below ----`",
          .down_part = "the part below `---- create above / drop below ----`",
          .create = "tern new NAME",
      },
  };
}

}  // namespace exitgate::collect::tools
