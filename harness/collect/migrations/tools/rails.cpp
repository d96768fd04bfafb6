// Rails: db/migrate/TIMESTAMP_title.rb in the order of the timestamps, also in folders below it and in db/post_migrate;
// db/NAME_migrate for each further database, or what migrations_paths of config/database.yml names. structure.sql, where
// there is one, ends with the versions that it already holds.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/migrations/tools/rails/statements.h"

namespace exitgate::collect::tools {

namespace {

using Versions = std::set<std::string, std::less<>>;

// INSERT INTO "schema_migrations" (version) VALUES ('20240101000000'), … ; nullopt when there is none: then they
// are kept elsewhere, as GitLab keeps them in files.
std::optional<Versions> versions_in(std::string_view sql) {
  std::optional<Versions> versions;
  std::size_t at = 0;
  while ((at = sql.find("INSERT INTO", at)) != std::string_view::npos) {
    const std::size_t values = sql.find("VALUES", at);
    if (values == std::string_view::npos) break;
    const bool wanted = sql.substr(at, values - at).find("schema_migrations") != std::string_view::npos;
    const std::size_t end = std::min(sql.find(';', values), sql.size());
    at = values;
    if (!wanted) continue;
    if (!versions) versions.emplace();
    for (std::size_t quote = sql.find('\'', values); quote < end; quote = sql.find('\'', quote + 1)) {
      const std::size_t close = sql.find('\'', quote + 1);
      if (close >= end) break;
      versions->emplace(sql.substr(quote + 1, close - quote - 1));
      quote = close;
    }
  }
  return versions;
}

// The folders that migrations_paths names, from the application's root: a string, or a list of them.
std::vector<std::string> migrations_paths(std::string_view yaml) {
  std::vector<std::string> found;
  bool listed = false;
  for (const auto& written : split(yaml, '\n')) {
    std::string_view line = trim(std::string_view(written).substr(0, written.find(" #")));
    constexpr std::string_view kKey = "migrations_paths:";
    const bool item = listed && line.starts_with("- ");
    listed = item || line == kKey;
    if (line.starts_with(kKey)) {
      line = trim(line.substr(kKey.size()));
    } else if (item) {
      line = trim(line.substr(2));
    } else {
      continue;
    }
    for (const auto& one : split(line, ',')) {
      std::string_view path = trim(one);
      while (!path.empty() && std::string_view("['\" ").find(path.front()) != std::string_view::npos)
        path.remove_prefix(1);
      while (!path.empty() && std::string_view("]'\"/ ").find(path.back()) != std::string_view::npos)
        path.remove_suffix(1);
      if (!path.empty() && path.find('<') == std::string_view::npos) found.emplace_back(path);
    }
  }
  return found;
}

// Folders that config/database.yml names.
std::vector<std::string> configured(Source& source) {
  std::vector<std::string> folders;
  for (const auto& path : source.named("database.yml")) {
    const auto text = source.read(path);
    if (!text || name_of(folder_of(path)) != "config") continue;
    for (const auto& named : migrations_paths(*text)) {
      const auto folder = join_path(folder_of(folder_of(path)), named);
      if (folder && source.has_folder(*folder)) folders.push_back(*folder);
    }
  }
  return folders;
}

// The history's folder of a migration in `folder`: "db/migrate" for "db/migrate/2024", "db/geo/migrate" for
// "db/geo/post_migrate", whose versions are kept in the same table. "" when it is in none.
std::string history_of_folder(std::string_view folder, const std::vector<std::string>& named) {
  for (const auto& one : named) {
    if (folder == one || folder.starts_with(one + "/")) return one;
  }
  for (std::string_view at = folder; !at.empty(); at = folder_of(at)) {
    const std::string_view name = name_of(at);
    if (name == "migrate" || name == "post_migrate") {
      const auto above = folder_of(at);
      return above.empty() ? "migrate" : fmt::format("{}/migrate", above);
    }
    // A further database's.
    if (name.ends_with("_migrate") && name_of(folder_of(at)) == "db") return std::string(at);
  }
  return "";
}

// structure.sql or schema.rb; of a further database "animals_structure.sql".
std::optional<std::string> schema_of(const Source& source, std::string_view folder) {
  std::string prefix(name_of(folder));
  prefix = prefix.ends_with("_migrate") ? prefix.substr(0, prefix.size() - 7) : "";
  for (const std::string_view name : {"structure.sql", "schema.rb"}) {
    auto path = join_path(folder_of(folder), prefix + std::string(name));
    if (path && source.has_file(*path)) return path;
  }
  return std::nullopt;
}

void compare_with_structure(Source& source, Environment& environment, const std::vector<Numbered>& numbered) {
  const auto text = source.read(*environment.config);
  if (!text) {
    environment.problems.push_back({environment.config, std::nullopt, "its blob is missing from the clone"});
    return;
  }
  const auto held = versions_in(*text);
  if (!held) return;
  for (const auto& [version, revision] : numbered) {
    if (held->count(revision.id) != 0) continue;
    environment.problems.push_back(
        {revision.file, revision.line,
         fmt::format("version '{}' is not in {}", revision.id, *environment.config)});
  }
}

Statement unread(const Revision& revision) {
  Statement statement;
  statement.kind = "undecided";
  statement.text = revision.title.value_or(revision.id);
  statement.reason = "its blob is missing from the clone";
  return statement;
}

void find(Source& source, std::vector<Environment>& found) {
  const auto named = configured(source);
  std::map<std::string, std::vector<Numbered>> folders;
  std::vector<std::string> files;
  for (const auto& path : source.paths()) {
    if (ends_with(path, ".rb") && !split_number(name_of(path)).number.empty()) files.push_back(path);
  }
  std::erase_if(files,
                [&](const std::string& path) { return history_of_folder(folder_of(path), named).empty(); });
  source.read_ahead(files);
  for (const auto& path : files) {
    const auto [number, rest] = split_number(name_of(path));
    const std::string folder = history_of_folder(folder_of(path), named);
    Revision revision;
    revision.id = number;
    revision.file = path;
    revision.title = title_from(rest.substr(0, rest.size() - 3));
    if (const auto text = source.read(path)) {
      revision.statements = rails_statements(*text);
    } else {
      revision.statements = {unread(revision)};
    }
    folders[folder].push_back({Version(number), std::move(revision)});
  }
  for (auto& [folder, numbered] : folders) {
    Environment environment;
    environment.id = folder;
    environment.location = folder;
    environment.config = schema_of(source, folder);
    if (environment.config && ends_with(*environment.config, ".sql"))
      compare_with_structure(source, environment, numbered);
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
      .statements = rails_statements,
      .version = as_number,
      .tables = {"schema_migrations", "ar_internal_metadata"},
      .state = "SELECT version FROM {table}",
      .state_lists_all = true,
      .up = "rails db:migrate",
      .down = "rails db:migrate VERSION=0",
      .step = "rails db:rollback",
      .list = "rails db:migrate:status",
      .commands = {"rails db:*", "rake db:*"},
      .after_merge =
          {.changed = "Rails keeps the version alone and never notices",
           .removed =
               "Rails never notices (`db:migrate:status` says NO FILE), and cannot take it back any more",
           .overtaken = "Rails applies it after the others",
           .applies_missed = true},
      .back =
          WayBack{.programs = {"rails", "rake"}, .migrate = "db:migrate", .back = "db:rollback STEP={count}"},
      .up_part = "its change or up method",
      .down_part = "its change or down method",
      .create = "rails generate migration NAME",
  }};
}

}  // namespace exitgate::collect::tools
