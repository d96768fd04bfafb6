// The rows of what the target's own commands said: schema.model_check, test_run and test_change.
#pragma once

#include "harness/collect/schema/findings.h"
#include "harness/facts/store.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::schema {

// `file`: the configuration that declares the commands.
void write_target_runs(facts::Store& store, const Findings& findings, const std::string& file,
                       const redact::Redactor& redactor);

}  // namespace exitgate::collect::schema
