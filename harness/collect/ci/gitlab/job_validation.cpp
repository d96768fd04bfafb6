#include "harness/collect/ci/gitlab/job_validation.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/key_validation.h"
#include "harness/collect/ci/gitlab/rule_validation.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/gitlab/trigger_validation.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::int64_t kWeek = 604'800;

// Those of the paid editions are among them.
constexpr std::string_view kJobKeys[] = {"tags",
                                         "script",
                                         "image",
                                         "services",
                                         "start_in",
                                         "artifacts",
                                         "cache",
                                         "dependencies",
                                         "before_script",
                                         "after_script",
                                         "hooks",
                                         "coverage",
                                         "retry",
                                         "parallel",
                                         "timeout",
                                         "inputs",
                                         "release",
                                         "id_tokens",
                                         "publish",
                                         "pages",
                                         "manual_confirmation",
                                         "run",
                                         "secrets",
                                         "identity",
                                         "dast_configuration",
                                         "extends",
                                         "stage",
                                         "only",
                                         "except",
                                         "rules",
                                         "variables",
                                         "inherit",
                                         "allow_failure",
                                         "when",
                                         "needs",
                                         "resource_group",
                                         "environment",
                                         "interruptible"};
constexpr std::string_view kTriggerKeys[] = {"trigger",        "parallel",      "extends",      "stage",
                                             "only",           "except",        "rules",        "variables",
                                             "inherit",        "allow_failure", "when",         "needs",
                                             "resource_group", "environment",   "interruptible"};

class JobCheck {
 public:
  JobCheck(const yaml::Entry& entry, bool all_known, Checks& checks)
      : key_(entry.key),
        job_(entry.value),
        name_(fmt::format("job '{}'", entry.key.text)),
        complete_(all_known && entry.value.tag != kUnknown),
        checks_(checks) {}

  void run() {
    if (!is_string(key_)) checks_.refuse(key_, name_ + " has a name that is not a string: put it in quotes");
    if (trim(key_.text).empty()) checks_.refuse(key_, "a job has an empty name");
    if (key_.text.size() > kLongestName)
      checks_.refuse(key_, fmt::format("{} has a name of more than {} characters", name_, kLongestName));
    const bool has_script = job_.find("script") != nullptr;
    const bool has_run = job_.find("run") != nullptr;
    const bool has_trigger = job_.find("trigger") != nullptr;
    exclude("script", "trigger");
    exclude("run", "trigger");
    if (has_script || has_run) {
      check_script_job(has_run);
    } else if (has_trigger) {
      check_trigger_job();
    } else {
      check_unknown_job();
    }
    check_common(has_script || has_run);
  }

 private:
  std::string what(std::string_view key) const { return fmt::format("'{}' of {}", key, name_); }

  void exclude(std::string_view one, std::string_view other) {
    const yaml::Node* second = job_.find(other);
    if (job_.find(one) != nullptr && second != nullptr)
      checks_.refuse(*second, fmt::format("{} has both '{}' and '{}'", name_, one, other));
  }

  // Whether it has a script or a trigger may be said elsewhere; and what it has must be of one kind of job or the other.
  void check_unknown_job() {
    if (complete_) {
      checks_.refuse(key_, job_.find("needs") != nullptr ? name_ + " has neither 'script' nor 'trigger'"
                                                         : name_ + " has no 'script', 'run' or 'trigger'");
      return;
    }
    std::vector<std::string_view> all(std::begin(kJobKeys), std::end(kJobKeys));
    all.push_back("trigger");
    checks_.keys(job_, all, name_);
  }

  void check_script_job(bool has_run) {
    checks_.keys(job_, kJobKeys, name_);
    if (has_run) {
      for (const std::string_view key : {"script", "before_script", "after_script"}) exclude("run", key);
    } else {
      const yaml::Node* script = job_.find("script");
      if (is_blank(*script) && !is_unknown(*script)) checks_.refuse(*script, what("script") + " is empty");
    }
    static constexpr std::string_view kWhen[] = {"on_success", "on_failure", "always", "manual", "delayed"};
    const yaml::Node* when = value_of(job_, "when");
    if (when != nullptr) checks_.one_of(*when, kWhen, what("when"));
    check_start_in(when != nullptr && when->text == "delayed");
    if (const yaml::Node* fails = value_of(job_, "allow_failure")) check_allow_failure(*fails);
    if (const yaml::Node* list = value_of(job_, "dependencies")) checks_.strings(*list, what("dependencies"));
    if (const yaml::Node* text = value_of(job_, "manual_confirmation"))
      checks_.string(*text, what("manual_confirmation"));
    const yaml::Node* publish = value_of(job_, "publish");
    const yaml::Node* pages = job_.find("pages");
    const bool is_pages = (pages != nullptr && !is_blank(*pages)) || key_.text == "pages";
    if (publish != nullptr && !is_pages)
      checks_.refuse(*publish, what("publish") + " can only be used in a job of GitLab Pages");
    check_dependencies_of_needs();
    for (const auto& entry : job_.entries) {
      if (!entry.value.is_null() && !is_unknown(entry.value))
        validate_key(entry.key.text, entry.value, name_, checks_);
    }
  }

  void check_start_in(bool delayed) {
    const yaml::Node* start = job_.find("start_in");
    const bool given = start != nullptr && !is_blank(*start);
    const yaml::Node* rules = job_.find("rules");
    if (rules != nullptr && !rules->is_null()) return;  // together they are refused in any case
    if (delayed && !given) {
      if (complete_) checks_.refuse(key_, name_ + " is delayed, and has no 'start_in'");
    } else if (delayed) {
      checks_.duration(*start, what("start_in"), kWeek);
    } else if (given && complete_ && !is_unknown(*start)) {
      checks_.refuse(*start, fmt::format("{} has 'start_in', and is not delayed", name_));
    }
  }

  void check_allow_failure(const yaml::Node& fails) {
    static constexpr std::string_view kKeys[] = {"exit_codes"};
    if (!fails.is_mapping()) return checks_.boolean(fails, what("allow_failure"));
    checks_.keys(fails, kKeys, what("allow_failure"));
    if (const yaml::Node* codes = value_of(fails, "exit_codes"))
      checks_.integers_or_integer(*codes, what("allow_failure:exit_codes"));
  }

  // Where a job has both, it may only depend on what it needs.
  void check_dependencies_of_needs() {
    const yaml::Node* dependencies = value_of(job_, "dependencies");
    const yaml::Node* needs = value_of(job_, "needs");
    if (dependencies == nullptr || needs == nullptr || !needs->is_sequence() || needs->items.empty()) return;
    std::set<std::string> names;
    for (const auto& need : needs->items) {
      if (is_unknown(need) || need.is_sequence()) return;
      if (need.find("project") != nullptr || need.find("pipeline") != nullptr) continue;
      const auto name = need.is_mapping() ? text_of(need.find("job")) : text_of(&need);
      if (name) names.insert(*name);
    }
    for (const auto& dependency : dependencies->items) {
      if (is_unknown(dependency) || names.contains(dependency.text)) continue;
      checks_.refuse(dependency, fmt::format("{} depends on '{}', which is not among its 'needs'", name_,
                                             dependency.text));
    }
  }

  void check_trigger_job() {
    checks_.keys(job_, kTriggerKeys, name_);
    static constexpr std::string_view kWhen[] = {"on_success", "on_failure", "always", "manual"};
    if (const yaml::Node* when = value_of(job_, "when")) checks_.one_of(*when, kWhen, what("when"));
    if (const yaml::Node* fails = value_of(job_, "allow_failure"))
      checks_.boolean(*fails, what("allow_failure"));
    if (const yaml::Node* trigger = value_of(job_, "trigger")) validate_trigger(*trigger, name_, checks_);
    if (const yaml::Node* parallel = value_of(job_, "parallel")) {
      if (is_number(*parallel)) {
        checks_.refuse(*parallel, what("parallel") + " is a number, which a job with a trigger cannot have");
      } else {
        validate_key("parallel", *parallel, name_, checks_);
      }
    }
    if (const yaml::Node* value = value_of(job_, "interruptible"))
      validate_key("interruptible", *value, name_, checks_);
    if (const yaml::Node* value = value_of(job_, "environment"))
      validate_key("environment", *value, name_, checks_);
  }

  void check_common(bool has_script) {
    const yaml::Node* rules = value_of(job_, "rules");
    if (rules != nullptr) {
      for (const std::string_view key : {"only", "except", "start_in"}) {
        if (const yaml::Node* value = value_of(job_, key))
          checks_.refuse(*value, fmt::format("{} has '{}' beside 'rules'", name_, key));
      }
      validate_rules(*rules, name_, Rules::job, checks_);
    }
    if (const yaml::Node* extends = value_of(job_, "extends"))
      checks_.strings_or_string(*extends, what("extends"));
    if (const yaml::Node* group = value_of(job_, "resource_group"))
      checks_.string(*group, what("resource_group"));
    if (const yaml::Node* stage = value_of(job_, "stage")) checks_.string(*stage, what("stage"));
    if (const yaml::Node* only = value_of(job_, "only")) validate_policy(*only, what("only"), checks_);
    if (const yaml::Node* except = value_of(job_, "except"))
      validate_policy(*except, what("except"), checks_);
    if (const yaml::Node* variables = value_of(job_, "variables"))
      validate_variables(*variables, what("variables"), Variables::job, checks_);
    if (const yaml::Node* inherit = value_of(job_, "inherit")) validate_inherit(*inherit, name_, checks_);
    if (const yaml::Node* needs = value_of(job_, "needs"))
      validate_needs_key(*needs, what("needs"), has_script ? Needs::script : Needs::trigger, checks_);
  }

  const yaml::Node& key_;
  const yaml::Node& job_;
  std::string name_;
  bool complete_;
  Checks& checks_;
};

}  // namespace

bool looks_like_job(const yaml::Node& node) {
  for (const std::string_view key : {"script", "run", "trigger", "needs"}) {
    if (node.find(key) != nullptr) return true;
  }
  return false;
}

bool check_job(const yaml::Entry& entry, bool all_known, Checks& checks) {
  const std::string& name = entry.key.text;
  if (name.starts_with('.')) {
    if (all_known && is_blank(entry.value) && entry.value.tag.empty())
      checks.refuse(entry.key, fmt::format("'{}' is empty", name));
    return false;
  }
  if (is_unknown(entry.value) && !entry.value.is_mapping()) return true;
  if (!entry.value.is_mapping()) {
    // What is included may say that it is one: but then, what is said here counts.
    checks.refuse(
        entry.key,
        fmt::format("'{}' is neither a keyword nor a job: it has no 'script', 'run' or 'trigger'", name));
    return true;
  }
  JobCheck(entry, all_known, checks).run();
  return true;
}

}  // namespace exitgate::collect::ci::gitlab
