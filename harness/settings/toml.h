// One table of a TOML file (pyproject.toml, flyway.toml), read by toml++: scalars, lists of strings and tables in it.
// Dates and lists in lists are left out.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::settings {

struct TomlItem {
  std::string text;
  int line = 0;
};

struct TomlTable {
  int line = 0;                                   // of its header, or of the first key that makes it
  std::map<std::string, int, std::less<>> lines;  // of the value of each key, whatever it is
  std::map<std::string, std::string, std::less<>> strings;
  std::map<std::string, std::string, std::less<>> numbers;  // in decimal: "10" for 0xa
  std::map<std::string, bool, std::less<>> booleans;
  // Entries that are not strings are left out.
  std::map<std::string, std::vector<TomlItem>, std::less<>> lists;
  std::map<std::string, TomlTable, std::less<>> tables;

  // A string, number or boolean ("true"); nullopt for anything else.
  std::optional<std::string> scalar(std::string_view key) const;
};

// Why a text is not TOML; what() is the message without a place.
class TomlError : public std::runtime_error {
 public:
  TomlError(const std::string& message, int at_line) : std::runtime_error(message), line(at_line) {}
  int line;  // counts from 1
};

// The table of that dotted name ("tool.alembic"; "" is the whole text), or nullopt when the text has none. Throws TomlError for a
// text that is not TOML, also when what is wrong stands in another table: no program could read it.
std::optional<TomlTable> toml_table(std::string_view text, std::string_view name);

}  // namespace exitgate::settings
