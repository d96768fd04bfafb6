// goose: NUMBER_title.sql with `-- +goose Up` in it, and NUMBER_title.go, in the order of the numbers.
#include <map>
#include <set>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/settings.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

// A migration in Go registers itself; one in SQL has an annotation, of which goose minds neither case nor blanks.
bool is_goose(std::string_view text, bool sql) {
  if (sql) return has_section(text, "-- +goose");
  return text.find("pressly/goose") != std::string_view::npos &&
         text.find("goose.AddMigration") != std::string_view::npos;
}

// `goose.SetTableName("versions")`, GOOSE_TABLE of a committed .env; "" when nothing names another table.
std::string table_of(Source& source) {
  for (const auto& path : source.named(".env")) {
    const auto text = source.read(path);
    if (!text) continue;
    const auto values = properties(*text);
    if (const auto found = values.find("GOOSE_TABLE"); found != values.end()) return found->second;
  }
  for (const std::string_view name :
       {"main.go", "migrate.go", "migrations.go", "goose.go", "database.go", "db.go"}) {
    for (const auto& path : source.named(name)) {
      const auto text = source.read(path);
      const std::size_t at = text ? text->find("goose.SetTableName(\"") : std::string::npos;
      if (at == std::string::npos) continue;
      const std::size_t start = at + 20;
      return text->substr(start, text->find('"', start) - start);
    }
  }
  return "";
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
    if (with_marker.count(folder) != 0) continue;
    const auto text = source.read(path);
    if (text && is_goose(*text, sql)) with_marker.insert(folder);
  }
  const std::string table = with_marker.empty() ? "" : table_of(source);
  for (const auto& folder : with_marker) {
    Environment environment;
    environment.id = folder.empty() ? "." : folder;
    environment.location = folder;
    environment.version_table = table;
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
      .after_merge = {.changed = "goose keeps no checksum and never notices",
                      .removed = "goose never notices, and cannot take it back any more",
                      .overtaken =
                          "goose refuses to go up while it is missing, unless -allow-missing is given"},
      .back = WayBack{.programs = {"goose"}, .migrate = "up", .back = "down", .each = true},
      .up_part = "the part below `-- +goose Up`",
      .down_part = "the part below `-- +goose Down`",
      .create = "goose create NAME sql",
  }};
}

}  // namespace exitgate::collect::tools
