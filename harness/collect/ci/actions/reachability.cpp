#include "harness/collect/ci/actions/reachability.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "harness/collect/ci/actions/conditions.h"
#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/actions/job_contexts.h"
#include "harness/collect/ci/actions/matrix.h"
#include "harness/collect/ci/actions/step_reach.h"
#include "harness/collect/ci/actions/visits.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Condition;

class Reach {
 public:
  Reach(Model& model, const Dialect& dialect, const Calls& calls,
        const std::optional<std::string>& repository)
      : model_(model), calls_(calls), repository_(repository), run_{dialect, {}, 0} {}

  void run() {
    for (Workflow& workflow : model_.workflows) {
      if (!calls_.runs_on_pull_requests(workflow)) continue;
      for (const std::string_view event : run_.dialect.pull_request_events) {
        const Trigger* trigger = workflow.trigger(event);
        if (trigger == nullptr) continue;
        run_.context = run_.dialect.run_context(*trigger, repository_);
        run_.number = numbers_.try_emplace(signature(run_.context), numbers_.size()).first->second;
        PartialObject inputs;
        inputs.others = Possible();
        visit(workflow, Possible::object(std::move(inputs)), Runs::yes, 0);
      }
    }
  }

 private:
  // Says what the workflow's jobs come to by themselves, the strongest of them.
  Runs visit(Workflow& workflow, const Possible& inputs, Runs called, int depth) {
    if (depth > kDeepestCall) return Runs::maybe;
    Possible given = inputs;
    const auto [known, widen] = visits_.remember(workflow, called, run_.number, signature(inputs));
    if (known->second) return *known->second;
    known->second = Runs::maybe;  // should it call itself
    if (widen) given = Possible::object({});
    const PartialContexts contexts = base_contexts(run_, given);
    JobStates states;
    Runs strongest = Runs::no;
    for (Job* job : in_order(workflow)) {
      JobState& state = states[job->id];
      visit(workflow, *job, contexts, states, state, called, depth);
      strongest = std::max(strongest, state.runs);
    }
    known->second = strongest;
    return strongest;
  }

  Runs job_runs(const Job& job, const JobStates& states, const JobState& state,
                const PartialContexts& contexts) {
    const Condition* condition = conditions_.read(job.condition);
    if (condition == nullptr) return Runs::maybe;
    const Truth now = holds(*condition, contexts);
    if (now == Truth::yes) return Runs::yes;
    if (now == Truth::unknown) return Runs::maybe;
    const auto failed = after_failure(job, states, state, contexts);
    return failed && holds(*condition, *failed) != Truth::no ? Runs::failure : Runs::no;
  }

  void visit(Workflow& workflow, Job& job, PartialContexts contexts, const JobStates& states, JobState& state,
             Runs called, int depth) {
    add_needs(job, states, state, contexts);
    state.ignored = job.continue_on_error == "true";
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
    reach_steps(job.steps, scope, run_, calls_, conditions_, visits_);
    state.outputs = outputs_of(job, scope.contexts, scope.matrices.size(), state.runs);
  }

  Model& model_;
  const Calls& calls_;
  std::optional<std::string> repository_;
  Run run_;
  std::unordered_map<std::string, std::size_t> numbers_;  // of runs, by what is known of them
  Conditions conditions_;
  Visits visits_;
};

}  // namespace

void reach(Model& model, const Dialect& dialect, const Calls& calls, const CallChains& chains,
           const std::optional<std::string>& repository) {
  Reach(model, dialect, calls, repository).run();
  // A chain of calls that is longer than any that was followed.
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider != dialect.provider || !chains.contains(workflow.path)) continue;
    for (Job& job : workflow.jobs) {
      if (job.runs == Runs::unreached) job.runs = Runs::maybe;
      for (Step& step : job.steps) {
        if (step.runs == Runs::unreached) step.runs = Runs::maybe;
      }
    }
  }
  for (Action& action : model.actions) {
    if (!chains.contains(action.path)) continue;
    for (Step& step : action.steps) {
      if (step.runs == Runs::unreached) step.runs = Runs::maybe;
    }
  }
}

}  // namespace exitgate::collect::ci::actions
