// dbmate: numbered SQL files, told from plain ones by `-- migrate:up`.
#include <algorithm>

#include "harness/collect/migrations/numbered_sql.h"
#include "harness/collect/migrations/settings.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

constexpr std::string_view kUp = "-- migrate:up";

// DBMATE_MIGRATIONS_TABLE of a committed .env; "" when none names one.
std::string table_of(Source& source) {
  for (const auto& path : source.named(".env")) {
    const auto text = source.read(path);
    if (!text) continue;
    const auto values = properties(*text);
    if (const auto found = values.find("DBMATE_MIGRATIONS_TABLE"); found != values.end())
      return found->second;
  }
  return "";
}

// In whatever folder, since the comment tells.
void find(Source& source, std::vector<Environment>& found) {
  for (const auto& [folder, files] : numbered_sql_folders(source, true)) {
    const bool marked = std::any_of(files.begin(), files.end(), [&](const std::string& path) {
      const auto text = source.read(path);
      return text && has_section(*text, kUp);
    });
    if (!marked) continue;
    found.push_back(numbered_sql_history(folder, files));
    found.back().version_table = table_of(source);
  }
}

}  // namespace

std::vector<Tool> dbmate() {
  return {{
      .name = "dbmate",
      .deep = true,
      .recognized = Recognized::by_convention,
      .find = find,
      .sections = {.up = std::string(kUp), .down = "-- migrate:down", .unmistakable = true},
      .tables = {"schema_migrations"},
      .state = "SELECT version FROM {table}",
      .state_lists_all = true,
      .up = "dbmate up",
      .down = {},
      .step = "dbmate down",
      .list = "dbmate status",
      .commands = {"dbmate up", "dbmate migrate"},
      .after_merge = {.changed = "dbmate keeps no checksum and never notices",
                      .removed = "dbmate never notices",
                      .overtaken = "dbmate applies it after the others, and refuses it with --strict",
                      .applies_missed = true},
      .back = WayBack{.programs = {"dbmate"}, .migrate = "up", .back = "down", .each = true},
      .up_part = "the part below `-- migrate:up`",
      .down_part = "the part below `-- migrate:down`",
      .create = "dbmate new NAME",
  }};
}

}  // namespace exitgate::collect::tools
