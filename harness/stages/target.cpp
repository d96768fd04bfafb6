#include "harness/stages/target.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "harness/base/cache_folder.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/installation.h"
#include "harness/base/text.h"
#include "harness/gate/own_checks.h"
#include "harness/stages/sealing.h"
#include "harness/suites/resolve.h"

namespace exitgate::stages {

namespace {

constexpr const char* kConfigName = "exitgate.yaml";

std::string absolute(const std::string& path) {
  return std::filesystem::absolute(path).lexically_normal().string();
}

std::string read_config(const std::string& path) {
  if (!std::filesystem::exists(path))
    throw UsageError(fmt::format("{}: no such configuration", path), "see --config");
  return read_file(path);
}

std::string commit_of(const TargetOptions& options, const git::Repository& repository) {
  return repository.resolve_commit(options.commit.empty() ? "HEAD" : options.commit);
}

std::optional<std::string> config_text(const TargetOptions& options, const git::Repository& repository,
                                       const std::string& commit) {
  if (!options.config.empty()) return read_config(options.config);
  return git::read_file_at(repository, commit, kConfigName);
}

constexpr const char* kAllGates = "all";

// nullopt: all gates are asked.
std::optional<gate::Profile> profile_named(const std::string& name, const std::string& where) {
  if (name.empty() || name == kAllGates) return std::nullopt;
  const auto folder = gates_directory() / "profiles";
  auto names = gate::profile_names(folder);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    names.emplace_back(kAllGates);
    throw UsageError(fmt::format("{}unknown profile '{}'{}", where, name, did_you_mean(name, names)),
                     fmt::format("the profiles are {}", join(names, ", ")));
  }
  return gate::read_profile(folder / (name + ".yaml"));
}

gate::Suite load(const std::vector<std::filesystem::path>& paths, const suites::Root& root,
                 const std::optional<gate::Profile>& profile) {
  static const config::Config none;
  return gate::load_suite(paths, root.config != nullptr ? *root.config : none, suites::resolve(root),
                          profile ? &*profile : nullptr);
}

std::vector<std::filesystem::path> suite_paths(const TargetOptions& options) {
  if (options.suites.empty()) return {gates_directory()};
  return {options.suites.begin(), options.suites.end()};
}

}  // namespace

std::vector<std::string> TargetOptions::arguments() const {
  std::vector<std::string> all = {"--repo", absolute(repository), "--commit", commit};
  if (!config.empty()) all.insert(all.end(), {"--config", absolute(config)});
  for (const auto& suite : suites) all.insert(all.end(), {"--suite", absolute(suite)});
  for (const auto& folder : checks) all.insert(all.end(), {"--checks", absolute(folder)});
  if (!profile.empty()) all.insert(all.end(), {"--profile", profile});
  return all;
}

Target open_target(const TargetOptions& options) {
  Target target{git::Repository::open(options.repository), "", "", {}};
  target.commit = commit_of(options, target.repository);
  if (auto text = config_text(options, target.repository, target.commit)) {
    target.config_text = std::move(*text);
    target.config = config::parse(target.config_text, options.config.empty() ? kConfigName : options.config);
  }
  return target;
}

std::string profile_of(const TargetOptions& options, const config::Config& config) {
  return options.profile.empty() ? config.profile : options.profile;
}

gate::Suite suite_of(const TargetOptions& options, const Target& target) {
  gate::load_own_checks(options.checks);
  const auto paths = suite_paths(options);
  const auto& config = target.config;
  const std::string where = options.profile.empty() && config.profile_line > 0
                                ? fmt::format("{}:{}: ", config.file, config.profile_line)
                                : "";
  const auto profile = profile_named(profile_of(options, config), where);
  // What --config names is a file of this machine, and its includes are beside it.
  return load(paths, {paths, &config, options.config.empty() ? &target.repository : nullptr, target.commit},
              profile);
}

gate::Suite suite_of(const TargetOptions& options) {
  gate::load_own_checks(options.checks);
  const auto paths = suite_paths(options);
  return load(paths, {paths, nullptr, nullptr, ""}, profile_named(options.profile, ""));
}

void add_missing_checks(gate::Suite& suite) {
  for (const auto& gate : suite.gates) {
    const auto executable = gate::executable_of(gate.check, checks_directory());
    if (::access(executable.c_str(), X_OK) == 0) continue;
    suite.mistakes.push_back(
        {fmt::format("{}: the check of {} cannot be run: {} is missing or not executable", gate.where,
                     gate.name, executable.string()),
         "build or install Exitgate again",
         {gate.labels.begin(), gate.labels.end()}});
  }
}

gate::Labels possible_labels(const TargetOptions& options) {
  gate::Labels labels;
  try {
    const auto suite = gate::load_suite(suite_paths(options), {});
    for (const auto& gate : suite.gates) labels.insert(gate.labels.begin(), gate.labels.end());
    for (const auto& mistake : suite.mistakes) labels.insert(mistake.labels.begin(), mistake.labels.end());
    std::string text;
    if (!options.config.empty()) {
      text = read_config(options.config);
    } else {
      const auto repository = git::Repository::open(options.repository);
      text = config_text(options, repository, commit_of(options, repository)).value_or("");
    }
    labels.merge(gate::possible_labels(text));
  } catch (const std::exception&) {
    // There is no such target: nothing of it can be selected.
  }
  return labels;
}

gate::Suite trusted_suite(const std::vector<std::string>& suites, const std::string& config,
                          const std::string& profile) {
  const std::vector<std::filesystem::path> paths(suites.begin(), suites.end());
  const auto parsed = config.empty() ? config::Config{} : config::parse(read_config(config), config);
  return load(paths, {paths, &parsed, nullptr, ""},
              profile_named(profile.empty() ? parsed.profile : profile, ""));
}

void require_valid(const gate::Suite& suite) {
  if (suite.mistakes.empty()) return;
  std::string message;
  for (std::size_t i = 0; i < suite.mistakes.size(); ++i) {
    const auto& mistake = suite.mistakes[i];
    message += fmt::format("{}{}", i == 0 ? "" : "\nexitgate: ", mistake.message);
    if (!mistake.hint.empty() && i + 1 < suite.mistakes.size())
      message += fmt::format("\n  > {}", mistake.hint);
  }
  throw UsageError(message, suite.mistakes.back().hint);
}

std::string database_url() {
  const char* named =
      std::getenv("EXITGATE_DATABASE_VARIABLE");  // of one suite of several: gate::CTestOptions
  const char* url = std::getenv(named != nullptr ? named : kDatabaseVariable);
  return url != nullptr ? url : "";
}

std::filesystem::path server_folder() {
  const char* const folder = std::getenv(kServerVariable);
  return folder != nullptr && *folder != '\0' ? std::filesystem::absolute(folder) : std::filesystem::path();
}

std::filesystem::path fact_cache() {
  const char* const key = std::getenv(kKeyVariable);
  if (key != nullptr && *key != '\0') return {};
  return cache_folder().value_or("");
}

bool may_reuse() {
  const char* const asked = std::getenv(kReuseVariable);
  if (asked == nullptr || *asked == '\0' || std::string_view(asked) == "0") return false;
  const char* const key = std::getenv(kKeyVariable);
  if (key != nullptr && *key != '\0') {
    throw UsageError("a run that is signed (EXITGATE_KEY) provisions by itself: nothing may be reused",
                     "leave out --reuse (EXITGATE_REUSE), or unset EXITGATE_KEY");
  }
  return true;
}

}  // namespace exitgate::stages
