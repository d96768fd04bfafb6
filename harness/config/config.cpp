#include "harness/config/config.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/config/keys.h"
#include "harness/config/reader.h"

namespace exitgate::config {

namespace {

constexpr int kLongest = 86'400;   // seconds
constexpr int kOldestServer = 12;  // PostgreSQL versions that a snapshot reads
constexpr int kNewestServer = 18;
constexpr int kLeastRoom = 64;  // MB
constexpr int kMostRoom = 1024 * 1024;

Role read_role(const Reader& read, const yaml::Node& node) {
  Role role;
  if (node.is_scalar()) {
    role.name = read.string(node, "a role");
    return role;
  }
  read.mapping(node, kRole);
  role.name = read.string(read.required(node, "a role", "name"), "'name'");
  const auto flag = [&](const char* key, bool& value) {
    if (const auto* given = node.find(key)) value = read.boolean(*given, fmt::format("'{}'", key));
  };
  flag("login", role.login);
  flag("superuser", role.superuser);
  flag("createdb", role.createdb);
  flag("createrole", role.createrole);
  flag("bypassrls", role.bypassrls);
  if (const auto* given = node.find("member-of")) role.member_of = read.strings(*given, "'member-of'");
  return role;
}

ApplicationRole read_application_role(const Reader& read, const yaml::Node& node) {
  return {read.string(node, "an application role"), node.line};
}

// A folder inside the export: a configuration must not reach out of it.
std::string read_directory(const Reader& read, const yaml::Node& node) {
  auto directory = read.string(node, "'directory'");
  const auto parts = split(directory, '/');
  if (directory.front() == '/' || std::find(parts.begin(), parts.end(), "..") != parts.end()) {
    read.fail(node, "'directory' must be a folder of the repository, relative to its root");
  }
  return directory;
}

Step read_step(const Reader& read, const yaml::Node& node) {
  Step step;
  step.line = node.line;
  if (node.is_scalar()) {
    step.run = read.string(node, "a step");
    return step;
  }
  read.mapping(node, kStep);
  step.run = read.string(read.required(node, "a step", "run"), "'run'");
  if (const auto* given = node.find("directory")) step.directory = read_directory(read, *given);
  if (const auto* given = node.find("timeout"))
    step.timeout_seconds = read.integer(*given, "'timeout'", 1, kLongest);
  return step;
}

std::vector<Step> read_steps(const Reader& read, const yaml::Node& node, const char* key) {
  std::vector<Step> steps;
  for (const auto& step : read.list(node, fmt::format("'{}'", key))) steps.push_back(read_step(read, step));
  return steps;
}

void read_rehearsal(const Reader& read, const yaml::Node& node, Database& database) {
  if (!node.is_mapping()) {
    database.rehearsal = read.boolean(node, "'rehearsal'");
    return;
  }
  read.mapping(node, kRehearsal);
  if (const auto* given = node.find("seed")) database.seed = read_steps(read, *given, "seed");
}

Limits read_limits(const Reader& read, const yaml::Node& node) {
  Limits limits;
  if (const auto* given = node.find("network")) limits.network = read.boolean(*given, "'network'");
  if (const auto* given = node.find("memory"))
    limits.memory_mb = read.integer(*given, "'memory'", kLeastRoom, kMostRoom);
  if (const auto* given = node.find("disk"))
    limits.disk_mb = read.integer(*given, "'disk'", kLeastRoom, kMostRoom);
  return limits;
}

std::vector<BroughtReports> read_brought(const Reader& read, const yaml::Node& node, const char* what) {
  std::vector<BroughtReports> all;
  for (const auto& item : read.list(node, what)) {
    BroughtReports one;
    one.line = item.line;
    if (item.is_mapping()) {
      read.mapping(item, kReport);
      one.path = read.string(read.required(item, "a report", "path"), "'path'");
      one.revision = read.string_or(item, "commit", "");
      one.step = read.string_or(item, "step", "");
    } else {
      one.path = read.string(item, "a report");
    }
    if (one.path.empty()) read.fail(item, "the path of a report must not be empty");
    all.push_back(std::move(one));
  }
  return all;
}

Tests read_tests(const Reader& read, const yaml::Node& node) {
  read.mapping(node, kTests);
  Tests tests;
  tests.line = node.line;
  if (const auto* given = node.find("coverage")) tests.coverage = read.strings(*given, "'coverage'");
  if (const auto* given = node.find("brought")) tests.brought = read_brought(read, *given, "'brought'");
  if (const auto* given = node.find("base")) tests.base = read_brought(read, *given, "'base'");
  if (const auto* given = node.find("logs")) tests.logs = read.strings(*given, "'logs'");
  if (const auto* given = node.find("run")) tests.run = read_steps(read, *given, "run");
  if (const auto* given = node.find("reports")) tests.reports = read.strings(*given, "'reports'");
  if (const auto* given = node.find("compatibility"))
    tests.compatibility = read.boolean(*given, "'compatibility'");
  return tests;
}

void read_stairway(const Reader& read, const yaml::Node& node, Database& database) {
  if (!node.is_mapping()) {
    database.stairway = read.boolean(node, "'stairway'");
    return;
  }
  read.mapping(node, kStairway);
  database.stairway = true;
  database.stairs.up = read.string(read.required(node, "a stairway", "up"), "'up'");
  database.stairs.down = read.string(read.required(node, "a stairway", "down"), "'down'");
  database.stairs.base = read.string(read.required(node, "a stairway", "base"), "'base'");
}

Database read_database(const Reader& read, const yaml::Node& node) {
  read.mapping(node, kDatabase);
  Database database;
  if (const auto* given = node.find("roles")) {
    for (const auto& role : read.list(*given, "'roles'")) database.roles.push_back(read_role(read, role));
  }
  database.owner = read.string_or(node, "owner", database.owner);
  database.owner_declared = node.find("owner") != nullptr;
  if (const auto* given = node.find("application")) {
    if (given->is_scalar()) {
      database.application.push_back(read_application_role(read, *given));
    } else {
      for (const auto& role : read.list(*given, "'application'"))
        database.application.push_back(read_application_role(read, role));
    }
  }
  if (const auto* given = node.find("prepare")) database.prepare = read.strings(*given, "'prepare'");
  if (const auto* given = node.find("environment")) {
    if (!given->is_mapping()) read.fail(*given, "'environment' must be a mapping of names to strings");
    for (const auto& [key, value] : given->entries) {
      if (!value.is_scalar())
        read.fail(value, fmt::format("environment variable '{}' must be a string", key.text));
      database.environment.emplace_back(key.text, value.text);
    }
  }
  if (const auto* given = node.find("directory")) database.directory = read_directory(read, *given);
  database.steps = read_steps(read, read.required(node, "database", "steps"), "steps");
  if (const auto* given = node.find("down")) database.down = read_steps(read, *given, "down");
  if (database.steps.empty()) {
    read.fail(node, "'steps' is empty", "write `database: none` if there is no database to provision");
  }
  if (const auto* given = node.find("timeout")) {
    database.timeout_seconds = read.integer(*given, "'timeout'", 1, kLongest);
  }
  database.state = read.string_or(node, "state", "");
  if (const auto* given = node.find("version")) {
    database.version = read.integer(*given, "'version'", kOldestServer, kNewestServer);
  }
  if (const auto* given = node.find("server")) {
    database.server = read.string(*given, "'server'");
    if (database.server.front() != '/') {
      read.fail(*given, fmt::format("'server' must be an absolute path, not '{}'", database.server),
                "it is a folder of the machine, not of the repository");
    }
  }
  if (const auto* given = node.find("download")) {
    if (const auto from = read.string(*given, "'download'"); from != "npm") {
      read.fail(*given, fmt::format("'download' must be npm, not '{}'", from));
    }
    database.npm = true;
  }
  if (const auto* given = node.find("stairway")) read_stairway(read, *given, database);
  database.schema_file = read.string_or(node, "schema-file", "");
  if (const auto* given = node.find("rehearsal")) read_rehearsal(read, *given, database);
  if (const auto* given = node.find("models")) database.models = read_steps(read, *given, "models");
  database.limits = read_limits(read, node);
  return database;
}

WaiverEntry read_waiver(const Reader& read, const yaml::Node& node) {
  read.mapping(node, kWaiver);
  WaiverEntry waiver;
  waiver.line = node.line;
  waiver.gate = read.string(read.required(node, "a waiver", "gate"), "'gate'");
  waiver.finding = read.string(read.required(node, "a waiver", "finding"), "'finding'");
  waiver.reason = read.string(read.required(node, "a waiver", "reason"), "'reason'");
  const auto& expires = read.required(node, "a waiver", "expires");
  waiver.expires = read.string(expires, "'expires'");
  if (!is_date(waiver.expires)) {
    read.fail(expires, fmt::format("'expires' must be a date like 2027-01-31, not '{}'", waiver.expires));
  }
  return waiver;
}

}  // namespace

Config parse(std::string_view text, const std::string& file) {
  const Reader read(file);
  const auto root = read.parse(text);
  Config config;
  config.file = file;
  if (root.is_null()) return config;
  read.mapping(root, kConfiguration, file);
  if (const auto* given = root.find("database")) {
    if (given->is_scalar() && given->text == "none") {
      config.no_database = given->line;
    } else {
      config.database = read_database(read, *given);
    }
  }
  if (const auto* given = root.find("accept-partial"))
    config.accept_partial = read.boolean(*given, "'accept-partial'");
  config.base = read.string_or(root, "base", "");
  if (const auto* given = root.find("tests")) config.tests = read_tests(read, *given);
  if (const auto* given = root.find("evidence")) {
    read.mapping(*given, kEvidence);
    if (const auto* documents = given->find("documents")) {
      config.evidence_documents = read.strings(*documents, "'documents'");
    }
  }
  if (const auto* given = root.find("bundle")) config.bundle = *given;
  if (const auto* given = root.find("parameters")) {
    if (!given->is_mapping())
      read.fail(*given, "'parameters' must be a mapping of gates to their parameters");
    for (const auto& [key, value] : given->entries) {
      if (!value.is_mapping())
        read.fail(value, fmt::format("the parameters of '{}' must be a mapping", key.text));
      config.parameters.emplace_back(key.text, value);
    }
  }
  if (const auto* given = root.find("labels")) {
    if (!given->is_mapping()) read.fail(*given, "'labels' must be a mapping of gates to lists");
    for (const auto& [key, value] : given->entries) {
      config.labels.emplace_back(key.text, value);
    }
  }
  if (const auto* given = root.find("profile")) {
    config.profile = read.string(*given, "'profile'");
    config.profile_line = given->line;
  }
  if (const auto* given = root.find("include")) config.include = *given;
  if (const auto* given = root.find("gates")) config.gates = read.list(*given, "'gates'");
  if (const auto* given = root.find("waivers")) {
    for (const auto& waiver : read.list(*given, "'waivers'"))
      config.waivers.push_back(read_waiver(read, waiver));
  }
  return config;
}

}  // namespace exitgate::config
