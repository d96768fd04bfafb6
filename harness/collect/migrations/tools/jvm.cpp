// Tools of the Java virtual machine, each a shallow record.
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> jvm() {
  return {
      {
          // Which files a change log includes, and in which order, is not read.
          .name = "liquibase",
          .find = by_layout("liquibase", {.signs = {{"liquibase.properties"},
                                                    {"pom.xml", "liquibase-core"},
                                                    {"pom.xml", "liquibase-maven-plugin"},
                                                    {"build.gradle", "liquibase-core"},
                                                    {"build.gradle.kts", "liquibase-core"}},
                                          .folders = {"*"},
                                          .files = {{"*.xml", {"<databaseChangeLog"}},
                                                    {"*.yaml", {"databaseChangeLog:"}},
                                                    {"*.yml", {"databaseChangeLog:"}},
                                                    {"*.json", {"\"databaseChangeLog\""}},
                                                    {"*.sql", {"liquibase formatted sql"}}},
                                          .numbered = false,
                                          .id = Layout::Id::path,
                                          .order = Layout::Order::unknown,
                                          .whole_project = true}),
          .tables = {"databasechangelog", "databasechangeloglock"},
          .state = "SELECT id FROM {table}",
          .state_lists_all = true,
          .up = "liquibase update",
          .step = "liquibase rollback-count --count=1",
          .list = "liquibase history",
          .commands = {"liquibase update", "*liquibase:update"},
          .up_part = "its change set",
          .down_part = "its rollback",
      },
      {
          .name = "mybatis-migrations",
          .find = by_layout("mybatis-migrations", {.folders = {"scripts", "*/scripts"},
                                                   .beside = "../environments/development.properties",
                                                   .files = {{"*.sql", {"-- //"}}}}),
          .sections = {.up = {}, .down = "-- //@UNDO"},
          .up = "migrate up",
          .step = "migrate down",
          .list = "migrate status",
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
          .up_part = "the part below `# --- !Ups`",
          .down_part = "the part below `# --- !Downs`",
      },
  };
}

}  // namespace exitgate::collect::tools
