// What GitHub takes in a workflow.
//
// Written after GitHub's own published schema (workflow-v1.0.json of actions/runner and of
// actions/languageservices) and the cases of its reader's tests.
#pragma once

#include "harness/collect/ci/actions/schema.h"

namespace exitgate::collect::ci::github {

const actions::WorkflowSchema& workflow_schema();

}  // namespace exitgate::collect::ci::github
