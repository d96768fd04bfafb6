// The functions of tools/*.cpp that hand out the records; CMake writes the list (CMakeLists.txt).
#pragma once

#include <vector>

#include "harness/collect/migrations/tool.h"

namespace exitgate::collect {

using ToolRecords = std::vector<Tool> (*)();
const std::vector<ToolRecords>& tool_list();

}  // namespace exitgate::collect
