#include "harness/collect/schema/tool_tables.h"

#include <set>
#include <string>
#include <utility>

#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::schema {

const check::ToolTables& all_tool_tables() {
  static const check::ToolTables tables = [] {
    std::set<std::string> schemas;
    std::set<std::string> names;
    for (const auto& tool : collect::all_tools()) {
      schemas.insert(tool.schemas.begin(), tool.schemas.end());
      names.insert(tool.tables.begin(), tool.tables.end());
    }
    return check::ToolTables(std::move(schemas), std::move(names));
  }();
  return tables;
}

}  // namespace exitgate::collect::schema
