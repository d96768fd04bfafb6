// Flyway: V1_2__title.sql in the order of the versions, also as classes of Java, Kotlin, Groovy and Scala. Repeatable
// scripts (R__…) and those that Flyway calls at each run (afterMigrate.sql) are revisions without a place in it. Undo
// scripts (U…) have none; a baseline (B…) stands for all up to its version, but only on an empty database, and is left
// out as well.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/migrations/tools/flyway/config.h"

namespace exitgate::collect::tools {

namespace {

constexpr std::array<std::string_view, 5> kEndings = {".sql", ".java", ".kt", ".groovy", ".scala"};

std::string_view without_ending_of_flyway(std::string_view name) {
  for (const auto ending : kEndings) {
    if (ends_with(name, ending)) return name.substr(0, name.size() - ending.size());
  }
  return "";
}

// "V1_2__add_users.sql": version "1_2" and title "add_users"; an empty version for any other name.
NumberedName split_flyway(std::string_view name, std::string_view prefix) {
  const std::string_view stem = without_ending_of_flyway(name);
  if (stem.empty() || !stem.starts_with(prefix)) return {"", name};
  const std::string_view rest = stem.substr(prefix.size());
  const std::size_t mark = rest.find("__");
  if (mark == std::string_view::npos || mark == 0) return {"", name};
  const std::string_view version = rest.substr(0, mark);
  if (version.find_first_not_of("0123456789._") != std::string_view::npos) return {"", name};
  return {version, rest.substr(mark + 2)};
}

// Run at each migration.
bool is_callback(std::string_view name) {
  constexpr std::array<std::string_view, 12> kEvents = {
      "beforeMigrate",     "afterMigrate",        "beforeEachMigrate", "afterEachMigrate",
      "beforeRepeatables", "afterMigrateApplied", "beforeVersioned",   "afterVersioned",
      "beforeConnect",     "createSchema",        "afterConnect",      "beforeEachMigrateStatement"};
  if (!ends_with(name, ".sql")) return false;
  const std::string_view stem = name.substr(0, std::min(name.find("__"), name.size() - 4));
  return std::find(kEvents.begin(), kEvents.end(), stem) != kEvents.end();
}

bool is_repeatable(std::string_view name) {
  return (name.starts_with("R__") && !without_ending_of_flyway(name).empty()) || is_callback(name);
}

// The classes of a package lie beside the resources of that name: "src/main/java/db/migration" belongs to
// "src/main/resources/db/migration".
std::string in_resources(std::string_view folder) {
  std::string path(folder);
  for (const std::string_view language : {"java", "kotlin", "groovy", "scala"}) {
    const std::string written = "src/main/" + std::string(language);
    const std::size_t at = path.find(written);
    if (at != std::string::npos) path.replace(at, written.size(), "src/main/resources");
  }
  return path;
}

// Locations are searched with what is below them: "src/main/resources/db/migration" for a file in
// ".../db/migration/v2".
std::string location_of(std::string_view folder, const std::vector<FlywayConfig>& configs) {
  std::string path = in_resources(folder);
  for (const auto& config : configs) {
    for (const auto& location : config.locations) {
      if (path == location || path.starts_with(location + "/")) return location;
    }
  }
  for (const std::string_view usual : {"db/migration", "db/migrations"}) {
    for (std::size_t at = path.find(usual); at != std::string::npos; at = path.find(usual, at + 1)) {
      const std::size_t end = at + usual.size();
      if ((at == 0 || path[at - 1] == '/') && (end == path.size() || path[end] == '/'))
        return path.substr(0, end);
    }
  }
  return path;
}

// Of the locations of one database: `{vendor}` is a folder for each kind of server.
bool of_another_vendor(std::string_view folder, std::string_view location) {
  constexpr std::array<std::string_view, 15> kVendors = {
      "mysql", "mariadb", "h2",        "oracle",   "sqlserver",   "mssql",    "db2",       "sqlite",
      "derby", "hsqldb",  "snowflake", "redshift", "cockroachdb", "informix", "clickhouse"};
  for (const auto& part : split(in_resources(folder).substr(location.size()), '/')) {
    if (std::find(kVendors.begin(), kVendors.end(), lower(part)) != kVendors.end()) return true;
  }
  return false;
}

struct Location {
  bool sure = false;  // that it holds migrations, and not classes of a like name
  bool has_sql = false;
  std::vector<Numbered> versions;
  std::vector<Revision> repeatable;
};

void find(Source& source, std::vector<Environment>& found) {
  const auto configs = flyway_configs(source);
  std::map<std::string, Location> locations;
  std::map<std::string, Location> of_others;  // of other kinds of servers
  for (const auto& path : source.paths()) {
    const std::string_view name = name_of(path);
    if (source.is_taken(path) || without_ending_of_flyway(name).empty()) continue;
    const std::string folder(folder_of(path));
    const std::string location = location_of(folder, configs);
    const auto [version, title] = split_flyway(name, "V");
    const bool repeatable = is_repeatable(name);
    if (version.empty() && !repeatable) continue;
    auto& into = (of_another_vendor(folder, location) ? of_others : locations)[location];
    if (!ends_with(name, ".sql")) {
      // What it inherits from may be a migration.
      const auto text = source.read(path);
      into.sure = into.sure || !text || text->find("Migration") != std::string::npos;
    } else {
      into.sure = into.has_sql = true;
    }
    Revision revision;
    revision.file = path;
    if (repeatable) {
      revision.id = without_ending_of_flyway(name);
      revision.title = title_from(name.starts_with("R__") ? revision.id.substr(3) : revision.id);
      revision.repeatable = true;
      into.repeatable.push_back(std::move(revision));
      continue;
    }
    revision.id = version;
    for (char& c : revision.id) c = c == '_' ? '.' : c;
    revision.title = title_from(title);
    into.versions.push_back({Version(version), std::move(revision)});
  }
  // A project without a server of this kind.
  for (auto& [location, other] : of_others) {
    if (locations.count(location) == 0) locations.emplace(location, std::move(other));
  }
  for (auto& [location, files] : locations) {
    // Repeatable scripts alone may be anybody's.
    if (files.versions.empty() || !files.sure) continue;
    // Classes that those in the folders below are made of.
    const auto below = locations.upper_bound(location + "/");
    if (!files.has_sql && below != locations.end() && below->first.starts_with(location + "/")) continue;
    Environment environment;
    environment.id = location.empty() ? "." : location;
    environment.location = location;
    if (const auto* const config = flyway_config_of(configs, location)) {
      environment.config = config->file;
      environment.version_table = config->table;
      environment.placeholders = config->placeholders;
    }
    add_chain(environment, std::move(files.versions));
    for (auto& revision : files.repeatable) environment.revisions.push_back(std::move(revision));
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
      .placeholders = true,
      .tables = {"flyway_schema_history"},
      // A baseline is one row for all before it; what is not a version has none.
      .state = "SELECT version FROM {table} WHERE success AND version IS NOT NULL AND type NOT IN ('SCHEMA', "
               "'BASELINE')",
      .up = "flyway migrate",
      .down = "flyway clean",
      .step = "flyway undo",
      .list = "flyway info",
      .commands = {"flyway* migrate"},
      .after_merge = {.changed = "Flyway refuses to migrate: the checksum is another",
                      .removed = "Flyway refuses to migrate: an applied migration is not resolved locally",
                      .overtaken = "Flyway refuses to migrate unless outOfOrder is set",
                      .counts_comments = true},
      .up_part = "the versioned script",
      .down_part = "its undo script",
  }};
}

}  // namespace exitgate::collect::tools
