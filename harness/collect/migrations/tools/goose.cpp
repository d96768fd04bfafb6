// goose: NUMBER_title.sql with `-- +goose Up` in it, and NUMBER_title.go, in the order of the numbers.
#include <map>
#include <set>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

bool is_goose(std::string_view sql) {
  return sql.find("-- +goose Up") != std::string_view::npos ||
         sql.find("-- +goose up") != std::string_view::npos;
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<std::string>> folders;
  std::set<std::string> with_marker;
  for (const auto& path : source.paths()) {
    const bool sql = ends_with(path, ".sql") && !ends_with(path, ".up.sql") && !ends_with(path, ".down.sql");
    const bool code = ends_with(path, ".go") && !ends_with(path, "_test.go");
    if ((!sql && !code) || split_number(name_of(path)).number.empty() || source.is_taken(path)) continue;
    const std::string folder(folder_of(path));
    folders[folder].push_back(path);
    if (!sql || with_marker.count(folder) != 0) continue;
    const auto text = source.read(path);
    if (text && is_goose(*text)) with_marker.insert(folder);
  }
  for (const auto& folder : with_marker) {
    Environment environment;
    environment.id = folder.empty() ? "." : folder;
    environment.location = folder;
    std::vector<Numbered> numbered;
    for (const auto& path : folders[folder]) {
      const auto [number, rest] = split_number(name_of(path));
      Revision revision;
      revision.id = number;
      revision.file = path;
      revision.title = title_from(rest.substr(0, rest.rfind('.')));
      numbered.push_back({Version(number), std::move(revision)});
    }
    add_chain(environment, std::move(numbered));
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> goose() {
  return {{
      .name = "goose",
      .deep = true,
      .recognized = Recognized::by_convention,
      .find = find,
      .sections = {.up = "-- +goose Up", .down = "-- +goose Down", .unmistakable = true},
      .version = as_number,
      .tables = {"goose_db_version"},
      // A row for each time that it went up or down.
      .state = "SELECT version_id FROM (SELECT DISTINCT ON (version_id) version_id, is_applied FROM {table} "
               "ORDER BY version_id, id DESC) AS last WHERE is_applied AND version_id > 0",
      .state_lists_all = true,
      .up = "goose up",
      .down = "goose reset",
      .step = "goose down",
      .list = "goose status",
      .commands = {"goose up"},
      .up_part = "the part below `-- +goose Up`",
      .down_part = "the part below `-- +goose Down`",
      .create = "goose create NAME sql",
  }};
}

}  // namespace exitgate::collect::tools
