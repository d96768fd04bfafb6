#pragma once

#include "harness/check/migration_tools.h"

namespace exitgate::collect::schema {

// What any tool keeps in a database about itself, whether or not the commit uses it.
const check::ToolTables& all_tool_tables();

}  // namespace exitgate::collect::schema
