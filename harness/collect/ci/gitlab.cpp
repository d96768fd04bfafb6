#include "harness/collect/ci/gitlab.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>

#include "harness/base/text.h"
#include "harness/collect/ci/artifact.h"
#include "harness/collect/ci/gitlab_needs.h"
#include "harness/collect/ci/gitlab_rules.h"
#include "harness/collect/ci/json.h"

namespace exitgate::collect::ci {

namespace {

// Keys at the top that are no jobs.
constexpr std::string_view kGlobal[] = {
    "image", "services", "stages",   "types",   "before_script", "after_script", "variables",
    "cache", "include",  "workflow", "default", "spec",          "pages:deploy"};

bool is_job(const yaml::Entry& entry) {
  return entry.value.is_mapping() && !entry.key.text.starts_with('.') &&
         std::find(std::begin(kGlobal), std::end(kGlobal), entry.key.text) == std::end(kGlobal);
}

std::string lines_of(const yaml::Node& node) {
  if (node.is_scalar()) return node.text;
  std::string text;
  for (const auto& item : node.items) text += (text.empty() ? "" : "\n") + lines_of(item);
  return text;
}

// Whether the job takes over `key` of `default:`: `inherit: {default: false}`, or a list of keys.
bool inherits(const yaml::Node& job, std::string_view key) {
  const yaml::Node* inherit = job.find("inherit");
  const yaml::Node* which = inherit == nullptr ? nullptr : inherit->find("default");
  if (which == nullptr) return true;
  if (which->kind == yaml::Kind::boolean) return which->boolean;
  return std::any_of(which->items.begin(), which->items.end(),
                     [&](const yaml::Node& item) { return item.text == key; });
}

// `key` of the job, else of `default:`, else of the top.
const yaml::Node* inherited(const yaml::Node& job, const yaml::Node& root, std::string_view key) {
  if (const yaml::Node* own = job.find(key)) return own;
  if (!inherits(job, key)) return nullptr;
  if (const yaml::Node* defaults = root.find("default")) {
    if (const yaml::Node* value = defaults->find(key)) return value;
  }
  return root.find(key);
}

// A pipeline that a job triggers, with a configuration of the repository.
struct Child {
  std::string path;
  std::vector<Call> way;  // to the job that triggers it
  Runs runs = Runs::yes;  // of that job
};

constexpr std::size_t kMostChildren = 100;

class GitlabReader {
 public:
  GitlabReader(Model& model, Ways& ways, GitlabTree tree, std::vector<std::unique_ptr<yaml::Node>>& kept,
               const FindFiles& find, const Child* parent)
      : model_(model),
        ways_(ways),
        tree_(std::move(tree)),
        kept_(kept),
        root_(keep(std::move(tree_.root))),
        find_(find),
        parent_(parent),
        source_(parent == nullptr ? kMergeRequest : kParentPipeline) {}

  // The pipelines that its jobs trigger.
  std::vector<Child> children() { return std::move(children_); }

  void read() {
    first_ = model_.workflows.size();
    for (const std::string& path : tree_.files) {
      Workflow& workflow = model_.workflows.emplace_back();
      workflow.path = path;
      workflow.provider = "gitlab";
    }
    for (auto& [path, reason] : tree_.problems) file_named(path).problem = reason;
    all_known_ = tree_.remarks.empty() && tree_.problems.empty();
    for (Remark& remark : tree_.remarks) remark_at(remark.line, std::move(remark.reason));
    Workflow& main = model_.workflows[first_];
    const yaml::Node* workflow = root_.find("workflow");
    if (workflow != nullptr) main.name = text_of(workflow->find("name"));
    const yaml::Node* rules = workflow == nullptr ? nullptr : workflow->find("rules");
    pipeline_ = rules == nullptr ? Runs::yes : gitlab_rules(*rules, "always", false, source_).runs;
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
  const yaml::Node& keep(yaml::Node node) {
    kept_.push_back(std::make_unique<yaml::Node>(std::move(node)));
    return *kept_.back();
  }

  Workflow& file_named(const std::string& path) {
    const auto at = std::find(tree_.files.begin(), tree_.files.end(), path) - tree_.files.begin();
    return model_.workflows[first_ + static_cast<std::size_t>(at)];
  }
  Workflow& file_of(int line) {
    return model_.workflows[first_ + std::min(gitlab_file(line), tree_.files.size() - 1)];
  }

  // `line` with its file's number.
  void remark_at(int line, std::string reason) {
    file_of(line).remarks.push_back({gitlab_line(line), std::move(reason)});
  }

  void add_job(const yaml::Entry& entry) {
    Workflow& workflow = file_of(entry.key.line);
    auto resolved = resolve_job(root_, entry.key.text);
    if (!resolved) {
      workflow.remarks.push_back(
          {gitlab_line(entry.key.line),
           fmt::format("job '{}' extends what is not there, or itself", entry.key.text)});
      resolved = entry.value;
    }
    const yaml::Node& node = keep(std::move(*resolved));
    Job job;
    job.id = entry.key.text;
    job.line = gitlab_line(entry.key.line);
    job.node = &node;
    const GitlabDecision decision = decide(node);
    job.runs = std::min(pipeline_, decision.runs);
    const yaml::Node* rules = node.find("rules");
    const yaml::Node* only = rules == nullptr ? node.find("only") : nullptr;
    if (rules != nullptr) job.condition = to_json(*rules);
    if (only != nullptr) job.condition = to_json(*only);
    add_services(node, job);
    add_steps(node, workflow, job);
    add_in_pipeline(entry.key.text, node, decision);
    if (const yaml::Node* trigger = node.find("trigger")) {
      add_trigger(*trigger, job);
    } else if (all_known_ && node.find("script") == nullptr && node.find("run") == nullptr) {
      remark_at(entry.key.line,
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
      job.uses_line = gitlab_line(trigger.line);
      return;
    }
    job.uses_line = gitlab_line(include->line);
    for (const GitlabInclude& one : gitlab_includes(*include, find_)) {
      if (!one.unknown.empty()) remark_at(one.line, "the child pipeline " + one.unknown);
      if (one.path.empty()) continue;
      job.uses = one.path;
      Child child{one.path, parent_ == nullptr ? std::vector<Call>{} : parent_->way, job.runs};
      child.way.push_back({file_of(trigger.line).path, job.id, gitlab_line(one.line)});
      children_.push_back(std::move(child));
    }
  }

  // GitLab refuses a configuration in which a job needs one that is not there.
  void check_needs() {
    std::set<std::string_view> ids;
    bool all_known = true;
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      const Workflow& workflow = model_.workflows[first_ + i];
      all_known = all_known && workflow.remarks.empty() && !workflow.problem;
      for (const Job& job : workflow.jobs) ids.insert(job.id);
    }
    if (!all_known) return;  // it may come with what is not known
    std::vector<std::pair<Workflow*, Remark>> missing;
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      Workflow& workflow = model_.workflows[first_ + i];
      for (const Job& job : workflow.jobs) {
        for (const std::string& need : job.needs) {
          if (ids.contains(need) || optional_.contains(need)) continue;
          missing.emplace_back(
              &workflow,
              Remark{job.line, fmt::format("job '{}' needs '{}', which is no job here", job.id, need)});
        }
      }
    }
    for (auto& [workflow, remark] : missing) workflow->remarks.push_back(std::move(remark));
  }

  GitlabDecision decide(const yaml::Node& node) const {
    const std::string when = text_of(node.find("when")).value_or("on_success");
    const yaml::Node* fails = node.find("allow_failure");
    const bool may_fail = fails != nullptr && (fails->boolean || fails->is_mapping());
    if (const yaml::Node* rules = node.find("rules")) return gitlab_rules(*rules, when, may_fail, source_);
    const yaml::Node* only = node.find("only");
    const yaml::Node* except = node.find("except");
    // Where the workflow has rules, a job without any is in each of its pipelines.
    const bool in_each = only == nullptr && except == nullptr && has_workflow_rules_;
    GitlabDecision decision;
    decision.runs = in_each ? gitlab_when(when) : gitlab_only(only, except, when, source_);
    decision.sure = in_each || decision.runs == Runs::yes;
    decision.always = when == "always";
    // Without rules a manual job is one that may be left alone.
    decision.blocks = when == "manual" && fails != nullptr && !may_fail;
    return decision;
  }

  std::size_t stage_of(const yaml::Node& job) const {
    static constexpr std::string_view kStages[] = {"build", "test", "deploy"};
    const std::string stage = text_of(job.find("stage")).value_or("test");
    if (stage == ".pre") return 0;
    std::size_t at = 1;
    if (const yaml::Node* stages = root_.find("stages")) {
      for (const auto& item : stages->items) {
        if (item.text == stage) return at;
        ++at;
      }
    } else {
      for (const std::string_view name : kStages) {
        if (name == stage) return at;
        ++at;
      }
    }
    return stage == ".post" ? at : 0;  // one that is not there is refused
  }

  void add_in_pipeline(std::string_view id, const yaml::Node& node, const GitlabDecision& decision) {
    GitlabJob& job = in_pipeline_.emplace_back();
    job.id = id;
    job.decision = decision;
    job.stage = stage_of(node);
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
    for (const GitlabJob& job : in_pipeline_) runs[job.id] = made ? job.decision.runs : Runs::no;
    for (std::size_t i = 0; i < tree_.files.size(); ++i) {
      for (Job& job : model_.workflows[first_ + i].jobs) {
        job.runs = std::min(job.runs, runs[job.id]);
        for (Step& step : job.steps) step.runs = std::min(step.runs, job.runs);
      }
    }
    for (Child& child : children_) child.runs = std::min(child.runs, runs[child.way.back().job]);
  }

  void add_services(const yaml::Node& node, Job& job) const {
    const yaml::Node* services = inherited(node, root_, "services");
    if (services == nullptr) return;
    for (const auto& item : services->items) {
      const auto image = item.is_mapping() ? text_of(item.find("name")) : text_of(&item);
      std::string name = text_of(item.find("alias")).value_or(image.value_or(""));
      if (item.find("alias") == nullptr) name = name.substr(0, name.find(':'));
      job.services.push_back({std::move(name), image, gitlab_line(item.line)});
    }
  }

  static Step& add_step(Job& job, const yaml::Node& node, std::string name, int line) {
    Step& step = job.steps.emplace_back();
    step.position = static_cast<int>(job.steps.size()) - 1;
    step.line = gitlab_line(line);
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
    step.artifact = std::make_shared<Artifact>(upload(*artifacts, job.id));
    // Where the artifacts are written in another file than the job, the row still is the job's.
    if (&file_of(artifacts->line) != &workflow) step.uses_line = job.line;
  }

  static Artifact upload(const yaml::Node& node, const std::string& job) {
    Artifact artifact;
    artifact.direction = "upload";
    artifact.reference = {"artifacts", std::nullopt, "none"};
    artifact.name = text_of(node.find("name"));
    artifact.name_pattern = job;  // others take it over by the job's name
    std::string paths;
    const auto add = [&](const yaml::Node& from) {
      const std::string text = lines_of(from);
      if (!text.empty()) paths += (paths.empty() ? "" : "\n") + text;
    };
    if (const yaml::Node* list = node.find("paths")) add(*list);
    if (const yaml::Node* reports = node.find("reports")) {
      for (const auto& entry : reports->entries) {
        if (entry.value.is_mapping()) {
          for (const auto& inner : entry.value.entries) add(inner.value);
        } else {
          add(entry.value);
        }
      }
    }
    if (!paths.empty()) artifact.path = paths;
    artifact.retention = text_of(node.find("expire_in"));
    if (artifact.retention) artifact.retention_days = gitlab_days(*artifact.retention);
    return artifact;
  }

  void add_downloads(const yaml::Node& node, Job& job, const yaml::Node& nothing) {
    const auto add = [&](const std::string& from, int line, bool other_run = false) {
      Step& step = add_step(job, nothing, "needs", line);
      step.artifact = std::make_shared<Artifact>();
      step.artifact->direction = "download";
      step.artifact->reference = {"needs", std::nullopt, "none"};
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
          if (step.artifact != nullptr && step.artifact->direction == "upload")
            uploaded[job.id] = step.artifact.get();
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
          if (step.artifact->direction == "download") {
            if (!step.artifact->other_run)
              step.artifact->uploads = uploaded.contains(*step.artifact->name) ? 1 : 0;
          } else {
            step.artifact->collides = false;
          }
        }
      }
      if (most <= Runs::no || workflow.problem) continue;
      std::vector<Call> way;
      if (parent_ != nullptr) way = parent_->way;
      if (i != 0) {
        const yaml::Node* include = root_.find("include");
        way.push_back({tree_.files[0], "", include == nullptr ? 1 : gitlab_line(include->line)});
      }
      ways_.emplace(workflow.path, std::move(way));
    }
    for (Child& child : children_) {
      if (most <= Runs::no) child.runs = Runs::unreached;
    }
    if (most <= Runs::no || parent_ != nullptr) return;
    const int line = rules == nullptr ? 1 : gitlab_line(rules->line);
    model_.workflows[first_].triggers.push_back(
        {"pull_request", line, nullptr, R"({"source":"merge_request_event"})"});
  }

  Model& model_;
  Ways& ways_;
  GitlabTree tree_;
  std::vector<std::unique_ptr<yaml::Node>>& kept_;
  const yaml::Node& root_;
  const FindFiles& find_;
  const Child* parent_;
  std::string_view source_;
  std::vector<Child> children_;
  std::set<std::string> optional_;  // needs that may lead nowhere
  bool all_known_ = true;           // nothing is included that is not read: it may bring what is missing
  std::size_t first_ = 0;
  Runs pipeline_ = Runs::yes;
  bool has_workflow_rules_ = false;
  std::vector<GitlabJob> in_pipeline_;
};

}  // namespace

std::optional<std::int64_t> gitlab_days(std::string_view text) {
  struct Unit {
    std::string_view name;
    double days;
  };
  constexpr std::array<Unit, 19> kUnits = {{{"s", 1 / 86400.0},
                                            {"sec", 1 / 86400.0},
                                            {"second", 1 / 86400.0},
                                            {"m", 1 / 1440.0},
                                            {"min", 1 / 1440.0},
                                            {"minute", 1 / 1440.0},
                                            {"h", 1 / 24.0},
                                            {"hr", 1 / 24.0},
                                            {"hour", 1 / 24.0},
                                            {"d", 1},
                                            {"day", 1},
                                            {"w", 7},
                                            {"wk", 7},
                                            {"week", 7},
                                            {"mo", 30.4375},
                                            {"mos", 30.4375},
                                            {"month", 30.4375},
                                            {"y", 365.25},
                                            {"year", 365.25}}};
  double days = 0;
  std::size_t at = 0;
  const auto skip = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
  };
  bool any = false;
  for (skip(); at < text.size(); skip()) {
    double number = 0;
    const std::size_t digits = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - digits < 9)
      number = number * 10 + (text[at++] - '0');
    if (at == digits) {
      if (!text.substr(at).starts_with("and ")) return std::nullopt;
      at += 4;
      continue;
    }
    skip();
    const std::size_t begin = at;
    while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z')))
      ++at;
    std::string unit = lower(text.substr(begin, at - begin));
    if (unit.empty()) unit = "s";
    auto known =
        std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& one) { return one.name == unit; });
    if (known == kUnits.end() && unit.ends_with('s')) {
      unit.pop_back();
      known = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& one) { return one.name == unit; });
    }
    if (known == kUnits.end()) return std::nullopt;
    days += number * known->days;
    any = true;
  }
  if (!any) return std::nullopt;
  return static_cast<std::int64_t>(days + 1e-9);
}

void add_gitlab(Model& model, Ways& ways, const ReadFile& read, const FindFiles& find,
                std::vector<std::unique_ptr<yaml::Node>>& kept) {
  std::set<std::string> known;  // files that are somewhere already
  std::deque<Child> open = {{std::string(kGitlabFile), {}, Runs::yes}};
  for (std::size_t number = 0; !open.empty() && number < kMostChildren; ++number, open.pop_front()) {
    const Child& child = open.front();
    const bool is_child = number != 0;
    if (!known.insert(child.path).second) continue;
    GitlabTree tree = read_gitlab_tree(child.path, read, find, is_child ? kParentPipeline : kMergeRequest);
    const bool twice = std::any_of(tree.files.begin() + 1, tree.files.end(),
                                   [&](const std::string& path) { return known.contains(path); });
    if (twice) {
      // A file has its jobs once in the tables.
      model.workflows.emplace_back();
      model.workflows.back().path = child.path;
      model.workflows.back().provider = "gitlab";
      model.workflows.back().problem =
          "it includes a file that another pipeline includes: its jobs are not read";
      continue;
    }
    known.insert(tree.files.begin(), tree.files.end());
    GitlabReader reader(model, ways, std::move(tree), kept, find, is_child ? &child : nullptr);
    reader.read();
    for (Child& next : reader.children()) open.push_back(std::move(next));
  }
}

}  // namespace exitgate::collect::ci
