// Forgejo Actions (.forgejo/workflows/) and Gitea Actions (.gitea/workflows/): the language of GitHub Actions, read
// and run by servers and runners of their own.
//
// What was consulted:
//   - which folder is read: ListWorkflows() of modules/actions/workflows.go. Forgejo takes the first that there is of
//     .forgejo/workflows, .gitea/workflows and .github/workflows; Gitea of .gitea/workflows and .github/workflows; both
//     take every *.yml and *.yaml in it, also in folders below. So the same commit may have workflows for several
//     providers, each of which sees its own: here .forgejo/ is Forgejo's, .gitea/ is Gitea's, .github/ is GitHub's.
//   - what Forgejo does otherwise than GitHub: docs/user/actions/github-actions.md and reference.md of the Forgejo
//     documentation; Gitea: "Compared to GitHub Actions" (usage/actions/comparison). `permissions` and
//     `continue-on-error` of a job have no effect.
//   - which keys, kinds of values and contexts are taken: act/schema/workflow_schema.json of the Forgejo runner, by
//     which Forgejo refuses a workflow; older versions and Gitea ignore keys that they do not know.
//   - artifacts: docs/user/actions/advanced-features.md (v3, or the patched v4 of forgejo/upload-artifact; nothing from
//     other runs), and createArtifact() of routers/api/actions/artifactsv4.go ("create or get artifact with name": the
//     second upload of a name takes the first one's place).
//   - a job that was skipped: toCommitStatus() of services/actions/commit_status.go; it counts as success.
#pragma once

#include "harness/collect/ci/provider.h"

namespace exitgate::collect::ci::forgejo {

const Provider& forgejo();
const Provider& gitea();

}  // namespace exitgate::collect::ci::forgejo
