// Files of the commit that commands lead to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::commands {

class Files {
 public:
  virtual ~Files() = default;
  // The text of a file, by its path from the root; nullptr when there is none.
  virtual const std::string* read(const std::string& path) = 0;
  // What else the answers depend on: what was resolved in the same state can be taken again.
  virtual std::string_view state() const { return {}; }
  // All paths whose last part is `name`, those of installed packages left out.
  virtual const std::vector<std::string>& named(std::string_view name) = 0;
};

// `path` seen from `directory`, both from the root: "web", "../api" gives "api". nullopt-like "?" for what leaves the
// repository or is known only when it runs ("$X", "${{ … }}").
std::string path_from(std::string_view directory, std::string_view path);
constexpr std::string_view kUnknownDirectory = "?";
// "web" and "package.json" give "web/package.json".
std::string file_in(std::string_view directory, std::string_view name);

}  // namespace exitgate::commands
