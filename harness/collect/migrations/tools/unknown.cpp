// Folders that look like migrations of no tool that is known: numbered files in a folder that is named so, in a project
// that uses a database. They are said to be there, and what they do is undecided.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/drivers.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

bool may_migrate(std::string_view name) {
  constexpr std::array<std::string_view, 22> kEndings = {
      ".py", ".rb",  ".js", ".ts",  ".mjs", ".cjs", ".go", ".java",  ".kt",     ".cs", ".php",
      ".ex", ".exs", ".rs", ".clj", ".edn", ".pl",  ".sh", ".scala", ".groovy", ".fs", ".sql"};
  if (name.ends_with(".d.ts") || name.find("test") != std::string_view::npos ||
      name.find("spec") != std::string_view::npos)
    return false;
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

// Of a test, an example or a dependency.
bool is_of_others(std::string_view folder) {
  constexpr std::array<std::string_view, 14> kFolders = {
      "test",    "tests",    "testdata", "__tests__", "fixtures",     "spec",          "e2e",
      "example", "examples", "docs",     "vendor",    "node_modules", "site-packages", "testing"};
  const auto parts = split(folder, '/');
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return std::find(kFolders.begin(), kFolders.end(), part) != kFolders.end();
  });
}

bool lies_in(std::string_view folder, std::string_view location) {
  return location.empty() || folder == location || folder.starts_with(std::string(location) + "/");
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<Numbered>> folders;
  for (const auto& path : source.paths()) {
    const std::string folder(folder_of(path));
    if (!may_migrate(name_of(path)) || !is_migration_folder(folder) || source.is_taken(path)) continue;
    const auto [number, rest] = split_number(name_of(path));
    if (number.empty() || is_of_others(folder)) continue;
    // What lies beside another tool's migrations is that tool's own business.
    const bool known = std::any_of(found.begin(), found.end(), [&](const Environment& one) {
      return lies_in(folder, one.location) && !one.location.empty();
    });
    if (known) continue;
    Revision revision;
    revision.id = number;
    revision.file = path;
    revision.title = title_from(rest.substr(0, rest.rfind('.')));
    folders[folder].push_back({Version(number), std::move(revision)});
  }
  if (folders.empty()) return;
  const auto drivers = declared_drivers(source);
  for (auto& [folder, numbered] : folders) {
    const bool of_a_database = std::any_of(
        drivers.begin(), drivers.end(),
        [&folder = folder](const DeclaredDriver& one) { return lies_in(folder, folder_of(one.file)); });
    if (!of_a_database) continue;
    Environment environment;
    environment.id = folder;
    environment.location = folder;
    environment.problems.push_back(
        {numbered.front().revision.file, std::nullopt,
         fmt::format(
             "{} looks like {} of a tool that is not known: their order and what they do are not read",
             folder, count_of(numbered.size(), "migration"))});
    add_chain(environment, std::move(numbered));
    environment.complete = false;
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> unknown() {
  return {{.name = "unknown", .recognized = Recognized::as_unknown, .find = find}};
}

}  // namespace exitgate::collect::tools
