#include "harness/check/migration_tools.h"

namespace exitgate {

MigrationTool migration_tool(const facts::Facts& facts, const std::string& environment) {
  MigrationTool tool;
  int count = 0;
  for (const auto& row : facts.query(
           "SELECT coalesce(up, ''), coalesce(down, ''), coalesce(state, ''), coalesce(create_first, ''), "
           "  coalesce(join_heads, ''), coalesce(way_up, ''), coalesce(way_down, '') FROM migrations.tool "
           "WHERE name IN (SELECT tool FROM migrations.environment WHERE ?1 = '' OR id = ?1)",
           {environment})) {
    if (++count > 1) return {};
    tool.up = row.text(0);
    tool.down = row.text(1);
    tool.state = row.text(2);
    tool.create = row.text(3);
    tool.join = row.text(4);
    if (!row.text(5).empty()) tool.way_up = row.text(5);
    if (!row.text(6).empty()) tool.way_down = row.text(6);
  }
  return tool;
}

std::vector<std::string> migration_commands(const facts::Facts& facts) {
  std::vector<std::string> patterns;
  for (const auto& row : facts.query("SELECT pattern FROM migrations.tool_command ORDER BY tool, pattern")) {
    patterns.push_back(row.text(0));
  }
  return patterns;
}

}  // namespace exitgate
