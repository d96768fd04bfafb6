// What Forgejo and Gitea take in a workflow: after workflow_schema.json of the Forgejo runner, and where the reference
// in Forgejo's documentation lets more be named in an expression, after that.
#pragma once

#include "harness/collect/ci/actions/schema.h"

namespace exitgate::collect::ci::forgejo {

const actions::WorkflowSchema& forgejo_schema();
const actions::WorkflowSchema& gitea_schema();  // its folder is another

}  // namespace exitgate::collect::ci::forgejo
