#include "harness/collect/ci/gitlab/trigger_validation.h"

#include <fmt/core.h>

#include "harness/collect/ci/gitlab/rule_validation.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostIncludes = 3;
constexpr std::string_view kProjectKeys[] = {"project", "branch", "strategy", "forward", "inputs"};
constexpr std::string_view kIncludeKeys[] = {"include", "strategy", "forward"};
constexpr std::string_view kForwardKeys[] = {"yaml_variables", "pipeline_variables"};
constexpr std::string_view kEntryKeys[] = {"local",     "file",  "remote",   "project",  "ref",
                                           "integrity", "cache", "template", "artifact", "inputs",
                                           "job",       "rules", "component"};
constexpr std::string_view kStrategies[] = {"depend", "mirror"};

void validate_entry(const yaml::Node& entry, const std::string& what, Checks& checks) {
  if (is_unknown(entry) || entry.is_null()) return;
  if (!entry.is_mapping()) {
    if (!entry.is_scalar() || !is_string(entry))
      checks.refuse(entry, what + " has what is neither a string nor a mapping");
    return;
  }
  checks.keys(entry, kEntryKeys, what);
  const auto has = [&](std::string_view key) {
    const yaml::Node* value = entry.find(key);
    return value != nullptr && !is_blank(*value);
  };
  if (has("artifact") && !has("job"))
    checks.refuse(entry, what + " does not say of which 'job' the artifact is");
  if (has("project") && !has("file"))
    checks.refuse(entry, what + " does not say which 'file' of the project");
  if (const yaml::Node* rules = value_of(entry, "rules"))
    validate_rules(*rules, what, Rules::include, checks);
}

}  // namespace

void validate_trigger(const yaml::Node& trigger, const std::string& job, Checks& checks) {
  const std::string what = fmt::format("'trigger' of {}", job);
  if (trigger.is_scalar() && is_string(trigger)) {
    if (is_blank(trigger)) checks.refuse(trigger, what + " is empty");
    return;
  }
  if (!trigger.is_mapping()) return checks.refuse(trigger, what + " is neither a string nor a mapping");
  const yaml::Node* include = trigger.find("include");
  if (include == nullptr) {
    if (!checks.keys(trigger, kProjectKeys, what)) return;
    const yaml::Node* project = trigger.find("project");
    if (project == nullptr || (is_blank(*project) && !is_unknown(*project))) {
      checks.refuse(trigger, what + " names neither a 'project' nor an 'include'");
    } else {
      checks.string(*project, fmt::format("'trigger:project' of {}", job));
    }
    if (const yaml::Node* branch = value_of(trigger, "branch"))
      checks.string(*branch, fmt::format("'trigger:branch' of {}", job));
    if (const yaml::Node* inputs = value_of(trigger, "inputs"))
      checks.mapping(*inputs, fmt::format("'trigger:inputs' of {}", job));
  } else {
    if (!checks.keys(trigger, kIncludeKeys, what)) return;
    const std::string entry = fmt::format("'trigger:include' of {}", job);
    if (include->is_sequence() && include->items.size() > kMostIncludes)
      checks.refuse(*include, fmt::format("{} has more than {} entries", entry, kMostIncludes));
    if (include->is_sequence()) {
      for_each_item(*include, [&](const yaml::Node& item) { validate_entry(item, entry, checks); });
    } else if (!include->is_null()) {
      validate_entry(*include, entry, checks);
    }
  }
  if (const yaml::Node* strategy = value_of(trigger, "strategy"))
    checks.one_of(*strategy, kStrategies, fmt::format("'trigger:strategy' of {}", job));
  if (const yaml::Node* forward = value_of(trigger, "forward")) {
    const std::string where = fmt::format("'trigger:forward' of {}", job);
    // What is not a mapping is accepted, and says nothing.
    if (!forward->is_mapping() || !checks.keys(*forward, kForwardKeys, where)) return;
    for (const auto& one : forward->entries) {
      if (!one.value.is_null())
        checks.boolean(one.value, fmt::format("'trigger:forward:{}' of {}", one.key.text, job));
    }
  }
}

}  // namespace exitgate::collect::ci::gitlab
