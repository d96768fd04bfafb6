// As much of TOML as pyproject.toml needs to say where Alembic's environment is: strings, lists of strings
// and booleans of one table. All other values are skipped, whatever they hold.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect {

struct TomlTable {
  int line = 0;  // of its header
  std::map<std::string, std::string, std::less<>> strings;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  std::map<std::string, bool, std::less<>> booleans;
};

// The table of that dotted name ("tool.alembic"), or nullopt when the text has none.
std::optional<TomlTable> toml_table(std::string_view text, std::string_view name);

}  // namespace exitgate::collect
