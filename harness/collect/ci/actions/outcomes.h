// What becomes of jobs and steps when another one ends in some way: ci.job_outcome and ci.step_outcome.
#pragma once

#include "harness/collect/ci/actions/run_expansion.h"

namespace exitgate::collect::ci::actions {

// Adds the rows to `model.run`.
void add_step_outcomes(Model& model, const Expansion& expansion);
void add_job_outcomes(Model& model, const Expansion& expansion);

}  // namespace exitgate::collect::ci::actions
