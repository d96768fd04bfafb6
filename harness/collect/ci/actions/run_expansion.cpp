#include "harness/collect/ci/actions/run_expansion.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/job_contexts.h"
#include "harness/collect/ci/actions/matrix.h"
#include "harness/collect/ci/actions/run_steps.h"
#include "harness/collect/ci/actions/step_reach.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Condition;
using expression::Value;

constexpr int kDeepestWorkflow = 10;  // levels of workflows, the one that an event starts among them

struct TooMany {};

// A workflow as it is started or called.
struct CalledWorkflow {
  Workflow* workflow = nullptr;
  Possible inputs;
  Symbols symbols;  // of inputs that are not known
  std::optional<std::size_t> caller;
  Runs runs = Runs::yes;
  std::vector<std::string> only_if;
  int depth = 1;
};

// `runner.os` of the labels of `runs-on:`; nullopt where they do not tell.
std::optional<std::string> system_of(const yaml::Node* runs_on, const PartialContexts& contexts) {
  if (runs_on == nullptr) return std::nullopt;
  if (runs_on->is_mapping()) return system_of(runs_on->find("labels"), contexts);
  std::vector<std::string> labels;
  const auto add = [&](const Value& value) {
    if (value.kind() == expression::ValueKind::array) {
      for (const Value& item : value.array().items) labels.push_back(lower(item.as_text()));
    } else {
      labels.push_back(lower(value.as_text()));
    }
  };
  const auto read = [&](const yaml::Node& node) {
    const Possible possible = evaluate_node(node, contexts);
    if (possible.known() != nullptr) add(*possible.known());
  };
  if (runs_on->is_scalar()) read(*runs_on);
  for (const auto& item : runs_on->items) read(item);
  for (const std::string& label : labels) {
    if (label == "linux" || label.starts_with("ubuntu-")) return "Linux";
    if (label == "windows" || label.starts_with("windows-")) return "Windows";
    if (label == "macos" || label.starts_with("macos-")) return "macOS";
  }
  return std::nullopt;
}

Possible runner_of(const Job& job, const PartialContexts& contexts) {
  PartialObject runner;
  if (const auto system = system_of(job.node->find("runs-on"), contexts)) set(runner, "os", Value(*system));
  return Possible::object(std::move(runner));
}

Possible strategy_of(const Job& job, const Matrix& matrix, std::size_t index, const Dialect& dialect) {
  PartialObject strategy;
  if (matrix.known && dialect.job_index) {
    set(strategy, "job-index", Value(static_cast<double>(index)));
    set(strategy, "job-total", Value(static_cast<double>(matrix.combinations.size())));
  }
  const yaml::Node* node = job.node->find("strategy");
  const yaml::Node* fail_fast = node == nullptr ? nullptr : node->find("fail-fast");
  if (fail_fast == nullptr) {
    set(strategy, "fail-fast", Value(matrix.given));
  } else if (fail_fast->kind == yaml::Kind::boolean) {
    set(strategy, "fail-fast", Value(fail_fast->boolean));
  }
  return Possible::object(std::move(strategy));
}

// A name that an expression can have.
std::string identifier(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain || c == '-' ? std::string(1, c) : std::string("_");
  }
  return name;
}

class Expander {
 public:
  Expander(Model& model, const Dialect& dialect, const Calls& calls,
           const std::optional<std::string>& repository)
      : model_(model), facts_(model.run), calls_(calls), repository_(repository), run_{dialect, {}, 0} {}

  Expansion expand() {
    for (Workflow& workflow : model_.workflows) {
      if (!calls_.runs_on_pull_requests(workflow)) continue;
      root_ = &workflow;
      std::optional<Marks> earlier;
      for (const std::string_view event : run_.dialect.pull_request_events) {
        const Trigger* trigger = workflow.trigger(event);
        if (trigger == nullptr) continue;
        const Marks before = marks();
        if (!expand(*trigger)) {
          drop(earlier.value_or(before));
          break;
        }
        if (earlier && same(*earlier, before)) drop(before);
        if (!earlier) earlier = before;
      }
    }
    return std::move(expansion_);
  }

 private:
  // Where the rows of an event begin.
  struct Marks {
    std::size_t jobs, steps, artifacts, expanded;
  };
  Marks marks() const {
    return {facts_.jobs.size(), facts_.steps.size(), facts_.artifacts.size(), expansion_.jobs.size()};
  }
  void drop(const Marks& from) {
    facts_.jobs.resize(from.jobs);
    facts_.steps.resize(from.steps);
    facts_.artifacts.resize(from.artifacts);
    expansion_.jobs.resize(from.expanded);
  }

  // Whether the rows from `second` on say of another event what those from `first` on say.
  bool same(const Marks& first, const Marks& second) const {
    const std::size_t jobs = second.jobs - first.jobs;
    const std::size_t steps = second.steps - first.steps;
    const std::size_t artifacts = second.artifacts - first.artifacts;
    if (facts_.jobs.size() - second.jobs != jobs || facts_.steps.size() - second.steps != steps ||
        facts_.artifacts.size() - second.artifacts != artifacts) {
      return false;
    }
    for (std::size_t i = 0; i < jobs; ++i) {
      const auto& one = facts_.jobs[first.jobs + i];
      const auto& other = facts_.jobs[second.jobs + i];
      if (one.file != other.file || one.job != other.job || one.combination != other.combination ||
          one.runs != other.runs || one.failure_ignored != other.failure_ignored) {
        return false;
      }
    }
    for (std::size_t i = 0; i < steps; ++i) {
      const auto& one = facts_.steps[first.steps + i];
      const auto& other = facts_.steps[second.steps + i];
      if (one.runs != other.runs || one.failure_ignored != other.failure_ignored) return false;
    }
    for (std::size_t i = 0; i < artifacts; ++i) {
      const auto& one = facts_.artifacts[first.artifacts + i];
      const auto& other = facts_.artifacts[second.artifacts + i];
      if (one.name != other.name || one.name_key != other.name_key ||
          one.name_pattern != other.name_pattern || one.pattern != other.pattern || one.path != other.path ||
          one.retention != other.retention || one.overwrite != other.overwrite) {
        return false;
      }
    }
    return true;
  }

  bool expand(const Trigger& trigger) {
    event_ = trigger.event;
    run_.context = run_.dialect.run_context(trigger, repository_);
    PartialObject inputs;
    inputs.others = Possible();
    CalledWorkflow root;
    root.workflow = root_;
    root.inputs = Possible::object(std::move(inputs));
    try {
      expand(root);
      return true;
    } catch (const TooMany&) {
      root_->problems.push_back(
          {trigger.line,
           fmt::format("a pull request starts more than {} jobs or {} steps: what they do is not looked at",
                       kMostJobInstances, kMostStepInstances)});
      return false;
    }
  }

  // Says what the workflow's jobs come to by themselves, the strongest of them.
  Runs expand(const CalledWorkflow& call) {
    const PartialContexts contexts = base_contexts(run_, call.inputs);
    JobStates states;
    Runs strongest = Runs::no;
    for (Job* job : in_order(*call.workflow)) {
      JobState& state = states[job->id];
      expand(call, *job, contexts, states, state);
      strongest = std::max(strongest, state.runs);
    }
    return strongest;
  }

  Runs job_runs(const Job& job, const JobStates& states, const JobState& state,
                const PartialContexts& contexts) {
    const Condition* condition = texts_.conditions.read(job.condition);
    if (condition == nullptr) return Runs::maybe;
    const Truth now = holds(*condition, contexts);
    if (now == Truth::yes) return Runs::yes;
    if (now == Truth::unknown) return Runs::maybe;
    const auto failed = after_failure(job, states, state, contexts);
    return failed && holds(*condition, *failed) != Truth::no ? Runs::failure : Runs::no;
  }

  SymbolScope tags_of(const CalledWorkflow& call, const Job& job) const {
    SymbolScope scope;
    scope.dialect = &run_.dialect;
    if (call.caller) scope.call = std::to_string(expansion_.jobs[*call.caller].row + 1);
    if (const yaml::Node* environment = job.node->find("environment")) {
      scope.environment =
          text_of(environment->is_mapping() ? environment->find("name") : environment).value_or("?");
    }
    return scope;
  }

  // The conditions of the job and of those that call it.
  std::vector<std::string> only_if(const CalledWorkflow& call, const Job& job,
                                   const PartialContexts& contexts) {
    std::vector<std::string> conditions = call.only_if;
    const Condition* condition = texts_.conditions.read(job.condition);
    if (condition == nullptr) return conditions;
    PartialContexts any = in_front_of(contexts);
    SymbolScope scope = tags_of(call, job);
    if (job.needs.empty()) {
      any.status = {Truth::yes, Truth::no, Truth::unknown};
      scope.status = "status_run";
    } else {
      set(any.named, "needs", Possible::anything());
      any.status = {Truth::unknown, Truth::unknown, Truth::unknown};
      const std::set<std::string> needs(job.needs.begin(), job.needs.end());
      scope.status = "status_needs_" + scope.call;
      for (const std::string& id : needs) scope.status += '_' + identifier(id);
    }
    scope.contexts = &any;
    scope.symbols = &call.symbols;
    add_condition(*condition, scope, conditions);
    return conditions;
  }

  void expand(const CalledWorkflow& call, Job& job, PartialContexts contexts, const JobStates& states,
              JobState& state) {
    add_needs(job, states, state, contexts);
    state.ignored = job.continue_on_error == "true";
    state.runs = job_runs(job, states, state, contexts);
    const auto condition_contexts = std::make_shared<const PartialContexts>(contexts);
    const std::vector<std::string> conditions = only_if(call, job, contexts);
    const Matrix matrix = read_matrix(*job.node, contexts);
    if (matrix.too_many) throw TooMany();
    if (matrix.combinations.empty()) {
      state.runs = Runs::no;
      return;
    }
    contexts.status = {};
    set_job(job, contexts);
    const Runs own = state.runs;
    std::optional<Possible> outputs;
    for (std::size_t i = 0; i < matrix.combinations.size(); ++i) {
      set(contexts.named, "matrix", Possible::object(matrix.combinations[i]));
      set(contexts.named, "strategy", strategy_of(job, matrix, i, run_.dialect));
      set(contexts.named, "runner", runner_of(job, contexts));
      const std::size_t index = add(call, job, matrix, i, contexts, own);
      expansion_.jobs[index].condition_contexts = condition_contexts;
      if (std::min(call.runs, own) == Runs::no) continue;
      if (job.uses) {
        const Runs inner = expand_call(call, job, index, conditions, std::min(call.runs, own));
        // A call all of whose jobs may be skipped may count as skipped to those who need it.
        if (inner != Runs::yes) state.runs = std::min(state.runs, Runs::maybe);
        continue;
      }
      const Possible one = expand_steps(call, job, index, conditions, matrix.combinations.size());
      outputs = outputs ? expression::join(*outputs, one) : one;
    }
    if (outputs) state.outputs = matrix.combinations.size() == 1 ? *outputs : Possible::object({});
  }

  // `github.job` is the job's id.
  void set_job(const Job& job, PartialContexts& contexts) const {
    if (run_.context.kind() != Possible::Kind::object) return;
    PartialObject described = run_.context.members();
    set(described, "job", Value(job.id));
    const Possible context = Possible::object(std::move(described));
    for (const std::string_view name : run_.dialect.run_contexts) set(contexts.named, name, context);
  }

  std::size_t add(const CalledWorkflow& call, const Job& job, const Matrix& matrix, std::size_t combination,
                  const PartialContexts& contexts, Runs own) {
    if (facts_.jobs.size() >= kMostJobInstances || facts_.steps.size() >= kMostStepInstances) throw TooMany();
    facts::ci::JobInstance row{};
    row.id = static_cast<std::int64_t>(facts_.jobs.size() + 1);
    row.root = root_->path;
    row.event = event_;
    row.file = call.workflow->path;
    row.job = job.id;
    row.line = job.line;
    if (call.caller) row.caller = static_cast<std::int64_t>(expansion_.jobs[*call.caller].row + 1);
    if (matrix.given) row.combination = matrix.known ? matrix.texts[combination] : "{}";
    row.complete = matrix.known;
    row.runs = fact_of_runs(std::min(call.runs, own));
    row.failure_ignored = fact_of_ignored(is_ignored(job.continue_on_error, contexts, texts_.templates));

    ExpandedJob& expanded = expansion_.jobs.emplace_back();
    expanded.row = facts_.jobs.size();
    expanded.workflow = call.workflow;
    expanded.job = &job;
    expanded.caller = call.caller;
    auto scope = std::make_shared<StepScope>();
    scope->contexts = contexts;
    scope->symbols = call.symbols;
    scope->tags = tags_of(call, job);
    scope->tags.job = std::to_string(row.id);
    expanded.scope = std::move(scope);
    facts_.jobs.push_back(std::move(row));
    return expansion_.jobs.size() - 1;
  }

  Runs expand_call(const CalledWorkflow& from, const Job& job, std::size_t index,
                   const std::vector<std::string>& conditions, Runs runs) {
    Workflow* callee = calls_.workflow(job);
    if (callee == nullptr || from.depth >= kDeepestWorkflow) return Runs::yes;
    const auto scope = expansion_.jobs[index].scope;  // kept while the list grows
    SymbolScope tags = scope->tags;
    tags.contexts = &scope->contexts;
    tags.symbols = &scope->symbols;
    CalledWorkflow call;
    call.workflow = callee;
    call.inputs = inputs_of(*callee, job, scope->contexts);
    call.caller = index;
    call.runs = runs;
    call.only_if = conditions;
    call.depth = from.depth + 1;
    const yaml::Node* with = job.node->find("with");
    for (const Input& input : callee->inputs) {
      const yaml::Node* given = find_input(with, input.name);
      if (given == nullptr) given = input.default_value;
      if (given == nullptr || call.inputs.members().find(input.name).known() != nullptr) continue;
      call.symbols.emplace("INPUTS." + expression::upper(input.name),
                           symbol_of(given->text, texts_.templates, tags));
    }
    return expand(call);
  }

  // What the job's steps set for those who need it.
  Possible expand_steps(const CalledWorkflow& call, const Job& job, std::size_t index,
                        const std::vector<std::string>& conditions, std::size_t combinations) {
    ExpandedJob& expanded = expansion_.jobs[index];
    PartialContexts contexts = expanded.scope->contexts;
    PartialObject env;
    Symbols symbols = call.symbols;
    SymbolScope scope = expanded.scope->tags;
    scope.contexts = &contexts;
    scope.symbols = &call.symbols;
    for (const yaml::Node* node : {call.workflow->root->find("env"), job.node->find("env")}) {
      add_env_symbols(node, scope, texts_.templates, symbols);
      add_env(node, contexts, env);
    }
    set(contexts.named, "steps",
        actions::expand_steps(expanded, env, std::move(symbols), conditions, run_, calls_, texts_, facts_));
    if (facts_.steps.size() >= kMostStepInstances) throw TooMany();
    set(contexts.named, "env", Possible::object(std::move(env)));
    return outputs_of(job, contexts, combinations, expanded_runs(index));
  }

  Runs expanded_runs(std::size_t index) const {
    const facts::ci::Runs runs = facts_.jobs[expansion_.jobs[index].row].runs;
    return runs == facts::ci::Runs::yes ? Runs::yes : runs == facts::ci::Runs::no ? Runs::no : Runs::maybe;
  }

  Model& model_;
  RunFacts& facts_;
  const Calls& calls_;
  std::optional<std::string> repository_;
  Run run_;
  RunTexts texts_;
  Expansion expansion_;
  Workflow* root_ = nullptr;
  std::string event_;
};

}  // namespace

Expansion expand_runs(Model& model, const Dialect& dialect, const Calls& calls,
                      const std::optional<std::string>& repository) {
  return Expander(model, dialect, calls, repository).expand();
}

}  // namespace exitgate::collect::ci::actions
