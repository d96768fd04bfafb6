#include "harness/collect/ci/actions/reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/artifact_step.h"
#include "harness/collect/ci/actions/prune.h"
#include "harness/collect/ci/actions/validation.h"
#include "harness/collect/ci/json.h"
#include "harness/collect/ci/merge_keys.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

namespace {

// Parses into file.root; false with file.problem set when that fails or when it is not a mapping.
bool read_tree(std::string_view text, const Dialect& dialect, File& file) {
  try {
    file.root = std::make_unique<yaml::Node>(yaml::parse(
        text, {.ignore_key_case = dialect.ignore_key_case, .lenient = true, .word_anchors = true}));
  } catch (const yaml::Problem& problem) {
    file.problem = fmt::format("line {}: {}", problem.line, problem.what());
    return false;
  }
  if (dialect.merge_keys) {
    apply_merge_keys(*file.root);
  } else if (const yaml::Node* merge = find_merge_key(*file.root)) {
    file.problem =
        fmt::format("line {}: a merge key '<<', which {} does not know", merge->line, dialect.title);
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
    workflow.problems.push_back(
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

std::vector<Service> read_services(const yaml::Node* services, std::vector<Problem>& problems) {
  std::vector<Service> list;
  if (services == nullptr || services->is_null()) return list;
  if (!services->is_mapping()) {
    problems.push_back({services->line, "services that are known only when the job runs"});
    return list;
  }
  for (const auto& entry : services->entries) {
    // GitHub takes a bare image as well as a mapping.
    auto image = entry.value.is_mapping() ? text_of(entry.value.find("image")) : text_of(&entry.value);
    list.push_back({entry.key.text, std::move(image), entry.key.line});
  }
  return list;
}

void add_step(const yaml::Node& node, const Dialect& dialect, std::vector<Step>& steps,
              std::vector<Problem>& problems) {
  if (!node.is_mapping()) {
    problems.push_back({node.line, fmt::format("a {} where a step is expected", yaml::kind_name(node.kind))});
    return;
  }
  if (const yaml::Node* block = node.find("parallel"); block != nullptr && block->is_sequence()) {
    for (const auto& item : block->items) add_step(item, dialect, steps, problems);
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
  step.run_line = line_of(node.find("run"));
  // A block scalar begins on the line below its key.
  if (step.run && node.find("run")->quoted && step.run->find('\n') != std::string::npos) ++step.run_line;
  step.condition = text_of(node.find("if"));
  step.condition_line = line_of(node.find("if"));
  step.continue_on_error = text_of(node.find("continue-on-error"));
  step.working_directory = text_of(node.find("working-directory"));
  step.shell = text_of(node.find("shell"));
  step.timeout_minutes = text_of(node.find("timeout-minutes"));
  step.raw = raw_json(node);
  step.node = &node;
  if (const yaml::Node* with = node.find("with"); with != nullptr && !with->is_null())
    step.inputs = to_json(*with, Scalars::as_written);
  if (const yaml::Node* env = node.find("env"); env != nullptr && !env->is_null())
    step.environment = to_json(*env, Scalars::as_written);
  if (auto artifact = read_artifact(step, dialect))
    step.artifact = std::make_shared<Artifact>(std::move(*artifact));
  steps.push_back(std::move(step));
}

bool is_ignored(std::string_view key, const Dialect& dialect) {
  const auto& ignored = dialect.ignored_job_keys;
  return std::find(ignored.begin(), ignored.end(), key) != ignored.end();
}

const yaml::Node* find_path(const yaml::Node& node, std::initializer_list<std::string_view> keys) {
  const yaml::Node* found = &node;
  for (const std::string_view key : keys) {
    if (found != nullptr) found = found->find(key);
  }
  return found;
}

std::optional<Concurrency> read_concurrency(const yaml::Node* node, const Dialect& dialect) {
  if (node == nullptr || !dialect.group_deadlocks) return std::nullopt;
  const yaml::Node* group = node->is_mapping() ? node->find("group") : node;
  const auto name = text_of(group);
  if (!name) return std::nullopt;
  return Concurrency{line_of(group), *name,
                     node->is_mapping() ? text_of(node->find("cancel-in-progress")) : std::nullopt};
}

Job read_job(const yaml::Entry& entry, const Dialect& dialect, std::vector<Problem>& problems) {
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
  if (!is_ignored("continue-on-error", dialect))
    job.continue_on_error = text_of(node.find("continue-on-error"));
  if (const yaml::Node* run = find_path(node, {"defaults", "run"})) {
    job.default_directory = text_of(run->find("working-directory"));
    job.default_shell = text_of(run->find("shell"));
  }
  job.concurrency = read_concurrency(node.find("concurrency"), dialect);
  if (!is_ignored("timeout-minutes", dialect)) job.timeout_minutes = text_of(node.find("timeout-minutes"));
  const yaml::Node* concurrency = node.find("concurrency");
  if (concurrency != nullptr && !concurrency->is_null() && !is_ignored("concurrency", dialect))
    job.concurrency_json = to_json(*concurrency);
  job.raw = raw_json(node);
  job.needs = read_needs(node.find("needs"));
  job.services = read_services(node.find("services"), problems);
  if (const yaml::Node* steps = node.find("steps")) job.steps = read_steps(*steps, dialect, problems);
  return job;
}

yaml::Node* find_value(yaml::Node& node, std::string_view key) {
  const auto found = std::find_if(node.entries.begin(), node.entries.end(),
                                  [&](const yaml::Entry& entry) { return entry.key.text == key; });
  return found == node.entries.end() ? nullptr : &found->value;
}

// Conditions that cannot be read; those of workflows are the workflow's problem.
void check_conditions(Action& action) {
  for (const Step& step : action.steps) {
    try {
      expression::read_condition(step.condition);
    } catch (const expression::SyntaxError& error) {
      action.problems.push_back({step.condition_line, fmt::format("'if' cannot be read: {}", error.what())});
    }
  }
}

// Values that are written as they stand; once the node is pruned.
void find_values(Job& job, const yaml::Node& root, const Dialect& dialect) {
  const yaml::Node& node = *job.node;
  const yaml::Node* strategy = node.find("strategy");
  job.runs_on = node.find("runs-on");
  job.matrix = strategy == nullptr ? nullptr : strategy->find("matrix");
  if (!is_ignored("permissions", dialect)) {
    job.permissions = node.find("permissions");
    if (job.permissions == nullptr) job.permissions = root.find("permissions");
  }
  job.environment = node.find("env");
}

}  // namespace

std::vector<Step> read_steps(const yaml::Node& list, const Dialect& dialect, std::vector<Problem>& problems) {
  std::vector<Step> steps;
  if (!list.is_sequence()) {
    problems.push_back(
        {list.line, fmt::format("a {} where a list of steps is expected", yaml::kind_name(list.kind))});
    return steps;
  }
  steps.reserve(list.items.size());
  for (const auto& item : list.items) add_step(item, dialect, steps, problems);
  return steps;
}

bool is_action_file(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return name == "action.yml" || name == "action.yaml";
}

void read_workflow(std::string_view text, const Dialect& dialect, Workflow& workflow) {
  if (!read_tree(text, dialect, workflow)) return;
  const yaml::Node& root = *workflow.root;
  if (const yaml::Node* on = root.find("on"); on != nullptr && !on->is_null()) {
    read_triggers(*on, workflow);
  } else {
    workflow.problem = fmt::format("no 'on': {} does not know when to run it", dialect.title);
    workflow.invalid = true;
  }
  if (const Trigger* call = workflow.trigger("workflow_call"); call != nullptr && call->filters != nullptr) {
    read_inputs(call->filters->find("inputs"), "string", workflow.inputs);
  }
  workflow.raw = raw_json(root, [](const yaml::Entry& entry) { return entry.key.text == "jobs"; });
  const yaml::Node* jobs = root.find("jobs");
  if (jobs == nullptr || !jobs->is_mapping()) {
    workflow.problem = jobs == nullptr ? std::string("no 'jobs'")
                                       : fmt::format("line {}: a {} where jobs are expected", jobs->line,
                                                     yaml::kind_name(jobs->kind));
    workflow.invalid = true;
    return;
  }
  workflow.concurrency = read_concurrency(root.find("concurrency"), dialect);
  for (const auto& entry : jobs->entries) {
    if (entry.value.is_mapping()) {
      workflow.jobs.push_back(read_job(entry, dialect, workflow.problems));
    } else {
      workflow.problems.push_back(
          {entry.key.line, fmt::format("a {} where the job '{}' is expected",
                                       yaml::kind_name(entry.value.kind), entry.key.text)});
    }
  }
  if (!workflow.problem) validate(workflow, dialect);
  std::size_t next = 0;
  for (yaml::Entry& entry : find_value(*workflow.root, "jobs")->entries) {
    if (!entry.value.is_mapping()) continue;
    Job& job = workflow.jobs[next++];
    prune(entry.value, job.steps);
    find_values(job, root, dialect);
  }
}

void read_action(std::string_view text, const Dialect& dialect, Action& action) {
  if (!read_tree(text, dialect, action)) return;
  const yaml::Node* runs = action.root->find("runs");
  if (runs == nullptr || !runs->is_mapping()) {
    action.problem = "no 'runs'";
    return;
  }
  action.kind = text_of(runs->find("using"));
  read_inputs(action.root->find("inputs"), "string", action.inputs);
  const yaml::Node* steps = runs->find("steps");
  if (action.kind && lower(*action.kind) == "composite" && steps != nullptr) {
    action.steps = read_steps(*steps, dialect, action.problems);
    check_conditions(action);
    prune(*find_value(*action.root, "runs"), action.steps);
  }
}

}  // namespace exitgate::collect::ci::actions
