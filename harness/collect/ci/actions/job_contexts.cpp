#include "harness/collect/ci/actions/job_contexts.h"

#include <string_view>
#include <unordered_map>
#include <utility>

#include "harness/collect/ci/actions/conditions.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Value;

const Possible kSuccessOrSkipped = Possible::one_of({Value("success"), Value("skipped")});
const Possible kAnyResult =
    Possible::one_of({Value("success"), Value("failure"), Value("cancelled"), Value("skipped")});

const Possible kIgnoredResult = Possible::one_of({Value("success"), Value("cancelled"), Value("skipped")});

// What has failed may have set some of its outputs.
Possible or_nothing(const Possible& outputs) {
  PartialObject some = outputs.members();
  for (auto& [name, value] : some.members) value = expression::join(value, Value());
  return Possible::object(std::move(some));
}

}  // namespace

Possible result_of(Runs runs) {
  if (runs == Runs::yes) return Value("success");
  return runs == Runs::maybe ? kSuccessOrSkipped : Possible(Value("skipped"));
}

Possible any_result() {
  return kAnyResult;
}

std::vector<Job*> in_order(Workflow& workflow) {
  std::vector<Job*> order;
  std::unordered_map<std::string_view, Job*> by_id;
  for (Job& job : workflow.jobs) by_id.emplace(job.id, &job);
  std::unordered_map<const Job*, std::size_t> waiting;
  std::unordered_map<std::string_view, std::vector<Job*>> dependents;
  for (Job& job : workflow.jobs) {
    const std::set<std::string_view> needs(job.needs.begin(), job.needs.end());
    std::size_t count = 0;
    for (const std::string_view need : needs) {
      if (!by_id.contains(need)) continue;
      ++count;
      dependents[need].push_back(&job);
    }
    waiting[&job] = count;
    if (count == 0) order.push_back(&job);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (Job* dependent : dependents[order[i]->id]) {
      if (--waiting[dependent] == 0) order.push_back(dependent);
    }
  }
  for (Job& job : workflow.jobs) {
    if (waiting[&job] != 0) order.push_back(&job);
  }
  return order;
}

void add_needs(const Job& job, const JobStates& states, JobState& state, PartialContexts& contexts) {
  PartialObject needs;
  needs.others = Possible();
  for (const std::string& id : job.needs) {
    const auto found = states.find(id);
    if (found == states.end() || id == job.id) {
      contexts.status.success = Truth::unknown;
      continue;
    }
    state.ancestors.insert(id);
    state.ancestors.insert(found->second.ancestors.begin(), found->second.ancestors.end());
    PartialObject need;
    need.others = Possible();
    set(need, "result", result_of(found->second.runs));
    set(need, "outputs", found->second.outputs);
    set(needs, id, Possible::object(std::move(need)));
  }
  set(contexts.named, "needs", Possible::object(std::move(needs)));
  // A skip goes on to everything behind it, not only to the next job.
  for (const std::string& id : state.ancestors) {
    const auto found = states.find(id);
    const Runs runs = found == states.end() ? Runs::maybe : found->second.runs;
    if (runs == Runs::yes) continue;
    contexts.status.success = both(contexts.status.success, runs == Runs::maybe ? Truth::unknown : Truth::no);
  }
}

std::optional<PartialContexts> after_failure(const Job& job, const JobStates& states, const JobState& state,
                                             const PartialContexts& outer) {
  bool can_run = false;
  bool can_fail = false;
  for (const std::string& id : state.ancestors) {
    const auto found = states.find(id);
    if (found == states.end() || found->second.runs == Runs::no) continue;
    can_run = true;
    can_fail = can_fail || !found->second.ignored;
  }
  if (!can_run) return std::nullopt;
  PartialObject needs;
  needs.others = Possible();
  for (const std::string& id : job.needs) {
    const auto found = states.find(id);
    if (found == states.end()) continue;
    PartialObject need;
    need.others = Possible();
    set(need, "result",
        found->second.runs == Runs::no ? Possible(Value("skipped"))
        : found->second.ignored        ? kIgnoredResult
                                       : kAnyResult);
    set(need, "outputs", or_nothing(found->second.outputs));
    set(needs, id, Possible::object(std::move(need)));
  }
  PartialContexts contexts = in_front_of(outer);
  set(contexts.named, "needs", Possible::object(std::move(needs)));
  // All may have failed and been ignored, or something was cancelled.
  contexts.status = {can_fail ? Truth::no : Truth::unknown, can_fail ? Truth::unknown : Truth::no,
                     Truth::unknown};
  return contexts;
}

Possible any_of(const std::vector<PartialObject>& matrices) {
  if (matrices.size() == 1) return Possible::object(matrices[0]);
  PartialObject any;
  any.others = Possible();
  for (const PartialObject& matrix : matrices) {
    for (const auto& [key, ignored] : matrix.members) {
      if (any.members.contains(key)) continue;
      Possible all = matrices[0].find(key);
      for (const PartialObject& other : matrices) all = expression::join(all, other.find(key));
      any.members.emplace(key, std::move(all));
    }
  }
  return Possible::object(std::move(any));
}

const yaml::Node* find_input(const yaml::Node* with, std::string_view name) {
  if (with == nullptr || !with->is_mapping()) return nullptr;
  if (const yaml::Node* exact = with->find(name)) return exact;
  const std::string wanted = expression::upper(name);
  for (const auto& entry : with->entries) {
    if (expression::upper(entry.key.text) == wanted) return &entry.value;
  }
  return nullptr;
}

Possible inputs_of(const Workflow& callee, const Job& job, const PartialContexts& contexts) {
  const yaml::Node* with = job.node->find("with");
  PartialObject inputs;
  inputs.others = Possible();
  for (const Input& input : callee.inputs) {
    const yaml::Node* given = find_input(with, input.name);
    if (given == nullptr) given = input.default_value;
    Possible value;
    if (given != nullptr) {
      value = evaluate_node(*given, contexts);
      if (input.type == "string") value = as_text(value);
    } else if (input.type == "boolean") {
      value = Value(false);
    } else if (input.type == "number") {
      value = Value(0.0);
    } else {
      value = Value("");
    }
    set(inputs, input.name, std::move(value));
  }
  return Possible::object(std::move(inputs));
}

void add_env(const yaml::Node* env, const PartialContexts& contexts, PartialObject& into) {
  if (env == nullptr || !env->is_mapping()) return;
  for (const auto& entry : env->entries) {
    set(into, entry.key.text, as_text(evaluate_node(entry.value, contexts)));
  }
}

Possible outputs_of(const Job& job, const PartialContexts& contexts, std::size_t combinations, Runs runs) {
  PartialObject outputs;
  outputs.others = Possible();
  const yaml::Node* node = job.node->find("outputs");
  if (node == nullptr || !node->is_mapping() || runs <= Runs::failure)
    return Possible::object(std::move(outputs));
  for (const auto& entry : node->entries) {
    Possible value = as_text(evaluate_node(entry.value, contexts));
    // Of several combinations one sets it, nobody knows which; an empty one counts as not set.
    if (runs != Runs::yes || combinations > 1) value = expression::join(value, Value());
    set(outputs, entry.key.text, std::move(value));
  }
  return Possible::object(std::move(outputs));
}

}  // namespace exitgate::collect::ci::actions
