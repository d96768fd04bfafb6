// Rails: db/migrate/TIMESTAMP_title.rb in the order of the timestamps, and db/structure.sql, whose last
// statement lists the versions that it already holds.
#include <fmt/core.h>

#include <map>
#include <set>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

// INSERT INTO "schema_migrations" (version) VALUES ('20240101000000'), … ;
std::set<std::string, std::less<>> versions_in(std::string_view sql) {
  std::set<std::string, std::less<>> versions;
  std::size_t at = 0;
  while ((at = sql.find("INSERT INTO", at)) != std::string_view::npos) {
    const std::size_t values = sql.find("VALUES", at);
    if (values == std::string_view::npos) break;
    const bool wanted = sql.substr(at, values - at).find("schema_migrations") != std::string_view::npos;
    const std::size_t end = std::min(sql.find(';', values), sql.size());
    at = values;
    if (!wanted) continue;
    for (std::size_t quote = sql.find('\'', values); quote < end; quote = sql.find('\'', quote + 1)) {
      const std::size_t close = sql.find('\'', quote + 1);
      if (close >= end) break;
      versions.emplace(sql.substr(quote + 1, close - quote - 1));
      quote = close;
    }
  }
  return versions;
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::string, std::vector<Numbered>> folders;
  for (const auto& path : source.paths()) {
    if (!ends_with(path, ".rb") || name_of(folder_of(path)) != "migrate") continue;
    const auto [number, rest] = split_number(name_of(path));
    if (number.empty()) continue;
    Revision revision;
    revision.id = number;
    revision.file = path;
    revision.title = title_from(rest.substr(0, rest.size() - 3));
    folders[std::string(folder_of(path))].push_back({Version(number), std::move(revision)});
  }
  for (auto& [folder, numbered] : folders) {
    Environment environment;
    environment.id = folder;
    environment.location = folder;
    for (const std::string_view name : {"structure.sql", "schema.rb"}) {
      const auto path = join_path(folder_of(folder), name);
      if (!environment.config && path && source.has_file(*path)) environment.config = path;
    }
    if (environment.config && ends_with(*environment.config, ".sql")) {
      const auto text = source.read(*environment.config);
      const auto held = text ? versions_in(*text) : std::set<std::string, std::less<>>();
      if (!text) {
        environment.problems.push_back(
            {environment.config, std::nullopt, "its blob is missing from the clone"});
      }
      for (const auto& [version, revision] : numbered) {
        if (!text || held.count(revision.id) != 0) continue;
        environment.problems.push_back(
            {revision.file, revision.line,
             fmt::format("version '{}' is not in {}", revision.id, *environment.config)});
      }
    }
    add_chain(environment, std::move(numbered));
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> rails() {
  return {{
      .name = "rails",
      .deep = true,
      .recognized = Recognized::by_convention,
      .find = find,
      .version = as_number,
      .tables = {"schema_migrations", "ar_internal_metadata"},
      .state = "SELECT version FROM {table}",
      .state_lists_all = true,
      .up = "rails db:migrate",
      .down = "rails db:migrate VERSION=0",
      .step = "rails db:rollback",
      .list = "rails db:migrate:status",
      .commands = {"rails db:*", "rake db:*"},
      .up_part = "its change or up method",
      .down_part = "its change or down method",
      .create = "rails generate migration NAME",
  }};
}

}  // namespace exitgate::collect::tools
