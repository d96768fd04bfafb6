#include "harness/gate/gate_files.h"

#include <algorithm>

namespace exitgate::gate {

bool is_test_file(std::string_view name) {
  return name.ends_with(".test.yaml") || name.ends_with(".test.yml");
}

bool is_gate_file(std::string_view name) {
  return (name.ends_with(".yaml") || name.ends_with(".yml")) && !is_test_file(name);
}

std::vector<std::filesystem::path> gate_files(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    if (is_gate_file(entry.path().filename().string())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace exitgate::gate
