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

ToolTables::ToolTables(const facts::Facts& facts) {
  namespace migrations = facts::migrations;
  for (const auto& object : facts.rows<migrations::ToolObject>(
           "WHERE tool IN (SELECT tool FROM migrations.environment) ORDER BY tool, kind, name")) {
    (object.kind == migrations::ToolObjectKind::schema ? schemas_ : names_).insert(object.name);
  }
  for (const auto& history :
       facts.rows<migrations::Environment>("WHERE version_table IS NOT NULL ORDER BY id")) {
    const bool is_qualified = history.version_table->find('.') != std::string::npos;
    (is_qualified ? qualified_ : names_).insert(*history.version_table);
  }
}

bool ToolTables::has(std::string_view identity) const {
  std::string plain;
  std::size_t dot = std::string::npos;  // between schema and name
  bool is_quoted = false;
  for (const char c : identity) {
    if (c == '"') {
      is_quoted = !is_quoted;
      continue;
    }
    if (c == '.' && !is_quoted) dot = plain.size();
    plain += c;
  }
  if (qualified_.contains(plain)) return true;
  if (dot == std::string::npos) return names_.contains(plain);
  return schemas_.contains(plain.substr(0, dot)) || names_.contains(plain.substr(dot + 1));
}

}  // namespace exitgate::check
