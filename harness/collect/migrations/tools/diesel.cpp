// Diesel: migrations/VERSION_title/up.sql with a down.sql beside it, in the order of the versions. A version
// is a date with hyphens, which Diesel leaves out: "2024-02-24-034523".
#include <algorithm>
#include <map>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

// "20240224034523" and "title" of "2024-02-24-034523_title"; an empty version for any other name.
std::pair<std::string, std::string_view> split_diesel(std::string_view name) {
  const std::size_t end = std::min(name.find('_'), name.size());
  std::string version(name.substr(0, end));
  version.erase(std::remove(version.begin(), version.end(), '-'), version.end());
  const bool digits = !version.empty() && version.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return {"", name};
  return {version, end < name.size() ? name.substr(end + 1) : std::string_view()};
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<Numbered>> folders;  // of migrations, by the folder that holds them
  for (const auto& path : source.paths()) {
    if (name_of(path) != "up.sql" || source.is_taken(path)) continue;
    const std::string_view own = folder_of(path);
    auto [version, title] = split_diesel(name_of(own));
    if (version.empty()) continue;
    Revision revision;
    revision.id = version;
    revision.file = path;
    revision.title = title_from(title);
    folders[std::string(folder_of(own))].push_back({Version(version), std::move(revision)});
  }
  for (auto& [folder, numbered] : folders) {
    Environment environment;
    environment.id = folder.empty() ? "." : folder;
    const auto config = join_path(folder_of(folder), "diesel.toml");
    if (config && source.has_file(*config)) environment.config = config;
    environment.location = folder;
    add_chain(environment, std::move(numbered));
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> diesel() {
  return {{
      .name = "diesel",
      .deep = true,
      .recognized = Recognized::by_convention,
      .find = find,
      .tables = {"__diesel_schema_migrations"},
      .state = "SELECT version FROM {table}",
      .state_lists_all = true,
      .up = "diesel migration run",
      .down = "diesel migration revert --all",
      .step = "diesel migration revert",
      .list = "diesel migration list",
      .commands = {"diesel migration run"},
      .after_merge = {.changed = "Diesel keeps no checksum and never notices",
                      .removed = "Diesel never notices, and cannot take it back any more",
                      .overtaken = "Diesel applies it after the others",
                      .applies_missed = true},
      .back = WayBack{.programs = {"diesel"}, .migrate = "run", .back = "revert --number {count}"},
      .up_part = "up.sql",
      .down_part = "down.sql",
      .create = "diesel migration generate NAME",
  }};
}

}  // namespace exitgate::collect::tools
