// Prisma: migrations/TIMESTAMP_title/migration.sql, carried out in the order of the folders' names.
#include <map>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

// The schema that a folder of migrations belongs to: beside it.
std::optional<std::string> config_of(const Source& source, std::string_view folder) {
  for (const std::string_view name : {"schema.prisma", "migrations/migration_lock.toml"}) {
    auto path = join_path(folder_of(folder), name);
    if (path && source.has_file(*path)) return path;
  }
  return std::nullopt;
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<std::string>> folders;  // of migrations, by the folder that holds them
  for (const auto& path : source.paths()) {
    if (name_of(path) != "migration.sql") continue;
    const std::string_view own = folder_of(path);
    if (split_number(name_of(own)).number.empty() || name_of(folder_of(own)) != "migrations") continue;
    folders[std::string(folder_of(own))].push_back(path);
  }
  for (const auto& [folder, files] : folders) {
    Environment environment;
    environment.id = folder;
    environment.config = config_of(source, folder);
    environment.location = folder;
    // The names' own order, and not that of their numbers, as Prisma has it.
    std::string before;
    for (const auto& path : files) {
      Revision revision;
      revision.id = name_of(folder_of(path));
      revision.file = path;
      revision.title = title_from(split_number(revision.id).rest);
      if (!before.empty()) revision.down = {before};
      before = revision.id;
      environment.revisions.push_back(std::move(revision));
    }
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> prisma() {
  return {{
      .name = "prisma",
      .deep = true,
      .recognized = Recognized::by_convention,
      .find = find,
      .tables = {"_prisma_migrations"},
      .state = "SELECT migration_name FROM {table} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
      .state_lists_all = true,
      .up = "prisma migrate deploy",
      .list = "prisma migrate status",
      // From Prisma 7 on: --from-config-datasource and --to-schema.
      .models = "prisma migrate diff --exit-code --from-url \"$DATABASE_URL\" --to-schema-datamodel "
                "prisma/schema.prisma",
      .commands = {"prisma migrate deploy"},
      .after_merge = {.changed = "Prisma's checksum is another: `migrate deploy` warns and goes on, `migrate "
                                 "dev` wants to reset the database",
                      .removed = "Prisma finds it in the database and not in the folder: `migrate dev` wants "
                                 "to reset the database",
                      .overtaken = "Prisma's `migrate deploy` applies it after the others, `migrate dev` "
                                   "wants to reset the database",
                      .applies_missed = true},
      .up_part = "migration.sql",
      .create = "prisma migrate dev --name NAME",
  }};
}

}  // namespace exitgate::collect::tools
