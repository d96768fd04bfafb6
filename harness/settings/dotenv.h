// Files of environment variables (.env), as python-dotenv reads them (its parser.py): `export` before a name, values in
// quotes over several lines, comments behind a blank and '#'.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::settings {

struct DotenvEntry {
  std::string name;
  std::optional<std::string>
      value;  // without its quotes, escapes as written; nullopt without a '=': it sets nothing
  int line = 0;
};

// In the order of the file. Lines that python-dotenv cannot read are left out, as it does.
std::vector<DotenvEntry> parse_dotenv(std::string_view text);

}  // namespace exitgate::settings
