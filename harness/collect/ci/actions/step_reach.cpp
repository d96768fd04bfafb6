#include "harness/collect/ci/actions/step_reach.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/collect/ci/actions/job_contexts.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Condition;
using expression::Value;

class StepReach {
 public:
  StepReach(const Run& run, const Calls& calls, Conditions& conditions, Visits& visits)
      : run_(run), calls_(calls), conditions_(conditions), visits_(visits) {}

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
            outcome(own, own == Runs::no ? Possible(Value("skipped")) : any_result()));
        set(scope.after_ignored, *step.id,
            is_ignored(step) && own > Runs::no ? outcome(own, any_result(), result_of(own))
                                               : outcome(own, result_of(own)));
      }
      if (step.run && sets_variables(*step.run)) {
        // A script that does not name the variable does not set it. Names are kept in upper case.
        const std::string script = expression::upper(*step.run);
        for (auto& [name, value] : scope.env.members) {
          if (script.find(name) != std::string::npos) value = Possible::text("");
        }
      }
    }
    set(scope.contexts.named, "steps", Possible::object(done));
  }

 private:
  bool sets_variables(const std::string& script) const {
    const auto& files = run_.dialect.variable_files;
    return std::any_of(files.begin(), files.end(),
                       [&](std::string_view file) { return script.find(file) != std::string::npos; });
  }

  // Whether a failure is ignored, perhaps.
  static bool is_ignored(const Step& step) {
    return step.continue_on_error && *step.continue_on_error != "false";
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
    PartialContexts ignored = in_front_of(scope.contexts);
    set(ignored.named, "steps", Possible::object(scope.after_ignored));
    if (holds(condition, ignored) != Truth::no) return Runs::failure;
    PartialContexts failed = in_front_of(scope.contexts);
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
      const yaml::Node* given = find_input(with, input.name);
      if (given == nullptr) given = input.default_value;
      // An action's inputs are strings: 'false' is a string, which counts as true.
      set(inputs, input.name,
          given == nullptr ? Possible(Value("")) : as_text(evaluate_node(*given, from.contexts)));
    }
    const auto [known, widen] =
        visits_.remember(*action, runs, run_.number,
                         signature(Possible::object(inputs)) + signature(Possible::object(from.env)));
    if (known->second) return;
    known->second = runs;
    if (widen) {
      inputs = {};
      scope.env = {};
    }
    scope.contexts = base_contexts(run_, Possible::object(std::move(inputs)));
    visit(action->steps, scope);
  }

  const Run& run_;
  const Calls& calls_;
  Conditions& conditions_;
  Visits& visits_;
};

}  // namespace

PartialContexts base_contexts(const Run& run, const Possible& inputs) {
  PartialContexts contexts;
  contexts.named.others = Possible::anything();
  for (const std::string_view name : run.dialect.run_contexts) set(contexts.named, name, run.context);
  set(contexts.named, "inputs", inputs);
  for (const std::string_view name : {"vars", "secrets", "runner", "strategy"}) {
    set(contexts.named, name, Possible::object({}));
  }
  PartialObject job;
  set(job, "status", Value("success"));
  set(contexts.named, "job", Possible::object(std::move(job)));
  return contexts;
}

void reach_steps(std::vector<Step>& steps, Scope& scope, const Run& run, const Calls& calls,
                 Conditions& conditions, Visits& visits) {
  StepReach(run, calls, conditions, visits).visit(steps, scope);
}

}  // namespace exitgate::collect::ci::actions
