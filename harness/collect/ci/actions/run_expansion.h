// The run of a pull request, expanded: each job once for each chain of calls and each combination of its matrix, each
// step of it, and what its expressions can name there.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/actions/symbols.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// What is the same for all steps of a job, or of a composite action as one step calls it.
struct StepScope {
  // All that its expressions can name but `env` and `steps`, where nothing fails.
  PartialContexts contexts;
  Symbols symbols;   // what stands behind inputs that are not known
  SymbolScope tags;  // without its pointers
};

struct ExpandedStep {
  std::size_t row = 0;  // in RunFacts::steps
  const Step* step = nullptr;
  std::optional<std::size_t>
      caller;  // in ExpandedJob::steps, before this one: the step that calls the composite action
  std::shared_ptr<const StepScope> scope;
  std::shared_ptr<const PartialObject> env;  // what the context `env` holds for it
  Runs runs = Runs::yes;                     // where nothing fails, once the job (and the caller) runs
  Truth ignored = Truth::no;                 // whether its own failure is ignored (`continue-on-error`)
  bool calls_action = false;                 // steps behind it have it as their caller

  // What an expression of the step can name; `steps` is the context of that name. In front of the scope's.
  PartialContexts contexts(Possible steps) const;
  // The same as far as the expression names it.
  PartialContexts contexts_for(const expression::Node& tree, const PartialObject& steps) const;

 private:
  // Its own variables before those of the job; `contexts`: what they can name.
  Possible env_context(const PartialContexts& contexts) const;
};

struct ExpandedJob {
  std::size_t row = 0;  // in RunFacts::jobs
  const Workflow* workflow = nullptr;
  const Job* job = nullptr;
  std::optional<std::size_t> caller;  // in Expansion::jobs
  std::shared_ptr<const PartialContexts>
      condition_contexts;  // what its `if:` can name, `needs` and status as where nothing fails
  std::shared_ptr<const StepScope> scope;  // what its steps, and the inputs of what it calls, can name
  std::vector<ExpandedStep> steps;         // empty where it is surely skipped
};

struct Expansion {
  std::vector<ExpandedJob> jobs;
};

// Adds the rows of each run that a pull request starts by a workflow of the dialect to `model.run`, and says what stands
// behind them. Points into the model. A workflow with too many of them has a problem, and no rows.
Expansion expand_runs(Model& model, const Dialect& dialect, const Calls& calls,
                      const std::optional<std::string>& repository);

}  // namespace exitgate::collect::ci::actions
