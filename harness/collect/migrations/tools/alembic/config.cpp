#include "harness/collect/migrations/tools/alembic/config.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/settings/ini.h"
#include "harness/settings/toml.h"

namespace exitgate::collect {

using settings::Ini;

namespace {

// The settings of one environment, from whichever file.
struct Settings {
  std::string config;   // file
  std::string section;  // "alembic" unless there are several
  bool several = false;
  int line = 0;
  std::optional<std::string> script_location;
  std::optional<std::string> version_locations;
  std::optional<std::string> separator;
  std::vector<std::string> listed;  // version locations that were a list already
  bool recursive = false;
  std::vector<MigrationProblem> problems;
};

bool is_true(std::string_view text) {
  const std::string word = lower(trim(text));
  return word == "true" || word == "1" || word == "yes" || word == "on";
}

// How %(here)s reads in a path that is relative to the repository's root: a mark that no real path begins with.
constexpr std::string_view kHere = "\x01here";

// A folder as the configuration names it. Alembic reads a relative path from where it is run, which is the
// folder of its configuration or, as often, the repository's root; "package:folder" is looked up like an import.
std::optional<std::string> resolve(const Source& source, std::string_view config_folder,
                                   std::string_view named) {
  named = trim(named);
  if (named.rfind(kHere, 0) == 0) {
    named.remove_prefix(kHere.size());
    while (!named.empty() && named.front() == '/') named.remove_prefix(1);
    return join_path(config_folder, named);
  }
  std::string path(named);
  std::vector<std::string> under = {std::string(config_folder), ""};
  const std::size_t colon = named.find(':');
  if (colon != std::string_view::npos && named.front() != '/') {
    // The package lies beside the configuration, around it, or in a folder src.
    path = std::string(named.substr(0, colon));
    std::replace(path.begin(), path.end(), '.', '/');
    path += '/';
    for (const char c : named.substr(colon + 1)) path += c == ':' ? '/' : c;
    under.clear();
    for (std::string_view folder = config_folder;; folder = folder_of(folder)) {
      under.emplace_back(folder);
      under.push_back(folder.empty() ? "src" : fmt::format("{}/src", folder));
      if (folder.empty()) break;
    }
  }
  std::optional<std::string> first;
  for (const auto& folder : under) {
    auto whole = join_path(folder, path);
    if (!whole) continue;
    if (source.has_folder(*whole)) return whole;
    if (!first) first = whole;
  }
  return first;
}

// The version locations as Alembic cuts them; a problem when the separator is none that it knows.
std::vector<std::string> cut(const Settings& settings, std::optional<std::string>& problem) {
  const std::string& text = *settings.version_locations;
  std::vector<std::string> found;
  std::string separators;
  if (!settings.separator) {
    separators = ", \n\t";  // before there was a setting: spaces and commas
  } else if (*settings.separator == "space") {
    separators = " \n\t";
  } else if (*settings.separator == "newline") {
    separators = "\n";
  } else if (*settings.separator == "os" || *settings.separator == ":") {
    separators = ":";  // of the systems that Alembic runs on in CI
  } else if (*settings.separator == ";") {
    separators = ";";
  } else {
    problem = fmt::format("version_path_separator '{}' is none of 'space', 'newline', 'os', ':', ';'",
                          *settings.separator);
    return found;
  }
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    const std::string_view part = trim(std::string_view(text).substr(start, end - start));
    if (!part.empty()) found.emplace_back(part);
    start = end + 1;
  }
  return found;
}

AlembicEnvironment make(const Source& source, Settings settings) {
  AlembicEnvironment made;
  auto& environment = made.environment;
  environment.tool = "alembic";
  environment.config = settings.config;
  environment.id =
      settings.several ? fmt::format("{}#{}", settings.config, settings.section) : settings.config;
  environment.problems = std::move(settings.problems);
  made.recursive = settings.recursive;
  const std::string folder(folder_of(settings.config));
  const auto problem = [&](std::string reason) {
    environment.problems.push_back({settings.config, settings.line, std::move(reason)});
  };
  std::optional<std::string> location;
  if (settings.script_location) {
    location = resolve(source, folder, *settings.script_location);
    if (!location) {
      problem(fmt::format("script_location '{}' leads out of the repository", *settings.script_location));
    } else if (!source.has_folder(*location)) {
      problem(fmt::format("script_location '{}' is not a folder of the commit", *location));
    }
  } else if (source.has_file(*join_path(folder, "env.py"))) {
    location = folder;  // Flask-Migrate: the environment lies beside its alembic.ini
  } else if (environment.problems.empty()) {
    problem("no script_location is set, and no env.py lies beside the file");
  }
  environment.location = location.value_or("");
  std::optional<std::string> failed;
  std::vector<std::string> declared = settings.listed;
  if (settings.version_locations) declared = cut(settings, failed);
  if (failed) {
    problem(*failed);
  } else if (!declared.empty()) {
    for (const auto& named : declared) {
      const auto versions = resolve(source, folder, named);
      if (!versions) {
        problem(fmt::format("version location '{}' leads out of the repository", named));
      } else if (!source.has_folder(*versions)) {
        problem(fmt::format("version location '{}' is not a folder of the commit", *versions));
      } else {
        made.locations.push_back(*versions);
      }
    }
  } else if (location) {
    made.locations.push_back(*join_path(*location, "versions"));
    made.declared = false;
  }
  return made;
}

std::string with_here(std::string text) {
  static constexpr std::string_view kWritten = "%(here)s";
  const std::size_t at = text.find(kWritten);
  if (at != std::string::npos) text.replace(at, kWritten.size(), kHere);
  return text;
}

// What [tool.alembic] of a pyproject.toml sets; false when there is none that names an environment. A file that
// is not TOML is a problem of the environment: Alembic cannot read it either.
bool from_pyproject(Source& source, const std::string& path, Settings& settings) {
  const auto text = source.read(path);
  if (!text || text->find("tool.alembic") == std::string::npos) return false;
  std::optional<settings::TomlTable> table;
  try {
    table = settings::toml_table(*text, "tool.alembic");
  } catch (const settings::TomlError& error) {
    if (settings.config.empty()) settings.config = path;
    settings.problems.push_back({path, error.line, fmt::format("not valid TOML: {}", error.what())});
    return true;
  }
  if (!table) return false;
  const auto location = table->strings.find("script_location");
  if (location == table->strings.end()) return false;
  if (settings.config.empty()) {
    settings.config = path;
    settings.line = table->line;
  }
  settings.script_location = with_here(location->second);
  const auto versions = table->lists.find("version_locations");
  if (versions != table->lists.end()) {
    for (const auto& named : versions->second) settings.listed.push_back(with_here(named.text));
  }
  const auto recursive = table->booleans.find("recursive_version_locations");
  if (recursive != table->booleans.end()) settings.recursive = recursive->second;
  return true;
}

void from_ini(Source& source, const std::string& path, std::vector<AlembicEnvironment>& found) {
  const bool named = name_of(path) == "alembic.ini";
  const auto text = source.read(path);
  if (!text) {
    if (!named) return;
    Settings settings;
    settings.config = path;
    settings.problems.push_back({path, std::nullopt, "its blob is missing from the clone"});
    found.push_back(make(source, std::move(settings)));
    return;
  }
  if (!named && text->find("script_location") == std::string::npos) return;
  const Ini ini = Ini::parse(*text);
  std::vector<std::string> sections;
  for (const auto& section : ini.sections()) {
    // `alembic --name other` reads [other]; a section without a script_location of its own is none.
    const auto* location = ini.find(section, "script_location");
    const auto* common = ini.find("DEFAULT", "script_location");
    if (section == "alembic" || (location != nullptr && location != common)) sections.push_back(section);
  }
  // [alembic] holds what the others share when it names no environment itself.
  if (sections.size() > 1 && ini.find("alembic", "script_location") == nullptr)
    std::erase(sections, "alembic");
  for (const auto& section : sections) {
    Settings settings;
    settings.config = path;
    settings.section = section;
    settings.several = sections.size() > 1;
    settings.line = ini.line_of(section);
    const auto get = [&](std::string_view key) {
      std::string failed;
      auto value = ini.get(section, key, {{"here", std::string(kHere)}}, failed);
      if (!failed.empty()) {
        settings.problems.push_back(
            {path, ini.find(section, key)->line, fmt::format("{}: nothing gives '{}'", key, failed)});
      }
      return value;
    };
    settings.script_location = get("script_location");
    settings.version_locations = get("version_locations");
    settings.separator = get("path_separator");
    if (!settings.separator) settings.separator = get("version_path_separator");
    settings.recursive = is_true(get("recursive_version_locations").value_or("false"));
    // A template that a program fills in ("{alembic_dir}"): the folder itself is found below.
    if (settings.script_location && settings.script_location->find('{') != std::string::npos) continue;
    if (!settings.script_location)
      from_pyproject(source, *join_path(folder_of(path), "pyproject.toml"), settings);
    found.push_back(make(source, std::move(settings)));
  }
}

}  // namespace

std::vector<AlembicEnvironment> alembic_environments(Source& source) {
  std::vector<AlembicEnvironment> found;
  for (const auto& path : source.paths()) {
    if (ends_with(path, ".ini")) from_ini(source, path, found);
  }
  std::set<std::string, std::less<>> known;
  std::set<std::string, std::less<>> configured;
  for (const auto& environment : found) configured.emplace(folder_of(*environment.environment.config));
  for (const auto& path : source.paths()) {
    if (name_of(path) != "pyproject.toml" || configured.count(folder_of(path)) != 0) continue;
    Settings settings;
    if (from_pyproject(source, path, settings)) found.push_back(make(source, std::move(settings)));
  }
  for (const auto& environment : found) known.insert(environment.environment.location);
  // Configured by a program (alembic.config.Config().set_main_option): the folder alone tells.
  for (const auto& path : source.paths()) {
    if (name_of(path) != "script.py.mako") continue;
    const std::string folder(folder_of(path));
    const auto versions = join_path(folder, "versions");
    if (known.count(folder) != 0 || !versions || !source.has_folder(*versions)) continue;
    if (!source.has_file(*join_path(folder, "env.py"))) continue;
    AlembicEnvironment made;
    made.environment.id = folder.empty() ? "." : folder;
    made.environment.tool = "alembic";
    made.environment.location = folder;
    made.locations.push_back(*versions);
    made.declared = false;
    found.push_back(std::move(made));
  }
  return found;
}

}  // namespace exitgate::collect
