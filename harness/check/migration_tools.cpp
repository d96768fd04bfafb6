#include "harness/check/migration_tools.h"

#include "harness/facts/tables/migrations.h"

namespace exitgate::check {

MigrationTool migration_tool(const facts::Facts& facts, const std::string& environment) {
  MigrationTool tool;
  int count = 0;
  for (const auto& known : facts.rows<facts::migrations::Tool>(
           "WHERE name IN (SELECT tool FROM migrations.environment WHERE ?1 = '' OR id = ?1)",
           {environment})) {
    if (++count > 1) return {};
    tool.up = known.up.value_or("");
    tool.down = known.down.value_or("");
    tool.state = known.state.value_or("");
    tool.create = known.create_first.value_or("");
    tool.join = known.join_heads.value_or("");
    if (!known.up_part.value_or("").empty()) tool.up_part = *known.up_part;
    if (!known.down_part.value_or("").empty()) tool.down_part = *known.down_part;
  }
  return tool;
}

std::vector<std::string> migration_commands(const facts::Facts& facts) {
  std::vector<std::string> patterns;
  for (const auto& command : facts.rows<facts::migrations::ToolCommand>("ORDER BY tool, pattern")) {
    patterns.push_back(command.pattern);
  }
  return patterns;
}

}  // namespace exitgate::check
