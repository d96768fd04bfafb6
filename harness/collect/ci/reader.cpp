#include "harness/collect/ci/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/artifact.h"
#include "harness/collect/ci/json.h"
#include "harness/collect/ci/refusal.h"

namespace exitgate::collect::ci {

namespace {

// The first key `<<` that stands where GitHub wants keys it knows, or values that are no mappings, and so
// refuses the file; nullptr: there is none. Below `matrix` any key goes.
const yaml::Node* find_merge_key(const yaml::Node& node) {
  for (const auto& item : node.items) {
    if (const yaml::Node* key = find_merge_key(item)) return key;
  }
  for (const auto& entry : node.entries) {
    if (entry.key.text == "<<" && !entry.value.is_scalar()) return &entry.key;
    if (entry.key.text == "matrix") continue;
    if (const yaml::Node* key = find_merge_key(entry.value)) return key;
  }
  return nullptr;
}

// Parses into file.root; false with file.problem set when that fails or when it is no mapping.
bool read_tree(std::string_view text, File& file) {
  try {
    file.root = std::make_unique<yaml::Node>(yaml::parse(text, {.ignore_key_case = true, .lenient = true}));
  } catch (const yaml::Problem& problem) {
    file.problem = fmt::format("line {}: {}", problem.line, problem.what());
    return false;
  }
  if (const yaml::Node* merge = find_merge_key(*file.root)) {
    file.problem = fmt::format("line {}: a merge key '<<', which GitHub does not know", merge->line);
    return false;
  }
  if (!file.root->is_mapping()) {
    file.problem = file.root->is_null() ? std::string("the file is empty")
                                        : fmt::format("line {}: a {} where a mapping is expected",
                                                      file.root->line, yaml::kind_name(file.root->kind));
    return false;
  }
  file.name = text_of(file.root->find("name"));
  return true;
}

int line_of(const yaml::Node* node) {
  return node == nullptr ? 0 : node->line;
}

void add_trigger(const yaml::Node& name, const yaml::Node* filters, Workflow& workflow) {
  if (!name.is_scalar() || name.is_null()) {
    workflow.remarks.push_back(
        {name.line, fmt::format("a {} where an event's name is expected", yaml::kind_name(name.kind))});
    return;
  }
  workflow.triggers.push_back({name.text, name.line, filters});
}

void read_triggers(const yaml::Node& on, Workflow& workflow) {
  if (on.is_mapping()) {
    for (const auto& entry : on.entries) {
      // GitHub takes an empty list for nothing; a call has to be a mapping.
      const bool nothing = entry.value.is_null() || (entry.value.is_sequence() && entry.value.items.empty() &&
                                                     entry.key.text != "workflow_call");
      add_trigger(entry.key, nothing ? nullptr : &entry.value, workflow);
    }
  } else if (on.is_sequence()) {
    for (const auto& item : on.items) add_trigger(item, nullptr, workflow);
  } else {
    add_trigger(on, nullptr, workflow);
  }
}

void read_inputs(const yaml::Node* inputs, std::string_view untyped, std::vector<Input>& into) {
  if (inputs == nullptr || !inputs->is_mapping()) return;
  for (const auto& entry : inputs->entries) {
    Input input{entry.key.text, std::string(untyped), entry.value.find("default")};
    if (const auto type = text_of(entry.value.find("type"))) input.type = *type;
    into.push_back(std::move(input));
  }
}

std::vector<std::string> read_needs(const yaml::Node* needs) {
  std::vector<std::string> ids;
  if (needs == nullptr) return ids;
  if (const auto one = text_of(needs)) ids.push_back(*one);
  for (const auto& item : needs->items) {
    if (auto id = text_of(&item)) ids.push_back(std::move(*id));
  }
  return ids;
}

std::vector<Service> read_services(const yaml::Node* services, std::vector<Remark>& remarks) {
  std::vector<Service> list;
  if (services == nullptr || services->is_null()) return list;
  if (!services->is_mapping()) {
    remarks.push_back({services->line, "services that are known only when the job runs"});
    return list;
  }
  for (const auto& entry : services->entries) {
    // GitHub takes a bare image as well as a mapping.
    auto image = entry.value.is_mapping() ? text_of(entry.value.find("image")) : text_of(&entry.value);
    list.push_back({entry.key.text, std::move(image), entry.key.line});
  }
  return list;
}

void add_step(const yaml::Node& node, std::vector<Step>& steps, std::vector<Remark>& remarks) {
  if (!node.is_mapping()) {
    remarks.push_back({node.line, fmt::format("a {} where a step is expected", yaml::kind_name(node.kind))});
    return;
  }
  if (const yaml::Node* block = node.find("parallel"); block != nullptr && block->is_sequence()) {
    for (const auto& item : block->items) add_step(item, steps, remarks);
    return;
  }
  Step step;
  step.position = static_cast<int>(steps.size());
  step.line = node.entries.empty() ? node.line : node.entries.front().key.line;
  step.id = text_of(node.find("id"));
  step.name = text_of(node.find("name"));
  step.uses = text_of(node.find("uses"));
  step.uses_line = line_of(node.find("uses"));
  step.run = text_of(node.find("run"));
  step.condition = text_of(node.find("if"));
  step.condition_line = line_of(node.find("if"));
  step.node = &node;
  if (const yaml::Node* with = node.find("with"); with != nullptr && !with->is_null())
    step.inputs = to_json(*with, Scalars::as_written);
  if (const yaml::Node* env = node.find("env"); env != nullptr && !env->is_null())
    step.environment = to_json(*env, Scalars::as_written);
  if (auto artifact = read_artifact(step)) step.artifact = std::make_shared<Artifact>(std::move(*artifact));
  steps.push_back(std::move(step));
}

Job read_job(const yaml::Entry& entry, std::vector<Remark>& remarks) {
  const yaml::Node& node = entry.value;
  Job job;
  job.id = entry.key.text;
  job.line = entry.key.line;
  job.node = &node;
  job.name = text_of(node.find("name"));
  job.condition = text_of(node.find("if"));
  job.condition_line = line_of(node.find("if"));
  job.uses = text_of(node.find("uses"));
  job.uses_line = line_of(node.find("uses"));
  job.needs = read_needs(node.find("needs"));
  job.services = read_services(node.find("services"), remarks);
  if (const yaml::Node* steps = node.find("steps")) job.steps = read_steps(*steps, remarks);
  return job;
}

// What is still asked of a step's node once the step is read: nothing but the inputs of what it may call, the
// variables of its condition, and what is written as it stands.
bool is_asked(const Step& step, std::string_view key) {
  if (key == "with")
    return step.uses && (local_path(*step.uses) || step.uses->find("checkout") != std::string::npos);
  if (key == "env") return step.condition.has_value();
  return key == "continue-on-error" || key == "working-directory" || key == "shell";
}

const yaml::Node kNothing;

template <typename Wanted>
void keep_entries(yaml::Node& node, const Wanted& wanted) {
  node.index.clear();
  std::erase_if(node.entries, [&](const yaml::Entry& entry) { return !wanted(entry.key.text); });
  node.entries.shrink_to_fit();
}

// Drops the rest: steps are most of a workflow, and there may be thousands of files.
void prune_steps(yaml::Node& list, std::vector<Step>& steps, std::size_t& next) {
  for (yaml::Node& node : list.items) {
    if (!node.is_mapping()) continue;
    if (const yaml::Node* block = node.find("parallel"); block != nullptr && block->is_sequence()) {
      for (yaml::Entry& entry : node.entries) {
        if (&entry.value == block) prune_steps(entry.value, steps, next);
      }
      continue;
    }
    Step& step = steps[next++];
    keep_entries(node, [&](std::string_view key) { return is_asked(step, key); });
    if (node.entries.empty()) step.node = &kNothing;
  }
}

// The same of a job's or action's node, which stays where it is.
void prune(yaml::Node& node, std::vector<Step>& steps) {
  constexpr std::string_view kAsked[] = {"with", "secrets", "strategy",    "outputs",
                                         "env",  "runs-on", "permissions", "continue-on-error"};
  for (yaml::Entry& entry : node.entries) {
    std::size_t next = 0;
    if (entry.key.text == "steps" && entry.value.is_sequence()) prune_steps(entry.value, steps, next);
  }
  const bool any_step =
      std::any_of(steps.begin(), steps.end(), [](const Step& step) { return step.node != &kNothing; });
  keep_entries(node, [&](std::string_view key) {
    return std::find(std::begin(kAsked), std::end(kAsked), key) != std::end(kAsked) ||
           (any_step && key == "steps");
  });
}

yaml::Node* find_value(yaml::Node& node, std::string_view key) {
  const auto found = std::find_if(node.entries.begin(), node.entries.end(),
                                  [&](const yaml::Entry& entry) { return entry.key.text == key; });
  return found == node.entries.end() ? nullptr : &found->value;
}

}  // namespace

std::vector<Step> read_steps(const yaml::Node& list, std::vector<Remark>& remarks) {
  std::vector<Step> steps;
  if (!list.is_sequence()) {
    remarks.push_back(
        {list.line, fmt::format("a {} where a list of steps is expected", yaml::kind_name(list.kind))});
    return steps;
  }
  steps.reserve(list.items.size());
  for (const auto& item : list.items) add_step(item, steps, remarks);
  return steps;
}

void read_workflow(std::string_view text, Workflow& workflow) {
  if (!read_tree(text, workflow)) return;
  const yaml::Node& root = *workflow.root;
  if (const yaml::Node* on = root.find("on"); on != nullptr && !on->is_null()) {
    read_triggers(*on, workflow);
  } else {
    workflow.problem = "no 'on': GitHub does not know when to run it";
    workflow.refused = true;
  }
  if (const Trigger* call = workflow.trigger("workflow_call"); call != nullptr && call->filters != nullptr) {
    read_inputs(call->filters->find("inputs"), "string", workflow.inputs);
  }
  const yaml::Node* jobs = root.find("jobs");
  if (jobs == nullptr || !jobs->is_mapping()) {
    workflow.problem = jobs == nullptr ? std::string("no 'jobs'")
                                       : fmt::format("line {}: a {} where jobs are expected", jobs->line,
                                                     yaml::kind_name(jobs->kind));
    workflow.refused = true;
    return;
  }
  for (const auto& entry : jobs->entries) {
    if (entry.value.is_mapping()) {
      workflow.jobs.push_back(read_job(entry, workflow.remarks));
    } else {
      workflow.remarks.push_back(
          {entry.key.line, fmt::format("a {} where the job '{}' is expected",
                                       yaml::kind_name(entry.value.kind), entry.key.text)});
    }
  }
  if (!workflow.problem) refuse(workflow);
  std::size_t next = 0;
  for (yaml::Entry& entry : find_value(*workflow.root, "jobs")->entries) {
    if (entry.value.is_mapping()) prune(entry.value, workflow.jobs[next++].steps);
  }
}

void read_action(std::string_view text, Action& action) {
  if (!read_tree(text, action)) return;
  const yaml::Node* runs = action.root->find("runs");
  if (runs == nullptr || !runs->is_mapping()) {
    action.problem = "no 'runs'";
    return;
  }
  action.kind = text_of(runs->find("using"));
  read_inputs(action.root->find("inputs"), "string", action.inputs);
  const yaml::Node* steps = runs->find("steps");
  if (action.kind && lower(*action.kind) == "composite" && steps != nullptr) {
    action.steps = read_steps(*steps, action.remarks);
    prune(*find_value(*action.root, "runs"), action.steps);
  }
}

}  // namespace exitgate::collect::ci
