// Folders of numbered SQL files: dbmate's, told by its `-- migrate:up`, and plain ones that a script carries
// out in order. Only folders whose path says "migrations" are taken: numbers alone are no sign of a history.
#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tools.h"

namespace exitgate::collect {

namespace {

bool goes_down(std::string_view name) {
  const std::string word = lower(name);
  for (const std::string_view end :
       {".down.sql", "_down.sql", "-down.sql", "_rollback.sql", ".rollback.sql", ".undo.sql"}) {
    if (ends_with(word, end)) return true;
  }
  return false;
}

bool has_marker(std::string_view text) {
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = trim(text.substr(start, end - start));
    if (line.rfind("-- migrate:up", 0) == 0 || line.rfind("--migrate:up", 0) == 0) return true;
    start = end + 1;
  }
  return false;
}

}  // namespace

void find_numbered_sql(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<std::string>> folders;
  for (const auto& path : source.paths()) {
    const std::string_view name = name_of(path);
    if (!ends_with(name, ".sql") || ends_with(name, ".up.sql") || goes_down(name)) continue;
    if (split_number(name).number.empty() || !is_migration_folder(folder_of(path))) continue;
    folders[std::string(folder_of(path))].push_back(path);
  }
  for (const auto& [folder, files] : folders) {
    Environment environment;
    environment.id = folder.empty() ? "." : folder;
    environment.location = folder;
    environment.tool = "sql";
    std::vector<Numbered> numbered;
    bool goose = false;
    for (const auto& path : files) {
      const auto [number, rest] = split_number(name_of(path));
      Revision revision;
      revision.id = number;
      revision.file = path;
      revision.title = title_from(rest.substr(0, rest.size() - 4));
      numbered.push_back({Version(number), std::move(revision)});
      const auto text = source.read(path);
      if (text && has_marker(*text)) environment.tool = "dbmate";
      goose = goose || (text && is_goose(*text));
    }
    if (goose) continue;  // find_goose has it
    add_chain(environment, std::move(numbered));
    found.push_back(std::move(environment));
  }
}

}  // namespace exitgate::collect
