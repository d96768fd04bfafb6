// Drizzle: meta/_journal.json lists the migrations of its folder in their order; since 1.0 each is a folder with a
// migration.sql and a snapshot.json. drizzle-kit's default folder is drizzle/, its configuration may name any.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/settings.h"
#include "harness/collect/migrations/tool.h"
#include "harness/json/json.h"

namespace exitgate::collect::tools {

namespace {

struct Entry {
  std::string tag;
  std::string when;  // as the table in the database has it
};

// Nullopt when the journal cannot be read, or lists nothing.
std::optional<std::vector<Entry>> entries_of(const std::string& text) {
  try {
    const Json journal = Json::parse(text);
    const Json* const entries = journal.find("entries");
    if (entries == nullptr) return std::nullopt;
    std::vector<Entry> found;
    for (const auto& one : *entries) found.push_back({one.at("tag").text(), one.at("when").dump()});
    return found;
  } catch (const JsonError&) {
    return std::nullopt;
  }
}

// `migrations: { table: "…", schema: "…" }` of the nearest drizzle.config.* above.
void configure(Source& source, Environment& environment) {
  environment.version_table = "drizzle.__drizzle_migrations";
  for (std::string_view folder = environment.location;; folder = folder_of(folder)) {
    for (const std::string_view ending : {"ts", "js", "mjs", "cjs"}) {
      const auto path = join_path(folder, fmt::format("drizzle.config.{}", ending));
      const auto text = path ? source.read(*path) : std::nullopt;
      if (!text) continue;
      const auto table = source_setting(*text, "table", "migrations");
      const auto schema = source_setting(*text, "schema", "migrations");
      environment.version_table = fmt::format("{}.{}", schema.empty() ? "drizzle" : schema.front(),
                                              table.empty() ? "__drizzle_migrations" : table.front());
      return;
    }
    if (folder.empty()) return;
  }
}

Revision revision_of(const std::string& tag, const std::string& file) {
  Revision revision;
  const auto [number, rest] = split_number(tag);
  revision.id = number.empty() ? tag : std::string(number);
  revision.file = file;
  revision.title = title_from(rest);
  return revision;
}

void add_in_order(Environment& environment, std::vector<Revision> revisions) {
  std::string before;
  for (auto& revision : revisions) {
    if (!before.empty()) revision.down = {before};
    before = revision.id;
    environment.revisions.push_back(std::move(revision));
  }
}

// The files of the journal's folder, in the journal's order.
void read_journal(Source& source, const std::string& journal, std::vector<Environment>& found) {
  Environment environment;
  environment.location = folder_of(folder_of(journal));
  environment.id = environment.location.empty() ? "." : environment.location;
  environment.config = journal;
  const auto text = source.read(journal);
  const auto entries = text ? entries_of(*text) : std::nullopt;
  std::vector<Revision> revisions;
  std::set<std::string> listed;
  for (const auto& entry : entries.value_or(std::vector<Entry>())) {
    const auto file = join_path(environment.location, entry.tag + ".sql");
    if (!file || !source.has_file(*file)) {
      environment.problems.push_back(
          {journal, std::nullopt, fmt::format("{}.sql, which it lists, is not there", entry.tag)});
      continue;
    }
    listed.insert(*file);
    auto revision = revision_of(entry.tag, *file);
    revision.version = entry.when;
    revisions.push_back(std::move(revision));
  }
  for (const auto& file : source.files_in(environment.location)) {
    if (!ends_with(file, ".sql") || listed.count(file) != 0 || split_number(name_of(file)).number.empty())
      continue;
    std::string tag(name_of(file));
    tag.resize(tag.size() - 4);
    if (entries) {
      environment.problems.push_back(
          {file, std::nullopt, fmt::format("{} does not list it: Drizzle does not run it", journal)});
    } else {
      revisions.push_back(revision_of(tag, file));
    }
  }
  if (revisions.empty() && environment.problems.empty()) return;
  configure(source, environment);
  add_in_order(environment, std::move(revisions));
  found.push_back(std::move(environment));
}

void find(Source& source, std::vector<Environment>& found) {
  for (const auto& path : source.named("_journal.json")) {
    if (name_of(folder_of(path)) == "meta") read_journal(source, path, found);
  }
  std::map<std::string, std::vector<Revision>> folders;
  for (const auto& path : source.named("snapshot.json")) {
    const std::string_view own = folder_of(path);
    const auto file = join_path(own, "migration.sql");
    if (split_number(name_of(own)).number.empty() || !file || !source.has_file(*file)) continue;
    auto revision = revision_of(std::string(name_of(own)), *file);
    revision.version = name_of(own);
    folders[std::string(folder_of(own))].push_back(std::move(revision));
  }
  for (auto& [folder, revisions] : folders) {
    Environment environment;
    environment.id = folder.empty() ? "." : folder;
    environment.location = folder;
    environment.state = "SELECT name FROM {table}";
    configure(source, environment);
    add_in_order(environment, std::move(revisions));
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> drizzle() {
  return {{
      .name = "drizzle",
      .deep = true,
      .find = find,
      .tables = {"__drizzle_migrations"},
      .state = "SELECT created_at FROM {table}",
      .state_lists_all = true,
      .up = "drizzle-kit migrate",
      .commands = {"drizzle-kit migrate"},
      .after_merge = {.changed = "Drizzle records a hash and does not compare it",
                      .removed = "Drizzle never notices",
                      .overtaken =
                          "Drizzle never applies it: it runs what is newer than the last one applied"},
      .up_part = "its SQL file",
      .create = "drizzle-kit generate",
  }};
}

}  // namespace exitgate::collect::tools
