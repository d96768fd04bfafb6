// Which files of a folder are gate files.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace exitgate::gate {

// "*.yaml" and "*.yml", but no tests of a suite ("ci.test.yaml").
bool is_gate_file(std::string_view name);
bool is_test_file(std::string_view name);

// The gate files directly in a folder, sorted; of a file, the file.
std::vector<std::filesystem::path> gate_files(const std::filesystem::path& path);

}  // namespace exitgate::gate
