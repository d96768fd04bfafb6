#include "harness/collect/ci/actions/run_steps.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "harness/collect/ci/actions/job_contexts.h"
#include "harness/collect/ci/actions/run_artifact.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Condition;
using expression::Value;

// The steps of a job, or of a composite action as one step of it calls it.
struct Level {
  PartialContexts contexts;  // all but `env` and `steps`
  std::shared_ptr<const StepScope> scope;
  PartialObject env;
  std::shared_ptr<const PartialObject> shared_env;  // the same, until it changes
  Symbols symbols;                                  // inputs and variables
  std::vector<std::string> only_if;
  std::optional<std::size_t> caller;
  Truth ignored = Truth::no;  // of the steps that call
  Runs runs = Runs::yes;      // of the step that calls
  int depth = 0;
};

Truth either(Truth one, Truth other) {
  if (one == Truth::yes || other == Truth::yes) return Truth::yes;
  return one == Truth::no && other == Truth::no ? Truth::no : Truth::unknown;
}

class StepExpander {
 public:
  StepExpander(ExpandedJob& job, const Run& run, const Calls& calls, RunTexts& texts, RunFacts& facts)
      : job_(job), run_(run), calls_(calls), texts_(texts), facts_(facts) {}

  Possible expand(const std::vector<Step>& steps, Level& level) {
    PartialObject done;  // the `steps` context
    done.others = Possible();
    PartialObject after_failure = done;
    PartialObject after_ignored = done;
    for (const Step& step : steps) {
      const PartialContexts contexts =
          needs_contexts(step, level) ? contexts_of(step, level, done) : PartialContexts();
      const Runs own = step_runs(step, contexts, after_failure, after_ignored);
      const Truth ignored = is_ignored(step.continue_on_error, contexts, texts_.templates);
      const std::size_t index = add(step, level, own, ignored);
      if (step.artifact != nullptr) add_artifact(step, *step.artifact, contexts, level);
      if (step.uses && own > Runs::no) call(step, steps, contexts, level, index);
      remember(step, own, ignored, done, after_failure, after_ignored);
      if (own > Runs::no && step.artifact == nullptr && ignored != Truth::yes) ++epoch_;
      if (step.run) forget_variables(*step.run, level);
    }
    return Possible::object(std::move(done));
  }

 private:
  static bool needs_contexts(const Step& step, const Level& /*level*/) {
    return step.condition || step.artifact != nullptr || step.continue_on_error ||
           (step.uses && step.uses->starts_with('.')) || (step.uses && step.uses->starts_with('$'));
  }

  static PartialContexts contexts_of(const Step& step, const Level& level, const PartialObject& done) {
    PartialContexts contexts = in_front_of(level.contexts);
    set(contexts.named, "steps", Possible::object(done));
    PartialObject env = level.env;
    add_env(step.node->find("env"), contexts, env);
    set(contexts.named, "env", Possible::object(std::move(env)));
    return contexts;
  }

  Runs step_runs(const Step& step, const PartialContexts& contexts, const PartialObject& after_failure,
                 const PartialObject& after_ignored) {
    if (!step.condition) return Runs::yes;
    const Condition* condition = texts_.conditions.read(step.condition);
    if (condition == nullptr) return Runs::maybe;
    const Truth now = holds(*condition, contexts);
    if (now == Truth::yes) return Runs::yes;
    if (now == Truth::unknown) return Runs::maybe;
    PartialContexts ignored = in_front_of(contexts);
    set(ignored.named, "steps", Possible::object(after_ignored));
    if (holds(*condition, ignored) != Truth::no) return Runs::failure;
    PartialContexts failed = in_front_of(contexts);
    failed.status = {Truth::no, Truth::unknown, Truth::unknown};
    set(failed.named, "steps", Possible::object(after_failure));
    set(failed.named, "job", Possible::object({}));
    return holds(*condition, failed) == Truth::no ? Runs::no : Runs::failure;
  }

  std::size_t add(const Step& step, Level& level, Runs own, Truth ignored) {
    const std::size_t index = job_.steps.size();
    const Runs runs = std::min(own, level.runs);
    if (level.shared_env == nullptr) level.shared_env = std::make_shared<const PartialObject>(level.env);
    ExpandedStep& expanded = job_.steps.emplace_back();
    expanded.row = facts_.steps.size();
    expanded.step = &step;
    expanded.caller = level.caller;
    expanded.scope = level.scope;
    expanded.env = level.shared_env;
    expanded.runs = own;
    expanded.ignored = ignored;
    facts::ci::StepInstance row{};
    row.id = static_cast<std::int64_t>(facts_.steps.size() + 1);
    row.instance = static_cast<std::int64_t>(job_.row + 1);
    row.position = static_cast<std::int64_t>(index);
    row.file = file_of(level);
    row.job = level.caller ? "" : job_.job->id;
    row.step = step.position;
    row.line = step.line;
    if (level.caller) row.caller = static_cast<std::int64_t>(job_.steps[*level.caller].row + 1);
    row.runs = fact_of_runs(runs);
    row.failure_ignored = fact_of_ignored(either(ignored, level.ignored));
    facts_.steps.push_back(std::move(row));
    return index;
  }

  const std::string& file_of(const Level& level) const {
    return level.caller ? files_.back()->path : job_.workflow->path;
  }

  // Where an expression of the step stands.
  SymbolScope scope_of(const PartialContexts& contexts, const Symbols& symbols, const Level& level) const {
    SymbolScope scope = level.scope->tags;
    scope.contexts = &contexts;
    scope.symbols = &symbols;
    scope.dialect = &run_.dialect;
    scope.status = "status_" +
                   (level.caller ? std::to_string(job_.steps[*level.caller].row + 1) + "_" : std::string()) +
                   std::to_string(job_.row + 1) + '_' + std::to_string(epoch_);
    return scope;
  }

  Symbols symbols_of(const Step& step, const PartialContexts& contexts, const Level& level) {
    Symbols symbols = level.symbols;
    add_env_symbols(step.node->find("env"), scope_of(contexts, level.symbols, level), texts_.templates,
                    symbols);
    return symbols;
  }

  // The conditions of the step and of all that leads to it.
  std::vector<std::string> only_if(const Step& step, const PartialContexts& contexts, const Symbols& symbols,
                                   const Level& level) {
    std::vector<std::string> conditions = level.only_if;
    const Condition* condition = texts_.conditions.read(step.condition);
    if (condition == nullptr) return conditions;
    const PartialContexts any = any_outcome(contexts);
    add_condition(*condition, scope_of(any, symbols, level), conditions);
    return conditions;
  }

  void add_artifact(const Step& step, const Artifact& artifact, const PartialContexts& contexts,
                    const Level& level) {
    const Symbols symbols = symbols_of(step, contexts, level);
    facts::ci::ArtifactInstance row =
        artifact_instance(artifact, scope_of(contexts, symbols, level), texts_.templates);
    row.step = static_cast<std::int64_t>(facts_.steps.size());
    row.instance = static_cast<std::int64_t>(job_.row + 1);
    row.file = file_of(level);
    row.line = step.uses_line;
    std::string all;
    for (const std::string& one : only_if(step, contexts, symbols, level))
      all += (all.empty() ? "" : " && ") + one;
    if (!all.empty()) row.only_if = std::move(all);
    facts_.artifacts.push_back(std::move(row));
  }

  void call(const Step& step, const std::vector<Step>& steps, const PartialContexts& contexts,
            const Level& from, std::size_t index) {
    if (!step.uses || !(step.uses->starts_with('.') || step.uses->starts_with('$'))) return;
    const Action* action = calls_.action(step, steps);
    if (action == nullptr || action->steps.empty() || from.depth >= kDeepestAction) return;
    job_.steps[index].calls_action = true;
    const Symbols symbols = symbols_of(step, contexts, from);
    const SymbolScope scope = scope_of(contexts, symbols, from);
    Level level;
    level.depth = from.depth + 1;
    level.caller = index;
    level.runs = std::min(from.runs, job_.steps[index].runs);
    level.ignored = either(from.ignored, job_.steps[index].ignored);
    level.only_if = only_if(step, contexts, symbols, from);
    level.env = contexts.find("env").members();
    for (const auto& [name, symbol] : symbols) {
      if (name.starts_with("ENV.")) level.symbols.emplace(name, symbol);
    }
    PartialObject inputs;
    inputs.others = Possible();
    const yaml::Node* with = step.node->find("with");
    for (const Input& input : action->inputs) {
      const yaml::Node* given = find_input(with, input.name);
      if (given == nullptr) given = input.default_value;
      // An action's inputs are strings: 'false' is a string, which counts as true.
      Possible value = given == nullptr ? Possible(Value("")) : as_text(evaluate_node(*given, contexts));
      if (value.known() == nullptr && given != nullptr) {
        level.symbols.insert_or_assign("INPUTS." + expression::upper(input.name),
                                       symbol_of(given->text, texts_.templates, scope));
      }
      set(inputs, input.name, std::move(value));
    }
    auto shared = std::make_shared<StepScope>();
    level.contexts = base_contexts(run_, Possible::object(std::move(inputs)));
    for (const char* name : {"GITHUB", "RUNNER", "STRATEGY", "MATRIX"}) {
      const auto found = from.contexts.named.members.find(name);
      if (found != from.contexts.named.members.end())
        level.contexts.named.members.insert_or_assign(name, found->second);
    }
    shared->contexts = level.contexts;
    shared->symbols = level.symbols;
    shared->tags = from.scope->tags;
    shared->tags.job = std::to_string(job_.row + 1) + '_' + std::to_string(job_.steps[index].row + 1);
    level.scope = std::move(shared);
    files_.push_back(action);
    expand(action->steps, level);
    files_.pop_back();
  }

  static void remember(const Step& step, Runs own, Truth ignored, PartialObject& done,
                       PartialObject& after_failure, PartialObject& after_ignored) {
    if (!step.id) return;
    set(done, *step.id, outcome(own, result_of(own), result_of(own)));
    const Possible any = own == Runs::no ? Possible(Value("skipped")) : any_result();
    set(after_failure, *step.id, outcome(own, any, any));
    set(after_ignored, *step.id,
        ignored != Truth::no && own > Runs::no ? outcome(own, any_result(), result_of(own))
                                               : outcome(own, result_of(own), result_of(own)));
  }

  static Possible outcome(Runs runs, const Possible& result, const Possible& conclusion) {
    PartialObject outputs;
    if (runs <= Runs::no) outputs.others = Possible();
    PartialObject step;
    set(step, "outcome", result);
    set(step, "conclusion", conclusion);
    set(step, "outputs", Possible::object(std::move(outputs)));
    return Possible::object(std::move(step));
  }

  // A script that writes to the file of variables may set those that it names.
  void forget_variables(const std::string& script, Level& level) const {
    const auto& files = run_.dialect.variable_files;
    const bool sets = std::any_of(files.begin(), files.end(), [&](std::string_view file) {
      return script.find(file) != std::string::npos;
    });
    if (!sets) return;
    const std::string names = expression::upper(script);
    for (auto& [name, value] : level.env.members) {
      if (names.find(name) == std::string::npos) continue;
      value = Possible::text("");
      level.symbols.erase("ENV." + name);
      level.shared_env = nullptr;
    }
  }

  static constexpr int kDeepestAction = 10;  // composite actions in each other

  ExpandedJob& job_;
  const Run& run_;
  const Calls& calls_;
  RunTexts& texts_;
  RunFacts& facts_;
  std::vector<const Action*> files_;  // composite actions that are being expanded
  std::size_t epoch_ = 0;             // steps so far whose failure changes how the job stands
};

}  // namespace

PartialContexts ExpandedStep::contexts(Possible steps) const {
  PartialContexts all = in_front_of(scope->contexts);
  set(all.named, "steps", std::move(steps));
  set(all.named, "env", env_context(all));
  return all;
}

PartialContexts ExpandedStep::contexts_for(const expression::Node& tree, const PartialObject& steps) const {
  const bool names_env = expression::names_context(tree, "env");
  PartialContexts all = in_front_of(scope->contexts);
  // Its variables may be made of what steps before it set.
  if (names_env || expression::names_context(tree, "steps")) set(all.named, "steps", Possible::object(steps));
  if (names_env) set(all.named, "env", env_context(all));
  return all;
}

Possible ExpandedStep::env_context(const PartialContexts& contexts) const {
  const yaml::Node* own = step->node->find("env");
  if (own == nullptr) return Possible::shared_object(env);
  PartialObject variables = *env;
  add_env(own, contexts, variables);
  return Possible::object(std::move(variables));
}

Possible expand_steps(ExpandedJob& job, PartialObject env, Symbols env_symbols,
                      const std::vector<std::string>& only_if, const Run& run, const Calls& calls,
                      RunTexts& texts, RunFacts& facts) {
  Level level;
  level.contexts = job.scope->contexts;
  level.scope = job.scope;
  level.env = std::move(env);
  level.symbols = std::move(env_symbols);
  level.only_if = only_if;
  return StepExpander(job, run, calls, texts, facts).expand(job.job->steps, level);
}

void add_condition(const Condition& condition, const SymbolScope& scope, std::vector<std::string>& only_if) {
  const PartialStatus& status = scope.contexts->status;
  if (condition.implied_success && status.success == Truth::unknown) {
    only_if.push_back('(' + scope.status + " == 'success')");
  }
  if (condition.mixed) return;
  std::string text = normalized(condition.tree, scope);
  if (text != "true") only_if.push_back(std::move(text));
}

PartialContexts any_outcome(const PartialContexts& outer) {
  PartialContexts contexts = in_front_of(outer);
  for (const char* name : {"steps", "job"}) set(contexts.named, name, Possible::anything());
  contexts.status = {Truth::unknown, Truth::unknown, Truth::unknown};
  return contexts;
}

void add_env_symbols(const yaml::Node* env, const SymbolScope& scope, Templates& templates, Symbols& into) {
  if (env == nullptr || !env->is_mapping()) return;
  for (const auto& entry : env->entries) {
    const std::string name = "ENV." + expression::upper(entry.key.text);
    if (evaluate_node(entry.value, *scope.contexts).known() != nullptr) {
      into.erase(name);
    } else {
      into.insert_or_assign(name, symbol_of(entry.value.text, templates, scope));
    }
  }
}

Truth is_ignored(const std::optional<std::string>& text, const PartialContexts& contexts,
                 Templates& templates) {
  if (!text || *text == "false") return Truth::no;
  if (*text == "true") return Truth::yes;
  const expression::Node* node = templates.read(*text);
  return node == nullptr ? Truth::unknown : expression::abstract(*node, contexts).truth();
}

facts::ci::Runs fact_of_runs(Runs runs) {
  switch (runs) {
    case Runs::yes:
      return facts::ci::Runs::yes;
    case Runs::maybe:
      return facts::ci::Runs::maybe;
    case Runs::failure:
      return facts::ci::Runs::failure;
    case Runs::no:
    case Runs::unreached:
      break;
  }
  return facts::ci::Runs::no;
}

facts::ci::FailureIgnored fact_of_ignored(Truth truth) {
  using facts::ci::FailureIgnored;
  return truth == Truth::yes  ? FailureIgnored::yes
         : truth == Truth::no ? FailureIgnored::no
                              : FailureIgnored::maybe;
}

}  // namespace exitgate::collect::ci::actions
