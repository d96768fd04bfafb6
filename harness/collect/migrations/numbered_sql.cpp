#include "harness/collect/migrations/numbered_sql.h"

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"

namespace exitgate::collect {

bool goes_down(std::string_view name) {
  const std::string word = lower(name);
  for (const std::string_view end :
       {".down.sql", "_down.sql", "-down.sql", "_rollback.sql", ".rollback.sql", ".undo.sql"}) {
    if (ends_with(word, end)) return true;
  }
  return false;
}

std::map<std::string, std::vector<std::string>> numbered_sql_folders(const Source& source, bool anywhere) {
  std::map<std::string, std::vector<std::string>> folders;
  for (const auto& path : source.paths()) {
    const std::string_view name = name_of(path);
    if (!ends_with(name, ".sql") || ends_with(name, ".up.sql") || goes_down(name)) continue;
    if (split_number(name).number.empty() || (!anywhere && !is_migration_folder(folder_of(path)))) continue;
    if (!source.is_taken(path)) folders[std::string(folder_of(path))].push_back(path);
  }
  return folders;
}

Environment numbered_sql_history(const std::string& folder, const std::vector<std::string>& files) {
  Environment environment;
  environment.id = folder.empty() ? "." : folder;
  environment.location = folder;
  std::vector<Numbered> numbered;
  for (const auto& path : files) {
    const auto [number, rest] = split_number(name_of(path));
    Revision revision;
    revision.id = number;
    revision.file = path;
    revision.title = title_from(rest.substr(0, rest.size() - 4));
    numbered.push_back({Version(number), std::move(revision)});
  }
  add_chain(environment, std::move(numbered));
  return environment;
}

}  // namespace exitgate::collect
