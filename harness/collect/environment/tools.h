// The programs that took part in a run or could have: where they are, which version, which bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/tables/environment.h"

namespace exitgate::collect::environment {

using Tool = facts::environment::Tool;

struct Tools {
  std::vector<Tool> tools;  // in a fixed order
  // Folders in which the python3 on PATH looks for distributions.
  std::vector<std::filesystem::path> python_path;
};

// The first word of `text` that reads as a version: "git version 2.39.5" gives "2.39.5", "v20.20.2" gives "20.20.2".
std::optional<std::string> version_in(std::string_view text);

Tools read_tools();

}  // namespace exitgate::collect::environment
