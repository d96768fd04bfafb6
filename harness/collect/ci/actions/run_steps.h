// The steps of one job of a run.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/actions/conditions.h"
#include "harness/collect/ci/actions/run_expansion.h"
#include "harness/collect/ci/actions/step_reach.h"
#include "harness/collect/ci/run_facts.h"

namespace exitgate::collect::ci::actions {

// What is read once and asked for each instance.
struct RunTexts {
  Conditions conditions;
  Templates templates;
};

// Fills `job.steps` and their rows, and those of artifacts. `env`: the variables of the workflow and the job, of which
// `env_symbols` says more. `only_if`: the conditions of the job and its callers. Returns the context `steps` behind the
// last of them.
Possible expand_steps(ExpandedJob& job, PartialObject env, Symbols env_symbols,
                      const std::vector<std::string>& only_if, const Run& run, const Calls& calls,
                      RunTexts& texts, RunFacts& facts);

// Adds a condition in normal form, unless it says nothing. `contexts`: nothing of how steps or jobs end is known there.
void add_condition(const expression::Condition& condition, const SymbolScope& scope,
                   std::vector<std::string>& only_if);

// In front of contexts: nothing of how steps and jobs end is known.
PartialContexts any_outcome(const PartialContexts& outer);

// Adds the variables of an `env:` that are not known, which may be nullptr.
void add_env_symbols(const yaml::Node* env, const SymbolScope& scope, Templates& templates, Symbols& into);

// Whether `continue-on-error:` holds.
Truth is_ignored(const std::optional<std::string>& text, const PartialContexts& contexts,
                 Templates& templates);

facts::ci::Runs fact_of_runs(Runs runs);
facts::ci::FailureIgnored fact_of_ignored(Truth truth);

}  // namespace exitgate::collect::ci::actions
