#include "harness/collect/migrations/tools/flyway/config.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/migrations/settings.h"
#include "harness/settings/toml.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect {

namespace {

// "filesystem:db/migration" is read from where Flyway is run, "classpath:db/migration" from the resources; what follows
// `{vendor}` is below one folder for each kind of server.
void add_locations(const Source& source, std::string_view folder, std::string_view value,
                   FlywayConfig& config) {
  for (const auto& one : split(value, ',')) {
    std::string_view named = trim(one);
    while (!named.empty() && (named.front() == '"' || named.front() == '[' || named.front() == '\''))
      named.remove_prefix(1);
    while (!named.empty() && (named.back() == '"' || named.back() == ']' || named.back() == '\''))
      named.remove_suffix(1);
    bool resources = true;
    if (named.starts_with("filesystem:")) {
      named.remove_prefix(11);
      resources = false;
    } else if (named.starts_with("classpath:")) {
      named.remove_prefix(10);
    }
    while (named.starts_with("/")) named.remove_prefix(1);
    if (const std::size_t vendor = named.find("{vendor}"); vendor != std::string_view::npos)
      named = named.substr(0, vendor);
    while (named.ends_with("/")) named.remove_suffix(1);
    if (named.empty() || named.find('*') != std::string_view::npos) continue;
    for (const std::string_view base : {folder, std::string_view()}) {
      const auto plain = join_path(base, named);
      const auto in_resources = join_path(base, "src/main/resources/" + std::string(named));
      const auto& first = resources ? in_resources : plain;
      const auto& second = resources ? plain : in_resources;
      const auto& path = first && source.has_folder(*first) ? first : second;
      if (!path || !source.has_folder(*path)) continue;
      config.locations.push_back(*path);
      break;
    }
  }
}

void take(const Source& source, std::string_view folder, std::string_view key, const std::string& value,
          FlywayConfig& config) {
  constexpr std::string_view kPlaceholder = "placeholders.";
  if (key == "locations") {
    add_locations(source, folder, value, config);
  } else if (key == "table") {
    config.table = value;
  } else if (key.starts_with(kPlaceholder)) {
    config.placeholders[std::string(key.substr(kPlaceholder.size()))] = value;
  }
}

void from_properties(const Source& source, std::string_view text, std::string_view prefix,
                     std::string_view folder, FlywayConfig& config) {
  for (const auto& [key, value] : properties(text)) {
    if (key.starts_with(prefix))
      take(source, folder, std::string_view(key).substr(prefix.size()), value, config);
  }
}

void from_toml(const Source& source, std::string_view text, std::string_view folder, FlywayConfig& config) {
  try {
    const auto table = settings::toml_table(text, "flyway");
    if (!table) return;
    for (const auto& [key, line] : table->lines) {
      if (const auto value = table->scalar(key)) take(source, folder, key, *value, config);
    }
    for (const auto& [key, items] : table->lists) {
      for (const auto& item : items) take(source, folder, key, item.text, config);
    }
    const auto placeholders = table->tables.find("placeholders");
    if (placeholders == table->tables.end()) return;
    for (const auto& [key, line] : placeholders->second.lines) {
      if (const auto value = placeholders->second.scalar(key)) config.placeholders[key] = *value;
    }
  } catch (const settings::TomlError&) {
    // Flyway cannot read it either; the default locations stay.
  }
}

void flatten(const Source& source, const yaml::Node& node, const std::string& key, std::string_view folder,
             FlywayConfig& config) {
  if (node.is_mapping()) {
    for (const auto& entry : node.entries) {
      flatten(source, entry.value, key.empty() ? entry.key.text : key + "." + entry.key.text, folder, config);
    }
  } else if (node.is_sequence()) {
    for (const auto& item : node.items) take(source, folder, key, item.text, config);
  } else {
    take(source, folder, key, node.text, config);
  }
}

void from_yaml(const Source& source, const std::string& text, std::string_view folder, FlywayConfig& config) {
  // One document for each profile.
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find("\n---", start), text.size());
    const std::string document = text.substr(start, end - start);
    start = end == text.size() ? end : std::min(text.find('\n', end + 1), text.size());
    if (document.find("flyway") == std::string::npos) continue;
    try {
      const auto root = yaml::parse(document);
      const auto* const spring = root.find("spring");
      const auto* const flyway = spring == nullptr ? root.find("spring.flyway") : spring->find("flyway");
      if (flyway != nullptr) flatten(source, *flyway, "", folder, config);
    } catch (const yaml::Problem&) {
      // Spring's own parser takes more than ours; the default locations stay.
    }
  }
}

// The folder of a module: "service" for "service/src/main/resources".
std::string_view module_of(std::string_view folder) {
  const std::size_t at = folder.find("src/main/resources");
  if (at == std::string_view::npos) return folder;
  return at == 0 ? std::string_view() : folder.substr(0, at - 1);
}

}  // namespace

std::vector<FlywayConfig> flyway_configs(Source& source) {
  std::vector<FlywayConfig> configs;
  for (const std::string_view name :
       {"flyway.conf", "flyway.toml", "application.properties", "application.yml", "application.yaml"}) {
    for (const auto& path : source.named(name)) {
      const auto text = source.read(path);
      if (!text) continue;
      FlywayConfig config{.file = path};
      const auto folder = module_of(folder_of(path));
      if (ends_with(name, ".properties")) {
        from_properties(source, *text, "spring.flyway.", folder, config);
      } else if (ends_with(name, ".conf")) {
        from_properties(source, *text, "flyway.", folder, config);
      } else if (ends_with(name, ".toml")) {
        from_toml(source, *text, folder, config);
      } else {
        from_yaml(source, *text, folder, config);
      }
      const bool empty = config.locations.empty() && config.placeholders.empty() && config.table.empty();
      if (!empty || name.starts_with("flyway")) configs.push_back(std::move(config));
    }
  }
  return configs;
}

const FlywayConfig* flyway_config_of(const std::vector<FlywayConfig>& configs, std::string_view location) {
  const FlywayConfig* nearest = nullptr;
  std::size_t longest = 0;
  for (const auto& config : configs) {
    const auto& named = config.locations;
    if (std::find(named.begin(), named.end(), location) != named.end()) return &config;
    const auto folder = module_of(folder_of(config.file));
    const bool above = folder.empty() || location.starts_with(std::string(folder) + "/");
    if (!above || (nearest != nullptr && folder.size() <= longest)) continue;
    nearest = &config;
    longest = folder.size();
  }
  return nearest;
}

}  // namespace exitgate::collect
