#include "harness/collect/ci/reachability.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "harness/collect/ci/context.h"
#include "harness/collect/ci/matrix.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci {

namespace {

using expression::Condition;
using expression::Value;

// A file is looked at once for all calls that give the same, for so many that give something else, and then
// once more with inputs that are not known: the cost stays linear in the calls.
constexpr int kMostVisits = 64;
constexpr int kDeepestCall = 20;

const Possible kSuccessOrSkipped = Possible::one_of({Value("success"), Value("skipped")});
const Possible kAnyResult =
    Possible::one_of({Value("success"), Value("failure"), Value("cancelled"), Value("skipped")});

const Possible kIgnoredResult = Possible::one_of({Value("success"), Value("cancelled"), Value("skipped")});

// `result` and `outcome` where nothing fails, of what runs so.
Possible result_of(Runs runs) {
  if (runs == Runs::yes) return Value("success");
  return runs == Runs::maybe ? kSuccessOrSkipped : Possible(Value("skipped"));
}

Truth both(Truth one, Truth other) {
  if (one == Truth::no || other == Truth::no) return Truth::no;
  return one == Truth::yes && other == Truth::yes ? Truth::yes : Truth::unknown;
}

Truth holds(const Condition& condition, const PartialContexts& contexts) {
  const Truth own = condition.mixed ? Truth::yes : expression::abstract(condition.tree, contexts).truth();
  return condition.implied_success ? both(contexts.status.success, own) : own;
}

// Conditions are read once for each text, however many calls lead to it.
class Conditions {
 public:
  // nullptr when it cannot be read: then it is not known what it says.
  const Condition* read(const std::optional<std::string>& text, std::string* problem = nullptr) {
    const auto [at, is_new] = read_.try_emplace(text.value_or(""));
    if (is_new) {
      try {
        at->second.condition = expression::read_condition(text);
      } catch (const expression::SyntaxError& error) {
        at->second.problem = error.what();
      }
    }
    if (problem != nullptr) *problem = at->second.problem;
    return at->second.problem.empty() ? &at->second.condition : nullptr;
  }

 private:
  struct Read {
    Condition condition;
    std::string problem;
  };
  std::unordered_map<std::string, Read> read_;
};

// What is the same for all steps of one run of a job or composite action.
struct Scope {
  PartialContexts contexts;             // github, inputs, needs, matrix, …
  std::vector<PartialObject> matrices;  // the combinations
  PartialObject env;
  PartialObject after_failure;  // the `steps` context where one of them has failed
  PartialObject after_ignored;  // the same where that was ignored (`continue-on-error`), and all goes on
  Runs runs = Runs::yes;        // of the job, or of the step that calls the action
  int depth = 0;
};

class Reach {
 public:
  Reach(Model& model, const Calls& calls, const std::optional<std::string>& repository)
      : model_(model), calls_(calls), repository_(repository) {}

  void run() {
    for (Workflow& workflow : model_.workflows) {
      if (!runs_on_pull_requests(workflow)) continue;
      for (const std::string_view event : {"pull_request", "pull_request_target"}) {
        const Trigger* trigger = workflow.trigger(event);
        if (trigger == nullptr) continue;
        github_ = github_context(*trigger, repository_);
        github_number_ =
            github_numbers_.try_emplace(signature(github_), github_numbers_.size()).first->second;
        PartialObject inputs;
        inputs.others = Possible();
        visit(workflow, Possible::object(std::move(inputs)), Runs::yes, 0);
      }
    }
  }

  // Conditions of composite actions that GitHub would refuse; those of workflows are the workflow's problem.
  void remark() {
    for (Action& action : model_.actions) {
      for (const Step& step : action.steps) remark_on(step.condition, step.condition_line, action);
    }
  }

 private:
  void remark_on(const std::optional<std::string>& condition, int line, File& file) {
    std::string problem;
    if (conditions_.read(condition, &problem) == nullptr) {
      file.remarks.push_back({line, fmt::format("'if' cannot be read: {}", problem)});
    }
  }

  // The contexts that every expression of a workflow can name.
  PartialContexts base_contexts(const Possible& inputs) const {
    PartialContexts contexts;
    contexts.named.others = Possible::anything();
    set(contexts.named, "github", github_);
    set(contexts.named, "inputs", inputs);
    for (const std::string_view name : {"vars", "secrets", "runner", "strategy"}) {
      set(contexts.named, name, Possible::object({}));
    }
    PartialObject job;
    set(job, "status", Value("success"));
    set(contexts.named, "job", Possible::object(std::move(job)));
    return contexts;
  }

  // --- workflows ---

  struct JobState {
    Runs runs = Runs::no;
    bool ignored = false;  // `continue-on-error: true`: where it fails its result is 'success'
    std::set<std::string> ancestors;
    Possible outputs = Possible::object({});
  };
  using States = std::map<std::string, JobState>;

  // Says what the workflow's jobs come to by themselves, the strongest of them.
  Runs visit(Workflow& workflow, const Possible& inputs, Runs called, int depth) {
    if (depth > kDeepestCall) return Runs::maybe;
    Possible given = inputs;
    const auto [known, widen] = remember(workflow, called, signature(inputs));
    if (known->second) return *known->second;
    known->second = Runs::maybe;  // should it call itself
    if (widen) given = Possible::object({});
    const PartialContexts contexts = base_contexts(given);
    States states;
    Runs strongest = Runs::no;
    for (Job* job : in_order(workflow)) {
      JobState& state = states[job->id];
      visit(workflow, *job, contexts, states, state, called, depth);
      strongest = std::max(strongest, state.runs);
    }
    known->second = strongest;
    return strongest;
  }

  using Visit = std::tuple<const File*, Runs, std::size_t, std::string>;
  using Visits = std::map<Visit, std::optional<Runs>>;

  // What a call that gives the same came to; nullopt in it for the first of them. `true`: too many give
  // something else, so look at it for all of them.
  std::pair<Visits::iterator, bool> remember(const File& file, Runs called, const std::string& given) {
    const auto known = visits_.find({&file, called, github_number_, given});
    if (known != visits_.end()) return {known, false};
    const bool widen = ++visit_count_[&file] > kMostVisits;
    return {visits_.try_emplace({&file, called, github_number_, widen ? "" : given}).first, widen};
  }

  // Each job behind those it needs; jobs that wait for each other, which GitHub refuses, come last.
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

  // `needs` and success() where nothing fails.
  static void add_needs(const Job& job, const States& states, JobState& state, PartialContexts& contexts) {
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
      contexts.status.success =
          both(contexts.status.success, runs == Runs::maybe ? Truth::unknown : Truth::no);
    }
  }

  // The same where something before the job has failed; nullopt when nothing before it can.
  static std::optional<PartialContexts> after_failure(const Job& job, const States& states,
                                                      const JobState& state, PartialContexts contexts) {
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
    set(contexts.named, "needs", Possible::object(std::move(needs)));
    // All may have failed and been ignored, or something was cancelled.
    contexts.status = {can_fail ? Truth::no : Truth::unknown, can_fail ? Truth::unknown : Truth::no,
                       Truth::unknown};
    return contexts;
  }

  // What has failed may have set some of its outputs.
  static Possible or_nothing(const Possible& outputs) {
    PartialObject some = outputs.members();
    for (auto& [name, value] : some.members) value = expression::join(value, Value());
    return Possible::object(std::move(some));
  }

  Runs job_runs(const Job& job, const States& states, const JobState& state,
                const PartialContexts& contexts) {
    const Condition* condition = conditions_.read(job.condition);
    if (condition == nullptr) return Runs::maybe;
    const Truth now = holds(*condition, contexts);
    if (now == Truth::yes) return Runs::yes;
    if (now == Truth::unknown) return Runs::maybe;
    const auto failed = after_failure(job, states, state, contexts);
    return failed && holds(*condition, *failed) != Truth::no ? Runs::failure : Runs::no;
  }

  void visit(Workflow& workflow, Job& job, PartialContexts contexts, const States& states, JobState& state,
             Runs called, int depth) {
    add_needs(job, states, state, contexts);
    state.ignored = text_of(job.node->find("continue-on-error")) == "true";
    state.runs = job_runs(job, states, state, contexts);
    const Matrix matrix = read_matrix(*job.node, contexts);
    if (matrix.combinations.empty()) state.runs = Runs::no;
    const Runs runs = std::min(called, state.runs);
    job.runs = std::max(job.runs, runs);

    Scope scope;
    scope.runs = runs;
    scope.depth = depth;
    scope.matrices = matrix.combinations;
    if (scope.matrices.empty()) scope.matrices.emplace_back();
    contexts.status = {};
    set(contexts.named, "matrix", any_of(scope.matrices));
    if (job.uses) {
      if (Workflow* callee = calls_.workflow(job)) {
        const Runs inner = visit(*callee, inputs_of(*callee, job, contexts), runs, depth + 1);
        // A call all of whose jobs may be skipped may count as skipped to those who need it.
        if (inner != Runs::yes) state.runs = std::min(state.runs, Runs::maybe);
      }
      return;
    }
    add_env(workflow.root->find("env"), contexts, scope.env);
    add_env(job.node->find("env"), contexts, scope.env);
    scope.contexts = std::move(contexts);
    visit(job.steps, scope);
    state.outputs = outputs_of(job, scope, state.runs);
  }

  // Any of the combinations.
  static Possible any_of(const std::vector<PartialObject>& matrices) {
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

  static Possible inputs_of(const Workflow& callee, const Job& job, const PartialContexts& contexts) {
    const yaml::Node* with = job.node->find("with");
    PartialObject inputs;
    inputs.others = Possible();
    for (const Input& input : callee.inputs) {
      const yaml::Node* given = with == nullptr ? nullptr : with->find(input.name);
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

  static void add_env(const yaml::Node* env, const PartialContexts& contexts, PartialObject& into) {
    if (env == nullptr || !env->is_mapping()) return;
    for (const auto& entry : env->entries) {
      set(into, entry.key.text, as_text(evaluate_node(entry.value, contexts)));
    }
  }

  // `outputs` of a job that others need: texts, and nothing when it is skipped.
  static Possible outputs_of(const Job& job, const Scope& scope, Runs runs) {
    PartialObject outputs;
    outputs.others = Possible();
    const yaml::Node* node = job.node->find("outputs");
    if (node == nullptr || !node->is_mapping() || runs <= Runs::failure)
      return Possible::object(std::move(outputs));
    for (const auto& entry : node->entries) {
      Possible value = as_text(evaluate_node(entry.value, scope.contexts));
      // Of several combinations one sets it, nobody knows which; an empty one counts as not set.
      if (runs != Runs::yes || scope.matrices.size() > 1) value = expression::join(value, Value());
      set(outputs, entry.key.text, std::move(value));
    }
    return Possible::object(std::move(outputs));
  }

  // --- steps, of jobs and of composite actions ---

  static bool sets_variable(const Step& step, std::string_view name) {
    return expression::upper(*step.run).find(name) != std::string::npos;
  }

  void visit(std::vector<Step>& steps, Scope& scope) {
    PartialObject done;  // the `steps` context
    done.others = Possible();
    scope.after_failure = done;
    scope.after_ignored = done;
    for (Step& step : steps) {
      set(scope.contexts.named, "steps", Possible::object(done));
      const Runs own = step_runs(step, scope);
      const Runs runs = std::min(scope.runs, own);
      step.runs = std::max(step.runs, runs);
      if (step.uses) call(step, steps, scope, runs);
      if (step.id) {
        set(done, *step.id, outcome(own, result_of(own)));
        set(scope.after_failure, *step.id,
            outcome(own, own == Runs::no ? Possible(Value("skipped")) : kAnyResult));
        set(scope.after_ignored, *step.id,
            is_ignored(*step.node) && own > Runs::no ? outcome(own, kAnyResult, result_of(own))
                                                     : outcome(own, result_of(own)));
      }
      if (step.run && step.run->find("GITHUB_ENV") != std::string::npos) {
        for (auto& [name, value] : scope.env.members) {
          // A script that does not name the variable does not set it. Names are kept in upper case.
          if (sets_variable(step, name)) value = Possible::text("");
        }
      }
    }
    set(scope.contexts.named, "steps", Possible::object(done));
  }

  // Whether a failure is ignored, perhaps.
  static bool is_ignored(const yaml::Node& node) {
    const auto text = text_of(node.find("continue-on-error"));
    return text && *text != "false";
  }

  static Possible outcome(Runs runs, const Possible& result) { return outcome(runs, result, result); }
  static Possible outcome(Runs runs, const Possible& result, const Possible& conclusion) {
    PartialObject step;
    set(step, "outcome", result);
    set(step, "conclusion", conclusion);
    if (runs > Runs::no) {
      set(step, "outputs", Possible::object({}));
    } else {
      PartialObject none;
      none.others = Possible();
      set(step, "outputs", Possible::object(std::move(none)));
    }
    return Possible::object(std::move(step));
  }

  Runs step_runs(const Step& step, Scope& scope) {
    if (!step.condition) return Runs::yes;
    const Condition* condition = conditions_.read(step.condition);
    if (condition == nullptr) return Runs::maybe;
    PartialObject env = scope.env;
    add_env(step.node->find("env"), scope.contexts, env);
    set(scope.contexts.named, "env", Possible::object(std::move(env)));

    // 'yes' of all combinations is 'yes', 'no' of all is 'no'.
    std::optional<Runs> of_all;
    const std::size_t count = step.condition->find("atrix") == std::string::npos &&
                                      step.condition->find("ATRIX") == std::string::npos
                                  ? 1
                                  : scope.matrices.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (count > 1) set(scope.contexts.named, "matrix", Possible::object(scope.matrices[i]));
      const Runs one = step_runs(*condition, scope);
      of_all = !of_all || *of_all == one ? one : mixed(*of_all, one);
    }
    if (count > 1) set(scope.contexts.named, "matrix", any_of(scope.matrices));
    return *of_all;
  }

  // Of two combinations that differ.
  static Runs mixed(Runs one, Runs other) {
    return std::max(one, other) >= Runs::maybe ? Runs::maybe : Runs::failure;
  }

  static Runs step_runs(const Condition& condition, const Scope& scope) {
    const Truth now = holds(condition, scope.contexts);
    if (now == Truth::yes) return Runs::yes;
    if (now == Truth::unknown) return Runs::maybe;
    PartialContexts ignored = scope.contexts;
    set(ignored.named, "steps", Possible::object(scope.after_ignored));
    if (holds(condition, ignored) != Truth::no) return Runs::failure;
    PartialContexts failed = scope.contexts;
    failed.status = {Truth::no, Truth::unknown, Truth::unknown};
    set(failed.named, "steps", Possible::object(scope.after_failure));
    set(failed.named, "job", Possible::object({}));
    return holds(condition, failed) == Truth::no ? Runs::no : Runs::failure;
  }

  void call(const Step& step, const std::vector<Step>& steps, const Scope& from, Runs runs) {
    Action* action = calls_.action(step, steps);
    if (action == nullptr || action->steps.empty() || from.depth >= kDeepestCall) return;
    Scope scope;
    scope.depth = from.depth + 1;
    scope.runs = runs;
    scope.env = from.env;
    scope.matrices = {PartialObject{}};
    PartialObject inputs;
    inputs.others = Possible();
    const yaml::Node* with = step.node->find("with");
    for (const Input& input : action->inputs) {
      const yaml::Node* given = with == nullptr ? nullptr : with->find(input.name);
      if (given == nullptr) given = input.default_value;
      // An action's inputs are texts: 'false' is a text, which counts as true.
      set(inputs, input.name,
          given == nullptr ? Possible(Value("")) : as_text(evaluate_node(*given, from.contexts)));
    }
    const auto [known, widen] =
        remember(*action, runs, signature(Possible::object(inputs)) + signature(Possible::object(from.env)));
    if (known->second) return;
    known->second = runs;
    if (widen) {
      inputs = {};
      scope.env = {};
    }
    scope.contexts = base_contexts(Possible::object(std::move(inputs)));
    visit(action->steps, scope);
  }

  Model& model_;
  const Calls& calls_;
  std::optional<std::string> repository_;
  Conditions conditions_;
  Possible github_;
  std::unordered_map<std::string, std::size_t> github_numbers_;  // by what is known of the event
  std::size_t github_number_ = 0;
  std::unordered_map<const File*, int> visit_count_;
  Visits visits_;
};

}  // namespace

void reach(Model& model, const Calls& calls, const Ways& ways, const std::optional<std::string>& repository) {
  Reach reach(model, calls, repository);
  reach.run();
  reach.remark();
  // A chain of calls that is longer than any that was followed.
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider != "github" || !ways.contains(workflow.path)) continue;
    for (Job& job : workflow.jobs) {
      if (job.runs == Runs::unreached) job.runs = Runs::maybe;
      for (Step& step : job.steps) {
        if (step.runs == Runs::unreached) step.runs = Runs::maybe;
      }
    }
  }
  for (Action& action : model.actions) {
    if (!ways.contains(action.path)) continue;
    for (Step& step : action.steps) {
      if (step.runs == Runs::unreached) step.runs = Runs::maybe;
    }
  }
}

}  // namespace exitgate::collect::ci
