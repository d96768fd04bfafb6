// Tools of Python, each a shallow record; Alembic and Django have files of their own.
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> python() {
  return {
      {
          .name = "aerich",
          .find = by_layout("aerich", {.signs = {{"pyproject.toml", "tool.aerich"}, {"aerich.ini"}},
                                       .folders = {"*"},
                                       .files = {{"*.py", {"def upgrade("}}},
                                       .id = Layout::Id::name}),
          .tables = {"aerich"},
          .state = "SELECT version FROM {table}",
          .state_lists_all = true,
          .up = "aerich upgrade",
          .step = "aerich downgrade",
          .list = "aerich history",
          .commands = {"aerich upgrade"},
          .after_merge = {.changed = "aerich keeps no checksum and never notices",
                          .removed = "aerich never notices, and cannot take it back any more",
                          .overtaken = "aerich applies it after the others",
                          .applies_missed = true},
          .up_part = "upgrade()",
          .down_part = "downgrade()",
          .create = "aerich init-db",
      },
      {
          // What a migration depends on stands in it, and is not read.
          .name = "yoyo",
          .find = by_layout("yoyo", {.signs = {{"yoyo.ini"},
                                               {"requirements.txt", "yoyo-migrations"},
                                               {"pyproject.toml", "yoyo-migrations"},
                                               {"setup.py", "yoyo-migrations"}},
                                     .folders = {"*"},
                                     .files = {{"*.py", {"from yoyo import|import yoyo", "step(|steps ="}}},
                                     .numbered = false,
                                     .id = Layout::Id::stem,
                                     .order = Layout::Order::unknown}),
          .tables = {"_yoyo_migration", "_yoyo_log", "_yoyo_version", "yoyo_lock"},
          .state = "SELECT migration_id FROM {table}",
          .state_lists_all = true,
          .up = "yoyo apply --batch",
          .down = "yoyo rollback --batch --all",
          .step = "yoyo rollback --batch --revision REVISION",
          .list = "yoyo list",
          .commands = {"yoyo apply"},
          .up_part = "its steps",
          .down_part = "the rollback of its steps",
          .create = "yoyo new -m \"...\"",
      },
  };
}

}  // namespace exitgate::collect::tools
