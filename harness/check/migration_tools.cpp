#include "harness/check/migration_tools.h"

#include "harness/base/text.h"
#include "harness/facts/tables/migrations.h"

namespace exitgate::check {

namespace {

// 'public."a.b"' → public and a.b
std::vector<std::string> parts_of_identity(std::string_view identity) {
  std::vector<std::string> parts(1);
  bool is_quoted = false;
  for (const char c : identity) {
    if (c == '"') {
      is_quoted = !is_quoted;
    } else if (c == '.' && !is_quoted) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

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
    tool.models = known.models.value_or("");
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
  const auto parts = parts_of_identity(identity);
  return has_schema_of(identity) || names_.contains(parts.back()) || qualified_.contains(join(parts, "."));
}

bool ToolTables::has_schema_of(std::string_view identity) const {
  return schemas_.contains(parts_of_identity(identity).front());
}

}  // namespace exitgate::check
