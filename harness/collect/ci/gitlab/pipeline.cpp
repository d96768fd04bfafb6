#include "harness/collect/ci/gitlab/pipeline.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "harness/collect/ci/gitlab/include.h"
#include "harness/collect/ci/gitlab/job.h"
#include "harness/collect/ci/gitlab/needs.h"
#include "harness/collect/ci/gitlab/provider.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/json.h"

namespace exitgate::collect::ci::gitlab {

namespace {

class PipelineReader {
 public:
  PipelineReader(const Source& commit, Model& model, CallChains& chains, Tree tree, const Child* parent)
      : commit_(commit),
        model_(model),
        chains_(chains),
        tree_(std::move(tree)),
        root_(model.keep(std::move(tree_.root))),
        parent_(parent),
        source_(parent == nullptr ? kMergeRequest : kParentPipeline) {}

  // The pipelines that its jobs trigger.
  std::vector<Child> children() { return std::move(children_); }

  void read() {
    first_ = model_.workflows.size();
    for (const std::string& path : tree_.files) {
      Workflow& workflow = model_.workflows.emplace_back();
      workflow.path = path;
      workflow.provider = kName;
    }
    for (auto& [path, reason] : tree_.unreadable) file_named(path).problem = reason;
    all_known_ = tree_.problems.empty() && tree_.unreadable.empty();
    for (auto& [place, reason] : tree_.problems) add_problem(place, std::move(reason));
    Workflow& main = model_.workflows[first_];
    const yaml::Node* workflow = root_.find("workflow");
    if (workflow != nullptr) main.name = text_of(workflow->find("name"));
    const yaml::Node* rules = workflow == nullptr ? nullptr : workflow->find("rules");
    pipeline_ = rules == nullptr ? Runs::yes : decide_by_rules(*rules, "always", false, source_).runs;
    if (parent_ != nullptr) pipeline_ = std::min(pipeline_, parent_->runs);
    has_workflow_rules_ = rules != nullptr;
    for (const auto& entry : root_.entries) {
      if (is_job(entry)) add_job(entry);
    }
    check_needs();
    spread();
    finish(rules);
  }

 private:
  Workflow& file_named(const std::string& path) {
    const auto at = std::find(tree_.files.begin(), tree_.files.end(), path) - tree_.files.begin();
    return model_.workflows[first_ + static_cast<std::size_t>(at)];
  }
  Workflow& file_of(const Place& place) {
    return model_.workflows[first_ + std::min(place.file, tree_.files.size() - 1)];
  }
  Workflow& file_of(const yaml::Node& node) { return file_of(place_of(node)); }

  void add_problem(const Place& place, std::string reason) {
    file_of(place).problems.push_back({place.line, std::move(reason)});
  }

  void add_job(const yaml::Entry& entry) {
    Workflow& workflow = file_of(entry.key);
    auto resolved = resolve_job(root_, entry.key.text);
    if (!resolved) {
      workflow.problems.push_back(
          {entry.key.line, fmt::format("job '{}' extends what is not there, or itself", entry.key.text)});
      resolved = entry.value;
    }
    const yaml::Node& node = model_.keep(std::move(*resolved));
    Job job;
    job.id = entry.key.text;
    job.line = entry.key.line;
    job.node = &node;
    const Decision decision = decide(node);
    job.runs = std::min(pipeline_, decision.runs);
    const yaml::Node* rules = node.find("rules");
    const yaml::Node* only = rules == nullptr ? node.find("only") : nullptr;
    if (rules != nullptr) job.condition = to_json(*rules);
    if (only != nullptr) job.condition = to_json(*only);
    job.services = services_of(node, root_);
    if (const yaml::Node* parallel = node.find("parallel")) job.matrix = parallel->find("matrix");
    add_steps(node, workflow, job);
    add_in_pipeline(entry.key.text, node, decision);
    if (const yaml::Node* trigger = node.find("trigger")) {
      add_trigger(*trigger, job);
    } else if (all_known_ && node.find("script") == nullptr && node.find("run") == nullptr) {
      add_problem(place_of(entry.key),
                  fmt::format("job '{}' has no 'script', 'run' or 'trigger': GitLab refuses the "
                              "whole configuration",
                              job.id));
    }
    workflow.jobs.push_back(std::move(job));
  }

  // What it triggers in other repositories runs there; of child pipelines the local files are read.
  void add_trigger(const yaml::Node& trigger, Job& job) {
    const yaml::Node* include = trigger.find("include");
    if (include == nullptr) {
      job.uses = text_of(&trigger);
      if (const auto project = text_of(trigger.find("project"))) job.uses = project;
      job.uses_line = trigger.line;
      return;
    }
    job.uses_line = include->line;
    for (const Include& one : includes_of(*include, commit_)) {
      if (!one.unknown.empty()) add_problem(place_of(*one.at), "the child pipeline " + one.unknown);
      if (one.path.empty()) continue;
      job.uses = one.path;
      Child child{one.path, parent_ == nullptr ? std::vector<Call>{} : parent_->chain, job.runs};
      child.chain.push_back({file_of(trigger).path, job.id, one.at->line});
      children_.push_back(std::move(child));
    }
  }

  // GitLab refuses a configuration in which a job needs one that is not there.
  void check_needs() {
    std::set<std::string_view> ids;
    bool all_known = true;
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      const Workflow& workflow = model_.workflows[first_ + i];
      all_known = all_known && workflow.problems.empty() && !workflow.problem;
      for (const Job& job : workflow.jobs) ids.insert(job.id);
    }
    if (!all_known) return;  // it may come with what is not known
    std::vector<std::pair<Workflow*, Problem>> missing;
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      Workflow& workflow = model_.workflows[first_ + i];
      for (const Job& job : workflow.jobs) {
        for (const std::string& need : job.needs) {
          if (ids.contains(need) || optional_.contains(need)) continue;
          missing.emplace_back(
              &workflow,
              Problem{job.line, fmt::format("job '{}' needs '{}', which is not a job here", job.id, need)});
        }
      }
    }
    for (auto& [workflow, problem] : missing) workflow->problems.push_back(std::move(problem));
  }

  Decision decide(const yaml::Node& node) const {
    const std::string when = text_of(node.find("when")).value_or("on_success");
    const yaml::Node* fails = node.find("allow_failure");
    const bool may_fail = fails != nullptr && (fails->boolean || fails->is_mapping());
    if (const yaml::Node* rules = node.find("rules")) return decide_by_rules(*rules, when, may_fail, source_);
    const yaml::Node* only = node.find("only");
    const yaml::Node* except = node.find("except");
    // Where the workflow has rules, a job without any is in each of its pipelines.
    const bool in_each = only == nullptr && except == nullptr && has_workflow_rules_;
    Decision decision;
    decision.runs = in_each ? runs_when(when) : decide_by_refs(only, except, when, source_);
    decision.sure = in_each || decision.runs == Runs::yes;
    decision.always = when == "always";
    // Without rules a manual job is one that may be left alone.
    decision.blocks = when == "manual" && fails != nullptr && !may_fail;
    return decision;
  }

  void add_in_pipeline(std::string_view id, const yaml::Node& node, const Decision& decision) {
    PipelineJob& job = in_pipeline_.emplace_back();
    job.id = id;
    job.decision = decision;
    job.stage = stage_of(node, root_);
    const yaml::Node* needs = node.find("needs");
    job.has_needs = needs != nullptr;
    if (needs != nullptr) {
      for (const auto& item : needs->items) {
        if (item.find("project") != nullptr || item.find("pipeline") != nullptr) continue;
        const yaml::Node* name = item.is_mapping() ? item.find("job") : &item;
        const yaml::Node* optional = item.find("optional");
        if (name != nullptr && name->is_scalar())
          job.needs.push_back({name->text, optional != nullptr && optional->boolean});
      }
    }
    if (const yaml::Node* rules = node.find("rules")) {
      job.other_needs = std::any_of(rules->items.begin(), rules->items.end(),
                                    [](const yaml::Node& rule) { return rule.find("needs") != nullptr; });
    }
  }

  // What the jobs do to each other.
  void spread() {
    const bool made = spread_needs(in_pipeline_, all_known_);
    std::unordered_map<std::string_view, Runs> runs;
    for (const PipelineJob& job : in_pipeline_) runs[job.id] = made ? job.decision.runs : Runs::no;
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      for (Job& job : model_.workflows[first_ + i].jobs) {
        job.runs = std::min(job.runs, runs[job.id]);
        for (Step& step : job.steps) step.runs = std::min(step.runs, job.runs);
      }
    }
    for (Child& child : children_) child.runs = std::min(child.runs, runs[child.chain.back().job]);
  }

  static Step& add_step(Job& job, const yaml::Node& node, std::string name, int line) {
    Step& step = job.steps.emplace_back();
    step.position = static_cast<int>(job.steps.size()) - 1;
    step.line = line;
    step.uses_line = step.line;
    step.name = std::move(name);
    step.node = &node;
    step.runs = job.runs;
    return step;
  }

  void add_steps(const yaml::Node& node, const Workflow& workflow, Job& job) {
    static const yaml::Node kNothing;
    add_downloads(node, job, kNothing);
    const yaml::Node* script = node.find("script");
    if (script != nullptr) {
      const yaml::Node* before = inherited(node, root_, "before_script");
      Step& step = add_step(job, kNothing, "script", script->line);
      step.run = (before == nullptr ? "" : lines_of(*before) + "\n") + lines_of(*script);
    }
    if (const yaml::Node* after = inherited(node, root_, "after_script")) {
      add_step(job, kNothing, "after_script", after->line).run = lines_of(*after);
    }
    const yaml::Node* artifacts = inherited(node, root_, "artifacts");
    if (artifacts == nullptr || !artifacts->is_mapping()) return;
    Step& step = add_step(job, kNothing, "artifacts", artifacts->line);
    step.condition = text_of(artifacts->find("when"));
    if (step.condition == "on_failure") step.runs = std::min(step.runs, Runs::failure);
    step.artifact = std::make_shared<Artifact>(upload_of(*artifacts, job.id));
    // Where the artifacts are written in another file than the job, the row still is the job's.
    if (&file_of(*artifacts) != &workflow) step.uses_line = job.line;
  }

  void add_downloads(const yaml::Node& node, Job& job, const yaml::Node& nothing) {
    const auto add = [&](const std::string& from, int line, bool other_run = false) {
      Step& step = add_step(job, nothing, "needs", line);
      step.artifact = std::make_shared<Artifact>();
      step.artifact->direction = facts::ci::Direction::download;
      step.artifact->reference = {"needs", std::nullopt, facts::ci::Pin::none};
      step.artifact->name = from;
      step.artifact->name_pattern = from;
      step.artifact->other_run = other_run;
    };
    if (const yaml::Node* needs = node.find("needs")) {
      for (const auto& item : needs->items) {
        const auto from = item.is_mapping() ? text_of(item.find("job")) : text_of(&item);
        const yaml::Node* wanted = item.find("artifacts");
        const bool takes = wanted == nullptr || wanted->boolean;
        if (item.find("project") != nullptr || item.find("pipeline") != nullptr) {
          // Of another pipeline: it is not waited for, but its artifacts are taken over.
          if (from && takes) add(*from, item.line, true);
          continue;
        }
        if (!from) continue;
        const yaml::Node* optional = item.find("optional");
        if (optional != nullptr && optional->boolean) optional_.insert(*from);
        job.needs.push_back(*from);
        if (takes && uploads(*from) && node.find("dependencies") == nullptr) add(*from, item.line);
      }
    }
    if (const yaml::Node* dependencies = node.find("dependencies")) {
      for (const auto& item : dependencies->items) {
        if (const auto from = text_of(&item)) add(*from, item.line);
      }
    }
  }

  bool uploads(const std::string& job) const {
    const auto node = resolve_job(root_, job);
    return node && inherited(*node, root_, "artifacts") != nullptr;
  }

  void finish(const yaml::Node* rules) {
    // Without a job in it there is no pipeline for a merge request, and nothing is reached by one.
    Runs most = Runs::unreached;
    std::map<std::string, const Artifact*> uploaded;
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      for (const Job& job : model_.workflows[first_ + i].jobs) {
        most = std::max(most, job.runs);
        for (const Step& step : job.steps) {
          if (step.artifact != nullptr && step.artifact->is_upload()) uploaded[job.id] = step.artifact.get();
        }
      }
    }
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      Workflow& workflow = model_.workflows[first_ + i];
      for (Job& job : workflow.jobs) {
        if (most <= Runs::no) job.runs = Runs::unreached;
        for (Step& step : job.steps) {
          if (most <= Runs::no) step.runs = Runs::unreached;
          if (step.artifact == nullptr) continue;
          if (!step.artifact->is_upload()) {
            if (!step.artifact->other_run)
              step.artifact->uploads = uploaded.contains(*step.artifact->name) ? 1 : 0;
          } else {
            step.artifact->collides = false;
          }
        }
      }
      if (most <= Runs::no || workflow.problem) continue;
      std::vector<Call> chain;
      if (parent_ != nullptr) chain = parent_->chain;
      if (i != 0) {
        const yaml::Node* include = root_.find("include");
        chain.push_back({tree_.files[0], "", include == nullptr ? 1 : include->line});
      }
      chains_.emplace(workflow.path, std::move(chain));
    }
    for (Child& child : children_) {
      if (most <= Runs::no) child.runs = Runs::unreached;
    }
    if (most <= Runs::no || parent_ != nullptr) return;
    const int line = rules == nullptr ? 1 : rules->line;
    model_.workflows[first_].triggers.push_back(
        {"pull_request", line, nullptr, R"({"source":"merge_request_event"})"});
  }

  const Source& commit_;
  Model& model_;
  CallChains& chains_;
  Tree tree_;
  const yaml::Node& root_;
  const Child* parent_;
  std::string_view source_;
  std::vector<Child> children_;
  std::set<std::string> optional_;  // needs that may lead nowhere
  bool all_known_ = true;           // nothing is included that is not read: it may bring what is missing
  std::size_t first_ = 0;
  Runs pipeline_ = Runs::yes;
  bool has_workflow_rules_ = false;
  std::vector<PipelineJob> in_pipeline_;
};

}  // namespace

std::vector<Child> add_pipeline(const Source& commit, Model& model, CallChains& chains, Tree tree,
                                const Child* parent) {
  PipelineReader reader(commit, model, chains, std::move(tree), parent);
  reader.read();
  return reader.children();
}

}  // namespace exitgate::collect::ci::gitlab
