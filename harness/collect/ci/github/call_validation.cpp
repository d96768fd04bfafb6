#include "harness/collect/ci/github/call_validation.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/invalid.h"
#include "harness/collect/ci/github/permissions.h"
#include "harness/collect/ci/github/provider.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::github {

namespace {

using actions::Calls;
using actions::Invalid;
using actions::invalid;
using actions::set_problem;

// What a call gives, against what the called workflow takes.
void check_given(const Job& job, const Workflow& callee) {
  const Trigger& call = *callee.trigger("workflow_call");
  const auto declared = [&](const char* what) {
    return call.filters == nullptr ? nullptr : call.filters->find(what);
  };
  const auto is_required = [](const yaml::Node& one) {
    const yaml::Node* required = one.find("required");
    return required != nullptr && required->boolean;
  };
  const auto check = [&](const yaml::Node* taken, const yaml::Node* given, const char* what) {
    static const yaml::Node kNothing;
    if (taken == nullptr) taken = &kNothing;
    if (given == nullptr) given = &kNothing;
    std::unordered_set<std::string> names;  // regardless of case
    for (const auto& entry : given->entries) {
      if (expression::has_expression(entry.key.text)) return;
      names.insert(lower(entry.key.text));
    }
    std::unordered_set<std::string> known;
    for (const auto& entry : taken->entries) {
      known.insert(lower(entry.key.text));
      if (is_required(entry.value) && !names.contains(lower(entry.key.text))) {
        invalid(job.uses_line, fmt::format("'{}' requires '{}' among its {}, which is not given", *job.uses,
                                           entry.key.text, what));
      }
    }
    for (const auto& entry : given->entries) {
      if (known.contains(lower(entry.key.text))) continue;
      invalid(entry.key.line, fmt::format("'{}' has no '{}' among its {}", *job.uses, entry.key.text, what));
    }
  };
  check(declared("inputs"), job.node->find("with"), "inputs");
  const yaml::Node* secrets = job.node->find("secrets");
  // `inherit` gives all that there are.
  if (secrets == nullptr || secrets->is_mapping()) check(declared("secrets"), secrets, "secrets");
}

// A string is neither a number nor a boolean, whatever it reads like.
void check_types(const Job& job, const Workflow& callee) {
  const yaml::Node* with = job.node->find("with");
  if (with == nullptr) return;
  for (const auto& entry : with->entries) {
    const yaml::Node& value = entry.value;
    if (!value.is_scalar() || expression::has_expression(value.text)) continue;
    const auto input = std::find_if(callee.inputs.begin(), callee.inputs.end(), [&](const Input& one) {
      return lower(one.name) == lower(entry.key.text);
    });
    if (input == callee.inputs.end()) continue;
    const bool number = value.kind == yaml::Kind::integer || value.kind == yaml::Kind::real;
    if ((input->type == "boolean" && value.kind != yaml::Kind::boolean) ||
        (input->type == "number" && !number)) {
      invalid(value.line,
              fmt::format("'{}' for the input '{}', which is a {}", value.text, entry.key.text, input->type));
    }
  }
}

// By an event, and not by the call of another workflow alone.
bool is_started(const Workflow& workflow) {
  return std::any_of(workflow.triggers.begin(), workflow.triggers.end(),
                     [](const Trigger& trigger) { return trigger.event != "workflow_call"; });
}

using Callers = std::unordered_map<const Workflow*, std::vector<std::pair<Workflow*, const Job*>>>;

// "You can connect a maximum of ten levels of workflows - that is, the top-level caller workflow and up to nine
// levels of reusable workflows" (docs.github.com, Reuse workflows).
constexpr std::size_t kMostLevels = 10;

// Workflows that call themselves, by way of others too, and those whose calls lead through too many levels.
void check_chains(Model& model, const Calls& calls, const Callers& callers) {
  std::unordered_map<const Workflow*, std::size_t> open;  // calls that are not known to come to an end
  for (const auto& [callee, by] : callers) {
    for (const auto& [caller, job] : by) ++open[caller];
  }
  std::vector<const Workflow*> ended;
  for (const Workflow& workflow : model.workflows) {
    if (!open.contains(&workflow)) ended.push_back(&workflow);
  }
  // Levels of workflows from each one down; it comes behind all that it calls.
  std::unordered_map<const Workflow*, std::size_t> levels;
  for (std::size_t next = 0; next < ended.size(); ++next) {
    const std::size_t of_callee = std::max<std::size_t>(levels[ended[next]], 1);
    const auto found = callers.find(ended[next]);
    if (found == callers.end()) continue;
    for (const auto& [caller, job] : found->second) {
      levels[caller] = std::max(levels[caller], of_callee + 1);
      if (--open[caller] == 0) ended.push_back(caller);
    }
  }
  // In the order of the files, so that the same commit gives the same rows.
  for (Workflow& workflow : model.workflows) {
    for (const Job& job : workflow.jobs) {
      const Workflow* callee = calls.named(job);
      if (workflow.problem || callee == nullptr) continue;
      if (open[&workflow] != 0 && open[callee] != 0) {
        set_problem(workflow,
                    {job.uses_line, fmt::format("'{}' calls itself, by way of its calls", *job.uses)});
      } else if (levels[callee] >= kMostLevels && is_started(workflow)) {
        set_problem(workflow,
                    {job.uses_line, fmt::format("its calls by way of '{}' lead through {} levels of "
                                                "workflows, and GitHub takes {}",
                                                *job.uses, levels[callee] + 1, kMostLevels)});
      }
    }
  }
}

}  // namespace

void validate_calls(Model& model, const Calls& calls) {
  Callers callers;
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider != kName) continue;
    for (const Job& job : workflow.jobs) {
      if (workflow.problem || !job.uses || !local_path(*job.uses)) continue;
      const Workflow* callee = calls.named(job);
      try {
        if (callee == nullptr || (callee->trigger("workflow_call") == nullptr && !callee->problem)) {
          invalid(job.uses_line,
                  fmt::format("'{}' is not a workflow of this commit that can be called", *job.uses));
        }
        callers[callee].emplace_back(&workflow, &job);
        if (callee->problem) continue;
        check_given(job, *callee);
        check_types(job, *callee);
      } catch (const Invalid& reason) {
        set_problem(workflow, reason);
      }
    }
  }
  check_chains(model, calls, callers);
  for (auto& [workflow, at] : find_excessive_permissions(model, calls)) {
    set_problem(*workflow, {at.line, std::move(at.reason)});
  }
  std::vector<const Workflow*> invalid_ones;
  for (const Workflow& workflow : model.workflows) {
    if (workflow.problem) invalid_ones.push_back(&workflow);
  }
  // Who calls an invalid workflow is invalid.
  for (std::size_t next = 0; next < invalid_ones.size(); ++next) {
    for (const auto& [caller, job] : callers[invalid_ones[next]]) {
      if (caller->problem) continue;
      set_problem(*caller, {job->uses_line, fmt::format("it calls '{}', which GitHub refuses", *job->uses)});
      invalid_ones.push_back(caller);
    }
  }
}

}  // namespace exitgate::collect::ci::github
