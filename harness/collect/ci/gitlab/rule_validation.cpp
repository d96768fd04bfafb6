#include "harness/collect/ci/gitlab/rule_validation.h"

#include <fmt/core.h>

#include "harness/collect/ci/gitlab/key_validation.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr int kDeepest = 10;
constexpr std::size_t kMostPaths = 50;
constexpr std::int64_t kWeek = 604'800;

constexpr std::string_view kJobKeys[] = {
    "if", "changes", "exists", "when", "start_in", "allow_failure", "variables", "needs", "interruptible"};
constexpr std::string_view kWorkflowKeys[] = {
    "if", "changes", "exists", "when", "start_in", "allow_failure", "variables", "needs", "auto_cancel"};
constexpr std::string_view kIncludeKeys[] = {"if", "exists", "when", "changes"};
constexpr std::string_view kJobWhen[] = {"on_success", "on_failure", "always", "never", "manual", "delayed"};
constexpr std::string_view kPipelineWhen[] = {"always", "never"};

class RuleCheck {
 public:
  RuleCheck(const std::string& of, Rules kind, Checks& checks) : of_(of), kind_(kind), checks_(checks) {}

  void list(const yaml::Node& rules, int levels) {
    for (const auto& rule : rules.items) {
      if (is_unknown(rule)) continue;
      if (rule.is_sequence() && levels > 1 && kind_ == Rules::job) {
        list(rule, levels - 1);
      } else if (!rule.is_mapping()) {
        checks_.refuse(rule, fmt::format("{} has a rule that is not a mapping", of_));
      } else {
        one(rule);
      }
    }
  }

 private:
  std::string what(std::string_view key) const { return fmt::format("'rules:{}' of {}", key, of_); }

  void one(const yaml::Node& rule) {
    if (rule.entries.empty()) return checks_.refuse(rule, fmt::format("{} has an empty rule", of_));
    const Words keys = kind_ == Rules::job        ? Words(kJobKeys)
                       : kind_ == Rules::workflow ? Words(kWorkflowKeys)
                                                  : Words(kIncludeKeys);
    checks_.keys(rule, keys, fmt::format("a rule of {}", of_));
    const yaml::Node* when = value_of(rule, "when");
    if (when != nullptr)
      checks_.one_of(*when, kind_ == Rules::job ? Words(kJobWhen) : Words(kPipelineWhen), what("when"));
    if (const yaml::Node* condition = value_of(rule, "if")) checks_.expression(*condition, what("if"));
    if (const yaml::Node* changes = value_of(rule, "changes")) check_changes(*changes);
    if (const yaml::Node* exists = value_of(rule, "exists")) check_exists(*exists);
    if (kind_ == Rules::include) return;
    check_start_in(rule, when);
    if (const yaml::Node* fails = value_of(rule, "allow_failure"))
      checks_.boolean(*fails, what("allow_failure"));
    if (const yaml::Node* value = value_of(rule, "interruptible"))
      checks_.boolean(*value, what("interruptible"));
    if (const yaml::Node* variables = value_of(rule, "variables"))
      validate_variables(*variables, what("variables"), Variables::rule, checks_);
    if (const yaml::Node* needs = value_of(rule, "needs"))
      validate_needs_key(*needs, what("needs"), Needs::rule, checks_);
  }

  void check_start_in(const yaml::Node& rule, const yaml::Node* when) {
    const yaml::Node* start = rule.find("start_in");
    const yaml::Node* written = rule.find("when");
    if (written != nullptr && is_unknown(*written)) return;
    if (when == nullptr || when->text != "delayed") {
      if (start != nullptr) checks_.refuse(*start, what("start_in") + " is in a rule that is not delayed");
    } else if (start == nullptr || (is_blank(*start) && !is_unknown(*start))) {
      checks_.refuse(rule, fmt::format("a rule of {} is delayed, and has no 'start_in'", of_));
    } else {
      checks_.duration(*start, what("start_in"), kWeek);
    }
  }

  void check_changes(const yaml::Node& changes) {
    static constexpr std::string_view kKeys[] = {"paths", "compare_to"};
    if (changes.is_sequence()) return paths(changes, what("changes"), true);
    if (!changes.is_mapping())
      return checks_.refuse(changes, what("changes") + " is neither a list nor a mapping");
    checks_.keys(changes, kKeys, what("changes"));
    const yaml::Node* list = changes.find("paths");
    if (list == nullptr || list->is_null()) {
      checks_.refuse(changes, what("changes") + " has no 'paths'");
    } else {
      paths(*list, what("changes:paths"), true);
    }
    if (const yaml::Node* to = value_of(changes, "compare_to"))
      checks_.string(*to, what("changes:compare_to"));
  }

  void check_exists(const yaml::Node& exists) {
    static constexpr std::string_view kKeys[] = {"paths", "project", "ref"};
    if (exists.is_sequence()) return paths(exists, what("exists"), kind_ != Rules::include);
    if (exists.is_scalar()) {
      if (!is_string(exists) && !is_blank(exists))
        checks_.refuse(exists, what("exists") + " is neither a string, a list nor a mapping");
      return;
    }
    if (exists.entries.empty()) return;
    checks_.keys(exists, kKeys, what("exists"));
    const yaml::Node* list = exists.find("paths");
    if (list == nullptr) {
      checks_.refuse(exists, what("exists") + " has no 'paths'");
    } else if (!list->is_null()) {
      paths(*list, what("exists:paths"), true);
    }
    if (value_of(exists, "ref") != nullptr && exists.find("project") == nullptr)
      checks_.refuse(exists, what("exists") + " has a 'ref' without its 'project'");
    if (const yaml::Node* project = value_of(exists, "project"))
      checks_.string(*project, what("exists:project"));
    if (const yaml::Node* ref = value_of(exists, "ref")) checks_.string(*ref, what("exists:ref"));
  }

  void paths(const yaml::Node& list, const std::string& name, bool limited) {
    checks_.strings(list, name);
    if (limited && list.items.size() > kMostPaths)
      checks_.refuse(list, fmt::format("{} has more than {} entries", name, kMostPaths));
  }

  const std::string& of_;
  Rules kind_;
  Checks& checks_;
};

bool is_filled(const yaml::Node& need, std::string_view key) {
  const yaml::Node* value = need.find(key);
  return value != nullptr &&
         (is_unknown(*value) || (value->is_scalar() && is_string(*value) && !is_blank(*value)));
}

enum class NeedKind { job, pipeline, bridge, invalid };

NeedKind validate_need(const yaml::Node& need, const std::string& what, Checks& checks) {
  static constexpr std::string_view kJob[] = {"job", "artifacts", "optional", "parallel"};
  static constexpr std::string_view kPipeline[] = {"pipeline", "job", "artifacts", "optional"};
  static constexpr std::string_view kProject[] = {"project", "ref", "job", "artifacts"};
  static constexpr std::string_view kBridge[] = {"pipeline"};
  if (need.is_scalar()) {
    if (is_string(need) && !is_blank(need)) return NeedKind::job;
    checks.refuse(need, what + " names what is not a job");
    return NeedKind::invalid;
  }
  const bool job = need.find("job") != nullptr;
  const bool project = need.find("project") != nullptr;
  const bool pipeline = need.find("pipeline") != nullptr;
  const auto check_flags = [&] {
    for (const std::string_view key : {"artifacts", "optional"}) {
      if (const yaml::Node* value = value_of(need, key))
        checks.boolean(*value, fmt::format("'{}' in {}", key, what));
    }
  };
  if (project) {
    checks.keys(need, kProject, what);
    for (const std::string_view key : {"project", "ref", "job"}) {
      if (!is_filled(need, key))
        checks.refuse(need, fmt::format("{} has a 'project' and no '{}'", what, key));
    }
    check_flags();
    return NeedKind::pipeline;
  }
  if (job && pipeline) {
    checks.keys(need, kPipeline, what);
    if (!is_filled(need, "pipeline") || !is_filled(need, "job"))
      checks.refuse(need, what + " has an empty name");
    check_flags();
    return NeedKind::pipeline;
  }
  if (job && need.find("ref") == nullptr) {
    checks.keys(need, kJob, what);
    if (!is_filled(need, "job")) checks.refuse(need, what + " names what is not a job");
    check_flags();
    const yaml::Node* parallel = value_of(need, "parallel");
    if (parallel != nullptr && is_number(*parallel)) {
      checks.refuse(*parallel, what + " has 'parallel' as a number, where it takes a 'matrix'");
    } else if (parallel != nullptr) {
      validate_key("parallel", *parallel, what, checks);
    }
    return NeedKind::job;
  }
  if (pipeline) {
    checks.keys(need, kBridge, what);
    return NeedKind::bridge;
  }
  checks.refuse(need, what + " has an entry that names no job");
  return NeedKind::invalid;
}

}  // namespace

void validate_rules(const yaml::Node& rules, const std::string& of, Rules kind, Checks& checks) {
  if (!rules.is_sequence()) {
    if (rules.is_mapping() || rules.is_scalar())
      checks.refuse(rules, fmt::format("'rules' of {} is not a list", of));
    return;
  }
  if (rules.items.empty()) return checks.refuse(rules, fmt::format("'rules' of {} is empty", of));
  RuleCheck(of, kind, checks).list(rules, kDeepest);
}

void validate_policy(const yaml::Node& policy, const std::string& what, Checks& checks) {
  static constexpr std::string_view kKeys[] = {"refs", "kubernetes", "variables", "changes"};
  static constexpr std::string_view kKubernetes[] = {"active"};
  if (policy.is_sequence()) return checks.refs(policy, what);
  if (!policy.is_mapping()) return checks.refuse(policy, what + " is neither a list nor a mapping");
  if (policy.entries.empty()) return checks.refuse(policy, what + " is empty");
  checks.keys(policy, kKeys, what);
  if (const yaml::Node* refs = value_of(policy, "refs")) checks.refs(*refs, what);
  if (const yaml::Node* value = value_of(policy, "kubernetes")) checks.one_of(*value, kKubernetes, what);
  if (const yaml::Node* changes = value_of(policy, "changes"))
    checks.strings(*changes, what + " ('changes')");
  if (const yaml::Node* variables = value_of(policy, "variables")) {
    checks.strings(*variables, what + " ('variables')");
    for (const auto& item : variables->items) checks.expression(item, what + " ('variables')");
  }
}

void validate_needs_key(const yaml::Node& needs, const std::string& what, Needs kind, Checks& checks) {
  constexpr std::size_t kMostPipelines = 5;
  if (needs.is_scalar()) return checks.refuse(needs, what + " is neither a list nor a mapping");
  if (needs.is_mapping() && needs.entries.empty()) return checks.refuse(needs, what + " is an empty mapping");
  std::size_t pipelines = 0;
  std::size_t bridges = 0;
  const auto one = [&](const yaml::Node& need) {
    if (is_unknown(need) || need.is_null()) return;
    switch (validate_need(need, what, checks)) {
      case NeedKind::pipeline:
        if (kind != Needs::script)
          checks.refuse(need, what + " has one of another pipeline, which it cannot have");
        if (need.find("pipeline") != nullptr) ++pipelines;
        break;
      case NeedKind::bridge:
        if (kind != Needs::trigger) checks.refuse(need, what + " has a 'pipeline' without a 'job'");
        ++bridges;
        break;
      case NeedKind::job:
      case NeedKind::invalid:
        break;
    }
  };
  if (needs.is_mapping()) {
    one(needs);
  } else {
    for_each_item(needs, one);
  }
  if (pipelines > kMostPipelines)
    checks.refuse(needs, fmt::format("{} has more than {} jobs of other pipelines", what, kMostPipelines));
  if (bridges > 1) checks.refuse(needs, what + " has more than one 'pipeline' without a job");
}

}  // namespace exitgate::collect::ci::gitlab
