#include "harness/collect/ci/actions/calls.h"

#include <algorithm>
#include <deque>

#include "harness/base/text.h"

namespace exitgate::collect::ci::actions {

namespace {

// Providers take ten levels of reusable workflows, and ten of composite actions below them.
constexpr std::size_t kLongestChain = 20;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash);
}

// Where a checkout of this repository itself puts it, when it names a folder.
std::optional<std::string> checkout_folder(const Step& step, const Dialect& dialect) {
  if (!step.uses || !plain_action(lower(*step.uses), dialect).starts_with("actions/checkout@"))
    return std::nullopt;
  const yaml::Node* with = step.node->find("with");
  if (with == nullptr || text_of(with->find("repository"))) return std::nullopt;
  const auto path = text_of(with->find("path"));
  return path ? local_path("./" + *path) : std::nullopt;
}

}  // namespace

Calls::Calls(Model& model, const Dialect& dialect) : model_(model), dialect_(dialect) {
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider == dialect.provider) workflows_[workflow.path] = &workflow;
  }
  for (Action& action : model.actions) {
    // Runners look for action.yml first.
    Action*& known = actions_[folder_of(action.path)];
    if (known == nullptr || action.path.ends_with(".yml")) known = &action;
  }
}

bool Calls::runs_on_pull_requests(const Workflow& workflow) const {
  const auto& events = dialect_.pull_request_events;
  return workflow.provider == dialect_.provider && !workflow.problem &&
         std::any_of(events.begin(), events.end(),
                     [&](std::string_view event) { return workflow.trigger(event) != nullptr; });
}

Workflow* Calls::named(const Job& job) const {
  const auto path = job.uses ? local_path(*job.uses) : std::nullopt;
  if (!path) return nullptr;
  const auto found = workflows_.find(*path);
  return found == workflows_.end() ? nullptr : found->second;
}

Workflow* Calls::workflow(const Job& job) const {
  Workflow* called = named(job);
  if (called == nullptr || called->problem) return nullptr;
  return called->trigger("workflow_call") == nullptr ? nullptr : called;
}

Action* Calls::action(const Step& step, const std::vector<Step>& steps) const {
  const auto path = step.uses ? local_path(*step.uses) : std::nullopt;
  if (!path) return nullptr;
  if (const auto found = actions_.find(*path); found != actions_.end()) return found->second;
  if (step.uses->starts_with("$/")) return nullptr;  // no matter what is checked out where
  for (const Step& other : steps) {
    const auto folder = checkout_folder(other, dialect_);
    if (!folder || folder->empty()) continue;
    const std::string prefix = *folder + "/";
    if (*path != *folder && !path->starts_with(prefix)) continue;
    const auto found = actions_.find(*path == *folder ? "" : path->substr(prefix.size()));
    if (found != actions_.end()) return found->second;
  }
  return nullptr;
}

CallChains Calls::chains() const {
  CallChains chains;
  std::deque<const File*> open;
  const auto reach = [&](const File& from, const std::string& job, int line, const File* to) {
    if (to == nullptr || chains.contains(to->path)) return;
    std::vector<Call> chain = chains[from.path];
    if (chain.size() >= kLongestChain) return;
    chain.push_back({from.path, job, line});
    chains.emplace(to->path, std::move(chain));
    open.push_back(to);
  };
  for (const Workflow& workflow : model_.workflows) {
    if (!runs_on_pull_requests(workflow)) continue;
    chains.emplace(workflow.path, std::vector<Call>{});
    open.push_back(&workflow);
  }
  for (; !open.empty(); open.pop_front()) {
    const File& file = *open.front();
    if (const auto workflow = workflows_.find(file.path); workflow != workflows_.end()) {
      for (const Job& job : workflow->second->jobs) {
        reach(file, job.id, job.uses_line, this->workflow(job));
        for (const Step& step : job.steps) reach(file, job.id, step.uses_line, action(step, job.steps));
      }
    } else {
      const Action& called = static_cast<const Action&>(file);
      for (const Step& step : called.steps) reach(file, "", step.uses_line, action(step, called.steps));
    }
  }
  return chains;
}

}  // namespace exitgate::collect::ci::actions
