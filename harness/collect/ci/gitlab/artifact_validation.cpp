#include "harness/collect/ci/gitlab/artifact_validation.h"

#include <fmt/core.h>

#include <limits>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostCaches = 4;
constexpr std::size_t kMostFallbackKeys = 5;
constexpr std::string_view kWhen[] = {"on_success", "on_failure", "always"};
constexpr std::string_view kArtifactKeys[] = {"name",      "untracked", "paths",   "reports", "when",
                                              "expire_in", "expose_as", "exclude", "public",  "access"};
constexpr std::string_view kAccess[] = {"none", "developer", "maintainer", "all"};
// 'scip' and 'license_management' are of editions before and behind the one that this was written after.
constexpr std::string_view kReports[] = {"junit",
                                         "codequality",
                                         "sast",
                                         "secret_detection",
                                         "dependency_scanning",
                                         "dast",
                                         "container_scanning",
                                         "performance",
                                         "browser_performance",
                                         "load_performance",
                                         "metrics",
                                         "license_scanning",
                                         "lsif",
                                         "dotenv",
                                         "terraform",
                                         "accessibility",
                                         "coverage_fuzzing",
                                         "api_fuzzing",
                                         "cluster_image_scanning",
                                         "requirements",
                                         "requirements_v2",
                                         "coverage_report",
                                         "cyclonedx",
                                         "annotations",
                                         "repository_xray",
                                         "sarif",
                                         "scip",
                                         "license_management"};
constexpr std::string_view kCoverageKeys[] = {"coverage_format", "path"};
constexpr std::string_view kCoverageFormats[] = {"cobertura", "jacoco"};
constexpr std::string_view kCacheKeys[] = {"key",    "untracked", "paths",        "when",
                                           "policy", "unprotect", "fallback_keys"};
constexpr std::string_view kKeyKeys[] = {"files", "files_commits", "prefix"};

std::string inner(std::string_view key, const std::string& what) {
  return fmt::format("'{}' in {}", key, what);
}

void validate_reports(const yaml::Node& reports, const std::string& what, Checks& checks) {
  if (!checks.mapping(reports, what) || !checks.keys(reports, kReports, what)) return;
  for (const auto& entry : reports.entries) {
    if (entry.value.is_null() || is_unknown(entry.value)) continue;
    if (entry.key.text != "coverage_report") {
      if (entry.key.text != "codequality") checks.strings_or_string(entry.value, inner(entry.key.text, what));
      continue;
    }
    const std::string report = inner("coverage_report", what);
    if (!checks.mapping(entry.value, report) || !checks.keys(entry.value, kCoverageKeys, report)) continue;
    for (const std::string_view key : kCoverageKeys) {
      const yaml::Node* value = entry.value.find(key);
      if (value == nullptr || (is_blank(*value) && !is_unknown(*value))) {
        checks.refuse(entry.value, fmt::format("{} has no '{}'", report, key));
      } else if (key == "path") {
        checks.string(*value, inner(key, report));
      } else {
        checks.one_of(*value, kCoverageFormats, inner(key, report));
      }
    }
  }
}

// A name that becomes part of a path.
void validate_name(const yaml::Node& key, const std::string& what, Checks& checks) {
  if (is_unknown(key)) return;
  if (!is_string(key)) return checks.refuse(key, what + " is not a string");
  const std::string text = lower(key.text);
  if (text.find('/') != std::string::npos || text.find("%2f") != std::string::npos) {
    checks.refuse(key, what + " has a '/', which it cannot have");
  } else if (text == "." || text == ".." || text == "%2e" || text == "%2e%2e") {
    checks.refuse(key, fmt::format("{} is '{}'", what, key.text));
  }
}

void validate_cache_key(const yaml::Node& key, const std::string& what, Checks& checks) {
  if (key.is_scalar()) return validate_name(key, what, checks);
  if (!key.is_mapping()) return checks.refuse(key, what + " is neither a string nor a mapping");
  if (!checks.keys(key, kKeyKeys, what)) return;
  const yaml::Node* files = key.find("files");
  const yaml::Node* commits = key.find("files_commits");
  if ((files == nullptr) == (commits == nullptr))
    checks.refuse(key, what + " has neither 'files' nor 'files_commits', or both");
  for (const yaml::Node* list : {files, commits}) {
    if (list == nullptr || list->is_null() || is_unknown(*list)) continue;
    checks.strings(*list, inner("files", what));
    if (list->is_sequence() && (list->items.empty() || list->items.size() > 2))
      checks.refuse(*list, inner("files", what) + " names none or more than two");
  }
  if (const yaml::Node* prefix = value_of(key, "prefix"))
    validate_name(*prefix, inner("prefix", what), checks);
}

void validate_cache(const yaml::Node& cache, const std::string& what, Checks& checks) {
  if (is_unknown(cache) || cache.is_null()) return;
  if (!checks.mapping(cache, what) || !checks.keys(cache, kCacheKeys, what)) return;
  if (const yaml::Node* key = value_of(cache, "key")) validate_cache_key(*key, inner("key", what), checks);
  for (const std::string_view flag : {"untracked", "unprotect"}) {
    if (const yaml::Node* value = value_of(cache, flag)) checks.boolean(*value, inner(flag, what));
  }
  if (const yaml::Node* paths = value_of(cache, "paths")) checks.strings(*paths, inner("paths", what));
  if (const yaml::Node* when = value_of(cache, "when")) checks.one_of(*when, kWhen, inner("when", what));
  if (const yaml::Node* policy = value_of(cache, "policy"); policy != nullptr && !is_blank(*policy)) {
    checks.string(*policy, inner("policy", what));
    const std::string& text = policy->text;
    if (text.find("pull") == std::string::npos && text.find("push") == std::string::npos &&
        text.find('$') == std::string::npos)
      checks.refuse(*policy,
                    fmt::format("{} is '{}', not one of pull-push, push, pull", inner("policy", what), text));
  }
  if (const yaml::Node* keys = value_of(cache, "fallback_keys")) {
    checks.strings(*keys, inner("fallback_keys", what));
    if (keys->items.size() > kMostFallbackKeys)
      checks.refuse(
          *keys, fmt::format("{} has more than {} entries", inner("fallback_keys", what), kMostFallbackKeys));
  }
}

}  // namespace

void validate_artifacts(const yaml::Node& artifacts, const std::string& what, Checks& checks) {
  if (!checks.mapping(artifacts, what) || !checks.keys(artifacts, kArtifactKeys, what)) return;
  if (const yaml::Node* name = value_of(artifacts, "name")) checks.string(*name, inner("name", what));
  for (const std::string_view flag : {"public", "untracked"}) {
    if (const yaml::Node* value = value_of(artifacts, flag)) checks.boolean(*value, inner(flag, what));
  }
  if (artifacts.find("public") != nullptr && artifacts.find("access") != nullptr)
    checks.refuse(artifacts, what + " has both 'public' and 'access'");
  for (const std::string_view list : {"paths", "exclude"}) {
    if (const yaml::Node* value = value_of(artifacts, list)) checks.strings(*value, inner(list, what));
  }
  if (const yaml::Node* when = value_of(artifacts, "when")) checks.one_of(*when, kWhen, inner("when", what));
  if (const yaml::Node* access = value_of(artifacts, "access"))
    checks.one_of(*access, kAccess, inner("access", what));
  if (const yaml::Node* expire = value_of(artifacts, "expire_in");
      expire != nullptr && lower(expire->text) != "never")
    checks.duration(*expire, inner("expire_in", what), std::numeric_limits<std::int32_t>::max() * 100LL);
  if (const yaml::Node* reports = value_of(artifacts, "reports"))
    validate_reports(*reports, inner("reports", what), checks);
  const yaml::Node* exposed = value_of(artifacts, "expose_as");
  if (exposed == nullptr) return;
  checks.string(*exposed, inner("expose_as", what));
  const yaml::Node* paths = artifacts.find("paths");
  if (paths == nullptr || (is_blank(*paths) && !is_unknown(*paths)))
    return checks.refuse(*exposed, what + " has 'expose_as' without 'paths'");
  for (const auto& path : paths->items) {
    if (path.text.find('*') != std::string::npos)
      checks.refuse(
          path, fmt::format("{} has a '*' in 'paths', which goes together with 'expose_as' nowhere", what));
  }
  constexpr std::string_view kSigns = "_- ";
  for (const char c : exposed->text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!plain && kSigns.find(c) == std::string_view::npos)
      return checks.refuse(*exposed, fmt::format("{} has a '{}'", inner("expose_as", what), c));
  }
}

void validate_caches(const yaml::Node& caches, const std::string& what, Checks& checks) {
  if (caches.is_mapping()) return validate_cache(caches, what, checks);
  if (!caches.is_sequence()) return checks.refuse(caches, what + " is neither a list nor a mapping");
  if (caches.items.size() > kMostCaches)
    checks.refuse(caches, fmt::format("{} has more than {} entries", what, kMostCaches));
  for_each_item(caches, [&](const yaml::Node& one) { validate_cache(one, what, checks); });
}

}  // namespace exitgate::collect::ci::gitlab
