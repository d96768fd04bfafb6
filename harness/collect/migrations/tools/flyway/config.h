// Where Flyway's migrations are, and what their placeholders stand for, by its own configuration and by Spring Boot's.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

struct FlywayConfig {
  std::string file;
  std::vector<std::string> locations = {};               // folders of the commit
  std::map<std::string, std::string> placeholders = {};  // by name: "appSchema"
  std::string table = {};                                // "" for Flyway's own default
};

// flyway.conf and flyway.toml, application.properties and application.yml.
std::vector<FlywayConfig> flyway_configs(Source& source);
// Of the migrations in that folder: the one that names it, else the nearest above; nullptr when there is none.
const FlywayConfig* flyway_config_of(const std::vector<FlywayConfig>& configs, std::string_view location);

}  // namespace exitgate::collect
