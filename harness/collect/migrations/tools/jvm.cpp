// Tools of the Java virtual machine, each a shallow record.
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> jvm() {
  return {
      {
          .name = "mybatis-migrations",
          .find = by_layout("mybatis-migrations", {.folders = {"scripts", "*/scripts"},
                                                   .beside = "../environments/development.properties",
                                                   .files = {{"*.sql", {"-- //"}}}}),
          .sections = {.up = {}, .down = "-- //@UNDO"},
          .up = "migrate up",
          .step = "migrate down",
          .list = "migrate status",
          .after_merge = {.changed = "MyBatis Migrations keeps no checksum and never notices",
                          .removed = "MyBatis Migrations never notices, and cannot take it back any more",
                          .overtaken = "MyBatis Migrations applies it after the others, with a warning",
                          .applies_missed = true},
          .up_part = "the part above `-- //@UNDO`",
          .down_part = "the part below `-- //@UNDO`",
          .create = "migrate new NAME",
      },
      {
          .name = "play-evolutions",
          .find = by_layout("play-evolutions", {.folders = {"conf/evolutions/*", "*/conf/evolutions/*"},
                                                .files = {{"*.sql", {"!Ups"}}}}),
          .sections = {.up = "# --- !Ups", .down = "# --- !Downs"},
          .tables = {"play_evolutions"},
          .state = "SELECT id FROM {table} WHERE state = 'applied'",
          .state_lists_all = true,
          .after_merge = {.changed = "Play takes it back and applies it anew, with the rows in it",
                          .removed = "Play takes it and all after it back",
                          .overtaken = "Play takes back all after it and applies them anew"},
          .up_part = "the part below `# --- !Ups`",
          .down_part = "the part below `# --- !Downs`",
      },
  };
}

}  // namespace exitgate::collect::tools
