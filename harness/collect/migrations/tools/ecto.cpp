// Ecto, of Elixir: a shallow record.
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/layout.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

std::vector<Tool> ecto() {
  return {{
      .name = "ecto",
      .find = by_layout("ecto", {.signs = {{"mix.exs"}},
                                 .folders = {"*"},
                                 .files = {{"*.exs", {"use Ecto.Migration"}}},
                                 .every_file = true}),
      .version = as_number,
      .tables = {"schema_migrations"},
      .state = "SELECT version FROM {table}",
      .state_lists_all = true,
      .up = "mix ecto.migrate",
      .down = "mix ecto.rollback --all",
      .step = "mix ecto.rollback",
      .list = "mix ecto.migrations",
      .commands = {"mix ecto.migrate", "mix ecto.setup"},
      .after_merge = {.changed = "Ecto keeps no checksum and never notices",
                      .removed = "Ecto never notices, and cannot take it back any more",
                      .overtaken =
                          "Ecto applies it after the others, and refuses it with --strict-version-order",
                      .applies_missed = true},
      .back = WayBack{.programs = {"mix"}, .migrate = "ecto.migrate", .back = "ecto.rollback --step {count}"},
      .up_part = "change() or up()",
      .down_part = "change() or down()",
      .create = "mix ecto.gen.migration NAME",
  }};
}

}  // namespace exitgate::collect::tools
