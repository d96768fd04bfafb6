#include "harness/collect/ci/gitlab/pipeline.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "harness/collect/ci/gitlab/include.h"
#include "harness/collect/ci/gitlab/job.h"
#include "harness/collect/ci/gitlab/needs.h"
#include "harness/collect/ci/gitlab/provider.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/gitlab/steps.h"
#include "harness/collect/ci/gitlab/validation.h"
#include "harness/collect/ci/json.h"

namespace exitgate::collect::ci::gitlab {

namespace {

class PipelineReader {
 public:
  PipelineReader(Pipelines& pipelines, Tree tree, const Child* parent)
      : shared_(pipelines),
        model_(pipelines.model),
        tree_(std::move(tree)),
        refused_(validate(tree_)),
        root_(model_.keep(flattened())),
        parent_(parent),
        source_(parent == nullptr ? kMergeRequest : kParentPipeline) {}

  // The pipelines that its jobs trigger.
  std::vector<Child> children() { return std::move(children_); }

  void read() {
    for (const std::string& path : tree_.files) add_file(path);
    add_raw();
    for (auto& [path, reason] : tree_.unreadable)
      model_.workflows[shared_.workflows.at(path)].problem = reason;
    for (auto& [place, reason] : tree_.problems) add_problem(place, std::move(reason));
    add_refusals();
    add_includes();
    const yaml::Node* workflow = root_.find("workflow");
    if (workflow != nullptr && !files_.empty()) main().name = text_of(workflow->find("name"));
    const yaml::Node* rules = workflow == nullptr ? nullptr : workflow->find("rules");
    if (rules != nullptr && !rules->is_sequence()) rules = nullptr;
    if (rules != nullptr) workflow_ = decide_by_rules(*rules, "always", expression::Truth::no, source_);
    pipeline_ = workflow_.runs;
    if (parent_ != nullptr) pipeline_ = std::min(pipeline_, parent_->runs);
    has_workflow_rules_ = rules != nullptr;
    if (files_.empty()) return;
    add_jobs();
    spread();
    finish(rules);
  }

 private:
  yaml::Node flattened() {
    flatten_lists(tree_.root);
    return std::move(tree_.root);
  }

  void add_file(const std::string& path) {
    const auto [known, is_new] = shared_.workflows.try_emplace(path, model_.workflows.size());
    files_.push_back(known->second);
    if (!is_new) return;
    Workflow& workflow = model_.workflows.emplace_back();
    workflow.path = path;
    workflow.provider = kName;
  }

  // Of each file what it says beside its jobs, includes and what they extend put in.
  void add_raw() {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const bool unreadable =
          std::any_of(tree_.unreadable.begin(), tree_.unreadable.end(),
                      [&](const auto& one) { return one.first == model_.workflows[files_[i]].path; });
      if (unreadable || model_.workflows[files_[i]].raw) continue;
      model_.workflows[files_[i]].raw = raw_json(
          root_, [&](const yaml::Entry& entry) { return is_job(entry) || place_of(entry.key).file != i; });
    }
  }

  Workflow& main() { return model_.workflows[files_.front()]; }
  std::size_t file_of(const Place& place) const { return files_[std::min(place.file, files_.size() - 1)]; }
  Workflow& workflow_of(const Place& place) { return model_.workflows[file_of(place)]; }

  void add_problem(const Place& place, std::string reason) {
    if (files_.empty()) return;
    auto& problems = workflow_of(place).problems;
    const bool known = std::any_of(problems.begin(), problems.end(), [&](const Problem& one) {
      return one.line == place.line && one.reason == reason;
    });
    if (!known) problems.push_back({place.line, std::move(reason)});
  }

  // The first of each file is told, and how many there are.
  void add_refusals() {
    std::map<std::size_t, std::vector<const Refusal*>> by_file;
    for (const Refusal& refusal : refused_) {
      if (!files_.empty()) by_file[file_of(refusal.place)].push_back(&refusal);
    }
    for (const auto& [file, refusals] : by_file) {
      Workflow& workflow = model_.workflows[file];
      if (workflow.problem) continue;
      workflow.problem = fmt::format("line {}: {}", refusals.front()->place.line, refusals.front()->reason);
      if (refusals.size() > 1) *workflow.problem += fmt::format(" (and {} more)", refusals.size() - 1);
      workflow.invalid = true;
    }
  }

  void add_includes() {
    for (const TreeInclude& one : tree_.included) {
      model_.includes.push_back({model_.workflows[files_[one.at.file]].path, one.at.line,
                                 model_.workflows[files_[one.file]].path, false});
    }
  }

  void add_jobs() {
    for (const auto& entry : root_.entries) {
      if (is_job(entry)) uploaders_.push_back({entry.key.text, &entry.value, stage_of(entry.value, root_)});
    }
    for (const auto& entry : root_.entries) {
      if (is_job(entry)) add_job(entry);
    }
  }

  void add_job(const yaml::Entry& entry) {
    const yaml::Node& node = entry.value;
    auto& [file, job] = jobs_.emplace_back(file_of(place_of(entry.key)), Job());
    const auto in_same_file = [this, &own = file](const yaml::Node& at) {
      return file_of(place_of(at)) == own;
    };
    job.id = entry.key.text;
    job.line = entry.key.line;
    job.node = &node;
    const Decision decision = decide(node);
    job.runs = std::min(pipeline_, decision.runs);
    job.condition = condition_of(node);
    const yaml::Node whole = with_inherited(node, root_);
    job.timeout_minutes = text_of(whole.find("timeout"));
    if (const yaml::Node* group = node.find("resource_group"); group != nullptr && !group->is_null())
      job.concurrency_json = to_json(*group);
    job.raw = raw_json(whole);
    job.continue_on_error = allow_failure_of(node, decision);
    job.services = services_of(
        node, root_, [&](const yaml::Node& at) { return in_same_file(at) ? at.line : entry.key.line; });
    if (const yaml::Node* parallel = node.find("parallel")) job.matrix = parallel->find("matrix");
    add_steps(node, root_, {uploaders_, in_same_file}, job);
    add_in_pipeline(entry.key.text, node, decision);
    if (const yaml::Node* trigger = node.find("trigger")) add_trigger(*trigger, file, job);
  }

  // Without rules, a job is one of pipelines for branches and tags alone.
  std::optional<std::string> condition_of(const yaml::Node& node) const {
    if (const yaml::Node* rules = node.find("rules")) return to_json(*rules);
    if (const yaml::Node* only = node.find("only")) return to_json(*only);
    if (has_workflow_rules_) return std::nullopt;
    return R"(["branches","tags"])";
  }

  // `allow_failure:` of the job, or of the rules that may decide where these agree. Of a job that somebody starts by hand
  // it says something else.
  static std::optional<std::string> allow_failure_of(const yaml::Node& node, const Decision& decision) {
    const Starts& starts = decision.starts;
    if (starts.manual && !starts.on_success && !starts.on_failure && !starts.always) return std::nullopt;
    const auto text = [](const yaml::Node* value) -> std::optional<std::string> {
      if (value == nullptr || value->is_null()) return std::nullopt;
      return value->is_scalar() ? value->text : to_json(*value);
    };
    std::optional<std::string> written = text(node.find("allow_failure"));
    std::optional<std::optional<std::string>> by_rules;
    const auto when = text_of(node.find("when"));
    for (const yaml::Node* rule : decision.rules) {
      if (text_of(rule->find("when")).value_or(when.value_or("")) == "manual") continue;
      const yaml::Node* own = rule->find("allow_failure");
      const auto one = own == nullptr ? written : text(own);
      if (by_rules && *by_rules != one) return std::nullopt;
      by_rules = one;
    }
    return by_rules.value_or(written);
  }

  // What it triggers in other repositories runs there; of child pipelines the local files are read.
  void add_trigger(const yaml::Node& trigger, std::size_t file, Job& job) {
    const yaml::Node* include = trigger.find("include");
    if (include == nullptr) {
      job.uses = text_of(&trigger);
      if (const auto project = text_of(trigger.find("project"))) job.uses = project;
      job.uses_line = trigger.line;
      return;
    }
    job.uses_line = include->line;
    Refusals refusals;  // they are the child's
    bool is_local = false;
    Child child{include, to_json(*include), parent_ == nullptr ? std::vector<Call>{} : parent_->chain,
                job.runs};
    for (const Include& one : includes_of(*include, shared_.commit, refusals)) {
      if (!one.unknown.empty()) add_problem(place_of(*one.at), "the child pipeline " + one.unknown);
      if (one.path.empty()) continue;
      model_.includes.push_back({model_.workflows[file].path, one.at->line, one.path, true});
      if (!is_local) {
        job.uses = one.path;
        child.chain.push_back({model_.workflows[file_of(place_of(trigger))].path, job.id, one.at->line});
      }
      is_local = true;
    }
    if (!is_local) return;
    triggered_[job.id] = child.given;
    children_.push_back(std::move(child));
  }

  Decision decide(const yaml::Node& node) const {
    const std::string when = text_of(node.find("when")).value_or("on_success");
    const yaml::Node* fails = node.find("allow_failure");
    if (fails != nullptr && fails->is_null()) fails = nullptr;
    // A manual job is one that may be left alone, unless it says otherwise.
    const auto ignored = fails != nullptr ? is_ignored(*fails) : expression::truth_of(when == "manual");
    if (const yaml::Node* rules = node.find("rules"); rules != nullptr && !rules->is_null())
      return decide_by_rules(*rules, when, ignored, source_);
    const yaml::Node* only = node.find("only");
    const yaml::Node* except = node.find("except");
    // Where the workflow has rules, a job without any is in each of its pipelines.
    const bool in_each = only == nullptr && except == nullptr && has_workflow_rules_;
    Decision decision;
    decision.runs =
        in_each ? runs_when(when) : decide_by_refs(only, except, when, source_, has_workflow_rules_);
    decision.sure = in_each || decision.runs == Runs::yes;
    const Runs in_it =
        in_each ? Runs::yes : decide_by_refs(only, except, "on_success", source_, has_workflow_rules_);
    decision.present = in_it == Runs::yes  ? expression::Truth::yes
                       : in_it == Runs::no ? expression::Truth::no
                                           : expression::Truth::unknown;
    decision.always = when == "always";
    decision.blocks = when == "manual" && ignored != expression::Truth::yes;
    decision.ignored = ignored;
    decision.starts.add(when);
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
          job.needs.push_back({name->text, optional != nullptr && boolean_of(*optional).value_or(false)});
      }
    }
    if (const yaml::Node* rules = node.find("rules")) {
      job.other_needs = std::any_of(rules->items.begin(), rules->items.end(),
                                    [](const yaml::Node& rule) { return rule.find("needs") != nullptr; });
    }
  }

  // What the jobs do to each other.
  void spread() {
    const bool made = spread_needs(in_pipeline_, tree_.all_known) && refused_.empty();
    std::unordered_map<std::string_view, Runs> runs;
    for (const PipelineJob& job : in_pipeline_) runs[job.id] = made ? job.decision.runs : Runs::no;
    Runs most = Runs::unreached;
    for (auto& [file, job] : jobs_) {
      job.runs = std::min(job.runs, runs[job.id]);
      most = std::max(most, job.runs);
    }
    reached_ = most > Runs::no;
    for (auto& [file, job] : jobs_) {
      // Without a job in it there is no pipeline for a merge request, and nothing is reached by one.
      if (!reached_) job.runs = Runs::unreached;
      for (Step& step : job.steps) step.runs = std::min(step.runs, job.runs);
      if (!reached_) {
        for (Step& step : job.steps) step.runs = Runs::unreached;
      }
    }
    if (reached_) add_run(runs);
    for (Child& child : children_) {
      child.runs = std::min(child.runs, runs[child.chain.back().job]);
      if (!reached_) child.runs = Runs::unreached;
    }
  }

  // What the run of a merge request is made of, as far as the pipeline itself says.
  void add_run(const std::unordered_map<std::string_view, Runs>& runs) {
    PipelineRun run;
    run.file = main().path;
    run.line = 1;
    run.root = &root_;
    run.source = source_;
    run.workflow = workflow_;
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      const auto& [file, job] = jobs_[i];
      const auto triggered = triggered_.find(job.id);
      run.jobs.push_back({.file = model_.workflows[file].path,
                          .job = job,
                          .in_pipeline = in_pipeline_[i],
                          .runs = std::min(workflow_.runs, runs.at(job.id)),
                          .child = triggered == triggered_.end() ? "" : triggered->second});
    }
    shared_.runs.insert_or_assign(parent_ == nullptr ? "" : parent_->given, std::move(run));
  }

  void finish(const yaml::Node* rules) {
    for (auto& [file, job] : jobs_) add_to_file(model_.workflows[file], std::move(job));
    if (!reached_) return;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      const Workflow& workflow = model_.workflows[files_[i]];
      if (workflow.problem) continue;
      std::vector<Call> chain;
      if (parent_ != nullptr) chain = parent_->chain;
      if (i != 0) chain.push_back({tree_.files[0], "", include_line(i)});
      shared_.chains.emplace(workflow.path, std::move(chain));
    }
    if (parent_ != nullptr) return;
    const int line = rules == nullptr ? 1 : rules->line;
    main().triggers.push_back({"pull_request", line, nullptr, R"({"source":"merge_request_event"})"});
  }

  // The line of the `include:` at the top that leads to a file, directly or by others.
  int include_line(std::size_t file) const {
    for (std::size_t steps = 0; file != 0 && steps < tree_.files.size(); ++steps) {
      const auto found = std::find_if(tree_.included.begin(), tree_.included.end(),
                                      [&](const TreeInclude& one) { return one.file == file; });
      if (found == tree_.included.end()) break;
      if (found->at.file == 0) return found->at.line;
      file = found->at.file;
    }
    const yaml::Node* include = root_.find("include");
    return include == nullptr ? 1 : include->line;
  }

  // A job of a file that is part of several pipelines has one row: what most comes of it.
  static void add_to_file(Workflow& workflow, Job job) {
    const auto same = std::find_if(workflow.jobs.begin(), workflow.jobs.end(),
                                   [&](const Job& one) { return one.line == job.line && one.id == job.id; });
    if (same == workflow.jobs.end()) {
      workflow.jobs.push_back(std::move(job));
    } else if (same->runs < job.runs) {
      *same = std::move(job);
    }
  }

  Pipelines& shared_;
  Model& model_;
  Tree tree_;
  Refusals refused_;
  const yaml::Node& root_;
  const Child* parent_;
  std::string_view source_;
  std::vector<Child> children_;
  std::vector<std::size_t> files_;  // of the tree, their places in the model
  std::vector<std::pair<std::size_t, Job>> jobs_;
  std::vector<Uploader> uploaders_;
  Decision workflow_;
  Runs pipeline_ = Runs::yes;
  bool reached_ = false;
  bool has_workflow_rules_ = false;
  std::vector<PipelineJob> in_pipeline_;
  std::map<std::string, std::string> triggered_;  // by job, what it starts: Child::given
};

}  // namespace

std::vector<Child> add_pipeline(Pipelines& pipelines, Tree tree, const Child* parent) {
  PipelineReader reader(pipelines, std::move(tree), parent);
  reader.read();
  return reader.children();
}

}  // namespace exitgate::collect::ci::gitlab
