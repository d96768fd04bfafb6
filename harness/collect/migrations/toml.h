// As much of TOML as pyproject.toml needs to say where Alembic's environment is: strings, lists of strings
// and booleans of one table, read by toml++. All other values are skipped.
//
// alembic.ini has a reader of our own (ini.h): Alembic reads it with Python's configparser, whose continuation
// lines, DEFAULT section and %(here)s no INI library has.
#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect {

struct TomlTable {
  int line = 0;  // of its header, or of the first key that makes it
  std::map<std::string, std::string, std::less<>> strings;
  // Entries that are not strings are left out.
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  std::map<std::string, bool, std::less<>> booleans;
};

// Why a text is not TOML; what() is the message without a place.
class TomlError : public std::runtime_error {
 public:
  TomlError(const std::string& message, int at_line) : std::runtime_error(message), line(at_line) {}
  int line;  // counts from 1
};

// The table of that dotted name ("tool.alembic"), or nullopt when the text has none. Throws TomlError for a
// text that is not TOML, also when what is wrong stands in another table: no program could read it.
std::optional<TomlTable> toml_table(std::string_view text, std::string_view name);

}  // namespace exitgate::collect
