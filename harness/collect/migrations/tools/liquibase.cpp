// Liquibase: the change sets of a root change log, and of what it includes, in that order. A root is a change log that no
// other includes.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/settings.h"
#include "harness/collect/migrations/sql_file.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/migrations/tools/liquibase/changelog.h"

namespace exitgate::collect::tools {

namespace {

constexpr int kDeepest = 40;  // change logs that include one another

bool may_be_change_log(std::string_view path) {
  for (const std::string_view ending : {".xml", ".yaml", ".yml", ".json", ".sql"}) {
    if (ends_with(path, ending)) return true;
  }
  return false;
}

// Folders whose YAML and JSON files are worth opening, and files that say by their name what they are.
bool is_worth_reading(std::string_view path) {
  if (ends_with(path, ".sql")) return true;
  const std::string word = lower(path);
  for (const std::string_view part : {"change", "liquibase", "migration", "db/", "database", "schema"}) {
    if (word.find(part) != std::string::npos) return true;
  }
  return ends_with(path, ".xml");
}

// Before each SQL file is opened: whether the project uses Liquibase at all.
bool uses_liquibase(Source& source) {
  for (const auto& path : source.paths()) {
    const std::string word = lower(path);
    if (word.find("liquibase") != std::string::npos) return true;
    if (may_be_change_log(path) && lower(name_of(path)).find("change") != std::string::npos) return true;
  }
  for (const std::string_view name :
       {"pom.xml", "build.gradle", "build.gradle.kts", "libs.versions.toml", "package.json",
        "application.properties", "application.yml", "docker-compose.yml", "Makefile"}) {
    for (const auto& path : source.named(name)) {
      const auto text = source.read(path);
      if (text && text->find("liquibase") != std::string::npos) return true;
    }
  }
  return false;
}

class Logs {
 public:
  explicit Logs(Source& source) : source_(source) {
    constexpr std::string_view kResources = "src/main/resources/";
    for (const auto& path : source.paths()) {
      const std::size_t at = path.find(kResources);
      if (at == 0 || (at != std::string::npos && path[at - 1] == '/'))
        resources_.insert(path.substr(0, at + kResources.size() - 1));
    }
    for (const auto& path : source.paths()) {
      if (!may_be_change_log(path) || !is_worth_reading(path) || source.is_taken(path)) continue;
      const auto text = source.read(path);
      if (text && is_change_log(path, *text)) logs_.emplace(path, read_change_log(path, *text));
    }
    for (const auto& [path, log] : logs_) {
      for (const auto& entry : log.entries) {
        for (const auto& file : files_of(path, entry)) included_.insert(file);
      }
    }
  }

  std::vector<std::string> roots() const {
    std::vector<std::string> found;
    for (const auto& [path, log] : logs_) {
      if (included_.count(path) == 0) found.push_back(path);
    }
    return found;
  }

  void add(const std::string& path, Environment& environment, int depth = kDeepest) {
    if (depth == 0) return;
    const auto log = logs_.find(path);
    if (log == logs_.end()) {
      add_file(path, environment);
      return;
    }
    if (log->second.problem) {
      environment.complete = false;
      environment.problems.push_back({path, std::nullopt, *log->second.problem, true});
    }
    for (const auto& entry : log->second.entries) {
      if (entry.change_set && (entry.change_set->id.empty() || entry.change_set->author.empty())) {
        environment.complete = false;
        environment.problems.push_back({path, entry.line, "a change set has no id or no author", true});
      } else if (entry.change_set) {
        add_change_set(path, *entry.change_set, environment);
      }
      if (entry.change_set) continue;
      const auto files = files_of(path, entry);
      if (files.empty() && !entry.may_be_missing) {
        environment.complete = false;
        environment.problems.push_back(
            {path, entry.line, fmt::format("what it includes is not there: {}", entry.include), true});
      }
      for (const auto& file : files) add(file, environment, depth - 1);
    }
  }

 private:
  // What an entry of a change log includes; empty for a change set, and for what is not there.
  std::vector<std::string> files_of(const std::string& path, const ChangeLogEntry& entry) const {
    if (entry.change_set) return {};
    auto places = resolve(path, entry);
    if (!entry.all) return places;
    std::vector<std::string> files;
    for (const auto& place : places) {
      for (const auto& file : source_.files_in(place, true)) {
        if (may_be_change_log(file) && file != path) files.push_back(file);
      }
    }
    return files;
  }

  bool is_there(const std::string& path, bool folder) const {
    return folder ? source_.has_folder(path) : source_.has_file(path);
  }

  // A file, or the folders of that name on the class path.
  std::vector<std::string> resolve(const std::string& path, const ChangeLogEntry& entry) const {
    std::string_view named = entry.include;
    if (named.starts_with("classpath:")) named.remove_prefix(10);
    while (named.starts_with("/")) named.remove_prefix(1);
    while (named.ends_with("/")) named.remove_suffix(1);
    if (named.empty()) return {};
    const auto beside = join_path(folder_of(path), named);
    if (entry.relative)
      return beside && is_there(*beside, entry.all) ? std::vector<std::string>{*beside}
                                                    : std::vector<std::string>{};
    // From where Liquibase searches: any folder above, or its resources.
    for (std::string_view folder = folder_of(path);; folder = folder_of(folder)) {
      for (const std::string_view below : {"", "src/main/resources/"}) {
        const auto whole = join_path(folder, std::string(below) + std::string(named));
        if (whole && is_there(*whole, entry.all)) return {*whole};
      }
      if (folder.empty()) break;
    }
    // Among the resources of the project's other modules.
    std::vector<std::string> found;
    for (const auto& resources : resources_) {
      auto whole = join_path(resources, named);
      if (whole && is_there(*whole, entry.all) && (entry.all || found.empty()))
        found.push_back(std::move(*whole));
    }
    return found;
  }

  void add_change_set(const std::string& path, const ChangeSet& set, Environment& environment) {
    Revision revision;
    revision.id = fmt::format("{}::{}::{}", path, set.id, set.author);
    revision.version = fmt::format("{}::{}::{}", set.id, set.author, name_of(path));
    revision.file = path;
    revision.line = set.line;
    revision.title = set.id;
    revision.part = set.text;
    revision.statements = set.statements;
    append(std::move(revision), environment);
  }

  // A plain SQL file of a folder that is included as a whole is one change set.
  void add_file(const std::string& path, Environment& environment) {
    if (!ends_with(path, ".sql")) return;
    Revision revision;
    revision.id = fmt::format("{}::raw::includeAll", path);
    revision.version = fmt::format("raw::includeAll::{}", name_of(path));
    revision.file = path;
    if (const auto text = source_.read(path)) {
      Statements statements;
      add_upgrade(*text, statements);
      revision.statements = statements.take();
    }
    append(std::move(revision), environment);
  }

  static void append(Revision revision, Environment& environment) {
    for (const auto& known : environment.revisions) {
      if (known.id == revision.id) return;  // included twice: run once
    }
    if (!environment.revisions.empty()) revision.down = {environment.revisions.back().id};
    environment.revisions.push_back(std::move(revision));
  }

  Source& source_;
  std::map<std::string, ChangeLog> logs_;
  std::set<std::string> included_;
  std::set<std::string> resources_;  // folders src/main/resources
};

// liquibase.properties beside the root or above it; "" when there is none.
std::optional<std::string> config_of(const Source& source, std::string_view root) {
  for (std::string_view folder = folder_of(root);; folder = folder_of(folder)) {
    auto path = join_path(folder, "liquibase.properties");
    if (path && source.has_file(*path)) return path;
    if (folder.empty()) return std::nullopt;
  }
}

std::string table_of(Source& source, const std::optional<std::string>& config) {
  const auto text = config ? source.read(*config) : std::nullopt;
  if (!text) return "";
  for (const auto& [key, value] : properties(*text)) {
    if (lower(key) == "databasechangelogtablename" || lower(key) == "liquibase.databasechangelogtablename")
      return lower(value);
  }
  return "";
}

void find(Source& source, std::vector<Environment>& found) {
  if (!uses_liquibase(source)) return;
  Logs logs(source);
  for (const auto& root : logs.roots()) {
    Environment environment;
    environment.id = root;
    environment.location = folder_of(root);
    environment.config = config_of(source, root);
    environment.version_table = table_of(source, environment.config);
    logs.add(root, environment);
    // A change log that holds nothing yet is no history.
    if (environment.revisions.empty() && environment.problems.empty()) continue;
    found.push_back(std::move(environment));
  }
}

std::vector<Statement> statements_in(std::string_view text) {
  const std::string_view start = trim(text.substr(0, 4000));
  const std::string name = start.starts_with("<")         ? "a.xml"
                           : is_change_log("a.sql", text) ? "a.sql"
                                                          : "a.yaml";
  std::vector<Statement> all;
  if (name == "a.yaml" && !is_change_log("a.yaml", text) && !is_change_log("a.json", text)) {
    Statements statements;
    add_upgrade(text, statements);
    return statements.take();
  }
  for (auto& entry : read_change_log(name, text).entries) {
    if (!entry.change_set) continue;
    for (auto& one : entry.change_set->statements) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

std::vector<Tool> liquibase() {
  return {{
      .name = "liquibase",
      .deep = true,
      .find = find,
      .statements = statements_in,
      .tables = {"databasechangelog", "databasechangeloglock"},
      .state = "SELECT id || '::' || author || '::' || regexp_replace(filename, '^.*/', '') FROM {table}",
      .state_lists_all = true,
      .up = "liquibase update",
      .step = "liquibase rollback-count --count=1",
      .list = "liquibase history",
      .commands = {"liquibase update", "*liquibase:update"},
      .after_merge = {.changed = "Liquibase refuses to update: the checksum is another",
                      .removed = "Liquibase never notices",
                      .overtaken = "Liquibase applies it after the others",
                      .applies_missed = true},
      .back =
          WayBack{.programs = {"liquibase"}, .migrate = "update", .back = "rollback-count --count={count}"},
      .up_part = "its change set",
      .down_part = "its rollback",
  }};
}

}  // namespace exitgate::collect::tools
