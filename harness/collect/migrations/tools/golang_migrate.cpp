// golang-migrate: NUMBER_title.up.sql with a .down.sql beside it, in the order of the numbers.
#include <fmt/core.h>

#include <map>
#include <set>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

// `x-migrations-table=` of a database's address, where the project runs the tool; "" when nothing names another table.
std::string table_of(Source& source) {
  constexpr std::string_view kParameter = "x-migrations-table=";
  for (const std::string_view name :
       {"Makefile", "justfile", "Taskfile.yml", "docker-compose.yml", "compose.yaml", ".env", "*.sh",
        "main.go", "migrate.go", "migrations.go", "database.go", "db.go"}) {
    for (const auto& path : source.named(name)) {
      const auto text = source.read(path);
      const std::size_t at = text ? text->find(kParameter) : std::string::npos;
      if (at == std::string::npos) continue;
      const std::size_t start = at + kParameter.size();
      std::string table = text->substr(start, text->find_first_of("&\"'` \t\n\\", start) - start);
      if (!table.empty() && table.find_first_of("%${") == std::string::npos) return table;
    }
  }
  return "";
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<std::string>> folders;
  for (const auto& path : source.paths()) {
    const bool step = ends_with(path, ".up.sql") || ends_with(path, ".down.sql");
    if (step && !split_number(name_of(path)).number.empty() && !source.is_taken(path))
      folders[std::string(folder_of(path))].push_back(path);
  }
  const std::string table = folders.empty() ? "" : table_of(source);
  for (const auto& [folder, files] : folders) {
    Environment environment;
    environment.version_table = table;
    environment.id = folder.empty() ? "." : folder;
    environment.location = folder;
    std::vector<Numbered> numbered;
    std::set<std::string, std::less<>> up;
    for (const auto& path : files) {
      if (!ends_with(path, ".up.sql")) continue;
      const auto [number, rest] = split_number(name_of(path));
      up.emplace(number);
      Revision revision;
      revision.id = number;
      revision.file = path;
      revision.title = title_from(rest.substr(0, rest.size() - 7));
      numbered.push_back({Version(number), std::move(revision)});
    }
    for (const auto& path : files) {
      const auto number = split_number(name_of(path)).number;
      if (up.count(number) != 0) continue;
      environment.problems.push_back(
          {path, std::nullopt, fmt::format("version '{}' goes down, but not up", number)});
    }
    add_chain(environment, std::move(numbered));
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> golang_migrate() {
  return {{
      .name = "golang-migrate",
      .deep = true,
      .recognized = Recognized::by_convention,
      .find = find,
      .version = as_number,
      .tables = {"schema_migrations"},
      // Dirty: it failed half-way.
      .state = "SELECT CASE WHEN dirty THEN version || ' (dirty)' ELSE version::text END FROM {table}",
      .up = "migrate -path MIGRATIONS -database \"$DATABASE_URL\" up",
      .down = "migrate -path MIGRATIONS -database \"$DATABASE_URL\" down -all",
      .step = "migrate -path MIGRATIONS -database \"$DATABASE_URL\" down 1",
      .commands = {"migrate up"},
      .after_merge = {.changed = "golang-migrate keeps the version of the last one and never notices",
                      .removed = "golang-migrate cannot go on from a version that it has no file for",
                      .overtaken = "golang-migrate never applies it: it goes on from the last version"},
      .back = WayBack{.programs = {"migrate"}, .migrate = "up", .back = "down {count}"},
      .up_part = "the .up.sql file",
      .down_part = "the .down.sql file",
      .create = "migrate create -ext sql -dir MIGRATIONS -seq NAME",
  }};
}

}  // namespace exitgate::collect::tools
