#include "harness/collect/ci/actions/scenario.h"

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/job_contexts.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Value;

Truth either(Truth one, Truth other) {
  return one == other ? one : Truth::unknown;
}

// Whether a result is `wanted`.
Truth is(const Possible& result, std::string_view wanted) {
  if (result.kind() != Possible::Kind::values) return Truth::unknown;
  bool can = false;
  bool can_not = false;
  for (const Value& value : result.values()) {
    (value.kind() == expression::ValueKind::string && value.text() == wanted ? can : can_not) = true;
  }
  return can && can_not ? Truth::unknown : expression::truth_of(can);
}

const Possible& outputs_of(const PartialContexts& contexts, const std::string& id) {
  static const Possible unknown = Possible::object({});
  const Possible& needs = contexts.find("needs");
  if (needs.kind() != Possible::Kind::object) return unknown;
  const Possible& need = needs.members().find(id);
  if (need.kind() != Possible::Kind::object) return unknown;
  const Possible& outputs = need.members().find("outputs");
  return outputs.kind() == Possible::Kind::object ? outputs : unknown;
}

Possible no_outputs() {
  PartialObject none;
  none.others = Possible();
  return Possible::object(std::move(none));
}

// What has not succeeded may have set some of its outputs, or all.
Possible some_of(const Possible& outputs) {
  PartialObject some = outputs.members();
  for (auto& [name, value] : some.members) value = expression::join(value, Value());
  return Possible::object(std::move(some));
}

// Whether variables may be made of what steps before set.
bool may_name_steps(const yaml::Node* env) {
  if (env == nullptr || !env->is_mapping()) return false;
  return std::any_of(env->entries.begin(), env->entries.end(), [](const yaml::Entry& entry) {
    return lower(entry.value.text).find("steps") != std::string::npos;
  });
}

}  // namespace

class Walk {
 public:
  Walk(StepScenarios& scenarios, std::size_t cause, Mishap mishap)
      : scenarios_(scenarios),
        job_(scenarios.job_),
        cause_(cause),
        mishap_(mishap),
        runs_(job_.steps.size(), Truth::no) {}

  std::vector<Truth> all() {
    Scope scope;
    std::size_t at = 0;
    run(at, std::nullopt, Truth::yes, scope);
    return std::move(runs_);
  }

 private:
  struct Scope {
    PartialStatus status;
    PartialObject steps = {{}, Possible()};
  };

  // The steps of one caller, from `at` on, which is left behind the last of them.
  void run(std::size_t& at, std::optional<std::size_t> caller, Truth called, Scope& scope) {
    while (at < job_.steps.size() && job_.steps[at].caller == caller) {
      const std::size_t number = at++;
      const ExpandedStep& step = job_.steps[number];
      const Truth runs = both(called, own(step, number, scope));
      runs_[number] = runs;
      PartialStatus status;
      if (number == cause_) {
        status = status_after(mishap_, Truth::no);
        if (mishap_ == Mishap::cancelled) cancelled_ = true;
      }
      if (step.calls_action) {
        Scope inner;
        if (cancelled_) inner.status = status_after(Mishap::cancelled, Truth::no);
        run(at, number, runs, inner);
        status = inner.status;
      }
      end(step, runs, status, scope);
    }
  }

  Truth own(const ExpandedStep& step, std::size_t number, const Scope& scope) {
    if (number == cause_) return Truth::yes;  // it is what happens
    StepScenarios::StepCondition& own = scenarios_.conditions_[number];
    if (own.condition == nullptr) return Truth::unknown;
    if (!own.by_status) return evaluate(*own.condition, step, scope);
    const PartialStatus& status = scope.status;
    const auto [known, is_new] =
        own.known.try_emplace({status.success, status.failure, status.cancelled}, Truth::unknown);
    if (is_new) known->second = evaluate(*own.condition, step, scope);
    return known->second;
  }

  Truth evaluate(const expression::Condition& condition, const ExpandedStep& step, const Scope& scope) const {
    PartialContexts contexts = step.contexts_for(condition.tree, scope.steps);
    contexts.status = scope.status;
    if (happened_ && expression::names_context(condition.tree, "job"))
      set(contexts.named, "job", job_context(job_status_));
    return holds(condition, contexts);
  }

  // `status`: of the step itself.
  void end(const ExpandedStep& step, Truth runs, const PartialStatus& status, Scope& scope) {
    const bool red = status.success != Truth::yes;
    const bool asked_for = step.step->id && scenarios_.ask_for_steps_;
    if (!red && !asked_for) return;
    Possible outcome = runs == Truth::yes  ? Possible(Value("success"))
                       : runs == Truth::no ? Possible(Value("skipped"))
                                           : Possible::one_of({Value("success"), Value("skipped")});
    Possible conclusion = outcome;
    if (red) {
      std::vector<Value> values;
      if (status.failure != Truth::no) values.emplace_back("failure");
      if (status.cancelled != Truth::no) values.emplace_back("cancelled");
      if (status.success != Truth::no) values.emplace_back("success");
      outcome = Possible::one_of(std::move(values));
      conclusion = outcome;
      const bool cancelled = status.cancelled == Truth::yes;
      if (!cancelled && step.ignored == Truth::yes) conclusion = Value("success");
      if (!cancelled && step.ignored == Truth::unknown)
        conclusion = expression::join(outcome, Value("success"));
      PartialStatus seen = status;
      if (!cancelled && step.ignored == Truth::yes) seen = {};
      if (!cancelled && step.ignored == Truth::unknown) seen = actions::either(seen, PartialStatus{});
      scope.status = seen.success == Truth::yes ? scope.status : seen;
      happened_ = true;
      if (!step.caller) job_status_ = scope.status;
      if (cancelled) job_status_ = status;
    }
    if (asked_for) set(scope.steps, *step.step->id, step_context(runs, outcome, conclusion));
  }

  StepScenarios& scenarios_;
  const ExpandedJob& job_;
  std::size_t cause_;
  Mishap mishap_;
  std::vector<Truth> runs_;
  bool happened_ = false;
  bool cancelled_ = false;
  PartialStatus job_status_;
};

StepScenarios::StepScenarios(const ExpandedJob& job, Conditions& conditions) : job_(job) {
  for (const ExpandedStep& step : job.steps) {
    StepCondition& own = conditions_.emplace_back();
    own.condition = conditions.read(step.step->condition);
    if (own.condition == nullptr) continue;
    const expression::Node& tree = own.condition->tree;
    const bool steps =
        expression::names_context(tree, "steps") ||
        (expression::names_context(tree, "env") && may_name_steps(step.step->node->find("env")));
    own.by_status = !steps && !expression::names_context(tree, "job");
    ask_for_steps_ = ask_for_steps_ || steps;
  }
}

std::vector<Truth> StepScenarios::after(std::size_t cause, Mishap mishap) {
  return Walk(*this, cause, mishap).all();
}

PartialStatus status_after(Mishap mishap, Truth ignored) {
  if (mishap == Mishap::none || ignored == Truth::yes) return {};
  if (mishap == Mishap::cancelled) return {Truth::no, Truth::no, Truth::yes};
  const PartialStatus failed = {Truth::no, Truth::yes, Truth::no};
  return ignored == Truth::no ? failed : either(failed, PartialStatus{});
}

PartialStatus either(const PartialStatus& one, const PartialStatus& other) {
  return {either(one.success, other.success), either(one.failure, other.failure),
          either(one.cancelled, other.cancelled)};
}

Possible step_context(Truth runs, const Possible& outcome, const Possible& conclusion) {
  PartialObject step;
  step.others = Possible();
  set(step, "outcome", outcome);
  set(step, "conclusion", conclusion);
  set(step, "outputs", runs == Truth::no ? no_outputs() : Possible::object({}));
  return Possible::object(std::move(step));
}

Possible job_context(const PartialStatus& status) {
  std::vector<Value> values;
  if (status.success != Truth::no) values.emplace_back("success");
  if (status.failure != Truth::no) values.emplace_back("failure");
  if (status.cancelled != Truth::no) values.emplace_back("cancelled");
  PartialObject job;
  set(job, "status", Possible::one_of(std::move(values)));
  return Possible::object(std::move(job));
}

Possible needs_context(const Job& job, const NeedsScenario& scenario, const PartialContexts& contexts) {
  PartialObject needs;
  needs.others = Possible();
  for (const std::string& id : job.needs) {
    const auto found = scenario.results.find(id);
    if (found == scenario.results.end()) continue;
    PartialObject need;
    need.others = Possible();
    set(need, "result", found->second);
    const Possible& outputs = outputs_of(contexts, id);
    set(need, "outputs",
        is(found->second, "success") == Truth::yes   ? outputs
        : is(found->second, "skipped") == Truth::yes ? no_outputs()
                                                     : some_of(outputs));
    set(needs, id, Possible::object(std::move(need)));
  }
  return Possible::object(std::move(needs));
}

PartialContexts after_needs(const Job& job, const std::set<std::string>& ancestors,
                            const NeedsScenario& scenario, const PartialContexts& outer) {
  PartialContexts contexts = in_front_of(outer);
  set(contexts.named, "needs", needs_context(job, scenario, outer));
  PartialStatus status;
  for (const std::string& id : ancestors) {
    const auto found = scenario.results.find(id);
    const Possible result = found == scenario.results.end() ? any_result() : found->second;
    status.success = both(status.success, is(result, "success"));
    const Truth failed = is(result, "failure");
    if (status.failure != Truth::yes && failed != Truth::no) status.failure = failed;
  }
  if (scenario.run_cancelled) {
    status.success = Truth::no;
    status.cancelled = Truth::yes;
  }
  contexts.status = status;
  return contexts;
}

}  // namespace exitgate::collect::ci::actions
