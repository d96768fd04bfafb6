// The programs that took part in a run or could have: where they are, which version, which bytes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect {

struct Tool {
  std::string name;
  std::optional<std::string> version;
  std::optional<std::string> path;    // nullopt: not installed
  std::optional<std::string> sha256;  // of the file that the path leads to
};

struct Tools {
  std::vector<Tool> tools;  // in a fixed order
  std::vector<std::filesystem::path>
      python_path;  // folders in which the python3 on PATH looks for distributions
};

// The first word of `text` that reads as a version: "git version 2.39.5" gives "2.39.5", "v20.20.2" gives
// "20.20.2".
std::optional<std::string> version_in(std::string_view text);

Tools read_tools();

}  // namespace exitgate::collect
