#include "harness/collect/ci/gitlab/validation.h"

#include <fmt/core.h>

#include <string>

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/collect/ci/gitlab/job_validation.h"
#include "harness/collect/ci/gitlab/key_validation.h"
#include "harness/collect/ci/gitlab/needs_validation.h"
#include "harness/collect/ci/gitlab/rule_validation.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::string_view kWorkflowKeys[] = {"rules", "name", "auto_cancel"};
constexpr std::string_view kAutoCancelKeys[] = {"on_new_commit", "on_job_failure"};

class Validation {
 public:
  explicit Validation(const Tree& tree) : tree_(tree), refusals_(tree.refusals), checks_(refusals_) {}

  Refusals run() {
    if (tree_.root.entries.empty()) return std::move(refusals_);
    bool visible = false;
    for (const auto& entry : tree_.root.entries) {
      if (is_unknown(entry.key)) {
        visible = true;
      } else if (is_top_key(entry)) {
        check_top_key(entry);
      } else {
        visible = check_job(entry, tree_.all_known, checks_) || visible;
      }
    }
    check_defaults();
    if (tree_.all_known && !visible && refusals_.empty())
      refusals_.push_back({{0, tree_.root.line}, "there is no job that can be seen"});
    // As GitLab does, only of a configuration that is right as far as each part is looked at by itself.
    if (refusals_.empty()) validate_needs(tree_, refusals_);
    return std::move(refusals_);
  }

 private:
  // `default` and `workflow` are jobs where they have a script.
  static bool is_top_key(const yaml::Entry& entry) {
    static constexpr std::string_view kKeys[] = {"include",      "before_script", "image",  "services",
                                                 "after_script", "variables",     "stages", "cache",
                                                 "default",      "workflow"};
    if (!contains(kKeys, entry.key.text)) return false;
    return (entry.key.text != "default" && entry.key.text != "workflow") || !looks_like_job(entry.value);
  }

  void check_top_key(const yaml::Entry& entry) {
    const std::string& key = entry.key.text;
    const yaml::Node& value = entry.value;
    if (value.is_null() || is_unknown(value) || key == "include") return;
    const std::string what = fmt::format("'{}'", key);
    if (key == "workflow") return check_workflow(value);
    if (key == "stages") {
      if (!value.is_sequence()) return checks_.refuse(value, "'stages' is not a list");
      return checks_.commands(value, what);
    }
    if (key == "variables") return validate_variables(value, what, Variables::root, checks_);
    if (key == "default") return validate_default(value, checks_);
    validate_key(key, value, "", checks_);
  }

  void check_workflow(const yaml::Node& workflow) {
    if (!checks_.mapping(workflow, "'workflow'") || !checks_.keys(workflow, kWorkflowKeys, "'workflow'"))
      return;
    if (const yaml::Node* rules = value_of(workflow, "rules"))
      validate_rules(*rules, "'workflow'", Rules::workflow, checks_);
    if (const yaml::Node* cancel = value_of(workflow, "auto_cancel")) check_auto_cancel(*cancel);
  }

  void check_auto_cancel(const yaml::Node& cancel) {
    static constexpr std::string_view kCommit[] = {"conservative", "interruptible", "none"};
    static constexpr std::string_view kFailure[] = {"none", "all"};
    const std::string what = "'workflow:auto_cancel'";
    if (!checks_.mapping(cancel, what) || !checks_.keys(cancel, kAutoCancelKeys, what)) return;
    if (const yaml::Node* value = value_of(cancel, "on_new_commit"))
      checks_.one_of(*value, kCommit, "'workflow:auto_cancel:on_new_commit'");
    if (const yaml::Node* value = value_of(cancel, "on_job_failure"))
      checks_.one_of(*value, kFailure, "'workflow:auto_cancel:on_job_failure'");
  }

  // What is said at the top cannot be said under `default:` as well.
  void check_defaults() {
    const yaml::Node* standard = value_of(tree_.root, "default");
    if (standard == nullptr || looks_like_job(*standard)) return;
    for (const std::string_view key : {"before_script", "image", "services", "after_script", "cache"}) {
      const yaml::Node* inner = value_of(*standard, key);
      if (inner != nullptr && value_of(tree_.root, key) != nullptr)
        checks_.refuse(*inner, fmt::format("'{}' is defined both at the top and under 'default'", key));
    }
  }

  const Tree& tree_;
  Refusals refusals_;
  Checks checks_;
};

}  // namespace

Refusals validate(const Tree& tree) {
  return Validation(tree).run();
}

}  // namespace exitgate::collect::ci::gitlab
