#include "harness/collect/ci/gitlab/needs_validation.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/checks.h"
#include "harness/collect/ci/gitlab/job.h"
#include "harness/collect/ci/gitlab/parallel.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

struct NeededJob {
  std::string name;
  bool optional = false;
  const yaml::Node* at = nullptr;
};

struct StagedJob {
  const yaml::Entry* entry = nullptr;
  std::string stage;
  std::optional<std::size_t> index;  // of the stage
  std::vector<std::string> names;    // as `parallel:` makes them; empty: not known, or just its own
  bool parallel = false;
};

class Needs {
 public:
  Needs(const Tree& tree, Refusals& refusals) : tree_(tree), checks_(refusals) {}

  void run() {
    read_stages();
    for (const auto& entry : tree_.root.entries) {
      if (is_unknown(entry.key)) return;  // whichever job that may be
      if (is_job(entry)) add(entry);
    }
    for (const StagedJob& job : jobs_) check(job);
    if (tree_.all_known) check_circles();
  }

 private:
  // `.pre` and `.post` are always there.
  void read_stages() {
    stages_ = {".pre"};
    const yaml::Node* stages = tree_.root.find("stages");
    // What is included may name others, unless the configuration itself does.
    stages_known_ = tree_.all_known || (stages != nullptr && stages->source == 0);
    if (stages == nullptr || stages->is_null() || (stages->is_sequence() && stages->items.empty())) {
      stages_.insert(stages_.end(), {"build", "test", "deploy"});
    } else {
      add_stages(*stages);
    }
    stages_.emplace_back(".post");
  }

  void add_stages(const yaml::Node& list) {
    for (const auto& item : list.items) {
      if (item.is_sequence()) {
        add_stages(item);
      } else if (is_unknown(item)) {
        stages_known_ = false;
      } else if (item.text != ".pre" && item.text != ".post") {
        stages_.push_back(item.text);
      }
    }
  }

  std::optional<std::size_t> stage_index(const std::string& stage) const {
    const auto found = std::find(stages_.begin(), stages_.end(), stage);
    if (found == stages_.end()) return std::nullopt;
    return static_cast<std::size_t>(found - stages_.begin());
  }

  void add(const yaml::Entry& entry) {
    StagedJob job;
    job.entry = &entry;
    const yaml::Node* stage = entry.value.find("stage");
    if (stage != nullptr && is_unknown(*stage)) {
      job.stage = "";
    } else {
      job.stage = stage == nullptr || stage->is_null() ? "test" : stage->text;
      job.index = stage_index(job.stage);
    }
    const yaml::Node* parallel = entry.value.find("parallel");
    if (parallel != nullptr && !parallel->is_null()) {
      job.parallel = true;
      job.names = parallel_names(entry.key.text, *parallel);
    }
    for (const std::string& name : job.names) by_name_.emplace(name, jobs_.size());
    by_name_.emplace(entry.key.text, jobs_.size());
    jobs_.push_back(std::move(job));
  }

  // Whether what is not there may be in what is not read.
  bool complete(const yaml::Node& job) const { return tree_.all_known && job.tag != kUnknown; }

  void check(const StagedJob& job) {
    const yaml::Node& node = job.entry->value;
    const std::string& name = job.entry->key.text;
    if (!job.index && !job.stage.empty() && stages_known_ &&
        (node.find("stage") != nullptr || complete(node))) {
      checks_.refuse(node.find("stage") == nullptr ? job.entry->key : *node.find("stage"),
                     fmt::format("job '{}' is of the stage '{}', which is not one of {}", name, job.stage,
                                 join(stages_, ", ")));
    }
    if (const yaml::Node* dependencies = value_of(node, "dependencies")) {
      for (const auto& item : dependencies->items) {
        if (!is_unknown(item)) check_needed(job, {item.text, false, &item}, "depends on");
      }
    }
    if (const yaml::Node* needs = value_of(node, "needs")) check_list(job, *needs);
    const yaml::Node* rules = value_of(node, "rules");
    if (rules != nullptr) check_rules(job, *rules);
    if (const yaml::Node* trigger = value_of(node, "trigger")) check_trigger(job, *trigger);
    check_on_stop(job);
  }

  void check_rules(const StagedJob& job, const yaml::Node& rules) {
    for (const auto& rule : rules.items) {
      if (rule.is_sequence()) check_rules(job, rule);
      if (const yaml::Node* needs = value_of(rule, "needs")) check_list(job, *needs, true);
    }
  }

  // The jobs of the same pipeline that a list names; nullopt where not all is known.
  static std::optional<std::vector<NeededJob>> needed(const yaml::Node& needs) {
    std::vector<NeededJob> all;
    bool known = true;
    const auto add = [&](const yaml::Node& need) {
      if (is_unknown(need)) known = false;
      if (need.find("project") != nullptr || need.find("pipeline") != nullptr) return;
      const yaml::Node* job = need.is_mapping() ? need.find("job") : &need;
      if (job == nullptr || !job->is_scalar() || job->is_null() || is_unknown(*job)) return;
      const yaml::Node* optional = need.find("optional");
      const bool may_lack =
          optional != nullptr && (is_unknown(*optional) || boolean_of(*optional).value_or(false));
      const yaml::Node* parallel = need.find("parallel");
      if (parallel != nullptr && !parallel->is_null()) {
        for (const std::string& name : parallel_names(job->text, *parallel))
          all.push_back({name, may_lack, &need});
      } else {
        all.push_back({job->text, may_lack, &need});
      }
    };
    if (needs.is_mapping()) add(needs);
    for_each_item(needs, add);
    if (!known) return std::nullopt;
    return all;
  }

  // `in_rule`: there, the name of a parallel job does not stand for all that it makes.
  void check_list(const StagedJob& job, const yaml::Node& needs, bool in_rule = false) {
    const auto all = needed(needs);
    if (!all) return;
    std::set<std::string> seen;
    for (const NeededJob& need : *all) {
      check_needed(job, need, "needs");
      const auto found = by_name_.find(need.name);
      if (in_rule && found != by_name_.end() && !need.optional && !jobs_[found->second].names.empty() &&
          need.name == jobs_[found->second].entry->key.text) {
        checks_.refuse(*need.at,
                       fmt::format("job '{}' needs '{}' by a rule, where GitLab takes a parallel job by the "
                                   "full names of what it makes only ('{}')",
                                   job.entry->key.text, need.name, jobs_[found->second].names.front()));
      }
      if (!seen.insert(need.name).second)
        checks_.refuse(*need.at, fmt::format("job '{}' needs '{}' twice", job.entry->key.text, need.name));
    }
  }

  void check_needed(const StagedJob& job, const NeededJob& need, std::string_view verb) {
    const std::string& name = job.entry->key.text;
    const auto found = by_name_.find(need.name);
    if (found == by_name_.end()) {
      if (!need.optional && tree_.all_known && !names_part_of_unknown(need.name))
        checks_.refuse(*need.at,
                       fmt::format("job '{}' {} '{}', which is not a job here", name, verb, need.name));
      return;
    }
    const StagedJob& other = jobs_[found->second];
    if (!job.index || !other.index || !stages_known_ || *other.index <= *job.index) return;
    if (!complete(job.entry->value) || !complete(other.entry->value)) return;
    checks_.refuse(*need.at, fmt::format("job '{}' {} '{}', which is of the later stage '{}'", name, verb,
                                         need.name, other.stage));
  }

  // Of a matrix with values that are not known, the names are not known either.
  bool names_part_of_unknown(const std::string& name) const {
    return std::any_of(jobs_.begin(), jobs_.end(), [&](const StagedJob& job) {
      return job.parallel && job.names.empty() && name.starts_with(job.entry->key.text);
    });
  }

  // The artifact with a child pipeline's configuration.
  void check_trigger(const StagedJob& job, const yaml::Node& trigger) {
    const yaml::Node* include = trigger.find("include");
    if (include == nullptr) return;
    const auto one = [&](const yaml::Node& entry) {
      const yaml::Node* artifact = value_of(entry, "artifact");
      const yaml::Node* of = value_of(entry, "job");
      if (artifact != nullptr && of != nullptr && of->is_scalar())
        check_needed(job, {of->text, false, of}, "triggers what is made by");
    };
    if (include->is_mapping()) one(*include);
    for (const auto& entry : include->items) one(entry);
  }

  void check_on_stop(const StagedJob& job) {
    const yaml::Node* environment = value_of(job.entry->value, "environment");
    const yaml::Node* on_stop = environment == nullptr ? nullptr : value_of(*environment, "on_stop");
    if (on_stop == nullptr || !tree_.all_known) return;
    const std::string what =
        fmt::format("job '{}' is stopped by '{}', which", job.entry->key.text, on_stop->text);
    const auto found = by_name_.find(on_stop->text);
    if (found == by_name_.end()) return checks_.refuse(*on_stop, what + " is not a job here");
    const yaml::Node& other = jobs_[found->second].entry->value;
    if (!complete(other) || !complete(job.entry->value)) return;
    const yaml::Node* stopped = other.find("environment");
    if (stopped != nullptr && is_unknown(*stopped)) return;
    if (stopped == nullptr || stopped->is_null())
      return checks_.refuse(*on_stop, what + " has no 'environment'");
    const yaml::Node* name = environment->find("name");
    const yaml::Node* other_name = stopped->is_mapping() ? stopped->find("name") : stopped;
    if (name == nullptr || other_name == nullptr || is_unknown(*name) || is_unknown(*other_name)) return;
    if (name->text != other_name->text) return checks_.refuse(*on_stop, what + " is of another environment");
    const yaml::Node* action = stopped->is_mapping() ? stopped->find("action") : nullptr;
    if (action != nullptr && is_unknown(*action)) return;
    if (action == nullptr || action->text != "stop")
      checks_.refuse(*on_stop, what + " does not have `action: stop`");
  }

  // By a search of the depth: a job that leads back to one of those that led to it.
  void check_circles() {
    enum class State { open, entered, done };
    std::vector<State> state(jobs_.size(), State::open);
    std::vector<std::vector<std::size_t>> edges(jobs_.size());
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      const yaml::Node* needs = value_of(jobs_[i].entry->value, "needs");
      const auto all = needs == nullptr ? std::nullopt : needed(*needs);
      if (!all) continue;
      for (const NeededJob& need : *all) {
        const auto found = by_name_.find(need.name);
        if (found != by_name_.end()) edges[i].push_back(found->second);
      }
    }
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      std::vector<std::pair<std::size_t, std::size_t>> path = {{i, 0}};
      if (state[i] != State::open) continue;
      state[i] = State::entered;
      while (!path.empty()) {
        auto& [job, next] = path.back();
        if (next == edges[job].size()) {
          state[job] = State::done;
          path.pop_back();
          continue;
        }
        const std::size_t to = edges[job][next++];
        if (state[to] == State::entered) {
          const yaml::Entry& entry = *jobs_[to].entry;
          checks_.refuse(*entry.value.find("needs"),
                         fmt::format("job '{}' needs itself, by way of others or directly", entry.key.text));
          return;
        }
        if (state[to] == State::open) {
          state[to] = State::entered;
          path.emplace_back(to, 0);
        }
      }
    }
  }

  const Tree& tree_;
  Checks checks_;
  std::vector<std::string> stages_;
  bool stages_known_ = true;
  std::vector<StagedJob> jobs_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

}  // namespace

void validate_needs(const Tree& tree, Refusals& refusals) {
  Needs(tree, refusals).run();
}

}  // namespace exitgate::collect::ci::gitlab
