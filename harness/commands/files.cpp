#include "harness/commands/files.h"

#include "harness/base/text.h"

namespace exitgate::commands {

std::string path_from(std::string_view directory, std::string_view path) {
  for (const std::string_view here :
       {"$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}", "${{ github.workspace }}", "${{github.workspace}}",
        "$CI_PROJECT_DIR", "${CI_PROJECT_DIR}", "$PWD", "${PWD}", "$(pwd)"}) {
    if (!path.starts_with(here)) continue;
    if (here.find("WD") == std::string_view::npos && here != "$(pwd)") directory = "";
    path.remove_prefix(here.size());
    while (path.starts_with('/')) path.remove_prefix(1);
    if (path.empty()) return std::string(directory);
    break;
  }
  if (directory == kUnknownDirectory || path.starts_with('/') || path.starts_with('~') ||
      path.find_first_of("$*?`") != std::string_view::npos)
    return std::string(kUnknownDirectory);
  std::vector<std::string> parts;
  for (const auto whole : {directory, path}) {
    for (auto& part : split(whole, '/')) {
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(std::move(part));
      } else if (parts.empty()) {
        return std::string(kUnknownDirectory);
      } else {
        parts.pop_back();
      }
    }
  }
  return join(parts, "/");
}

std::string file_in(std::string_view directory, std::string_view name) {
  return directory.empty() ? std::string(name) : std::string(directory) + "/" + std::string(name);
}

}  // namespace exitgate::commands
