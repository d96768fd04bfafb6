// Flyway: V1_2__title.sql in the order of the versions. Undo scripts (U…) and repeatable ones (R__…) have no
// place in it; a baseline (B…) stands for all up to its version, but only on an empty database, and is left
// out as well.
#include <map>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

// "V1_2__add_users.sql": version "1_2" and title "add_users"; an empty version for any other name.
NumberedName split_flyway(std::string_view name) {
  if (!ends_with(name, ".sql") || name.size() < 6 || name.front() != 'V') return {"", name};
  name.remove_suffix(4);
  name.remove_prefix(1);
  const std::size_t mark = name.find("__");
  if (mark == std::string_view::npos || mark == 0) return {"", name};
  const std::string_view version = name.substr(0, mark);
  if (version.find_first_not_of("0123456789._") != std::string_view::npos) return {"", name};
  return {version, name.substr(mark + 2)};
}

// Locations are searched with what is below them: "src/main/resources/db/migration" for a file in
// ".../db/migration/v2".
std::string location_of(std::string_view folder) {
  for (const std::string_view usual : {"db/migration", "db/migrations"}) {
    for (std::size_t at = folder.find(usual); at != std::string_view::npos; at = folder.find(usual, at + 1)) {
      const std::size_t end = at + usual.size();
      if ((at == 0 || folder[at - 1] == '/') && (end == folder.size() || folder[end] == '/')) {
        return std::string(folder.substr(0, end));
      }
    }
  }
  return std::string(folder);
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<Numbered>> locations;
  for (const auto& path : source.paths()) {
    const auto [version, title] = split_flyway(name_of(path));
    if (version.empty() || source.is_taken(path)) continue;
    Revision revision;
    revision.id = version;
    for (char& c : revision.id) c = c == '_' ? '.' : c;
    revision.file = path;
    revision.title = title_from(title);
    locations[location_of(folder_of(path))].push_back({Version(version), std::move(revision)});
  }
  for (auto& [location, numbered] : locations) {
    Environment environment;
    environment.id = location.empty() ? "." : location;
    environment.location = location;
    add_chain(environment, std::move(numbered));
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> flyway() {
  return {{
      .name = "flyway",
      .deep = true,
      .recognized = Recognized::by_convention,
      .find = find,
      .tables = {"flyway_schema_history"},
      // What stood there before Flyway came is one row for all of it.
      .state = "SELECT version FROM {table} WHERE success AND version IS NOT NULL AND type <> 'SCHEMA'",
      .up = "flyway migrate",
      .down = "flyway clean",
      .step = "flyway undo",
      .list = "flyway info",
      .commands = {"flyway* migrate"},
      .up_part = "the versioned script",
      .down_part = "its undo script",
  }};
}

}  // namespace exitgate::collect::tools
